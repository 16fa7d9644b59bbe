"""Picture, a host's network from the wire up, as `csnet show` prints and draws it.

    with csnet.Session() as session:
        picture = of_host(session.read(), session.links(), session.transaction())

Pure: of_host() combines what NetworkManager and the kernel reported, and does no I/O. docs/show.md explains the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Union

import csnet
from csnet._show.disagreements import disagreements, known_to_one

Profile = Union[csnet.BridgeProfile, csnet.VlanProfile, csnet.BondProfile, csnet.EthernetProfile]

#: From the wire up. A guest is the host's end of a VM's or container's NIC, a port above its bridge.
LAYERS = ("nic", "bond", "vlan", "bridge", "guest", "other")
MARKS = {
    "no profile": "no profile is active on it",
    "unmanaged": "NetworkManager does not manage it",
    "external": "another program or a person created it; after a reboot it is gone unless they create it again",
    "in memory": "its profile is not on disk: after a reboot it is gone",
    "not at boot": "NetworkManager does not bring its profile up at boot (autoconnect is off)",
    "on trial": "the open transaction adds, changes or removes it",
    "in the file": "it is as the network file wants it",
    "not as the file": "csnet apply would change it",
}
_NIC_KINDS = ("physical", "ethernet", "wifi", "infiniband")


class Interface(NamedTuple):
    """An interface, as the kernel, NetworkManager and its active profile describe it."""

    name: str
    layer: str
    link: csnet.Link | None
    device: csnet.Device | None
    profile: Profile | None
    lowers: tuple[str, ...] = ()  # the interfaces below it: a VLAN's parent, a bridge's or bond's ports
    marks: tuple[str, ...] = ()
    disagreements: tuple[csnet.Finding, ...] = ()

    @property
    def _seen(self) -> Union[csnet.Link, csnet.Device]:
        """The kernel's view, or NetworkManager's if the kernel was not asked."""
        seen = self.link or self.device
        assert seen is not None
        return seen

    @property
    def kind(self) -> str:
        return self.link.kind if self.link else self._device_type

    @property
    def _device_type(self) -> str:
        return self.device.type if self.device else ""

    @property
    def state(self) -> str:
        """"up", "no carrier" or "down"."""
        if self.link and not self.link.up:
            return "down"
        if not self.link and self.device and self.device.state in ("disconnected", "unavailable", "unmanaged"):
            return "down"
        return "up" if self._seen.carrier else "no carrier"

    @property
    def mtu(self) -> int:
        return self._seen.mtu or 0

    @property
    def mac_address(self) -> csnet.MacAddress | None:
        return self._seen.mac_address

    @property
    def controller(self) -> str:
        return self._seen.controller

    @property
    def addresses(self) -> tuple[csnet.Cidr, ...]:
        return self._seen.addresses

    @property
    def shown_addresses(self) -> list[str]:
        """All but IPv6 link-local addresses, which every interface has; those from DHCP end with "(DHCP)"."""
        dynamic = self.profile is not None and self.profile.ipv4 is not None and self.profile.ipv4.method == "auto"
        return [f"{cidr} (DHCP)" if dynamic and not cidr.is_ipv6 and not self._is_static(cidr) else str(cidr)
                for cidr in self.addresses if not cidr.address.is_ipv6_link_local]

    def _is_static(self, cidr: csnet.Cidr) -> bool:
        return bool(self.profile and self.profile.ipv4 and cidr in (self.profile.ipv4.addresses or []))

    @property
    def vlan_id(self) -> int | None:
        if self.link and self.link.vlan_id is not None:
            return self.link.vlan_id
        return self.profile.id if isinstance(self.profile, csnet.VlanProfile) else None

    @property
    def title(self) -> str:
        """The kind of the interface, for people: "VLAN 100", "bond 802.3ad", "NIC"."""
        if self.layer == "vlan":
            return f"VLAN {'?' if self.vlan_id is None else self.vlan_id}"
        if self.layer == "bond":
            mode = self.link.bond.get("mode", "") if self.link else ""
            if not mode and isinstance(self.profile, csnet.BondProfile):
                mode = self.profile.mode or "balance-rr"
            return f"bond {mode}".strip()
        if self.layer == "nic":
            return "NIC"
        return "tap" if self.kind == "tun" else self.kind

    @property
    def facts(self) -> list[str]:
        """Further facts for people: the state, then the speed, the LACP partner, STP, the MTU."""
        link, said = self.link, [self.state]
        if link is None:
            said = [self.state] if self.device else []
        elif self.layer == "nic":
            said += [speed(link.speed)] if link.speed and link.carrier else []
            said += [link.driver] if link.driver else []
        elif self.layer == "bond" and link.bond.get("mode") == "802.3ad":
            partner = link.bond.get("ad_partner_mac", "")
            said.append(f"LACP partner {partner}" if partner.strip("0:") else "no LACP partner")
        elif self.layer == "bond" and link.bond.get("active_slave"):
            said.append(f"active: {link.bond['active_slave']}")
        elif self.layer == "bridge" and link.stp is not None:
            said.append(f"STP {'on' if link.stp else 'off'}")
        said += [f"MTU {self.mtu}"] if self.mtu not in (0, 1500) else []
        return said

    @property
    def as_port(self) -> str:
        """Its state as a port: "forwarding", "LACP up", …; "" if it is not a port."""
        if not self.link:
            return ""
        return self.link.port_state or (f"LACP {self.link.lacp.value}" if self.link.lacp else "") or (
            f"link {self.link.mii_status}" if self.link.mii_status else "")


class Picture(NamedTuple):
    """A host's network; of_host() makes it."""

    interfaces: tuple[Interface, ...]  # by layers, then by name
    unused: tuple[Profile, ...] = ()  # the inactive profiles
    transaction: csnet.Transaction | None = None

    def find(self, name: str) -> Interface | None:
        return next((one for one in self.interfaces if one.name == name), None)


