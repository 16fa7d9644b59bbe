"""Runs the tutorial in a sandbox, as a reader would: each of its ```sh blocks in turn, in one shell.

`python3 tests/docs/tutorial.py` writes what they printed into the page, where it is not what the page says.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Callable, List

import csnet
from pages import ROOT, Block, blocks

PAGE = ROOT / "docs/tutorial.md"
_MARK = "\x1e"
# What differs from run to run: uuids, transactions, durations, and whether the bond's second port is ready yet.
_VARIES = (
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID"),
    (r"\b(?=[a-f]*\d)[0-9a-f]{8}\b", "ID"),
    (r" *\d+\.\d+ s\b", " N s"),
    (r"\d+ packets transmitted", "N packets transmitted"),
    (r"time[= ][\d.]+ ?ms", "time N"),
    (r"rtt .*", "rtt"),
    (r"LACP (negotiating|up)\b", "LACP"),
)


def shell_blocks() -> List[Block]:
    return [block for block in blocks("sh") if block.page == PAGE]


def masked(text: str) -> List[str]:
    for pattern, name in _VARIES:
        text = re.sub(pattern, name, text)
    return [line.rstrip() for line in text.strip().splitlines()]


def agrees(printed: str, promised: str) -> bool:
    """A line … stands for any lines."""
    pattern = "".join("(.*\n)*?" if line == "…" else re.escape(line) + "\n" for line in masked(promised))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in masked(printed))) is not None


def run(directory: Path) -> List[str]:
    """What the sandbox's greeting and then each block printed."""
    script = "exec 2>&1\n" + "".join(f"{block.text}printf '{_MARK}'\n" for block in shell_blocks())
    environment = {**os.environ, "PYTHONPATH": str(Path(csnet.__file__).absolute().parents[1]), "SHELL": "/bin/bash"}
    done = subprocess.run([sys.executable, "-m", "csnet", "sandbox"], input=script, cwd=directory, env=environment,
                          text=True, stdout=subprocess.PIPE, check=False)
    return done.stdout.split(_MARK)[:-1]


def update() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        printed = run(Path(directory))
    text = PAGE.read_text(encoding="utf-8")
    for block, said in zip(shell_blocks(), printed):
        if block.output and not agrees(said, block.output):
            before = f"```sh\n{block.text}```\n\n<!-- output -->\n```text\n"
            after: Callable[[object], str] = lambda _, new=before + said.strip() + "\n": new  # type: ignore[misc]
            text = re.sub(re.escape(before + block.output), after, text, count=1)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    update()
