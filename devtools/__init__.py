"""The parts of ./dev: packages, machine, build, layers, results."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
PYTHON = "/usr/bin/python3"  # Debian's: its pybind11, pytest and yaml belong to this one, whatever PATH says
LAB = [PYTHON, "-m", "csnet_lab"]
