"""Installing the release build into a prefix, and running what is there without a way back to the build tree."""

import os
import subprocess
from pathlib import Path
from typing import Dict, List, Set

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("CSNET_BUILD") or ROOT / "build/release")


def clean_environment(**more: str) -> Dict[str, str]:
    """Without what leads to the build tree."""
    usual = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    return {**usual, **more}


def run(command: List[str], cwd: Path, **environment: str) -> str:
    """Standard output of a command that must succeed."""
    return run_until(0, command, cwd, **environment)


def run_until(code: int, command: List[str], cwd: Path, **environment: str) -> str:
    """Standard output of a command that must end with this code."""
    done = subprocess.run(command, cwd=cwd, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == code, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def install(prefix: Path, *more: str, **environment: str) -> None:
    run(["cmake", "--install", str(BUILD), "--prefix", str(prefix), *more], Path("/"), **environment)


def files(prefix: Path) -> List[str]:
    return sorted(str(path.relative_to(prefix)) for path in prefix.rglob("*")
                  if (path.is_symlink() or not path.is_dir()) and "__pycache__" not in path.parts)


def sources() -> Set[str]:
    """The files of python/ that have their place in the build tree and in a prefix: all but what is compiled."""
    return {name for name in files(ROOT / "python") if not name.endswith(".c")}


def site(prefix: Path) -> Path:
    """Where the Python packages are."""
    (package,) = prefix.glob("lib*/python*/*-packages/csnet")
    return package.parent
