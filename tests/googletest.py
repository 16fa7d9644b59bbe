"""GoogleTest programs, whose tests pytest runs one by one."""

import os
import subprocess
from pathlib import Path
from typing import List

_BUILD = Path(os.environ.get("CSNET_BUILD") or Path(__file__).parents[1] / "build/release")


class Program:
    """A program that the build made, by its path below build/<preset>/tests."""

    def __init__(self, path: str) -> None:
        self.path = _BUILD / "tests" / path

    def tests(self) -> List[str]:
        """The names of its tests, "Suite.Test", in its order."""
        listed = subprocess.run([str(self.path), "--gtest_list_tests"], stdout=subprocess.PIPE, text=True, check=True)
        found, suite = [], ""
        for line in listed.stdout.splitlines():
            word = line.split("#")[0].rstrip()  # what follows is the value of a parameter
            if word.endswith("."):
                suite = word
            elif word.startswith("  "):
                found.append(suite + word.strip())
        return found

    def command(self, name: str) -> List[str]:
        return [str(self.path), "--gtest_brief=1", f"--gtest_filter={name}"]

    def passes(self, name: str) -> None:
        """Fails with the program's words unless this test, and only this one, ran and passed."""
        done = subprocess.run(self.command(name), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace")
        self.judge(done.returncode, done.stdout)

    @staticmethod
    def judge(code: int, said: str) -> None:
        assert code == 0, f"ended with {code}\n{said[-6000:]}"
        assert "1 test from 1 test suite ran" in said, said