def of_host(facts: csnet.Facts, links: Iterable[csnet.Link] = (),
            transaction: csnet.Transaction | None = None, plan: csnet.Plan | None = None) -> Picture:
    """Make the picture from Session.read(), .links() and .transaction(). `plan`: mark what this plan wants."""
    of_kernel = {link.interface_name: link for link in links}
    devices = {device.interface_name: device for device in facts.devices}
    profiles = {profile.uuid: profile for profile in facts.current.profiles}
    names = interface_names(facts)
    found: list[Interface] = []
    for name in sorted(set(of_kernel) | set(devices)):
        link, device = of_kernel.get(name), devices.get(name)
        profile = profiles.get(device.profile) if device and device.profile else None
        one = Interface(name, "", link, device, profile)
        if one.kind != "loopback":
            found.append(one._replace(layer=_layer(one)))
    ports: dict[str, list[str]] = {}
    for one in found:
        if one.controller and one.layer != "guest":
            ports.setdefault(one.controller, []).append(one.name)
    shown = {one.name for one in found}
    for number, one in enumerate(found):
        lowers = [name for name in (_parent(one, names), *ports.get(one.name, ())) if name in shown - {one.name}]
        differ: Iterable[csnet.Finding] = ()
        if one.link and one.device:
            differ = disagreements(one.link, one.device, one.profile, names)
        elif of_kernel and devices:
            differ = known_to_one(one.link, one.device)
        found[number] = one._replace(
            lowers=tuple(lowers), marks=tuple(_marks(one, transaction, plan)), disagreements=tuple(differ))
    of_host_itself: dict[str, list[csnet.Finding]] = {}
    for finding in csnet.validate(facts):
        device_index = int(finding.item[len("devices["):-1])
        of_host_itself.setdefault(facts.devices[device_index].interface_name, []).append(finding)
    found = [one._replace(disagreements=(*one.disagreements, *of_host_itself.get(one.name, ()))) for one in found]
    found.sort(key=lambda one: (LAYERS.index(one.layer), _natural(one.name)))
    active = {device.profile for device in facts.devices}
    return Picture(tuple(found), tuple(one for one in facts.current.profiles if one.uuid not in active), transaction)


def speed(megabits: int) -> str:
    """A link's speed for people: "10 Gbit/s"."""
    return f"{megabits / 1000:g} Gbit/s" if megabits >= 1000 else f"{megabits} Mbit/s"


def interface_names(facts: csnet.Facts) -> dict[str, str]:
    """Map each word that a profile's controller or parent may be (uuid, profile name, interface) to an interface."""
    names = {profile.name: profile.interface_name for profile in facts.current.profiles}
    names.update({profile.uuid: profile.interface_name for profile in facts.current.profiles if profile.uuid})
    for device in facts.devices:  # a profile may leave out its interface
        if device.profile:
            names[device.profile] = device.interface_name
    names.update({name: name for name in list(names.values())})
    names.update({device.interface_name: device.interface_name for device in facts.devices})
    return names


def _layer(one: Interface) -> str:
    if one.kind in ("bond", "vlan", "bridge"):
        return one.kind
    if one.kind == "tun":
        return "guest"
    if one.kind == "veth":  # a container's, or a NIC in the lab and in other sandboxes
        return "guest" if one.profile is None and one.controller else "nic"
    return "nic" if one.kind in _NIC_KINDS else "other"


def _parent(one: Interface, names: dict[str, str]) -> str:
    if one.link:
        return one.link.parent
    if isinstance(one.profile, csnet.VlanProfile) and one.profile.parent:
        return names.get(one.profile.parent, one.profile.parent)
    return ""


def _marks(one: Interface, transaction: csnet.Transaction | None, plan: csnet.Plan | None) -> Iterable[str]:
    device = one.device
    if device and device.state == "unmanaged":
        yield "unmanaged"
    elif not device or not device.profile:
        yield "no profile"
    elif one.profile is None and not device.persistent:
        yield "external"
    elif not device.persistent:
        yield "in memory"
    elif one.profile and one.profile.autoconnect is False:
        yield "not at boot"
    if transaction and device and device.profile in transaction.profiles:
        yield "on trial"
    if plan is not None and one.name in {wanted.interface_name for wanted in plan.request.wanted.profiles}:
        changed = {step.item.interface_name or step.item.uuid for step in plan.steps}
        same = one.name not in changed and not (device and device.profile in changed - {""})
        yield "in the file" if same else "not as the file"


def _natural(name: str) -> Sequence[Any]:
    """A sort key that puts vnet2 before vnet10."""
    words: list[Any] = [""]
    for letter in name:
        if letter.isdecimal() != words[-1][-1:].isdecimal():
            words.append("")
        words[-1] += letter
    return [(word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in words]
