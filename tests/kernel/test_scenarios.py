"""Scenarios 1, 3, 4, 5, 8, 10 and 12, from profiles made with nmcli, on one NIC."""

from typing import Iterator

import pytest
from topology import eventually
from scenario import (
    ADDRESS,
    LEASED,
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
    becomes_as_before,
    commit,
    snapshot,
)

import csnet
from csnet_lab import Lab

pytestmark = pytest.mark.kernel

MANAGEMENT = csnet.ManagementNetwork(
    uplinks=["eno1"], vlan=100, addresses=[f"{ADDRESS}/24"], servers=[SERVER], stp=False
)
DHCP = ['connection add type ethernet con-name "Wired connection 1" ifname eno1', 'connection up "Wired connection 1"']
#: cloudbr0 as operators make it by hand, with their own names.
BY_HAND = [
    "connection add type bridge con-name mgmt-bridge ifname cloudbr0 bridge.stp no ipv6.method disabled"
    f" ipv4.method manual ipv4.addresses {ADDRESS}/24 ipv4.may-fail no",
    "connection add type ethernet con-name uplink ifname eno1 ipv4.method disabled ipv6.method disabled",
    "connection add type vlan con-name mgmt-vlan ifname eno1.100 dev eno1 id 100 master cloudbr0",
    "connection up uplink",
    "connection up mgmt-vlan",
]


@pytest.fixture(scope="module")
def _scene() -> Iterator[Scene]:
    with Lab() as lab:
        yield Scene(lab, ["eno1", "eno2"])


@pytest.fixture
def scene(_scene: Scene) -> Scene:
    _scene.reset()
    return _scene


def test_1_wired_connection_becomes_the_bridge_when_confirmed_from_the_new_address(scene: Scene) -> None:
    scene.nmcli(*DHCP)
    old = TcpSession(scene.operator, LEASED, patience=1)
    applied = apply(scene.host, MANAGEMENT.desired(), commit=False)
    assert applied.error == "", applied.story
    new = TcpSession(scene.server, ADDRESS)
    assert commit(scene.host, applied.id)["committed"]
    assert new.longest_gap() < 1
    assert old.why_dead(), "the leased address is gone"
    wired = (scene.host.system_connections / "Wired connection 1.nmconnection").read_text()
    assert "autoconnect=false" in wired
    scene.is_as_wanted(MANAGEMENT.desired(), "eno1", "eno1.100", "cloudbr0")
    assert LEASED not in str(scene.host.addresses("eno1"))


def test_1_is_rolled_back_when_nobody_confirms(scene: Scene) -> None:
    scene.nmcli(*DHCP)
    before = snapshot(scene.host)
    session = TcpSession(scene.operator, LEASED)
    applied = apply(scene.host, MANAGEMENT.desired(), commit=False, rollback_after=3)
    assert applied.error == "", applied.story
    assert f"{ADDRESS}/24" in scene.host.addresses("cloudbr0")
    assert eventually(lambda: f"{LEASED}/24" in scene.host.addresses("eno1"))
    assert session.longest_gap() < 15
    assert "RolledBackError" in str(commit(scene.host, applied.id))
    becomes_as_before(scene.host, before)


def test_3_bridge_made_by_hand_is_adopted_in_place(scene: Scene) -> None:
    scene.nmcli(*BY_HAND)
    before, links = snapshot(scene.host), scene.host.links()
    assert csnet.plan(MANAGEMENT.desired(), scene.read()).steps == ()
    session = TcpSession(scene.server, ADDRESS)
    wanted = MANAGEMENT.replace(dns=["192.168.100.2"])
    applied = apply(scene.host, wanted.desired())
    assert applied.committed, applied.story
    assert applied.steps == ["modify cloudbr0", "reapply cloudbr0"]
    assert session.longest_gap() < 1
    after = snapshot(scene.host)
    assert after.profiles == before.profiles
    assert set(after.files) == {"mgmt-bridge.nmconnection", "uplink.nmconnection", "mgmt-vlan.nmconnection"}
    for name in ("uplink.nmconnection", "mgmt-vlan.nmconnection"):
        assert after.files[name] == before.files[name]
    assert {name: link["ifindex"] for name, link in scene.host.links().items()} == {
        name: link["ifindex"] for name, link in links.items()
    }
    scene.is_as_wanted(wanted.desired(), "eno1", "eno1.100", "cloudbr0")


