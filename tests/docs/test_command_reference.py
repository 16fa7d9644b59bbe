"""docs/command.md is what the command's own help says today."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT

from csnet.cli import COMMANDS

PAGE = ROOT / "docs/command.md"
REFERENCE = ROOT / "cmake/reference.py"


def test_the_page_is_current(tmp_path: Path) -> None:
    if os.environ.get("CSNET_UPDATE_GOLDEN"):
        subprocess.run([sys.executable, str(REFERENCE), "page", str(PAGE)], check=True)
    subprocess.run([sys.executable, str(REFERENCE), "page", str(tmp_path / "command.md")], check=True)
    assert PAGE.read_text(encoding="utf-8") == (tmp_path / "command.md").read_text(encoding="utf-8"), (
        "the help has changed: CSNET_UPDATE_GOLDEN=1 ./dev test docs the_page_is_current")


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_name_a_command_and_options_that_it_has(command: str) -> None:
    text = PAGE.read_text(encoding="utf-8").partition(f"## csnet {command}\n")[2].partition("\n## ")[0]
    options, _, examples = text.partition("Examples:")
    assert f"`csnet {command}" in examples
    known = {*options.split("`"), *PAGE.read_text(encoding="utf-8").partition("## Exit codes")[0].split("`")}
    known = {word for piece in known for word in piece.replace(",", " ").split()}
    for example in (line.split("`")[1] for line in examples.splitlines() if line.startswith("- `")):
        own = shlex.split(example.partition(" -- ")[0])
        assert [word for word in own if word.startswith("-") and word not in known] == [], example
