"""The manual's own example, from C++ and from Python, on a NIC and on an LACP bond, observed on the wire."""

import re
from typing import Iterator, NamedTuple, Tuple

import pytest
from topology import ADDRESS, SERVER, BondState, Picture, bridge_ports, run_example, wait_for_lacp

from csnet_lab import Host, Lab

pytestmark = pytest.mark.kernel


class Case(NamedTuple):
    language: str
    uplinks: Tuple[str, ...]
    mtu: int = 1500  # the C++ example takes one

    @property
    def parent(self) -> str:
        return "bond0" if len(self.uplinks) > 1 else self.uplinks[0]

    @property
    def interfaces(self) -> Tuple[str, ...]:
        """From the wire up."""
        bond = (self.parent,) if len(self.uplinks) > 1 else ()
        return (*self.uplinks, *bond, f"{self.parent}.100", "cloudbr0")

    def __str__(self) -> str:
        return f"{self.language} {self.parent} mtu {self.mtu}"


CASES = [
    Case("C++", ("eth0",), 1400),
    Case("Python", ("eth0",)),
    Case("C++", ("eth0", "eth1"), 9000),
    Case("Python", ("eth0", "eth1")),
]


class Built(NamedTuple):
    case: Case
    picture: Picture
    said: str

    @property
    def host(self) -> Host:
        return self.picture.host


@pytest.fixture(scope="module", params=CASES, ids=str)
def network(request: pytest.FixtureRequest) -> Iterator[Built]:
    """The network after the example. The tests undo their changes, so that their order does not matter."""
    case: Case = request.param
    with Lab() as lab:
        picture = Picture(lab, case.uplinks)
        if case.mtu > 1500:
            picture.allow_jumbo_frames()
        mtu = [] if case.mtu == 1500 else ["100", f"{ADDRESS}/24", str(case.mtu)]
        said = run_example(picture.host, case.language, ",".join(case.uplinks), *mtu)
        assert bridge_ports(picture.host)[f"{case.parent}.100"]["state"] == "forwarding"  # as soon as it returned
        if case.parent == "bond0":
            wait_for_lacp(picture.host)
        yield Built(case, picture, said)


def test_profiles_are_on_disk_and_active(network: Built) -> None:
    files = {path.name for path in network.host.system_connections.iterdir()}
    assert files == {f"{name}.nmconnection" for name in network.case.interfaces}
    with network.picture.session() as session:
        profiles = {profile.interface_name: profile.uuid for profile in session.profiles()}
        active = {device.interface_name: device for device in session.devices() if device.profile}
    for name in network.case.interfaces:
        assert active[name].profile == profiles[name]
        assert active[name].state == "activated"
        assert name in network.said


def test_host_and_server_reach_each_other(network: Built) -> None:
    assert f"{ADDRESS}/24" in network.host.addresses("cloudbr0")
    network.host.ping(SERVER)
    network.picture.server.ping(ADDRESS)
    assert network.host.connects(SERVER, 8250)


def test_frames_are_tagged_both_ways_and_none_leaves_untagged(network: Built) -> None:
    tag = r"802\.1Q.*vlan 100,.*"
    with network.picture.capture() as frames:
        network.host.ping(SERVER)
        frames.expect(rf"{tag}{re.escape(ADDRESS)} > {re.escape(SERVER)}: ICMP echo request")
        frames.expect(rf"{tag}{re.escape(SERVER)} > {re.escape(ADDRESS)}: ICMP echo reply")
        network.picture.server.ping(ADDRESS)
        frames.expect(rf"{tag}{re.escape(SERVER)} > {re.escape(ADDRESS)}: ICMP echo request")
        frames.expect(rf"{tag}{re.escape(ADDRESS)} > {re.escape(SERVER)}: ICMP echo reply")
        assert network.host.connects(SERVER, 8250)
        frames.expect(rf"{tag}{re.escape(ADDRESS)}\.\d+ > {re.escape(SERVER)}\.8250: Flags \[S\]")
        frames.expect(rf"{tag}{re.escape(SERVER)}\.8250 > {re.escape(ADDRESS)}\.\d+: Flags \[S\.\]")
    assert [line for line in frames.lines if ADDRESS in line and "vlan 100," not in line] == []


