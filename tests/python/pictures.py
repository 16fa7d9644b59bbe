"""Hosts for the tests of pictures and drawings: what Session.read() and .links() would say of them."""

from typing import Any, List, Tuple

import csnet

State = Tuple[csnet.Facts, List[csnet.Link]]


class HostMaker:
    """Puts a host together, interface by interface."""

    def __init__(self) -> None:
        self.profiles: List[Any] = []
        self.devices: List[csnet.Device] = []
        self.links: List[csnet.Link] = []

    def add(self, name: str, kind: str, profile: Any = None, device: Any = None, **link: Any) -> "HostMaker":
        number = len(self.links) + 2
        facts = {"mac_address": f"52:54:00:00:{number // 256:02x}:{number % 256:02x}", "mtu": 1500, "carrier": True,
                 "controller": "", "addresses": (), **link}
        self.links.append(csnet.Link(interface_name=name, index=number, kind=kind, up=facts.pop("up", True), **facts))
        if profile is not None:
            profile = profile.replace(name=profile.name or name, interface_name=name,
                                      uuid=f"00000000-0000-4000-8000-{number:012d}")
            self.profiles.append(profile)
        shared = {key: facts[key] for key in ("mac_address", "mtu", "carrier", "controller", "addresses")}
        self.devices.append(csnet.Device(**{
            "interface_name": name, "type": {"physical": "ethernet"}.get(kind, kind), **shared,
            "state": "activated" if profile is not None else "disconnected",
            "profile": profile.uuid if profile is not None else None, "persistent": profile is not None,
            **(device or {})}))
        return self

    def tap(self, name: str, controller: str) -> "HostMaker":
        return self.add(name, "tun", controller=controller, port_state="forwarding",
                        device={"state": "activated", "profile": f"made up for {name}"})

    @property
    def facts(self) -> csnet.Facts:
        return csnet.Facts(current=csnet.HostState(profiles=self.profiles), devices=self.devices)


DISABLED = {"ipv4": csnet.Ip4Config(method="disabled"), "ipv6": csnet.Ip6Config(method="disabled")}


def bridge_profile(address: str, **more: Any) -> csnet.BridgeProfile:
    return csnet.BridgeProfile(**{
        "ipv4": csnet.Ip4Config(method="manual", addresses=[address]), "ipv6": csnet.Ip6Config(method="disabled"),
        "stp": False, **more})


def two_nics() -> HostMaker:
    """eth0 → VLAN 100 → cloudbr0, and a NIC that is free."""
    host = HostMaker()
    host.add("lo", "loopback", addresses=["127.0.0.1/8"])
    host.add("eth0", "physical", csnet.EthernetProfile(**DISABLED), speed=10000, duplex="full", driver="ixgbe")
    vlan = csnet.VlanProfile(parent="eth0", id=100, controller="cloudbr0", port=csnet.BridgePort(priority=32))
    host.add("eth0.100", "vlan", vlan, parent="eth0", vlan_id=100, controller="cloudbr0", port_state="forwarding")
    host.add("cloudbr0", "bridge", bridge_profile("192.168.100.10/24"), stp=False,
             addresses=["192.168.100.10/24", "fe80::1/64"])
    host.add("eth1", "physical", carrier=False, driver="ixgbe")
    return host


def forty_interfaces() -> HostMaker:
    """A bond of two NICs, two VLANs, two bridges, and thirty VMs' taps; a storage VLAN with an address of its own."""
    host = HostMaker()
    for nic in ("eno1", "eno2"):
        host.add(nic, "physical", csnet.EthernetProfile(controller="bond0"), controller="bond0", speed=25000,
                 duplex="full", driver="mlx5_core", mii_status="up", lacp=csnet.LacpState.up, aggregator=1)
    host.add("bond0", "bond", csnet.BondProfile(mode="802.3ad", options={"miimon": "100"}, **DISABLED),
             bond={"mode": "802.3ad", "miimon": "100", "ad_partner_mac": "00:1c:73:aa:bb:cc"})
    for number, bridge in ((100, "cloudbr0"), (200, "cloudbr1")):
        host.add(f"bond0.{number}", "vlan", csnet.VlanProfile(parent="bond0", id=number, controller=bridge),
                 parent="bond0", vlan_id=number, controller=bridge, port_state="forwarding")
    host.add("bond0.300", "vlan", csnet.VlanProfile(
        parent="bond0", id=300, mtu=9000, ipv4=csnet.Ip4Config(method="manual", addresses=["10.30.0.7/16"])),
        parent="bond0", vlan_id=300, mtu=9000, addresses=["10.30.0.7/16"])
    host.add("cloudbr0", "bridge", bridge_profile("192.168.100.10/24"), stp=False, addresses=["192.168.100.10/24"])
    host.add("cloudbr1", "bridge", csnet.BridgeProfile(stp=False, **DISABLED), stp=False)
    for number in range(30):
        host.tap(f"vnet{number}", "cloudbr0" if number % 3 == 0 else "cloudbr1")
    host.add("eno3", "physical", up=False, carrier=False, driver="mlx5_core", device={"state": "unmanaged"})
    host.add("virbr0", "bridge", stp=True, carrier=False, addresses=["192.168.122.1/24"],
             device={"state": "activated", "profile": "made up"})
    return host
