"""Ansible moves the management network of a whole fleet over that very network, by real SSH."""

import select
import time
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple

import pytest
from budget import budget
from fleet import Fleet, Run

from csnet_lab import Lab
from csnet_lab.process import wait_for_any

pytestmark = [pytest.mark.kernel("vlan", "vlan_filtering"), pytest.mark.timeout(2400)]

MODULE = "csnet.network.management_network"
MOVE = f"""
- hosts: all
  gather_facts: false
  tasks:
    - {MODULE}:
        uplink: eth0
        vlan: 100
        bridge: cloudbr0
        addresses: ["192.168.100.{{{{ 10 + number }}}}/24"]
        gateway: 192.168.100.1
        servers: [192.168.100.2]
        stp: false
        # All hosts and the controller share one CPU: what takes 5 s elsewhere takes a minute.
        rollback_after: "{{{{ patience | default(600) }}}}"
"""
RUN_SECONDS = 1500
OLD_FILES = {"Wired connection 1.nmconnection"}
NEW_FILES = {"cloudbr0.nmconnection", "eth0.nmconnection", "eth0.100.nmconnection"}

Files = Dict[str, Tuple[str, int]]


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
    return Start(_fleet, files(_fleet))


def files(fleet: Fleet) -> Dict[str, Files]:
    """The profiles on each host's disk: what is in them, and when it was written."""
    return {
        name: {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in host.system_connections.iterdir()}
        for name, host in fleet.hosts.items()
    }


def on_trial(fleet: Fleet, name: str) -> bool:
    """Whether the new network is in use and not on disk."""
    profile = "cloudbr0.nmconnection"
    host = fleet.hosts[name]
    in_memory = (host.root / "run/NetworkManager/system-connections" / profile).exists()
    return in_memory and not (host.system_connections / profile).exists() and fleet.is_moved(name)


def has_open_transaction(fleet: Fleet, name: str) -> bool:
    code = "import csnet\nwith csnet.Session() as session:\n    print(session.transaction())"
    return fleet.hosts[name].python(code).strip() != "None"


def assert_moved(fleet: Fleet, *names: str) -> None:
    on_disk = files(fleet)
    for name in names:
        assert NEW_FILES <= set(on_disk[name]), name
        assert fleet.is_moved(name), name
        fleet.controller.ping(fleet.new_address(name))


def changed(run: Run) -> Dict[str, bool]:
    return {name: one.result["changed"] for name, one in run.of(MODULE).items()}


def test_all_hosts_move_and_then_are_as_wanted(start: Start) -> None:
    fleet = start.fleet
    first = fleet.playbook(MOVE, timeout=RUN_SECONDS)
    assert changed(first) == dict.fromkeys(fleet.hosts, True)
    for name, one in first.of(MODULE).items():
        assert one.result["transaction"]["committed"] is True
        assert one.result["reached_at"] == fleet.new_address(name)
    assert_moved(fleet, *fleet.hosts)

    before = files(fleet)
    fleet.write_inventory(moved=fleet.hosts)
    second = fleet.playbook(MOVE, timeout=RUN_SECONDS)
    assert changed(second) == dict.fromkeys(fleet.hosts, False)
    assert not any(one.result["plan"]["steps"] for one in second.of(MODULE).values())
    assert files(fleet) == before


def test_a_host_without_the_vlan_rolls_back_and_the_others_move(start: Start) -> None:
    fleet = start.fleet
    fleet.carry("host5", False)
    fleet.write_inventory(host5={"patience": 30})
    run = fleet.playbook(MOVE, check=False, timeout=RUN_SECONDS)
    results = run.of(MODULE)
    of_host5 = results.pop("host5")
    assert (run.returncode, of_host5.status, of_host5.result.get("kind")) == (2, "failed", "rolled_back"), run.story
    assert of_host5.result["msg"].startswith("rolled back: check 'a controller comes back'")
    outcomes = {step["what"]: step["outcome"] for step in of_host5.result["transaction"]["steps"]}
    assert (outcomes["check a controller comes back"], outcomes["roll back"]) == ("failed", "done")
    assert files(fleet)["host5"] == start.files["host5"]
    fleet.controller.ping(fleet.first_address("host5"))

    assert {one.status for one in results.values()} == {"ok"}
    assert_moved(fleet, *results)


def test_when_the_controller_dies_each_host_is_old_or_new_and_the_next_run_finishes(start: Start) -> None:
    fleet = start.fleet
    patience = 100
    # A few at a time: when these are through, those are on trial, and others have not begun.
    playing = fleet.start_playbook(MOVE, f"--forks={budget(2, 4)}", f"--extra-vars=patience={patience}")

    def some_are_through_and_some_on_trial() -> bool:
        through = any(one.status == "ok" for one in playing.results())
        return through and any(on_trial(fleet, name) for name in fleet.hosts)

    while not some_are_through_and_some_on_trial():
        assert not wait_for_any([playing.process], timeout=0.2), playing.wait(1).story
    fleet.kill_controller()
    story = playing.wait(10).story

    settled(lambda: [name for name in fleet.hosts if has_open_transaction(fleet, name)], patience + 120)
    after = files(fleet)
    moved = [name for name in fleet.hosts if fleet.is_moved(name)]
    waiting = [name for name in fleet.hosts if name not in moved]
    assert moved and waiting, story
    assert_moved(fleet, *moved)
    for name in waiting:
        assert after[name] == start.files[name], name
        fleet.controller.ping(fleet.first_address(name))

    fleet.write_inventory(moved=moved)
    run = fleet.playbook(MOVE, timeout=RUN_SECONDS)
    assert changed(run) == {name: name in waiting for name in fleet.hosts}
    assert_moved(fleet, *fleet.hosts)
    assert {name: files(fleet)[name] for name in moved} == {name: after[name] for name in moved}


def settled(unsettled: Callable[[], List[str]], seconds: float) -> None:
    """Returns when nobody is left of them; looks again every second, as nothing outside of a host tells."""
    end = time.monotonic() + seconds
    while left := unsettled():
        assert time.monotonic() < end, f"after {seconds:g} s there is still {', '.join(left)}"
        select.select([], [], [], 1)
