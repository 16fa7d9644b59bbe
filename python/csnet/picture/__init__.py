"""A host's network as a person pictures it, from the wire up: what `csnet show` prints and draws.

    with csnet.Session() as session:
        picture = of_host(session.read(), session.links(), session.transaction())

Pure: it is made of what NetworkManager and the kernel said, and asks nobody. What the words mean is in docs/show.md.
"""

from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

import csnet
from csnet.picture.disagreements import disagreements

Profile = Union[csnet.BridgeProfile, csnet.VlanProfile, csnet.BondProfile, csnet.EthernetProfile]

#: From the wire up. A guest is a VM's or a container's end in a bridge: it lies above it.
LAYERS = ("nic", "bond", "vlan", "bridge", "guest", "other")
MARKS = {
    "no profile": "no profile of NetworkManager's holds it",
    "unmanaged": "NetworkManager leaves it alone",
    "somebody else's": "made by another program or by hand: not there after a reboot unless that makes it again",
    "in memory": "its profile is not on disk: a reboot ends it",
    "not at boot": "its profile does not come up by itself (autoconnect is off)",
    "on trial": "the open transaction adds it, changes it or takes it away",
    "in the file": "it is as the file wants it",
    "not as the file": "csnet apply would change it",
}
_NIC_KINDS = ("physical", "ethernet", "wifi", "infiniband")


class Interface(NamedTuple):
    """One interface: what the kernel, NetworkManager and its profile say of it."""

    name: str
    layer: str
    link: Optional[csnet.Link]
    device: Optional[csnet.Device]
    profile: Optional[Profile]
    lowers: Tuple[str, ...] = ()  # what it lies on: a VLAN's parent, a bridge's or bond's ports
    marks: Tuple[str, ...] = ()
    disagreements: Tuple[csnet.Finding, ...] = ()

    # Whatever the kernel says counts; where it was not asked, NetworkManager's word.
    @property
    def _seen(self) -> Union[csnet.Link, csnet.Device]:
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
        """up, no carrier, or down."""
        if self.link and not self.link.up:
            return "down"
        if not self.link and self.device and self.device.state in ("disconnected", "unavailable", "unmanaged"):
            return "down"
        return "up" if self._seen.carrier else "no carrier"

    @property
    def mtu(self) -> int:
        return self._seen.mtu

    @property
    def mac_address(self) -> Optional[csnet.MacAddress]:
        return self._seen.mac_address

    @property
    def controller(self) -> str:
        return self._seen.controller

    @property
    def addresses(self) -> List[csnet.Cidr]:
        return self._seen.addresses

    @property
    def shown_addresses(self) -> List[str]:
        """Less IPv6 link-local ones, which every interface has, and with "DHCP" where they come from there."""
        dynamic = self.profile is not None and self.profile.ipv4 is not None and self.profile.ipv4.method == "auto"
        return [f"{cidr} (DHCP)" if dynamic and not cidr.is_ipv6 and not self._is_static(cidr) else str(cidr)
                for cidr in self.addresses if not cidr.address.is_ipv6_link_local]

    def _is_static(self, cidr: csnet.Cidr) -> bool:
        return bool(self.profile and self.profile.ipv4 and cidr in (self.profile.ipv4.addresses or []))

    @property
    def vlan_id(self) -> Optional[int]:
        if self.link and self.link.vlan_id is not None:
            return self.link.vlan_id
        return self.profile.id if isinstance(self.profile, csnet.VlanProfile) else None

    @property
    def title(self) -> str:
        """What it is, for people."""
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
    def facts(self) -> List[str]:
        """What else there is to say, shortest first."""
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
        """How it does as a port: forwarding, LACP up, …; "" when it is none."""
        if not self.link:
            return ""
        return self.link.port_state or (f"LACP {self.link.lacp}" if self.link.lacp else "") or (
            f"link {self.link.mii_status}" if self.link.mii_status else "")


class Picture(NamedTuple):
    """What of_host() makes."""

    interfaces: Tuple[Interface, ...]  # by layers, then by name
    unused: Tuple[Profile, ...] = ()  # which hold no interface now
    transaction: Optional[csnet.Transaction] = None

    def find(self, name: str) -> Optional[Interface]:
        return next((one for one in self.interfaces if one.name == name), None)


