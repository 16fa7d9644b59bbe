"""./dev lint: runs every check, also after one has failed."""

import hashlib
import subprocess
from typing import Callable, Dict, List

from . import PYTHON, ROOT, rooms
from .build import configure, environment
from .english import bad_english
from .processes import run
from .terminal import colour, say

MOST_LINES = 400
#: Files that programs write.
_GENERATED = ("python/ansible_collections/csnet/network/plugins/doc_fragments/fields.py",)
_STUBTEST_ALLOWED = ROOT / "tests/stubtest.allow"  # differences between stub and module, each with its reason


def lint(verbose: bool) -> int:
    def files(pattern: str, *folders: str) -> List[str]:
        return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob(pattern))

    cpp = files("*.[ch]pp", "libcsnet", "bindings", "tests")
    scripts = files("*.sh", "python", "tests") + files("*", ".ci") + files("*.bash", "cmake")
    allowed = [f"--allowlist={_STUBTEST_ALLOWED}"] if _STUBTEST_ALLOWED.exists() else []
    stubs = dict(environment("clang"), MYPYPATH="build/clang/python")
    steps: Dict[str, Callable[[], int]] = {
        "clang-format": lambda: run(["clang-format-14", "--dry-run", "-Werror", *cpp], show=False,
                                    shown=f"clang-format-14 --dry-run -Werror  # {len(cpp)} files"),
        "clang, clang-tidy": lambda: _clang(verbose),
        "flake8": lambda: run([PYTHON, "-m", "flake8", "--max-line-length=120", "--extend-ignore=E203",
                               # In an Ansible module, the documentation comes before the imports.
                               "--per-file-ignores=python/ansible_collections/*/modules/*.py:E402",
                               "dev", "devtools", "python", "tests", "cmake"]),
        "mypy": lambda: run([PYTHON, "-m", "mypy", "dev", "devtools", "python/csnet", "python/csnet_lab", "tests/lab",
                             "cmake/reference.py", "cmake/python_dir.py"]),
        "stubtest": lambda: run([PYTHON, "-m", "mypy.stubtest", "--concise", *allowed, "csnet._csnet"], stubs),
        "shellcheck": lambda: run(["shellcheck", *scripts]),
        "sizes": _sizes,
        "english": _english,
        "rooms": _rooms,
    }
    codes = {name: step() for name, step in steps.items()}
    for name, code in codes.items():
        say(f"{name:<20}" + (colour("31", "failed") if code else colour("32", "ok")))
    return 1 if any(codes.values()) else 0


def too_long() -> List[str]:
    """The sources with more lines than rule R17 allows, each with the number of its lines: "a.cpp: 412"."""
    listed = subprocess.run(["git", "ls-files", "*.cpp", "*.hpp", "*.py", "*.sh", "dev"], cwd=ROOT, check=True,
                            stdout=subprocess.PIPE, text=True).stdout.split()
    lines = {path: (ROOT / path).read_bytes().count(b"\n") for path in listed if path not in _GENERATED}
    return [f"{path}: {count}" for path, count in lines.items() if count > MOST_LINES]


def _sizes() -> int:
    found = too_long()
    if found:
        say(f"more than {MOST_LINES} lines:\n  " + "\n  ".join(found))
    return 1 if found else 0


def _english() -> int:
    found = bad_english()
    if found:
        say("rule R16, English:\n  " + "\n  ".join(found))
    return 1 if found else 0


def _rooms() -> int:
    found = rooms.problems()
    if found:
        say("includes that CONTRIBUTING's table of the rooms does not allow:\n  " + "\n  ".join(found))
    return 1 if found else 0


def _clang(verbose: bool) -> int:
    """Warnings of clang and clang-tidy. ninja runs them in parallel, and only on changed sources."""
    # The digest of the rules is in each command line, so that ninja checks all sources again when the rules change.
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes()).hexdigest()[:12]
    tidy = f"-DCMAKE_CXX_CLANG_TIDY=clang-tidy-14;--quiet;--extra-arg=-DCSNET_TIDY_RULES=0x{digest}"
    build_all = ["cmake", "--build", "build/clang", "--", "-k", "0"]  # -k 0: report the errors of all sources
    return run(build_all, show=verbose) if configure("clang", verbose, tidy) else 1