@pytest.mark.parametrize("address", ["192.168.100.20/24", "192.168.101.10/24"], ids=["same subnet", "another subnet"])
def test_4_new_management_address(scene: Scene, address: str) -> None:
    scene.nmcli(*BY_HAND)
    ip = address.partition("/")[0]
    wanted = MANAGEMENT.replace(addresses=[address], servers=["192.168.101.2" if "101" in address else SERVER])
    old = TcpSession(scene.server, ADDRESS, patience=1)
    applied = apply(scene.host, wanted.desired(), commit=False)
    assert applied.error == "", applied.story
    assert any("cloud.jks" in note for note in applied.notes)
    new = TcpSession(scene.server, ip)
    assert commit(scene.host, applied.id)["committed"]
    assert new.longest_gap() < 1
    assert old.why_dead()
    assert csnet.plan(wanted.desired(), scene.read()).steps == ()
    scene.host.reboot()
    assert csnet.plan(wanted.desired(), scene.read()).steps == ()
    scene.server.ping(ip, timeout=20)


def test_4_address_that_does_not_reach_the_server_is_rolled_back(scene: Scene) -> None:
    scene.nmcli(*BY_HAND)
    before = snapshot(scene.host)
    session = TcpSession(scene.server, ADDRESS)
    wanted = MANAGEMENT.replace(addresses=["192.168.102.10/24"], gateway="192.168.102.1")
    applied = apply(scene.host, wanted.desired(), rollback_after=3)
    assert applied.error.startswith("RolledBackError: rolled back: 192.168.100.2:8250"), applied.story
    assert_is_as_before(scene.host, before, applied.story)
    assert session.longest_gap() < 15


def test_5_vlan_changes_together_with_the_switch(scene: Scene) -> None:
    scene.nmcli(*BY_HAND)
    wanted = MANAGEMENT.replace(vlan=200)
    session = TcpSession(scene.server, ADDRESS)
    applying = Applying(scene.host, wanted.desired(), pauses=[TCP])
    applying.paused_at(TCP)
    scene.vlans(200, 300)
    scene.serve_vlan(200)
    applying.tell()
    applied = applying.outcome()
    assert applied.committed, applied.story
    assert session.longest_gap() < 15
    scene.is_as_wanted(wanted.desired(), "eno1", "eno1.200", "cloudbr0")
    assert "eno1.100" not in scene.host.links()
    with scene.host.capture("eno1", "icmp") as frames:
        scene.server.ping(ADDRESS)
        frames.wait_for("vlan 200.*echo reply")


def test_5_vlan_that_the_switch_does_not_trunk_is_rolled_back(scene: Scene) -> None:
    scene.nmcli(*BY_HAND)
    before = snapshot(scene.host)
    session = TcpSession(scene.server, ADDRESS)
    applied = apply(scene.host, MANAGEMENT.replace(vlan=200).desired(), rollback_after=3)
    assert applied.error.startswith("RolledBackError: rolled back: 192.168.100.2:8250"), applied.story
    assert "is VLAN 200 trunked to eno1?" in applied.error
    assert_is_as_before(scene.host, before, applied.story)
    assert session.longest_gap() < 15


