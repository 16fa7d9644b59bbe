"""A controller confirms: what counts as its word, and what becomes of a host whose process or controller is gone."""

import contextlib
import json
import select
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List

import csnet
import pytest
from csnet_lab import Host
from running import ROOT, Ansible

sys.path.append(str(ROOT / "python"))
from ansible_collections.csnet.network.plugins.module_utils import controller_confirms  # noqa: E402

TICKET = "0123456789abcdef0123456789abcdef"
MANAGEMENT: Dict[str, Any] = {"uplink": "eth0", "addresses": ["192.168.100.10/24"], "stp": False}


@pytest.fixture
def ansible(host: Host, tmp_path: Path) -> Ansible:
    return Ansible(host, tmp_path)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short path: that of a socket in it may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="csnet-") as parent:
        monkeypatch.setattr(controller_confirms, "DIRECTORY", f"{parent}/csnet")
        yield Path(parent, "csnet")


def until(state: str) -> Dict[str, Any]:
    end = time.monotonic() + 90
    while (found := controller_confirms.look(TICKET))["state"] != state:
        assert time.monotonic() < end and found["state"] != "over", found
    return dict(found)


@contextlib.contextmanager
def going_on(work: Any) -> Iterator[Dict[str, Any]]:
    """A trial, begun by a process that then ends as the module does."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; sys.path.append({str(Path(__file__).parent)!r})\n" \
           f"from test_confirm import controller_confirms, {work.__name__} as work\n" \
           f"controller_confirms.DIRECTORY = {controller_confirms.DIRECTORY!r}\nimport json\n" \
           f"print(json.dumps(controller_confirms.start({TICKET!r}, work)))"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=90)
    yield dict(json.loads(done.stdout))


def waits_for_a_controller(attempt: Any) -> None:
    """What csnet does with a check: once before the change, and again and again after it."""
    check = attempt.check(csnet)
    assert check.required and not check.passes()
    attempt.answer({"changed": True})
    attempt.wait_for_module()
    end = time.monotonic() + 90
    while not check.passes() and time.monotonic() < end:
        pass
    attempt.over({"confirmed": time.monotonic() < end})


def waits_for_a_file(attempt: Any) -> None:
    attempt.answer({"changed": True})
    attempt.wait_for_module()
    end = time.monotonic() + 90  # it must not outlive a test that fails
    while not Path(controller_confirms.DIRECTORY, "go").exists() and time.monotonic() < end:
        select.select([], [], [], 0.01)
    attempt.check(csnet).passes()
    attempt.over({"changed": True})


def dies(attempt: Any) -> None:
    attempt.answer({"changed": True})
    raise SystemExit


def test_the_word_of_after_the_change_counts(directory: Path) -> None:
    with going_on(waits_for_a_controller) as answer:
        assert answer == {"changed": True}
        found = until("trial")
        assert (directory.stat().st_mode & 0o777, len(found["nonce"])) == (0o700, 32)
        assert controller_confirms.confirm(TICKET, found["nonce"]) == {"state": "over", "result": {"confirmed": True}}
        assert controller_confirms.look(TICKET)["state"] == "over"
        assert not (directory / TICKET).exists()


def test_another_word_does_not(directory: Path) -> None:
    with going_on(waits_for_a_controller):
        found = until("trial")
        for wrong in ("", "x" * 32, found["nonce"][:-1], found["nonce"].upper() + "0"):
            assert controller_confirms.confirm(TICKET, wrong)["state"] == "trial"
        assert controller_confirms.confirm(TICKET, found["nonce"])["state"] == "over"


def test_before_the_change_is_done_nobody_can_confirm(directory: Path) -> None:
    with going_on(waits_for_a_file):
        assert until("applying") == {"state": "applying"}
        assert not (directory / TICKET).exists(), "there is nothing to connect to"
        assert controller_confirms.confirm(TICKET, "anything") == {"state": "applying"}
        (directory / "go").touch()
        while controller_confirms.look(TICKET)["state"] != "over":
            pass


def test_a_process_that_is_gone_is_not_waited_for(directory: Path) -> None:
    with going_on(dies):
        end = time.monotonic() + 60
        while (found := controller_confirms.look(TICKET))["state"] != "over":
            assert time.monotonic() < end
    assert found["result"]["failed"] and "was killed" in found["result"]["msg"]


def test_a_ticket_begins_once(directory: Path) -> None:
    """A controller whose connection failed asks again."""
    with going_on(waits_for_a_file), going_on(dies) as again:
        assert again == {"changed": True}
        assert controller_confirms.look(TICKET)["state"] == "applying"
        (directory / "go").touch()
        assert until("over")["result"] == {"changed": True}


def test_a_directory_of_somebody_else_is_refused(directory: Path) -> None:
    directory.mkdir(mode=0o755)
    with pytest.raises(OSError, match="must be a directory that belongs to root"):
        controller_confirms.start(TICKET, waits_for_a_controller)


def test_an_unknown_ticket_is_unknown(directory: Path) -> None:
    assert controller_confirms.look(TICKET) == {"state": "unknown"}
    assert controller_confirms.confirm(TICKET, "x") == {"state": "unknown"}


def test_when_the_process_on_the_host_is_killed_the_task_says_so_and_the_host_goes_back(
    ansible: Ansible, host: Host
) -> None:
    probe = {"type": "command", "target": "false", "required": True}
    task = {**MANAGEMENT, "probes": [probe], "rollback_after": 4}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(ansible.task, "management_network", task)
        host.run(["sh", "-ec", "until ip link show cloudbr0 2> /dev/null; do :; done"], timeout=120)
        host.run(["pkill", "-KILL", "-f", "AnsiballZ_management_network"])
        failed = running.result(timeout=180)
    assert failed["failed"] and failed["kind"] == "unavailable" and "was killed" in failed["msg"]
    end = time.monotonic() + 90
    while ansible.task("info")["transaction"]["state"] == "trial":  # until NetworkManager's own timer is over
        assert time.monotonic() < end
    finished = ansible.task("management_network", MANAGEMENT)
    assert finished["changed"] and finished["transaction"]["committed"]
    assert ansible.task("info")["transaction"] is None


def test_with_async_the_task_ends_when_the_controller_has_confirmed(ansible: Ansible, host: Host) -> None:
    done = ansible.task("management_network", MANAGEMENT, background=120)
    assert done["changed"] and done["transaction"]["committed"] and done["reached_at"], done.get("msg")
    assert not ansible.task("management_network", MANAGEMENT, background=120)["changed"]


def test_by_host_can_be_polled(ansible: Ansible, host: Host) -> None:
    done = ansible.task("management_network", {**MANAGEMENT, "commit": "by_host"}, background=120)
    assert done["changed"] and done["transaction"]["committed"] and done["finished"] == 1, done.get("msg")


def test_two_controllers_at_once_do_not_get_in_each_others_way(ansible: Ansible, host: Host, tmp_path: Path) -> None:
    go = tmp_path / "go"
    probe = {"type": "command", "target": f"test -e {go}", "required": True}
    task = {**MANAGEMENT, "probes": [probe], "rollback_after": 120}
    results: List[Dict[str, Any]] = []
    first = threading.Thread(target=lambda: results.append(ansible.task("management_network", task)))
    first.start()
    host.run(["sh", "-ec", "until ip link show cloudbr0 2> /dev/null; do :; done"], timeout=120)
    another = Ansible(host, tmp_path / "other")
    bridge = {"type": "bridge", "name": "br9", "interface_name": "br9", "stp": False}
    for other in (another.task("profile", bridge), another.task("management_network", MANAGEMENT)):
        assert other["failed"] and other["kind"] == "conflict", "what is on trial may not last"
    assert not another.task("management_network", MANAGEMENT, check=True)["changed"]
    go.touch()
    first.join()
    assert results[0]["transaction"]["committed"]
