"""What csnet's speed depends on, counted: messages on the bus, and instructions of planning.

A count is the same on every machine, however busy: one message too many fails here.
"""

import re
import subprocess
from pathlib import Path
from typing import Dict

import bench_bulk as bulk
import bench_busy as busy
import bench_noop as noop
import bench_plan as plan
import bench_seed as seed
import counting
import pytest
from csnet_lab import Host, Lab
from measure import PROGRAMS, Rival

_OPEN = {"Hello": 1, "Get": 1}  # the bus's greeting, and NetworkManager's version
_COUNT = 12


def messages(host: Host, *command: object) -> counting.Messages:
    """Of one of the C++ programs. Each call has an answer, and none of them is an error."""
    program, *arguments = map(str, command)
    found = counting.count(host, Rival(program, [str(PROGRAMS / program), *arguments]))
    assert found.heard["replies"] == found.sent["calls"]
    assert "errors" not in found.heard
    return found


@pytest.mark.parametrize("others", [0, 20])
def test_seed_sends_one_call_for_each_profile_whatever_the_host_has(lab: Lab, others: int) -> None:
    found = messages(seed.host_with(lab, others), "bench_seed")
    assert found.calls == {**_OPEN, "AddConnection2": 3}
    assert found.heard["signals"] == 1  # NameAcquired: no signal of NetworkManager's is asked for


def test_noop_of_a_small_host_reads_it_whole_twice(lab: Lab) -> None:
    """By plan(), and once more by apply(), which makes sure that it still holds."""
    host = seed.host_with(lab, 0)
    noop.prepare(host)
    found = messages(host, "bench_noop")
    # The numbers of profiles and devices; the whole host; the two profiles, and both as applied.
    of_plan = {"Get": 2, "GetManagedObjects": 1, "GetSettings": 2, "GetAppliedConnection": 2}
    twice = {call: 2 * number for call, number in of_plan.items()}
    assert found.calls == {**_OPEN, **twice, "Get": _OPEN["Get"] + twice["Get"]}
    assert found.heard["signals"] == 1


@pytest.mark.parametrize("others", [20, 40])
def test_noop_looks_at_what_is_active_whatever_else_the_host_has(lab: Lab, others: int) -> None:
    host = seed.host_with(lab, others)
    noop.prepare(host)
    found = messages(host, "bench_noop")
    # By plan(), and once more by apply(): the numbers of profiles and devices; what is active, and of three, with lo,
    # whether it is external; of the two that are not: them, the device, its two IP configurations, its profile, and
    # the profile as applied.
    of_plan = {"Get": 2 + 1 + 3, "GetAll": 2 + 2 + 2 * 2 + 2, "GetSettings": 2, "GetAppliedConnection": 2}
    twice = {call: 2 * number for call, number in of_plan.items()}
    assert found.calls == {**_OPEN, **twice, "Get": _OPEN["Get"] + twice["Get"]}
    assert found.heard["signals"] == 1


def test_other_peoples_interfaces_cost_noop_one_question_each_and_seed_up_none(lab: Lab) -> None:
    """A bridge and two taps have an active connection each, and lo, and in noop the two that are csnet's."""
    host = busy.host_with(lab, 10)
    up = counting.count(host, Rival("seed_up", [str(PROGRAMS / "bench_seed_up"), "0"]))
    assert up.calls["Get"] <= 1 + 2  # the version; what is on the two interfaces
    assert up.calls["GetAll"] <= 10
    seed.remove(host)
    noop.prepare(host)
    found = messages(host, "bench_noop")
    assert found.calls["Get"] == 1 + 2 * (2 + 1 + 3 * 10 + 3)
    assert found.calls["GetAll"] == 2 * (2 + 2 + 2 * 2 + 2)


def test_bulk_sends_as_few_calls_for_each_profile_as_the_limit(fresh_host: Host) -> None:
    of_one: Dict[str, Dict[str, int]] = {
        "add": {"AddConnection2": 1},
        # What csnet has no field for must survive, so that it is read first.
        "change": {"GetConnectionByUuid": 1, "GetSettings": 1, "Update2": 1},
        "remove": {"GetConnectionByUuid": 1, "Delete": 1},
    }
    assert list(of_one) == list(bulk._WORK)
    for work, calls in of_one.items():
        found = messages(fresh_host, "bench_bulk", work, _COUNT)
        assert found.calls == {**_OPEN, **{call: _COUNT * number for call, number in calls.items()}}, work
        assert found.heard["signals"] == 1, work


def test_activation_says_so_much_about_each_bridge_and_no_more_for_more_of_them(lab: Lab) -> None:
    """How often NetworkManager tells of a change, and csnet looks, is a matter of their race: hence bounds."""
    host = bulk.host_with_ports(lab, _COUNT)
    for count in (_COUNT // 3, _COUNT):
        host.run([str(PROGRAMS / "bench_limit"), "add_bridges", str(count)])
        found = counting.count(host, Rival("up", [str(PROGRAMS / "bench_bulk"), "up", str(count)]))
        host.run([str(PROGRAMS / "bench_limit"), "remove_bridges", str(count)])
        assert found.calls["ActivateConnection"] == 2 * count  # the bridge and its port
        assert found.calls["GetSettings"] <= 2 * count + 1  # each profile once, and lo's
        assert sum(found.sent.values()) <= 13 * count + 20
        # Of 107 that NetworkManager sends of each: what its active connections say, and the bridges of their carrier.
        assert found.heard["signals"] <= 34 * count + 10


@pytest.mark.parametrize("others", [0, 20])
def test_seed_up_asks_for_what_is_named_alone(lab: Lab, others: int) -> None:
    host = seed.host_with(lab, others)
    found = counting.count(host, Rival("seed_up", [str(PROGRAMS / "bench_seed_up"), "0"]))
    named = 2  # without a VLAN, which not every kernel has
    assert "ListConnections" not in found.calls
    for call in ("AddConnection2", "GetConnectionByUuid", "GetSettings", "ActivateConnection"):
        assert found.calls[call] == named, call
    assert found.calls["GetAll"] <= 10  # a look or two at each
    assert found.heard["signals"] <= 45


# Instructions for each of the profiles, which double with them. A band, since compilers and libraries differ by some
# percent; what is outside of it is another algorithm.
_BANDS = {"new": (50_000, 105_000), "equal": (80_000, 175_000), "changed": (90_000, 190_000)}


@pytest.mark.parametrize("case", plan._CASES)
def test_planning_takes_so_many_instructions_for_each_profile(case: str, tmp_path: Path) -> None:
    few, many = (instructions(case, profiles, tmp_path) for profiles in (500, 1000))
    low, high = _BANDS[case]
    assert low < many / 1000 < high
    assert many / few < 2.22  # what n log n would be; n² would be 4


def instructions(case: str, profiles: int, directory: Path) -> int:
    """Of plan() alone, as callgrind counts them."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory / 'callgrind.out'}",
               "--toggle-collect=csnet::v*::plan(*", plan.PROGRAM, "once", case, str(profiles)]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    collected = re.search(r"Collected : (\d+)", done.stdout)
    assert done.returncode == 0 and collected, done.stdout
    return int(collected[1])