def test_5_profile_that_changes_its_id_in_place(scene: Scene) -> None:
    """mgmt-vlan keeps its interface, say vlan-mgmt, and 100 becomes 200: down and up again."""
    scene.nmcli(*(line.replace("ifname eno1.100", "ifname vlan-mgmt") for line in BY_HAND))
    before = snapshot(scene.host)
    session = TcpSession(scene.server, ADDRESS)
    wanted = csnet.Request(
        wanted=csnet.HostState(profiles=[csnet.VlanProfile(name="mgmt-vlan", interface_name="vlan-mgmt", id=200)]),
        probes=[csnet.Probe(type="tcp", target=f"{SERVER}:8250", interface_name="cloudbr0")],
    )
    refused = apply(scene.host, wanted, rollback_after=3)
    assert "is VLAN 200 trunked to eno1?" in refused.error, refused.story
    assert_is_as_before(scene.host, before, refused.story)
    applying = Applying(scene.host, wanted, pauses=[TCP])
    applying.paused_at(TCP)
    scene.vlans(200, 300)
    scene.serve_vlan(200)
    applying.tell()
    applied = applying.outcome()
    assert applied.committed, applied.story
    assert applied.steps == ["modify vlan-mgmt", "restart vlan-mgmt"]
    assert session.longest_gap() < 20
    scene.is_as_wanted(wanted, "eno1", "vlan-mgmt", "cloudbr0")
    assert scene.host.links()["vlan-mgmt"]["linkinfo"]["info_data"]["id"] == 200


def test_5_vlan_that_another_program_made_changes_its_id(scene: Scene) -> None:
    """NetworkManager does not delete such an interface with its profile, and csnet must."""
    scene.host.ip("link add link eno1 name vlan-mgmt type vlan id 100")
    scene.nmcli(*(line.replace("ifname eno1.100", "ifname vlan-mgmt") for line in BY_HAND))
    before = snapshot(scene.host)
    wanted = csnet.HostState(profiles=[csnet.VlanProfile(name="mgmt-vlan", interface_name="vlan-mgmt", id=200)])
    refused = apply(scene.host, wanted, probes=[csnet.Probe(type="command", target="false", required=True)],
                    rollback_after=3)
    assert refused.error.startswith("RolledBackError"), refused.story
    assert_is_as_before(scene.host, before, refused.story)
    scene.vlans(200, 300)
    scene.serve_vlan(200)
    applied = apply(scene.host, wanted)
    assert applied.committed, applied.story
    scene.host.ping(SERVER, timeout=20)


def test_8_untagged_management_leaves_guest_vlans_alone(scene: Scene) -> None:
    host = scene.host
    own = "192.168.10.10"
    scene.nmcli(
        'connection add type ethernet con-name "Wired connection 1" ifname eno1 ipv6.method disabled'
        f" ipv4.method manual ipv4.addresses {own}/24",
        'connection up "Wired connection 1"',
    )
    # As CloudStack's modifyvlan.sh does.
    host.ip(
        "link add link eno1 name eno1.300 type vlan id 300",
        "link add name breno1-300 type bridge",
        "link set dev eno1.300 master breno1-300 up",
        "link set dev breno1-300 up",
    )
    guest_links = {name: host.links()[name] for name in ("eno1.300", "breno1-300")}
    wanted = MANAGEMENT.replace(vlan=None, addresses=[f"{own}/24"], servers=[OPERATOR])
    with scene.tap(0, "192.168.30.50/24", "breno1-300") as guest, scene.tap(1, "192.168.30.51/24", "breno1-300"):
        outside, inside = Pinger(guest, STORAGE), Pinger(guest, "192.168.30.51")
        session = TcpSession(scene.operator, own)
        applied = apply(host, wanted.desired())
        assert applied.committed, applied.story
        assert session.longest_gap() < 10
        assert inside.lost() == 0
        assert outside.lost() < 20
        links = host.links()
        for name, link in guest_links.items():
            assert links[name]["ifindex"] == link["ifindex"]
            assert links[name].get("master") == link.get("master")
        assert links["eno1"]["master"] == "cloudbr0"
    assert csnet.plan(wanted.desired(), scene.read()).steps == ()
    host.reboot()
    assert csnet.plan(wanted.desired(), scene.read()).steps == ()
    host.ping(OPERATOR)


