"""devices() agrees with the kernel."""

import json
from typing import Any, Dict, List

import pytest
from topology import RECIPE, Picture, eventually, wait_for_lacp

import csnet
from csnet_lab import Host, Lab

pytestmark = pytest.mark.kernel

_WORDS = {"lo": "loopback"}  # `ip` has no kind for it


def of_kernel(host: Host) -> Dict[str, Dict[str, Any]]:
    links = json.loads(host.run(["ip", "-json", "-details", "address"]).stdout)
    return {
        link["ifname"]: {
            "type": _WORDS.get(link["ifname"]) or link["linkinfo"]["info_kind"],
            "mac_address": link["address"],
            "mtu": link["mtu"],
            "carrier": "LOWER_UP" in link["flags"],
            "controller": link.get("master", ""),
            "ports": sorted(port["ifname"] for port in links if port.get("master") == link["ifname"]),
            "addresses": sorted(f"{one['local']}/{one['prefixlen']}" for one in link["addr_info"]),
        }
        for link in links
    }


def of_csnet(devices: List[csnet.Device]) -> Dict[str, Dict[str, Any]]:
    return {
        device.interface_name: {
            "type": device.type,
            "mac_address": str(device.mac_address).lower(),
            "mtu": device.mtu,
            "carrier": device.carrier,
            "controller": device.controller,
            "ports": list(device.ports),
            "addresses": sorted(map(str, device.addresses)),
        }
        for device in devices
    }


def test_they_agree_from_the_wire_up(lab: Lab) -> None:
    picture = Picture(lab, ["eth0", "eth1"])
    recipe = RECIPE.replace(uplinks=["eth0", "eth1"], mtu=1400, addresses=["192.168.100.10/24", "fd00:100::10/64"])
    with picture.session() as session:
        bare = session.devices()
        assert of_csnet(bare) == of_kernel(picture.host)
        assert {device.state for device in bare if device.type == "veth"} == {"disconnected"}
        session.activate(*session.add_all(recipe.desired().profiles))
        wait_for_lacp(picture.host)
        with picture.guest("192.168.100.50/24"):
            picture.host.unplug("eth1")
            # A link-local address, the lost carrier, the tap: NetworkManager notices them after some time.
            if not eventually(lambda: of_csnet(session.devices()) == of_kernel(picture.host)):
                assert of_csnet(session.devices()) == of_kernel(picture.host)
            built = of_csnet(session.devices())
    assert {name: one["type"] for name, one in built.items()} == {
        "lo": "loopback",
        "eth0": "veth",
        "eth1": "veth",
        "bond0": "bond",
        "bond0.100": "vlan",
        "cloudbr0": "bridge",
        "vnet0": "veth",
    }
    assert built["eth1"]["carrier"] is False
    assert built["bond0"]["ports"] == ["eth0", "eth1"]
    assert built["cloudbr0"]["ports"] == ["bond0.100", "vnet0"]
    assert built["bond0.100"]["mtu"] == 1400
    assert {"192.168.100.10/24", "fd00:100::10/64"} <= set(built["cloudbr0"]["addresses"])
