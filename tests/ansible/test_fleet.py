"""Ansible moves the management network of a whole fleet over that very network, by real SSH.

It is in a VLAN where the running kernel has those, and else untagged; test_fleet_vlan.py is always in one.
"""

import select
import time
from typing import Callable, Dict, Iterator, List, NamedTuple

import pytest
from budget import budget
from fleet import MODULE, Files, Fleet, changed

from csnet_lab import Lab
from csnet_lab.process import wait_for_any

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def _fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Lab() as lab:
        yield Fleet(lab, tmp_path_factory.mktemp("controller"), count=budget(6, 12))


class Start(NamedTuple):
    """Hosts that have their first network and nothing else, and what they have on disk."""

    fleet: Fleet
    files: Dict[str, Files]


@pytest.fixture
def start(_fleet: Fleet) -> Start:
    if _fleet.runs:
        _fleet.reset()
    return Start(_fleet, _fleet.files())


def on_trial(fleet: Fleet, name: str) -> bool:
    """Whether the new network is in use and not on disk."""
    profile = "cloudbr0.nmconnection"
    host = fleet.hosts[name]
    in_memory = (host.root / "run/NetworkManager/system-connections" / profile).exists()
    return in_memory and not (host.system_connections / profile).exists() and fleet.is_moved(name)


def has_open_transaction(fleet: Fleet, name: str) -> bool:
    code = "import csnet\nwith csnet.Session() as session:\n    print(session.transaction())"
    return fleet.hosts[name].python(code).strip() != "None"


def test_all_hosts_move_and_then_are_as_wanted(start: Start) -> None:
    start.fleet.assert_moves_and_then_is_as_wanted()


def test_a_host_that_the_network_does_not_reach_rolls_back_and_the_others_move(start: Start) -> None:
    fleet = start.fleet
    fleet.carry("host5", False)
    fleet.write_inventory(host5={"patience": 30})
    run = fleet.move(check=False)
    results = run.of(MODULE)
    of_host5 = results.pop("host5")
    assert (run.returncode, of_host5.status, of_host5.result.get("kind")) == (2, "failed", "rolled_back"), run.story
    assert of_host5.result["msg"].startswith("rolled back: check 'the controller connects again'")
    outcomes = {step["what"]: step["outcome"] for step in of_host5.result["transaction"]["steps"]}
    assert (outcomes["check the controller connects again"], outcomes["roll back"]) == ("failed", "done")
    assert fleet.files()["host5"] == start.files["host5"]
    fleet.controller.ping(fleet.first_address("host5"))

    assert {one.status for one in results.values()} == {"ok"}
    fleet.assert_moved(*results)


def test_when_the_controller_dies_each_host_is_old_or_new_and_the_next_run_finishes(start: Start) -> None:
    fleet = start.fleet
    patience = 100 if fleet.vlan else 30  # User-Mode-Linux, which may be what has the VLAN, is slow
    # A few at a time: when these are through, those are on trial, and others have not begun.
    playing = fleet.start_move(f"--forks={budget(2, 4)}", f"--extra-vars=patience={patience}")

    def some_are_through_and_some_on_trial() -> bool:
        through = any(one.status == "ok" for one in playing.results())
        return through and any(on_trial(fleet, name) for name in fleet.hosts)

    while not some_are_through_and_some_on_trial():
        assert not wait_for_any([playing.process], timeout=0.05), playing.wait(1).story
    fleet.kill_controller()
    story = playing.wait(10).story

    settled(lambda: [name for name in fleet.hosts if has_open_transaction(fleet, name)], patience + 120)
    after = fleet.files()
    moved = [name for name in fleet.hosts if fleet.is_moved(name)]
    waiting = [name for name in fleet.hosts if name not in moved]
    assert moved and waiting, story
    fleet.assert_moved(*moved)
    for name in waiting:
        assert after[name] == start.files[name], name
        fleet.controller.ping(fleet.first_address(name))

    fleet.write_inventory(moved=moved)
    run = fleet.move()
    assert changed(run) == {name: name in waiting for name in fleet.hosts}
    fleet.assert_moved(*fleet.hosts)
    assert {name: fleet.files()[name] for name in moved} == {name: after[name] for name in moved}


#: An ssh whose first connection of the action plugin's own fails: before anything was said, or when all was.
_FAILING_SSH = """\
#!/bin/sh
case "$*" in
  *ControlPath=none*) mkdir {home}/first-{when} 2> /dev/null && first=1;;
esac
[ "$first-{when}" = 1-before ] || ssh "$@"
status=$?
[ -z "$first" ] || exit 255
exit $status
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_start_whose_connection_fails_begins_once(start: Start, when: str) -> None:
    fleet = start.fleet
    ssh = fleet.home / f"ssh-{when}"
    ssh.write_text(_FAILING_SSH.format(home=fleet.home, when=when))
    ssh.chmod(0o755)
    run = fleet.start_move("--limit=host1", f"--extra-vars=ansible_ssh_executable={ssh}").wait(300)
    assert (fleet.home / f"first-{when}").exists()
    assert run.returncode == 0 and changed(run) == {"host1": True}, run.story
    fleet.assert_moved("host1")
    tickets = {path.stem for path in (fleet.hosts["host1"].root / "run/csnet").iterdir()}
    assert len(tickets) == 1


def settled(unsettled: Callable[[], List[str]], seconds: float) -> None:
    """Returns when nobody is left of them; looks again every second, as nothing outside of a host tells."""
    end = time.monotonic() + seconds
    while left := unsettled():
        assert time.monotonic() < end, f"after {seconds:g} s there is still {', '.join(left)}"
        select.select([], [], [], 1)
