"""The modules of ./dev: packages, machine, build, layers, results. They know the standard library and csnet_lab."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
PYTHON = "/usr/bin/python3"  # Debian's own, for which its pybind11, pytest and yaml are, whatever PATH names
sys.path.append(str(ROOT / "python"))  # for csnet_lab; last, so that a test uses the build's
LAB = [PYTHON, "-m", "csnet_lab"]
