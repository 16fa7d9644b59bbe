"""The README's network file and commands, as an operator would type them."""

import sys
from pathlib import Path
from typing import Dict, List

import pexpect
import pytest
from csnet_command import csnet_on, terminal_on
from topology import Picture

sys.path.append(str(Path(__file__).parents[1] / "docs"))
from pages import ROOT, blocks  # noqa: E402

pytestmark = pytest.mark.kernel


def of_readme(language: str) -> List[str]:
    return [block.text for block in blocks(language) if block.page == ROOT / "README.md"]


def commands() -> Dict[str, List[str]]:
    """The words of each `csnet …` line, by its command."""
    lines = [line.split("#")[0].split() for text in of_readme("sh") for line in text.splitlines()]
    return {words[1]: words[1:] for words in lines if words and words[0] == "csnet"}


def test_the_commands_of_the_readme(picture: Picture) -> None:
    known = commands()
    assert sorted(known) == ["apply", "plan", "sandbox", "show"]
    # Every node of the lab can read it here: it has the machine's /tmp.
    folder = Path(str(picture.host.root / "run"))
    (folder / "network.yaml").write_text(of_readme("yaml")[0])
    inside = Path("/run")
    plan = csnet_on(picture.host, *known["plan"], cwd=inside)
    assert plan.code == 0 and "+ add vlan 'eth0.100'" in plan.stdout
    terminal = terminal_on(picture.host, *known["apply"], cwd=inside)
    terminal.expect(r"\[y/N\] ")
    terminal.sendline("y")
    terminal.expect("Done: the new network is active and on disk")
    terminal.expect(pexpect.EOF)
    picture.host.ping("192.168.100.2")
    shown = csnet_on(picture.host, *known["show"], cwd=inside)
    assert shown.code == 0 and "cloudbr0" in shown.stdout and "192.168.100.10/24" in shown.stdout
