"""Scenarios 2, 6, 7 and 9: a host with a bond, from profiles made with nmcli, on an LACP switch."""

from typing import Iterator, List

import pytest
from topology import JUMBO, wait_for_lacp
from scenario import (
    ADDRESS,
    OPERATOR,
    SERVER,
    STORAGE,
    TCP,
    Applying,
    Pinger,
    Scene,
    TcpSession,
    apply,
    assert_is_as_before,
    snapshot,
)

import csnet
from csnet_lab import Lab

pytestmark = pytest.mark.kernel

NICS = ["eno1", "eno2"]
OPTIONS = {"miimon": "100", "lacp_rate": "fast"}
FAST = "miimon=100,lacp_rate=fast"
MANAGEMENT = csnet.ManagementNetwork(
    uplinks=NICS, vlan=100, addresses=[f"{ADDRESS}/24"], servers=[SERVER], stp=False, bond_options=OPTIONS
)
PATIENT = 20  # a bond's kernel waits 8 s until it chooses an aggregator for the first time
ACTIVE_BACKUP = MANAGEMENT.replace(bond_mode="active-backup", bond_options={"miimon": "100"})
NO_IP = "ipv4.method disabled ipv6.method disabled"
OWN_IP = f"ipv6.method disabled ipv4.method manual ipv4.addresses {ADDRESS}/24"
# NetworkManager newer than 1.42 looks for duplicates by default, and may leave the address out when nmcli brings the
# port up again meanwhile.
NO_DAD = "ipv4.may-fail no ipv4.dad-timeout 0"
BRIDGE = f"connection add type bridge con-name cloudbr0 ifname cloudbr0 bridge.stp no {NO_DAD} {OWN_IP}"


def bond(ip: str) -> List[str]:
    return [
        f"connection add type bond con-name bond0 ifname bond0 bond.options mode=802.3ad,{FAST} {ip}",
        *(f"connection add type ethernet con-name {nic} ifname {nic} master bond0" for nic in NICS),
        *(f"connection up {nic}" for nic in NICS),
    ]


def storage() -> List[str]:
    own = "ipv6.method disabled ipv4.method manual ipv4.addresses 192.168.30.10/24"
    vlan = "connection add type vlan con-name storage ifname bond0.300 dev bond0 id 300"
    return [f"{vlan} {own}", "connection up storage"]


def bridge_on(parent: str) -> List[str]:
    vlan = f"{parent}.100"
    return [
        BRIDGE,
        f"connection add type vlan con-name {vlan} ifname {vlan} dev {parent} id 100 master cloudbr0",
        f"connection up {vlan}",
    ]


@pytest.fixture(scope="module")
def _scene() -> Iterator[Scene]:
    with Lab() as lab:
        yield Scene(lab, NICS, lacp=True)


@pytest.fixture
def scene(_scene: Scene) -> Scene:
    _scene.reset()
    return _scene


@pytest.fixture(scope="module")
def _plain_scene() -> Iterator[Scene]:
    with Lab() as lab:
        yield Scene(lab, NICS)


@pytest.fixture
def plain_scene(_plain_scene: Scene) -> Scene:
    """The switch does not bundle the ports."""
    _plain_scene.reset()
    return _plain_scene


def test_2_address_of_the_bond_moves_to_the_bridge(scene: Scene) -> None:
    """The switch makes VLAN 100 a tagged one meanwhile. Traffic on the bond's other VLAN is not interrupted."""
    scene.vlans(300, native=100)
    scene.nmcli(*bond(OWN_IP), *storage())
    wait_for_lacp(scene.host)
    before = scene.host.links()
    session, other = TcpSession(scene.server, ADDRESS), TcpSession(scene.storage, "192.168.30.10")
    applying = Applying(scene.host, MANAGEMENT.desired(), pauses=[TCP])
    applying.paused_at(TCP)
    scene.vlans(100, 300)
    applying.tell()
    applied = applying.outcome()
    assert applied.committed, applied.story
    assert other.longest_gap() < 2
    assert session.longest_gap() < 15
    links = scene.host.links()
    for name in (*NICS, "bond0", "bond0.300"):
        assert (links[name]["ifindex"], links[name].get("master")) == (
            before[name]["ifindex"],
            before[name].get("master"),
        )
    scene.is_as_wanted(MANAGEMENT.desired(), *NICS, "bond0", "bond0.100", "bond0.300", "cloudbr0")
    scene.host.ping(STORAGE)


