"""`csnet show` on real hosts, by its real command line."""

import json
import pickle
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Dict, List

import pytest
from topology import RECIPE, Picture, eventually, wait_for_lacp

import csnet
from csnet_lab import Host, Lab

SVG = "{http://www.w3.org/2000/svg}"
DISABLED = csnet.Ip6Config(method="disabled")


def show(host: Host, *arguments: str) -> str:
    package = Path(csnet.__file__).parents[1]
    return host.run([sys.executable, "-m", "csnet", "show", *arguments],
                    environment={"PYTHONPATH": str(package)}).stdout


def interfaces(host: Host) -> Dict[str, Dict[str, Any]]:
    shown = json.loads(show(host, "--json"))
    assert shown["csnet"] == 1
    return {one["name"]: one for one in shown["interfaces"]}


def messages(one: Dict[str, Any]) -> List[str]:
    return [finding["message"] for finding in one["disagreements"]]


def session(host: Host) -> csnet.Session:
    return csnet.Session(bus_address=host.bus_address)


def bridge(host: Host, **more: Any) -> None:
    """eth0 in br0, with an address, on any kernel."""
    with session(host) as one:
        one.activate(*one.add_all([
            csnet.BridgeProfile(name="the bridge", interface_name="br0", stp=False, mtu=1500, ipv6=DISABLED,
                                ipv4=csnet.Ip4Config(method="manual", addresses=["192.0.2.10/24"])),
            csnet.EthernetProfile(name="uplink", interface_name="eth0", controller="br0")]))


def test_a_bridge_as_text_json_svg_and_what_is_in_no_file(host: Host, tmp_path: Path) -> None:
    bridge(host)
    host.run("nmcli connection add save no type bridge ifname br1 con-name passing stp no"
             " ipv4.method disabled ipv6.method disabled".split())
    host.ip("link add far type veth peer name vnet7 address 52:54:00:00:aa:02",
            "link set vnet7 master br0 up", "link set far up")
    host.run(["nmcli", "device", "set", "far", "managed", "no"])
    assert eventually(lambda: interfaces(host)["vnet7"]["networkmanager"] == "activated")
    mac = host.nics["eth0"].mac.upper()
    lines = show(host).splitlines()
    assert lines[:3] == [
        f"eth0  NIC  up  10 Gbit/s  veth  {mac}  'uplink'",
        f"└─ br0  bridge  up  STP off  {mac}  'the bridge'",
        "   ├─ 192.0.2.10/24",
    ]
    assert lines[3].startswith("   └─ vnet7  veth  up  forwarding  [external]")
    found = interfaces(host)
    assert {name: one["marks"] for name, one in found.items()} == {
        "eth0": [], "br0": [], "br1": ["in memory"], "eth1": ["no profile"], "far": ["unmanaged"],
        "vnet7": ["external"]}
    assert {name: (one["layer"], one["kind"], one["lowers"]) for name, one in found.items()} == {
        "eth0": ("nic", "veth", []), "eth1": ("nic", "veth", []), "far": ("nic", "veth", []),
        "br0": ("bridge", "bridge", ["eth0"]), "br1": ("bridge", "bridge", []), "vnet7": ("guest", "veth", [])}
    assert found["br0"]["addresses"] == ["192.0.2.10/24"] and found["br0"]["stp"] is False
    assert found["eth0"]["port_state"] == "forwarding" and found["eth0"]["speed"] == 10000
    assert [one["disagreements"] for one in found.values()] == [[]] * len(found)
    drawing = Path(f"{host.root}{tmp_path}") / "host.svg"
    assert show(host, "--svg", str(tmp_path / "host.svg")) == ""
    boxes = [box.attrib.get("data-interface") for box in ET.parse(drawing).iter(f"{SVG}g")]
    assert sorted(filter(None, boxes)) == sorted(found)


def test_what_was_changed_by_hand_is_a_disagreement(host: Host) -> None:
    bridge(host)
    host.ip("link set br0 mtu 1400", "address add 198.51.100.9/24 dev br0")
    with session(host) as one:
        one.modify("uplink", csnet.EthernetProfile(mtu=1450))
    found = interfaces(host)
    assert "its MTU is 1400; the profile sets 1500" in messages(found["br0"])
    extra = "198.51.100.9/24 is on the interface, but not in the profile: not there after a reboot"
    assert extra in messages(found["br0"])
    assert messages(found["eth0"]) == [
        "the profile was modified after it came up; the interface still uses the old one",
        "its MTU is 1500; the profile sets 1450"]
    host.ip("link add far type veth peer name vnet7", "link set vnet7 master br0 up", "link set far up")
    assert len({finding["hint"] for finding in found["br0"]["disagreements"]}) == 1
    host.run(found["br0"]["disagreements"][0]["hint"].split())
    assert eventually(lambda: messages(interfaces(host)["br0"]) == [])
    assert host.links()["vnet7"]["master"] == "br0"  # a VM keeps its network


