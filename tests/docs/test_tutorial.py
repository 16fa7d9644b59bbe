"""The tutorial works as it stands: every command of it, in a sandbox that csnet itself makes."""

from pathlib import Path

import pytest
from tutorial import PAGE, agrees, run, shell_blocks

from csnet_lab import kernel, uml


@pytest.mark.skipif(bool(kernel.missing()) and not uml.available(), reason="no kernel with VLANs")
@pytest.mark.timeout(1800)  # in User-Mode-Linux, where each command takes its time
def test_every_command_of_the_tutorial_prints_what_the_page_says(tmp_path: Path) -> None:
    printed = run(tmp_path)
    assert len(printed) == len(shell_blocks()), f"it ended early, after\n{printed[-1] if printed else 'nothing'}"
    greeting = PAGE.read_text(encoding="utf-8").partition("$ csnet sandbox\n")[2].partition("host1#")[0]
    assert printed[0].startswith(greeting), "the sandbox greets otherwise"
    printed[0] = printed[0][len(greeting):]
    pairs = zip(shell_blocks(), printed)
    wrong = [f"{block} prints\n{said}" for block, said in pairs if not agrees(said, block.output)]
    assert wrong == [], "\n".join(wrong)


def test_masks_only_what_varies() -> None:
    assert agrees("  done     12.3 s  commit 0a1b2c3d\n", "  done      0.1 s  commit 99999999\n")
    assert agrees("one\ntwo\nthree\n", "one\n…\nthree\n")
    assert not agrees("one\ntwo\n", "one\n…\nthree\n")
    assert not agrees("192.168.100.2 answers\n", "192.168.100.3 answers\n")
    assert len(shell_blocks()) >= 12
