"""What `csnet show` makes of what the kernel, NetworkManager and the profiles say."""

import argparse
import json
import re
from pathlib import Path
from typing import Any, List

import csnet
import pytest
from csnet._show.picture_as_dict import picture_as_dict
from csnet.cli.output import Output
from csnet.cli.tree import notes, tree
from csnet._show.picture import MARKS, Picture, of_host, speed
from hypothesis import given
from hypothesis import strategies as st
from pictures import DISABLED, HostMaker, bridge_profile, forty_interfaces, two_nics
from strategies import profiles, values


def picture(host: HostMaker, **more: Any) -> Picture:
    return of_host(host.facts, host.links, **more)


def text(shown: Picture) -> List[str]:
    out = Output(argparse.Namespace(json=False, quiet=False, verbose=False, no_color=True, command="show"))
    return [*tree(shown, out), *notes(shown, out)]


def disagreements(host: HostMaker, name: str) -> List[str]:
    one = picture(host).find(name)
    assert one is not None
    return [finding.message for finding in one.disagreements]


def test_the_tree_goes_from_the_wire_up() -> None:
    assert text(picture(two_nics())) == [
        "eth0  NIC  up  10 Gbit/s  ixgbe  52:54:00:00:00:03",
        "└─ eth0.100  VLAN 100  up  52:54:00:00:00:04",
        "   └─ cloudbr0  bridge  up  STP off  52:54:00:00:00:05",
        "      └─ 192.168.100.10/24",
        "",
        "eth1  NIC  no carrier  ixgbe  52:54:00:00:00:06  [no profile]",
        "[no profile]  no profile is active on it",
    ]


def test_the_ports_of_a_bond_stand_together_and_guests_above_their_bridge() -> None:
    lines = text(picture(forty_interfaces()))
    assert lines[:5] == [
        "┌─ eno1  NIC  up  25 Gbit/s  mlx5_core  52:54:00:00:00:02  LACP up",
        "├─ eno2  NIC  up  25 Gbit/s  mlx5_core  52:54:00:00:00:03  LACP up",
        "└─ bond0  bond 802.3ad  up  LACP partner 00:1c:73:aa:bb:cc  52:54:00:00:00:04",
        "   ├─ bond0.100  VLAN 100  up  52:54:00:00:00:05",
        "   │  └─ cloudbr0  bridge  up  STP off  52:54:00:00:00:08",
    ]
    at = lines.index("   │     ├─ 192.168.100.10/24")
    assert lines[at + 1] == "   │     ├─ vnet0  tap  up  forwarding  [external]"
    assert [line.split()[2] for line in lines[at + 1:at + 11]] == [f"vnet{number}" for number in range(0, 30, 3)]
    assert sum("see above" in line for line in lines) == 0


def test_every_interface_has_its_layer_and_what_it_lies_on() -> None:
    shown = picture(forty_interfaces())
    assert {one.name: (one.layer, one.lowers) for one in shown.interfaces if one.layer != "guest"} == {
        "eno1": ("nic", ()), "eno2": ("nic", ()), "eno3": ("nic", ()), "bond0": ("bond", ("eno1", "eno2")),
        "bond0.100": ("vlan", ("bond0",)), "bond0.200": ("vlan", ("bond0",)), "bond0.300": ("vlan", ("bond0",)),
        "cloudbr0": ("bridge", ("bond0.100",)), "cloudbr1": ("bridge", ("bond0.200",)), "virbr0": ("bridge", ()),
    }
    assert [one.name for one in shown.interfaces if one.layer == "guest"] == [f"vnet{number}" for number in range(30)]


def test_without_the_kernel_the_devices_and_profiles_say_it() -> None:
    host = two_nics()
    shown = of_host(host.facts)
    assert {one.name: (one.layer, one.lowers, one.title) for one in shown.interfaces if one.profile} == {
        "eth0": ("nic", (), "NIC"), "eth0.100": ("vlan", ("eth0",), "VLAN 100"),
        "cloudbr0": ("bridge", ("eth0.100",), "bridge")}
    assert all(one.disagreements == () for one in shown.interfaces)


