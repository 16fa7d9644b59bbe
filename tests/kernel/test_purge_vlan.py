"""Purge on a host that has more than its management network: other VLANs and bridges, and a VM's tap in each."""

from typing import Iterator

import pytest
from scenario import ADDRESS, SERVER, Scene, TcpSession, apply, assert_is_as_before, snapshot

import csnet
from csnet_lab import Lab

pytestmark = pytest.mark.kernel

MANAGEMENT = csnet.ManagementNetwork(
    uplinks=["eno1"], vlan=100, addresses=[f"{ADDRESS}/24"], servers=[SERVER], stp=False
)
LINES = [
    "connection add type bridge con-name mgmt-bridge ifname cloudbr0 bridge.stp no ipv6.method disabled"
    f" ipv4.method manual ipv4.addresses {ADDRESS}/24 ipv4.may-fail no",
    "connection add type ethernet con-name uplink ifname eno1 ipv4.method disabled ipv6.method disabled",
    "connection add type vlan con-name mgmt-vlan ifname eno1.100 dev eno1 id 100 master cloudbr0",
    "connection add type bridge con-name guests ifname cloudbr1 bridge.stp no ipv4.method disabled"
    " ipv6.method disabled",
    "connection add type vlan con-name guest-vlan ifname eno1.300 dev eno1 id 300 master cloudbr1",
    "connection add type ethernet con-name storage ifname eno2 ipv4.method manual ipv4.addresses 10.30.0.10/24"
    " ipv6.method disabled",
    'connection add type ethernet con-name "Wired connection 1" ifname eno1 autoconnect no',
    "connection up uplink",
    "connection up mgmt-vlan",
    "connection up guest-vlan",
    "connection up storage",
]


@pytest.fixture(scope="module")
def _scene() -> Iterator[Scene]:
    with Lab() as lab:
        yield Scene(lab, ["eno1", "eno2"])


@pytest.fixture
def scene(_scene: Scene) -> Scene:
    _scene.reset()
    _scene.nmcli(*LINES)
    return _scene


def test_management_goes_on_while_all_else_is_deleted(scene: Scene) -> None:
    with scene.tap(0, "192.168.100.50/24", "cloudbr0") as guest, scene.tap(1, "192.168.30.51/24", "cloudbr1"):
        session = TcpSession(scene.server, ADDRESS)
        logged = len(scene.host.networkmanager.log())
        applied = apply(scene.host, MANAGEMENT.desired(), plan_options={"purge": True})
        assert applied.committed, applied.story
        assert sorted(applied.steps) == [
            "park cloudbr1", "park eno1.300", "park eno2",
            "remove cloudbr1", "remove eno1", "remove eno1.300", "remove eno2"]
        assert session.longest_gap() < 1
        assert "auto-activating" not in scene.host.networkmanager.log()[logged:]
        guest.ping(SERVER)
        links = scene.host.links()
        assert not {"cloudbr1", "eno1.300"} & set(links)
        assert links["vnet0"]["master"] == "cloudbr0" and "master" not in links["vnet1"]
        assert {profile.name for profile in scene.read().profiles} == {"mgmt-bridge", "uplink", "mgmt-vlan"}
        assert csnet.plan(MANAGEMENT.desired(), scene.read(), purge=True).steps == ()
    scene.host.reboot()
    assert csnet.plan(MANAGEMENT.desired(), scene.read(), purge=True).steps == ()
    scene.host.ping(SERVER, timeout=20)


def test_a_vlan_outlives_the_profile_of_its_nic(scene: Scene) -> None:
    wanted = MANAGEMENT.desired()
    wanted = wanted.replace(profiles=[each for each in wanted.profiles if each.interface_name != "eno1"])
    session = TcpSession(scene.server, ADDRESS)
    applied = apply(scene.host, wanted, plan_options={"purge": True})
    assert applied.committed, applied.story
    assert "remove eno1" in applied.steps
    assert session.longest_gap() < 5
    assert csnet.plan(wanted, scene.read(), purge=True).steps == ()
    scene.host.ping(SERVER)
    scene.host.reboot()
    assert csnet.plan(wanted, scene.read(), purge=True).steps == ()
    scene.host.ping(SERVER, timeout=20)


def test_what_a_purge_took_comes_back_when_the_server_is_lost(scene: Scene) -> None:
    before = snapshot(scene.host)
    wanted = MANAGEMENT.replace(vlan=200).desired()
    applied = apply(scene.host, wanted, plan_options={"purge": True}, rollback_after=3)
    assert applied.error.startswith("RolledBackError"), applied.story
    assert_is_as_before(scene.host, before, applied.story)