def test_bridge_forwards_for_a_guest(network: Built) -> None:
    with network.picture.guest("192.168.100.50/24") as guest, network.picture.capture() as frames:
        guest.ping(SERVER)
        guest.ping(ADDRESS)
        assert guest.connects(SERVER, 8250)
        frames.expect(r"52:54:00:00:aa:01 > .*802\.1Q.*vlan 100,.* 192\.168\.100\.50 > .*ICMP echo request")
        frames.expect(r"> 52:54:00:00:aa:01.*802\.1Q.*vlan 100,.* > 192\.168\.100\.50: ICMP echo reply")
        frames.expect(r"> 52:54:00:00:aa:01.*802\.1Q.*vlan 100,.*\.8250 > 192\.168\.100\.50\.")
    assert [line for line in frames.lines if "192.168.100.50" in line and "vlan 100," not in line] == []


def test_every_link_has_the_mtu_and_carries_it(network: Built) -> None:
    links = network.host.links()
    assert {name: links[name]["mtu"] for name in network.case.interfaces} == dict.fromkeys(
        network.case.interfaces, network.case.mtu
    )
    network.host.ping(SERVER)
    whole = network.case.mtu - 28  # IPv4's and ICMP's headers
    command = ["ping", "-n", "-M", "do", "-c", "3", "-i", "0.2", "-W", "5", SERVER, "-s"]
    network.host.run([*command, str(whole)])
    too_long = network.host.run([*command, str(whole + 1)], check=False)
    assert too_long.returncode != 0
    assert "message too long" in (too_long.stdout + too_long.stderr).lower()  # newer pings do not name the MTU


def test_reboot_brings_all_of_it_back(network: Built) -> None:
    before = network.host.links()
    network.host.reboot()
    after = network.host.links()
    for name in network.case.interfaces:
        assert after[name]["address"] == before[name]["address"], name
        assert after[name]["mtu"] == network.case.mtu, name
    assert after["cloudbr0"]["address"] == network.host.nics["eth0"].mac
    if network.case.parent == "bond0":
        wait_for_lacp(network.host)
    test_host_and_server_reach_each_other(network)
    test_frames_are_tagged_both_ways_and_none_leaves_untagged(network)


def test_kernel_has_the_layers_asked_for(network: Built) -> None:
    links = network.host.links()
    vlan = links[f"{network.case.parent}.100"]
    assert vlan["linkinfo"]["info_data"]["id"] == 100
    assert (vlan["link"], vlan["master"]) == (network.case.parent, "cloudbr0")
    assert links["cloudbr0"]["linkinfo"]["info_data"]["stp_state"] == 0
    if network.case.parent == "bond0":
        assert {links[nic]["master"] for nic in network.case.uplinks} == {"bond0"}
        state = BondState(network.host)
        assert state.partner.startswith("52:54:00:01:"), state.text
        assert len(state.aggregators) == 2 and len(set(state.aggregators)) == 1, state.text
        assert "Number of ports: 2" in state.text


def test_pulled_cable(network: Built) -> None:
    """Each NIC in turn: a bond works without it, a single NIC works when it is back."""
    for pulled in network.case.uplinks:
        network.host.unplug(pulled)
        for left in set(network.case.uplinks) - {pulled}:
            with network.host.capture(left, "vlan 100 and icmp") as capture:
                network.host.ping(SERVER, timeout=20)
                network.picture.server.ping(ADDRESS, timeout=20)
                capture.wait_for("echo reply")
        network.host.plug(pulled)
        if network.case.parent == "bond0":
            wait_for_lacp(network.host)
    network.host.ping(SERVER, timeout=20)
    network.picture.server.ping(ADDRESS, timeout=20)