def test_as_a_file_its_plan_is_empty(host: Host) -> None:
    bridge(host)
    host.run(["sh", "-c", f"{sys.executable} -m csnet show --as-file > /run/network.yaml &&"
              f" {sys.executable} -m csnet plan --check /run/network.yaml"],
             environment={"PYTHONPATH": str(Path(csnet.__file__).parents[1])})
    assert show(host, "--file", "/run/network.yaml").count("[in the file]") == 3  # eth0, br0, and what it means


def test_what_is_on_trial(host: Host) -> None:
    wanted = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.0.2.10/24"], stp=False)
    with session(host) as one:
        plan = csnet.plan(wanted.desired(), one.read())
    host.python("import csnet, pickle, sys\nwith csnet.Session() as one:\n"
                "    one.apply(pickle.loads(bytes.fromhex(sys.argv[1])), commit=False, rollback_after=120)",
                pickle.dumps(plan).hex())
    found = interfaces(host)
    assert [found[name]["marks"] for name in ("cloudbr0", "eth0")] == [["in memory", "on trial"]] * 2
    transaction = json.loads(show(host, "--json"))["transaction"]
    assert sorted(transaction["profiles"]) == sorted(found[name]["profile"]["uuid"] for name in ("cloudbr0", "eth0"))
    assert f"transaction {transaction['id']}: trial, NetworkManager rolls it back in 1" in show(host)
    package = str(Path(csnet.__file__).parents[1])
    host.run([sys.executable, "-m", "csnet", "rollback"], environment={"PYTHONPATH": package})
    assert interfaces(host)["eth0"]["marks"] == ["no profile"] and "transaction" not in show(host)


@pytest.mark.kernel
def test_a_vlan_in_a_bridge_and_its_file(lab: Lab) -> None:
    picture = Picture(lab, ["eth0"])
    host, mac = picture.host, picture.host.nics["eth0"].mac.upper()
    file = Path(f"{host.root}/run/network.yaml")
    file.write_text("management: {uplink: eth0, vlan: 100, addresses: [192.168.100.10/24], gateway: 192.168.100.1,"
                    " stp: false}\n")
    with picture.session() as one:
        one.activate(*one.add_all(RECIPE.desired().wanted.profiles))
    assert show(host).splitlines()[:4] == [
        f"eth0  NIC  up  10 Gbit/s  veth  {mac}",
        f"└─ eth0.100  VLAN 100  up  {mac}",
        f"   └─ cloudbr0  bridge  up  STP off  {mac}",
        "      └─ 192.168.100.10/24"]
    assert {name: one["marks"] for name, one in interfaces(host).items()} == {
        "eth0": [], "eth0.100": [], "cloudbr0": []}
    assert "cloudbr0  bridge  up  STP off" in show(host, "--file", "/run/network.yaml")
    assert show(host, "--file", "/run/network.yaml").count("[in the file]") == 4  # and what it means
    with picture.session() as one:
        one.modify("eth0.100", csnet.VlanProfile(id=101))
    one_vlan = interfaces(host)["eth0.100"]
    vlan_id = "its VLAN id is 100; the profile sets 101. The kernel cannot change the id of an existing VLAN interface"
    assert vlan_id in messages(one_vlan)
    assert "[not as the file]" in show(host, "--file", "/run/network.yaml")
    host.run(["sh", "-c", one_vlan["disagreements"][-1]["hint"]])
    assert eventually(lambda: messages(interfaces(host)["eth0.100"]) == [])
    assert interfaces(host)["eth0.100"]["vlan_id"] == 101


@pytest.mark.kernel
def test_a_bond_and_its_lacp_partner(lab: Lab) -> None:
    picture = Picture(lab, ["eth0", "eth1"])
    with picture.session() as one:
        one.activate(*one.add_all(RECIPE.replace(uplinks=["eth0", "eth1"]).desired().wanted.profiles))
    wait_for_lacp(picture.host)
    partner = picture.switch.links()["host-lag"]["address"]
    lines = show(picture.host).splitlines()
    assert [line.split("  NIC")[0].split("  bond ")[0].split("  VLAN")[0] for line in lines[:4]] == [
        "┌─ eth0", "├─ eth1", "└─ bond0", "   └─ bond0.100"]
    assert "LACP up" in lines[0] and "LACP up" in lines[1]
    assert f"bond 802.3ad  up  LACP partner {partner}" in lines[2]
    found = interfaces(picture.host)
    assert found["bond0"]["lowers"] == ["eth0", "eth1"] and found["bond0"]["bond"]["ad_partner_mac"] == partner
    assert (found["eth0"]["lacp"], found["eth0"]["mii_status"], found["eth0"]["aggregator"]) == ("up", "up", 1)
    assert [one["disagreements"] for one in found.values()] == [[]] * len(found)
    picture.host.ip("link set bond0 type bond miimon 250")
    bond = interfaces(picture.host)["bond0"]
    assert messages(bond) == ["its bond option miimon is 250; the profile sets 100"]
    picture.host.run(bond["disagreements"][0]["hint"].split())
    assert eventually(lambda: messages(interfaces(picture.host)["bond0"]) == [])
    picture.host.unplug("eth1")
    assert eventually(lambda: interfaces(picture.host)["eth1"]["mii_status"] == "down")
    assert "eth1  NIC  no carrier" in show(picture.host)