def test_2_is_rolled_back_when_the_switch_does_not_follow(scene: Scene) -> None:
    scene.vlans(300, native=100)
    scene.nmcli(*bond(OWN_IP), *storage())
    wait_for_lacp(scene.host)
    before = snapshot(scene.host)
    session, other = TcpSession(scene.server, ADDRESS), TcpSession(scene.storage, "192.168.30.10")
    applied = apply(scene.host, MANAGEMENT.desired(), rollback_after=3)
    assert "is VLAN 100 trunked to bond0?" in applied.error, applied.story
    assert_is_as_before(scene.host, before, applied.story)
    assert other.longest_gap() < 2
    assert session.longest_gap() < 15


def test_6_nic_becomes_a_bond_with_lacp(scene: Scene) -> None:
    scene.host.unplug("eno2")  # a switch that bundles its ports listens to one of them alone until it has a partner
    nic_becomes_a_bond(scene, MANAGEMENT)


def test_6_nic_becomes_a_bond_without_lacp(plain_scene: Scene) -> None:
    nic_becomes_a_bond(plain_scene, ACTIVE_BACKUP)


def test_6_nic_becomes_a_bond_and_is_rolled_back(plain_scene: Scene) -> None:
    nic_becomes_a_bond(plain_scene, ACTIVE_BACKUP, fails_at=f"{TCP}: done")


def nic_becomes_a_bond(scene: Scene, network: csnet.ManagementNetwork, fails_at: str = "") -> None:
    """cloudbr0 is in use, with VMs' taps: it keeps its address, and traffic between them is not interrupted."""
    host = scene.host
    nic = f"connection add type ethernet con-name eno1 ifname eno1 {NO_IP}"
    scene.nmcli(nic, "connection up eno1", *bridge_on("eno1"))
    host.ping(SERVER)
    host.plug("eno2")
    with scene.tap(0, "192.168.100.50/24", "cloudbr0") as guest, scene.tap(1, "192.168.100.51/24", "cloudbr0"):
        before, bridge = snapshot(host), host.links()["cloudbr0"]
        session = TcpSession(scene.server, ADDRESS)
        inside, outside, to_host = (Pinger(guest, to) for to in ("192.168.100.51", SERVER, ADDRESS))
        applied = apply(host, network.desired(), rollback_after=PATIENT, raise_at=fails_at)
        assert session.longest_gap() < 20, applied.story
        assert inside.lost() == 0
        assert to_host.lost() < 20  # without its uplink the bridge has a tap's address for a moment
        assert outside.lost() < 150
        links = host.links()
        assert links["cloudbr0"]["ifindex"] == bridge["ifindex"]
        assert links["cloudbr0"]["address"] == bridge["address"] == host.nics["eno1"].mac
        assert {links[tap]["master"] for tap in ("vnet0", "vnet1")} == {"cloudbr0"}
        if fails_at:
            assert "told to fail" in applied.error, applied.story
            assert_is_as_before(host, before, applied.story)
            return
        assert applied.committed, applied.story
        assert {links[name]["master"] for name in NICS} == {"bond0"}
        assert links["bond0.100"]["master"] == "cloudbr0"
        assert "eno1.100" not in links
        guest.ping(SERVER)
    scene.is_as_wanted(network.desired(), *NICS, "bond0", "bond0.100", "cloudbr0")
    assert host.links()["cloudbr0"]["address"] == host.nics["eno1"].mac