@pytest.mark.parametrize("device, profile, mark", [
    ({"persistent": False}, {}, "in memory"),
    ({}, {"autoconnect": False}, "not at boot"),
    ({"state": "unmanaged", "profile": None}, {}, "unmanaged"),
    ({"state": "disconnected", "profile": None}, {}, "no profile"),
    ({"profile": "of somebody", "persistent": False}, {}, "external"),
    ({"profile": "a Wi-Fi, which csnet has no word for", "persistent": True}, {}, None),
    ({}, {}, None),
])
def test_marks_say_what_a_reboot_ends(device: Any, profile: Any, mark: Any) -> None:
    host = HostMaker().add("br0", "bridge", csnet.BridgeProfile(**DISABLED, **profile), device=device)
    assert picture(host).interfaces[0].marks == ((mark,) if mark else ())
    assert mark is None or any(line.startswith(f"[{mark}]") and MARKS[mark] in line for line in text(picture(host)))


def test_an_open_transaction_marks_its_profiles() -> None:
    host = two_nics()
    uuid = host.profiles[-1].uuid
    transaction = csnet.Transaction(id="abc", state=csnet.TransactionState.trial, left=12.3, profiles=[uuid])
    shown = picture(host, transaction=transaction)
    assert [one.name for one in shown.interfaces if "on trial" in one.marks] == ["cloudbr0"]
    assert "transaction abc: trial, NetworkManager rolls it back in 12 s" in text(shown)
    assert picture_as_dict(shown)["transaction"]["profiles"] == [uuid]


def test_a_file_marks_what_it_wants() -> None:
    host = two_nics()
    same = csnet.HostState(profiles=[csnet.VlanProfile(name="eth0.100", interface_name="eth0.100", parent="eth0",
                                                       id=100, controller="cloudbr0"),
                                     csnet.BridgeProfile(name="cloudbr0", interface_name="cloudbr0", stp=True)])
    shown = picture(host, plan=csnet.plan(same, host.facts))
    assert {one.name: one.marks for one in shown.interfaces if one.profile} == {
        "eth0": (), "eth0.100": ("in the file",), "cloudbr0": ("not as the file",)}
    nothing_to_do = csnet.plan(same.replace(profiles=same.profiles[:1]), host.facts)
    assert not nothing_to_do
    shown = picture(host, plan=nothing_to_do)
    assert {one.name: one.marks for one in shown.interfaces if one.profile} == {
        "eth0": (), "eth0.100": ("in the file",), "cloudbr0": ()}


@pytest.mark.parametrize("change, message", [
    ({"link": {"mtu": 1400}}, "its MTU is 1400; the profile sets 1500"),
    ({"link": {"mtu": 1400}}, "its MTU is 1400; NetworkManager reports 1500"),
    ({"link": {"stp": True}}, "STP is on; the profile turns it off"),
    ({"link": {"controller": "br9"}}, "its controller is br9; the profile names none"),
    ({"link": {"addresses": ["192.168.100.10/24", "10.9.9.9/8"]}},
     "10.9.9.9/8 is on the interface, but not in the profile: not there after a reboot"),
    ({"link": {"addresses": []}}, "192.168.100.10/24 is in the profile, but not on the interface"),
    ({"link": {"addresses": []}}, "its addresses are none; NetworkManager reports 192.168.100.10/24"),
    ({"link": {"mac_address": "52:54:00:00:00:99"}},
     "its MAC address is 52:54:00:00:00:99; the profile sets 52:54:00:00:00:01"),
    ({"device": {"stale": True}}, "the profile was modified after it came up; the interface still uses the old one"),
])
def test_disagreements_of_a_bridge(change: Any, message: str) -> None:
    profile = bridge_profile("192.168.100.10/24", mtu=1500, mac_address="52:54:00:00:00:01")
    host = HostMaker().add("br0", "bridge", profile, mac_address="52:54:00:00:00:01", stp=False,
                           addresses=["192.168.100.10/24", "fe80::1/64"], device=change.get("device"))
    if "link" in change:
        assert disagreements(host, "br0") == []
        host.links = [link.replace(**change["link"]) for link in host.links]
    assert message in disagreements(host, "br0")
    assert f"! {message}" in "\n".join(text(picture(host)))


def test_disagreements_of_a_vlan_and_a_bond() -> None:
    host = HostMaker().add("eth0.100", "vlan", csnet.VlanProfile(parent="eth0", id=200), vlan_id=100, parent="eth1")
    assert disagreements(host, "eth0.100") == [
        "its VLAN id is 100; the profile sets 200. The kernel cannot change the id of an existing VLAN interface",
        "its parent is eth1; the profile names eth0"]
    bond = csnet.BondProfile(mode="802.3ad", options={"miimon": "100", "lacp_rate": "1", "updelay": "0"}, **DISABLED)
    host = HostMaker().add("bond0", "bond", bond, bond={
        "mode": "active-backup", "miimon": "50", "lacp_rate": "fast", "updelay": "0"})
    assert disagreements(host, "bond0") == ["its bond option mode is active-backup; the profile sets 802.3ad",
                                            "its bond option miimon is 50; the profile sets 100"]


