"""Configures and builds one of CMake's presets, and makes the environment of the programs that run from it.

Programs and tests may rely on:
  PYTHONPATH      build/<preset>/python (the packages csnet, complete with its _csnet*.so, and csnet_lab), tests and,
                  for csnet_lab before there is a build, python
  CSNET_BUILD     build/<preset>, absolute
  CSNET_PRESET    release, asan or tsan, for the few tests that depend on it
  CSNET_NETWORKMANAGER   1.52 or 1.58 inside the tree of another Debian, set by csnet_lab.tree; absent elsewhere
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Dict, Optional

from . import BUILD, PYTHON, ROOT
from .processes import run

SUPPRESSIONS = "tests/{}.supp"  # lsan.supp, tsan.supp: faults in libraries of other projects, each with its reason


def configure(preset: str, verbose: bool, *more: str) -> bool:
    more += ("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache",) if shutil.which("ccache") else ()
    return run(["cmake", "--preset", preset, f"-DPython3_EXECUTABLE={PYTHON}", *more], show=verbose) == 0


def build(preset: str, verbose: bool, *, tests: bool) -> bool:
    """Build the library and the module; with `tests`, also the test programs, benchmarks and examples."""
    # Without tests, CMake needs neither GoogleTest nor Google Benchmark.
    if not configure(preset, verbose, f"-DCSNET_TESTS={'ON' if tests else 'OFF'}"):
        return False
    return run(["cmake", "--build", f"build/{preset}"], show=verbose, how_far=_how_far) == 0


def _how_far(line: str) -> Optional[str]:
    """The progress in a status line of ninja: `[12/80] Building CXX object …`."""
    found = re.match(r"\[(\d+)/(\d+)\] (.*)", line)
    if found is None:
        return None
    done, total, text = found.groups()
    what, _, path = text.rpartition(" ")
    return f"{done} of {total} built: {what.split(' ')[0].lower()} {os.path.basename(path)}"


def environment(preset: str) -> Dict[str, str]:
    """The variables that this module's docstring lists; sanitizer() returns those of the sanitizers."""
    return dict(os.environ, CSNET_BUILD=str(BUILD / preset), CSNET_PRESET=preset, PYTHONDONTWRITEBYTECODE="1",
                PYTHONPATH=f"{BUILD / preset / 'python'}:{ROOT / 'tests'}:{ROOT / 'python'}")


def sanitizer(preset: str) -> Dict[str, str]:
    """The variables of a sanitized program, or of an interpreter that loads a sanitized module."""
    def suppressions(tool: str) -> str:
        file = ROOT / SUPPRESSIONS.format(tool)
        return f"suppressions={file}:print_suppressions=0" if file.exists() else ""

    if preset == "tsan":
        return {"TSAN_OPTIONS": f"halt_on_error=1:second_deadlock_stack=1:{suppressions('tsan')}"}
    if preset != "asan":
        return {}
    options = "strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1"
    env = {"UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1", "LSAN_OPTIONS": suppressions("lsan")}
    # CPython and the daemons that a test starts leak by design; a GoogleTest program must not leak. AddressSanitizer
    # reads a file with the program's name (%b), if it exists, which turns leak detection on for the program.
    switches = BUILD / preset / "sanitizer"
    switches.mkdir(exist_ok=True)
    for program in (BUILD / preset / "tests").glob("*/*_tests"):
        (switches / program.name).write_text("detect_leaks=1\n")
    # The runtime must be loaded first, and needs __cxa_throw before the interpreter has loaded any C++ library.
    libraries = [subprocess.check_output(["g++", f"-print-file-name={name}"], text=True).strip()
                 for name in ("libasan.so", "libstdc++.so")]
    return dict(env, LD_PRELOAD=" ".join(str(Path(library).resolve()) for library in libraries),
                PYTHONMALLOC="malloc",  # the interpreter's pools would hide errors with small objects
                ASAN_OPTIONS=f"{options}:detect_leaks=0:include_if_exists={switches}/%b")