def test_7_guest_trunk_beside_management_on_one_bond(scene: Scene) -> None:
    scene.nmcli(*bond(NO_IP), *bridge_on("bond0"))
    wait_for_lacp(scene.host)
    session = TcpSession(scene.server, ADDRESS)
    bond0, *others = MANAGEMENT.desired().profiles
    assert isinstance(bond0, csnet.BondProfile)
    trunk = csnet.BridgeProfile(
        name="cloudbr1",
        interface_name="cloudbr1",
        stp=False,
        ipv4=csnet.Ip4Config(method="disabled"),
        ipv6=csnet.Ip6Config(method="disabled"),
    )
    as_port = csnet.BondProfile(
        name="bond0", interface_name="bond0", mode=bond0.mode, options=bond0.options, controller="cloudbr1"
    )
    wanted = MANAGEMENT.desired().replace(profiles=[as_port, *others, trunk])
    applied = apply(scene.host, wanted, rollback_after=PATIENT)
    assert applied.committed, applied.story
    assert session.longest_gap() < 25
    links = scene.host.links()
    assert (links["bond0"]["master"], links["bond0.100"]["master"]) == ("cloudbr1", "cloudbr0")
    scene.is_as_wanted(wanted, *NICS, "bond0", "bond0.100", "cloudbr0", "cloudbr1")
    with scene.tap(0, "192.168.10.60/24", "cloudbr1") as guest:
        guest.ping(OPERATOR)


def test_9_jumbo_frames_for_storage_alone(scene: Scene) -> None:
    host = scene.host
    ports = [link for link in scene.switch.links() if link not in ("lo", "switch", "server-eth0")]
    scene.nmcli(*bond(NO_IP), *bridge_on("bond0"), *storage())
    wait_for_lacp(host)
    # The switch and the storage accept jumbo frames; the management server does not.
    scene.switch.ip(*(f"link set dev {port} mtu {JUMBO}" for port in ports))
    scene.storage.ip(f"link set dev eth0 mtu {JUMBO}")
    session = TcpSession(scene.server, ADDRESS)
    bond0, eno1, eno2, vlan, bridge = MANAGEMENT.desired().profiles
    wanted = MANAGEMENT.desired().replace(
        profiles=[
            *(profile.replace(mtu=JUMBO) for profile in (bond0, eno1, eno2)),
            *(profile.replace(mtu=1500) for profile in (vlan, bridge)),
            csnet.VlanProfile(name="storage", interface_name="bond0.300", mtu=JUMBO),
        ]
    )
    applied = apply(host, wanted, rollback_after=PATIENT)
    assert applied.committed, applied.story
    assert session.longest_gap() < 20
    mtus = {**dict.fromkeys((*NICS, "bond0", "bond0.300"), JUMBO), "bond0.100": 1500, "cloudbr0": 1500}

    def check() -> None:
        links = host.links()
        assert {name: links[name]["mtu"] for name in mtus} == mtus
        host.ping(STORAGE, timeout=20)
        host.run(["ping", "-n", "-M", "do", "-c", "3", "-i", "0.2", "-W", "5", STORAGE, "-s", str(JUMBO - 28)])

    check()
    scene.is_as_wanted(wanted, *mtus)
    check()


def test_9_child_may_not_be_larger_than_its_parent(scene: Scene) -> None:
    scene.nmcli(*bond(NO_IP), *storage())
    wanted = csnet.HostState(
        profiles=[
            csnet.BondProfile(name="bond0", interface_name="bond0", mtu=1500),
            csnet.VlanProfile(name="storage", interface_name="bond0.300", mtu=JUMBO),
        ]
    )
    with pytest.raises(csnet.InvalidError, match="(?i)mtu"):
        csnet.plan(wanted, scene.read())