def of_host(current: csnet.HostState, links: Iterable[csnet.Link] = (),
            transaction: Optional[csnet.Transaction] = None, plan: Optional[csnet.Plan] = None) -> Picture:
    """The picture of what Session.read(), .links() and .transaction() say; `plan` marks what a file wants."""
    of_kernel = {link.interface_name: link for link in links}
    devices = {device.interface_name: device for device in current.devices}
    profiles = {profile.uuid: profile for profile in current.profiles}
    names = interface_names(current)
    found: List[Interface] = []
    for name in sorted(set(of_kernel) | set(devices)):
        link, device = of_kernel.get(name), devices.get(name)
        profile = profiles.get(device.profile) if device and device.profile else None
        one = Interface(name, "", link, device, profile)
        if one.kind != "loopback":
            found.append(one._replace(layer=_layer(one)))
    ports: Dict[str, List[str]] = {}
    for one in found:
        if one.controller and one.layer != "guest":
            ports.setdefault(one.controller, []).append(one.name)
    shown = {one.name for one in found}
    for number, one in enumerate(found):
        lowers = [name for name in (_parent(one, names), *ports.get(one.name, ())) if name in shown - {one.name}]
        found[number] = one._replace(
            lowers=tuple(lowers), marks=tuple(_marks(one, transaction, plan)),
            disagreements=tuple(disagreements(one.link, one.device, one.profile, names,
                                              bool(of_kernel), bool(devices))))
    found.sort(key=lambda one: (LAYERS.index(one.layer), _natural(one.name)))
    active = {device.profile for device in current.devices}
    return Picture(tuple(found), tuple(one for one in current.profiles if one.uuid not in active), transaction)


def speed(megabits: int) -> str:
    """"10 Gbit/s"."""
    return f"{megabits / 1000:g} Gbit/s" if megabits >= 1000 else f"{megabits} Mbit/s"


def interface_names(state: csnet.HostState) -> Dict[str, str]:
    """The interface that a profile's controller or parent means: by uuid, profile name, or its own name."""
    names = {profile.name: profile.interface_name for profile in state.profiles}
    names.update({profile.uuid: profile.interface_name for profile in state.profiles if profile.uuid})
    for device in state.devices:  # a profile need not name its interface
        if device.profile:
            names[device.profile] = device.interface_name
    names.update({name: name for name in list(names.values())})
    names.update({device.interface_name: device.interface_name for device in state.devices})
    return names


def _layer(one: Interface) -> str:
    if one.kind in ("bond", "vlan", "bridge"):
        return one.kind
    if one.kind == "tun":
        return "guest"
    if one.kind == "veth":  # a container's, or what a NIC is in the lab and in other sandboxes
        return "guest" if one.profile is None and one.controller else "nic"
    return "nic" if one.kind in _NIC_KINDS else "other"


def _parent(one: Interface, names: Dict[str, str]) -> str:
    if one.link:
        return one.link.parent
    if isinstance(one.profile, csnet.VlanProfile) and one.profile.parent:
        return names.get(one.profile.parent, one.profile.parent)
    return ""


def _marks(one: Interface, transaction: Optional[csnet.Transaction], plan: Optional[csnet.Plan]) -> Iterable[str]:
    device = one.device
    if device and device.state == "unmanaged":
        yield "unmanaged"
    elif not device or not device.profile:
        yield "no profile"
    elif one.profile is None and not device.persistent:
        yield "somebody else's"
    elif not device.persistent:
        yield "in memory"
    elif one.profile and one.profile.autoconnect is False:
        yield "not at boot"
    if transaction and device and device.profile in transaction.profiles:
        yield "on trial"
    if plan is not None and one.name in {wanted.interface_name for wanted in plan.desired.profiles}:
        changed = {step.item.interface_name or step.item.uuid for step in plan.steps}
        same = one.name not in changed and not (device and device.profile in changed - {""})
        yield "in the file" if same else "not as the file"


def _natural(name: str) -> Sequence[Any]:
    """vnet2 before vnet10."""
    words: List[Any] = [""]
    for letter in name:
        if letter.isdecimal() != words[-1][-1:].isdecimal():
            words.append("")
        words[-1] += letter
    return [(word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in words]
