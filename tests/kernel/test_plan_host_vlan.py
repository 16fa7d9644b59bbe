"""Session.plan() with VLANs and bonds: it finds the profiles that could come up on them, and reads no others."""

import logging
from typing import Iterator

import csnet
import pytest
from scenario import ADDRESS, SERVER, Scene, apply
from csnet_lab import Lab

pytestmark = pytest.mark.kernel

WANTED = csnet.ManagementNetwork(
    uplinks=["eno1", "eno2"], vlan=100, addresses=[f"{ADDRESS}/24"], servers=[SERVER], stp=False,
    bond_mode="active-backup", bond_options={"miimon": "100"},
).desired()
_NO_IP = "ipv4.method disabled ipv6.method disabled"
RIVALS = {
    "vlan": f"connection add type vlan con-name rival ifname bond0.100 dev bond0 id 100 {_NO_IP}",
    "vlan without an interface": f"connection add type vlan con-name rival dev bond0 id 100 {_NO_IP}",
    "bond": f"connection add type bond con-name rival ifname bond0 mode active-backup {_NO_IP}",
    "port": f"connection add type ethernet con-name rival ifname eno2 {_NO_IP}",
}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with Lab() as lab:
        scene = Scene(lab, ["eno1", "eno2"])
        assert apply(scene.host, WANTED).committed
        # So many that the host is not a small one, of which csnet reads everything.
        scene.nmcli(*(f"connection add type bridge ifname crowd{number} autoconnect no {_NO_IP}"
                      for number in range(20)))
        yield scene


def test_nothing_to_do_is_seen_by_what_runs(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="csnet.dbus")
    with csnet.Session(bus_address=scene.host.bus_address) as session:
        assert not session.plan(WANTED)
        assert not any("GetManagedObjects" in record.getMessage() for record in caplog.records)
        assert not csnet.plan(WANTED, session.read())


@pytest.mark.parametrize("rival", RIVALS)
def test_a_rival_that_sleeps_is_seen(scene: Scene, rival: str) -> None:
    scene.nmcli(RIVALS[rival])
    try:
        with csnet.Session(bus_address=scene.host.bus_address) as session:
            plan = session.plan(WANTED)
            assert [(step.action, step.item.name) for step in plan] == [(csnet.Action.retire, "rival")]
            assert plan.steps == csnet.plan(WANTED, session.read()).steps
    finally:
        scene.nmcli("connection delete rival")
