"""./dev abi: what the public headers change in the ABI since a commit, by libabigail's abidiff.

The library is not compared, and need not be built: what a program shares with it besides the symbols, whose names have
the version, is how the types of the headers lie in memory. So each commit's headers become a library that names them
all, and abidiff compares the two.
"""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import List, Tuple

from . import ROOT
from .terminal import say

HEADERS = "libcsnet/include"
#: Tables and formatters, which a program instantiates for itself.
_NO_LAYOUT = {"fields.hpp", "field.hpp", "print.hpp"}
_TYPE = re.compile(r"^(?!template)(?:struct|class|enum class) (?:CSNET_API )?(\w+)(?: :[^;{]*)? \{$", re.M)


def layouts(headers: Path, folder: Path) -> Path:
    """A library with the layout of each type of the public headers; `folder` is empty, or does not exist."""
    found: List[str] = []
    for header in sorted(headers.glob("csnet/*.hpp")):
        # The inline namespace names the version, and would make every type another one.
        text = header.read_text(encoding="utf-8").replace("namespace csnet::inline CSNET_ABI {", "namespace csnet {")
        copy = folder / "csnet" / header.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
        if header.name not in _NO_LAYOUT:
            found += _TYPE.findall(re.sub(r"^template .*\n(?:requires.*\n)?.*$", "", text, flags=re.M))
    includes = "".join(f"#include <csnet/{path.name}>\n" for path in sorted((folder / "csnet").iterdir())
                       if path.name not in _NO_LAYOUT)
    functions = "".join(f'extern "C" void layout_of_{name}(csnet::{name}*) {{}}\n' for name in sorted(set(found)))
    (folder / "layouts.cpp").write_text(includes + functions, encoding="utf-8")
    library = folder / "layouts.so"
    subprocess.run(["g++", "-std=c++20", "-g", "-O0", "-fPIC", "-shared", "-I", str(folder),
                    str(folder / "layouts.cpp"), "-o", str(library)], check=True)
    return library


def compare(before: Path, after: Path) -> Tuple[bool, str]:
    """Whether the two libraries have one ABI, and what abidiff says."""
    done = subprocess.run(["abidiff", str(before), str(after)], stdout=subprocess.PIPE, text=True)
    if done.returncode & 3:  # abidiff's own failure, and its usage
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout)
    return done.returncode == 0, done.stdout


def abi(revision: str) -> int:
    """Prints the verdict; 0 also where the ABI has changed, which a new minor version may do."""
    since = revision or _last_tag()
    if not since:
        say("no release has been tagged yet: ./dev abi REV compares with a commit")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "checkout"
        old.mkdir()
        archive = subprocess.run(["git", "archive", since, HEADERS], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x"], cwd=old, input=archive.stdout, check=True)
        same, text = compare(layouts(old / HEADERS, Path(folder) / "old"),
                             layouts(ROOT / HEADERS, Path(folder) / "new"))
    say(f"the types of the headers have the ABI of {since}" if same
        else f"{text.strip()}\n\nthe types of the headers have another ABI than those of {since}")
    return 0


def _last_tag() -> str:
    done = subprocess.run(["git", "describe", "--tags", "--abbrev=0"], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip()