def test_controllers_and_parents_by_uuid_or_name_are_no_disagreement() -> None:
    host = two_nics()
    bridge, nic = host.profiles[2], host.profiles[0]
    host.profiles[1] = host.profiles[1].replace(controller=bridge.uuid, parent=nic.uuid)
    assert disagreements(host, "eth0.100") == []
    host.profiles[2] = bridge.replace(name="the bridge")
    host.profiles[1] = host.profiles[1].replace(controller="the bridge")
    assert disagreements(host, "eth0.100") == []


def test_one_that_only_one_of_them_sees() -> None:
    host = two_nics()
    host.devices = [device for device in host.devices if device.interface_name != "eth1"]
    host.links = [link for link in host.links if link.interface_name != "cloudbr0"]
    assert disagreements(host, "eth1") == ["the kernel has this interface, NetworkManager does not"]
    assert disagreements(host, "cloudbr0") == ["NetworkManager has this interface, the kernel does not"]


def test_profiles_that_hold_nothing_are_told() -> None:
    host = two_nics()
    host.profiles.append(csnet.EthernetProfile(name="Wired 1 (retired by csnet)", uuid="u", autoconnect=False))
    shown = picture(host)
    assert [profile.name for profile in shown.unused] == ["Wired 1 (retired by csnet)"]
    assert "  ethernet 'Wired 1 (retired by csnet)'  any interface  [not at boot]" in text(shown)


def test_addresses_of_dhcp_are_told_and_link_local_ones_are_not() -> None:
    host = HostMaker().add("eth0", "physical", csnet.EthernetProfile(ipv4=csnet.Ip4Config(method="auto")),
                           addresses=["10.0.0.57/24", "fe80::1/64", "2001:db8::7/64"])
    assert picture(host).interfaces[0].shown_addresses == ["10.0.0.57/24 (DHCP)", "2001:db8::7/64"]
    first = picture_as_dict(picture(host))["interfaces"][0]
    assert first["addresses"] == ["10.0.0.57/24", "fe80::1/64", "2001:db8::7/64"]


def test_the_page_has_every_mark_and_every_key_of_the_json() -> None:
    page = (Path(__file__).parents[2] / "docs/show.md").read_text(encoding="utf-8")
    marks, keys = page.split("## Marks")[1].split("## ")[0], page.split("## JSON")[1].split("## ")[0]
    in_first_column = [re.findall(r"`(.+?)`", line.split("|")[1]) for line in (marks + keys).splitlines()
                       if line.startswith("| `")]
    shown = picture_as_dict(picture(forty_interfaces()))
    assert {word for words in in_first_column for word in words} == {
        *MARKS, "csnet", "pending", *shown, *shown["interfaces"][0]}


def test_speeds() -> None:
    assert [speed(each) for each in (100, 1000, 2500, 25000)] == ["100 Mbit/s", "1 Gbit/s", "2.5 Gbit/s", "25 Gbit/s"]


@given(st.lists(profiles() | values(csnet.EthernetProfile), max_size=3), st.lists(values(csnet.Device), max_size=4),
       st.lists(values(csnet.Link), max_size=5), st.none() | values(csnet.Transaction))
def test_whatever_they_say_there_is_a_picture(some: Any, devices: Any, links: Any, transaction: Any) -> None:
    shown = of_host(csnet.Facts(current=csnet.HostState(profiles=some), devices=devices), links, transaction)
    names = {one.interface_name for one in [*devices, *links]}
    names -= {one.interface_name for one in links if one.kind == "loopback"}
    assert {one.name for one in shown.interfaces} <= names
    lines = "\n".join(text(shown))
    assert all(one.name in lines for one in shown.interfaces)
    json.dumps(picture_as_dict(shown))


def test_a_bridge_with_two_uplinks_is_said() -> None:
    host = two_nics().add("eth2", "physical", controller="cloudbr0")
    host.devices = [device.replace(ports=["eth0.100", "eth2"]) if device.interface_name == "cloudbr0" else
                    device.replace(type="ethernet") if device.interface_name == "eth2" else device
                    for device in host.devices]
    (said,) = [line for line in text(picture(host)) if "several uplinks" in line]
    assert "eth0.100, eth2: a loop if they lead to one network" in said
