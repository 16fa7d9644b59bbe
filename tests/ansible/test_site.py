"""The collection's own playbook on a fleet, from an inventory that nobody edits: a canary, then batches, then again."""

import json
from typing import Iterator, NamedTuple

import pytest
from fleet import MODULE, RUN_SECONDS, VLAN, Fleet, Run

from csnet_lab import Lab

pytestmark = pytest.mark.timeout(1800)

FILE = "run/csnet-site/network.yaml"
VARIABLES = {
    "kvm_host_network": {
        "uplink": "eth0",
        **({"vlan": VLAN} if VLAN else {}),
        "addresses": ["192.168.100.{{ 10 + number }}/24"],
        "gateway": "192.168.100.1",
        "servers": ["192.168.100.2"],
        "stp": False,
    },
    "kvm_host_packages": [],  # the hosts share this machine's file system
    "kvm_host_network_file": f"/{FILE}",
}


class Moved(NamedTuple):
    """All have moved, by this run."""

    fleet: Fleet
    run: Run


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Lab() as lab:  # few, as the role has twenty tasks for each
        yield Fleet(lab, tmp_path_factory.mktemp("controller"), count=3)


@pytest.fixture(scope="module")
def moved(fleet: Fleet) -> Moved:
    return Moved(fleet, site(fleet))


def site(fleet: Fleet, rollback_after: int = 600, check: bool = True) -> Run:
    variables = json.dumps({**VARIABLES, "kvm_host_rollback_after": rollback_after})
    return fleet.playbook("csnet.network.site", "--extra-vars", variables, check=check, timeout=RUN_SECONDS)


def test_a_canary_that_fails_spares_the_others(fleet: Fleet) -> None:
    before = fleet.files()
    fleet.carry("host1", False)
    try:
        run = site(fleet, rollback_after=20, check=False)
    finally:
        fleet.carry("host1")
    assert run.returncode == 2, run.story
    assert {one.host for one in run.results} == {"host1"}
    assert run.of(MODULE)["host1"].result["kind"] == "rolled_back"
    assert fleet.files() == before


def test_all_move_one_after_the_other(moved: Moved) -> None:
    fleet, run = moved
    assert [one.host for one in run.results if one.action == MODULE and one.result["changed"]] == list(fleet.hosts)
    for name, host in fleet.hosts.items():
        assert fleet.is_moved(name)
        assert f"{fleet.new_address(name)}/24" in (host.root / FILE).read_text()


def test_the_same_inventory_finds_them_where_they_are_now_and_nothing_changes(moved: Moved) -> None:
    fleet, first = moved
    before = fleet.files()
    second = site(fleet, check=False)
    assert second.returncode == 0, second.story
    assert [one for one in second.results if one.result.get("changed")] == []
    assert fleet.files() == before
    for run in (first, second):
        assert [one.task for one in run.results if one.status == "skipped" and "answers" in one.task] == []
