"""csnet apply on a terminal: the question, the live display with its countdown, Ctrl-C, and a session that dies."""

import re
import time
from pathlib import Path

import pexpect
import pytest
from csnet_command import PACKAGE, UNTAGGED, csnet_on, terminal_on
from csnet_lab import Host


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "network.yaml"
    path.write_text(UNTAGGED)
    return str(path)


def ends_with(terminal: "pexpect.spawn[str]", code: int) -> str:
    """Waits for the end; returns what was on the screen since the last expect."""
    terminal.expect(pexpect.EOF)
    said = str(terminal.before)
    terminal.close()
    assert terminal.exitstatus == code, said
    return said


def is_on_disk(host: Host) -> bool:
    return (host.system_connections / "cloudbr0.nmconnection").exists()


def test_asks_and_takes_no_for_an_answer(host: Host, file: str) -> None:
    terminal = terminal_on(host, "apply", file)
    terminal.expect(re.escape("Apply this, and roll back unless the probes pass within 30 s? [y/N] "))
    assert "\033[1mProfiles" in str(terminal.before), "the plan is shown in colours"
    terminal.sendline("")
    assert "Nothing was changed." in ends_with(terminal, 0)
    assert not is_on_disk(host)


def test_asks_and_shows_a_live_display(host: Host, file: str) -> None:
    terminal = terminal_on(host, "apply", "--probe", "sleep 0.5", file)
    terminal.expect(r"\[y/N\] ")
    terminal.sendline("y")
    terminal.expect(r"probe command sleep 0\.5")
    terminal.expect(r"rolls back in (\d+) s unless the probes pass")
    assert 25 <= int(terminal.match.group(1)) <= 30
    assert "Done: the new network is active" in ends_with(terminal, 0)
    assert is_on_disk(host)


def test_the_countdown_counts_and_ends_in_a_rollback(host: Host, file: str) -> None:
    terminal = terminal_on(host, "apply", "--yes", "--rollback-after", "3", "--probe", "false", file)
    for second in (3, 2, 1):
        terminal.expect(f"rolls back in {second} s")
    said = ends_with(terminal, 4)
    assert "roll back" in said and "the host is as it was" in said
    assert not is_on_disk(host) and "cloudbr0" not in host.links()


def test_ctrl_c_rolls_back_at_once(host: Host, file: str) -> None:
    terminal = terminal_on(host, "apply", "--yes", "--probe", "false", file)
    terminal.expect("rolls back in 29 s")
    began = time.monotonic()
    terminal.sendintr()
    terminal.sendintr()  # an impatient one must not end the rollback
    said = ends_with(terminal, 4)
    assert time.monotonic() - began < 25, "it did not wait for the probes"
    assert "csnet: rolled back: interrupted" in said and "the host is as it was" in said
    assert not is_on_disk(host) and "cloudbr0" not in host.links()
    assert csnet_on(host, "rollback").code == 1, "nothing is left open"


def test_ctrl_c_at_the_question_changes_nothing(host: Host, file: str) -> None:
    terminal = terminal_on(host, "apply", file)
    terminal.expect(r"\[y/N\] ")
    terminal.sendintr()
    assert "interrupted; nothing was changed" in ends_with(terminal, 130)
    assert not is_on_disk(host)


@pytest.mark.parametrize("passes", [True, False])
def test_a_dying_terminal_lets_it_go_on_to_its_probes(host: Host, file: str, tmp_path: Path, passes: bool) -> None:
    """Like sshd when its connection breaks: the terminal hangs up, and its session gets SIGHUP."""
    gone, done = tmp_path / "gone", tmp_path / "done"
    probe = f"test -e {gone}" + ("" if passes else f" && touch {done} && false")
    terminal = terminal_on(host, "apply", "--yes", "--rollback-after", "4", "--probe", probe, file)
    terminal.expect("rolls back in")
    terminal.close(force=False)  # the hang-up
    gone.touch()
    wait_until_nothing_is_open(host)
    assert is_on_disk(host) is passes
    assert ("cloudbr0" in host.links()) is passes
    assert passes or done.exists(), "the probe was asked after the hang-up"


def wait_until_nothing_is_open(host: Host) -> None:
    host.python("import csnet\nwith csnet.Session() as s:\n while s.transaction(): s.devices()")


def test_no_color(host: Host, file: str) -> None:
    for words, variables in ((["--no-color"], {}), ([], {"NO_COLOR": "1"})):
        terminal = terminal_on(host, "plan", *words, file, **variables)
        assert "\033[" not in ends_with(terminal, 0)


def test_without_rich_there_is_a_line_for_each_step(host: Host, file: str, tmp_path: Path) -> None:
    (tmp_path / "rich.py").write_text("raise ImportError('not installed')\n")
    terminal = terminal_on(host, "apply", "--yes", file, PYTHONPATH=f"{tmp_path}:{PACKAGE}")
    said = ends_with(terminal, 0)
    assert re.search(r"done\s*\S*\s+\d\.\d s  activate bridge 'cloudbr0'", said), said
