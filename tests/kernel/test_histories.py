"""Histories on a real NetworkManager: random networks one after the other, edits by hand and reboots between.

tests/python/test_plan_histories.py tries many more on the model. Here each bridge is looked at, as the kernel has it.
"""

import json
import random
from typing import Any, Iterator, List

import pytest
from budget import SEED, budget
from scenario import SERVER, Scene, apply
from topology import VLAN

import csnet
from csnet_lab import Host, Lab

_NICS = ["eno1", "eno2"]
_UPLINKS = [["eno1"], ["eno2"]]


@pytest.fixture(scope="module")
def _scene() -> Iterator[Scene]:
    with Lab() as lab:
        yield Scene(lab, _NICS, vlan=VLAN)


@pytest.fixture
def scene(_scene: Scene) -> Scene:
    _scene.reset()
    return _scene


def recipe(uplinks: List[str], host: int = 10, vlan: Any = VLAN) -> csnet.ManagementNetwork:
    return csnet.ManagementNetwork(uplinks=uplinks, vlan=vlan, addresses=[f"192.168.100.{host}/24"], stp=False,
                                   servers=[SERVER])


def uplinks(host: Host) -> List[str]:
    """The ports of cloudbr0, which has no guests here."""
    links = json.loads(host.run(["bridge", "-json", "link", "show"]).stdout)
    return sorted(link["ifname"] for link in links if link.get("master") == "cloudbr0")


def become(scene: Scene, network: csnet.ManagementNetwork) -> None:
    applied = apply(scene.host, network.desired(), rollback_after=20)
    assert not applied.error, applied.story
    nic = network.uplinks[0]
    assert uplinks(scene.host) == [f"{nic}.{network.vlan}" if network.vlan else nic], applied.story
    assert scene.plan(network.desired()).steps == ()


def survives_a_reboot(scene: Scene, network: csnet.ManagementNetwork) -> None:
    before = uplinks(scene.host)
    scene.host.reboot()
    scene.host.ping(SERVER, timeout=20)
    assert uplinks(scene.host) == before
    assert scene.plan(network.desired()).steps == ()


def test_nic_other_nic_and_back(scene: Scene) -> None:
    for nic in ("eno1", "eno2", "eno1"):
        become(scene, recipe([nic]))
    survives_a_reboot(scene, recipe(["eno1"]))


def by_hand(scene: Scene, random_: random.Random) -> str:
    """An operator switches off what may come up, switches it on again, renames it, or deletes it."""
    profile = random_.choice(sorted(scene.read().current.profiles, key=lambda one: one.uuid))
    what = random_.choice(["autoconnect no", "autoconnect yes", "con-name changed", "delete"])
    if what == "delete":
        scene.nmcli(f"connection delete {profile.uuid}")
    else:
        scene.nmcli(f"connection modify {profile.uuid} {what}")
    return f"{what} {profile.name}"


@pytest.mark.parametrize("number", range(budget(3, 40)))
def test_any_history(scene: Scene, number: int) -> None:
    random_ = random.Random(f"{SEED} {number}")
    story: List[str] = []
    for _ in range(random_.randint(3, 5)):
        if story and random_.random() < 0.4:
            story.append(by_hand(scene, random_))
        network = recipe(random_.choice(_UPLINKS), random_.choice([10, 20]))
        story.append(f"{network.uplinks} {network.addresses}")
        print(f"CSNET_SEED={SEED} number {number}: {story}")
        become(scene, network)
    survives_a_reboot(scene, network)