def test_10_dual_stack(scene: Scene) -> None:
    own6 = "fd00:100::10"
    scene.nmcli(
        "connection add type vlan con-name mgmt ifname eno1.100 dev eno1 id 100 ipv4.method manual"
        f" ipv4.addresses {ADDRESS}/24 ipv6.method manual ipv6.addresses {own6}/64",
        "connection up mgmt",
    )
    wanted = MANAGEMENT.replace(addresses=[f"{ADDRESS}/24", f"{own6}/64"])
    scene.host.ping("fd00:100::2")
    session, session6 = TcpSession(scene.server, ADDRESS), TcpSession(scene.server, own6)
    applied = apply(scene.host, wanted.desired())
    assert applied.committed, applied.story
    assert session.longest_gap() < 10
    assert session6.longest_gap() < 10
    # IPv6 that the recipe does not mention is kept.
    assert csnet.plan(MANAGEMENT.desired(), scene.read()).steps == ()
    scene.is_as_wanted(wanted.desired(), "eno1", "eno1.100", "cloudbr0")
    scene.host.ping("fd00:100::2")


def test_10_ipv6_alone_is_refused() -> None:
    with pytest.raises(csnet.InvalidError, match="there is no IPv4 address"):
        MANAGEMENT.replace(addresses=["fd00:100::10/64"]).desired()


def test_12_duplicate_of_the_address_is_rolled_back(scene: Scene) -> None:
    """NetworkManager's own detection, dad_timeout, finds it."""
    scene.nmcli(*DHCP)
    before = snapshot(scene.host)
    session = TcpSession(scene.operator, LEASED)
    desired = MANAGEMENT.replace(servers=[]).desired()
    *others, bridge = desired.wanted.profiles
    assert isinstance(bridge, csnet.BridgeProfile) and bridge.ipv4 is not None
    watchful = bridge.replace(ipv4=bridge.ipv4.replace(dad_timeout=2000))
    with scene.twin(ADDRESS):
        applied = apply(scene.host, desired.replace(wanted=csnet.HostState(profiles=[*others, watchful])))
    assert applied.error.startswith("RolledBackError"), applied.story
    assert_is_as_before(scene.host, before, applied.story)
    assert session.longest_gap() < 15


def test_12_server_that_did_not_answer_before_need_not_answer_after(scene: Scene) -> None:
    scene.nmcli(*BY_HAND)
    scene.server.listen()
    wanted = MANAGEMENT.replace(addresses=["192.168.100.20/24"])
    applied = apply(scene.host, wanted.desired())
    assert applied.committed, applied.story
    assert applied.progress[TCP] == "skipped"
    assert applied.details[TCP] == "it did not pass before either"
    scene.is_as_wanted(wanted.desired(), "cloudbr0")


def test_12_server_that_does_not_answer_any_more_rolls_back(scene: Scene) -> None:
    scene.nmcli(*BY_HAND)
    before = snapshot(scene.host)
    applying = Applying(scene.host, MANAGEMENT.replace(addresses=["192.168.100.20/24"]).desired(), pauses=[TCP],
                        rollback_after=3)
    applying.paused_at(TCP)
    scene.server.listen()
    applying.tell()
    applied = applying.outcome()
    assert "did not answer within 3 s after the change, but did before it" in applied.error, applied.story
    assert_is_as_before(scene.host, before, applied.story)


def test_12_networkmanager_that_setup_agent_has_disabled(scene: Scene) -> None:
    scene.host.networkmanager.stop()
    applied = apply(scene.host, MANAGEMENT.desired())
    assert applied.error.startswith("UnavailableError: NetworkManager"), applied.story
    assert applied.last["hint"]
