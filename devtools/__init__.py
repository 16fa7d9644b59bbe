"""The parts of ./dev: packages, machine, build, layers, results."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
PYTHON = "/usr/bin/python3"  # Debian's: its pybind11, pytest and yaml belong to this one, whatever PATH says
sys.path.append(str(ROOT / "python"))  # for csnet_lab; last, since a test has that of the build
LAB = [PYTHON, "-m", "csnet_lab"]
