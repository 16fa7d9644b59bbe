"""What a profile, NetworkManager and the kernel say of one interface, and where they differ. Pure."""

from typing import Any, Dict, Iterator, List, Optional, Tuple

import csnet

_Seen = Tuple[str, str]  # a finding's id, and its message
# Lists of addresses, and what the kernel decides while it runs.
_NOT_COMPARED = ("arp_ip_target", "ns_ip6_target", "active_slave")


def disagreements(link: Optional[csnet.Link], device: Optional[csnet.Device], profile: Any, names: Dict[str, str],
                  kernel_is_known: bool = True, daemon_is_known: bool = True) -> List[csnet.Finding]:
    """A finding for each, with what to do. `names`: which interface a profile's controller or parent means."""
    if link is None or device is None:
        return list(_only_one_sees_it(link, device, kernel_is_known, daemon_is_known))
    found = [_finding(device, seen, f"look again; if it stays: nmcli device reapply {device.interface_name}")
             for seen in _daemon_and_kernel(link, device)]
    if profile is not None and device.state == "activated":
        # A reapply leaves a bridge's VMs in it, which a connection that comes up anew does not.
        reapply, again = f"nmcli device reapply {device.interface_name}", f"nmcli connection up {profile.uuid}"
        if device.stale:
            stale = "profile-changed", "its profile was changed since it came up: it runs by what was there before"
            found.append(_finding(device, stale, f"{reapply}; where that is refused: {again}"))
        found += [_finding(device, seen, reapply)
                  for seen in (*_reappliable(link, profile), *_addresses(link, profile))]
        found += [_finding(device, seen, again) for seen in _needs_restart(link, profile, names)]
        found += [_finding(device, seen, f"nmcli connection down {profile.uuid}; {again}")
                  for seen in _made_anew(link, profile, names)]
    return found


def _finding(device: csnet.Device, seen: _Seen, hint: str) -> csnet.Finding:
    id, message = seen
    return csnet.Finding(severity=csnet.Severity.warning, id=id, subject=f"interface '{device.interface_name}'",
                         message=message, hint=hint)


def _only_one_sees_it(link: Optional[csnet.Link], device: Optional[csnet.Device], kernel_is_known: bool,
                      daemon_is_known: bool) -> Iterator[csnet.Finding]:
    if link is None and device is not None and kernel_is_known:
        yield _finding(device, ("only-in-networkmanager", "NetworkManager has it, the kernel has not"),
                       "is csnet in the network namespace that NetworkManager is in?")
    if device is None and link is not None and daemon_is_known:
        yield _finding(csnet.Device(interface_name=link.interface_name),
                       ("only-in-kernel", "the kernel has it, NetworkManager has not"),
                       "is csnet in the network namespace that NetworkManager is in?")


def _daemon_and_kernel(link: csnet.Link, device: csnet.Device) -> Iterator[_Seen]:
    if device.state == "unmanaged":
        return
    if device.mtu and device.mtu != link.mtu:
        yield "mtu-differs", f"its MTU is {link.mtu}, NetworkManager says {device.mtu}"
    if device.controller != link.controller:
        yield ("controller-differs",
               f"it is {_port_of(link.controller)}, NetworkManager says {_port_of(device.controller)}")
    kernel, daemon = set(_global(link.addresses)), set(_global(device.addresses))
    if kernel != daemon:
        yield "addresses-differ", f"it has {_listed(kernel)}, NetworkManager says {_listed(daemon)}"


def _reappliable(link: csnet.Link, profile: Any) -> Iterator[_Seen]:
    if profile.mtu and profile.mtu != link.mtu:
        yield "mtu-differs", f"its MTU is {link.mtu}, the profile says {profile.mtu}"
    if isinstance(profile, csnet.BridgeProfile) and None not in (profile.stp, link.stp) and profile.stp != link.stp:
        yield "stp-differs", f"STP is {_on(link.stp)}, the profile says {_on(profile.stp)}"


def _needs_restart(link: csnet.Link, profile: Any, names: Dict[str, str]) -> Iterator[_Seen]:
    controller = names.get(profile.controller or "", profile.controller or "")
    if controller != link.controller:
        yield "controller-differs", f"it is {_port_of(link.controller)}, the profile says {_port_of(controller)}"
    wanted_mac = getattr(profile, "mac_address", None) if isinstance(profile, csnet.BridgeProfile) else None
    cloned = profile.cloned_mac_address or ""
    wanted = str(wanted_mac) if wanted_mac else cloned if ":" in cloned else ""
    if wanted and link.mac_address and wanted.lower() != str(link.mac_address).lower():
        yield "mac-address-differs", f"its address is {link.mac_address}, the profile says {wanted}"
    if isinstance(profile, csnet.BondProfile) and link.bond:
        yield from _bond(link, profile)


def _made_anew(link: csnet.Link, profile: Any, names: Dict[str, str]) -> Iterator[_Seen]:
    if isinstance(profile, csnet.VlanProfile):
        if None not in (profile.id, link.vlan_id) and profile.id != link.vlan_id:
            yield ("vlan-id-differs",
                   f"it is VLAN {link.vlan_id}, the profile says {profile.id}: a VLAN keeps its number until it is"
                   " made anew")
        parent = names.get(profile.parent or "", profile.parent or "")
        if parent and link.parent and parent != link.parent:
            yield "parent-differs", f"it lies on {link.parent}, the profile says {parent}"


def _bond(link: csnet.Link, profile: csnet.BondProfile) -> Iterator[_Seen]:
    wanted = {"mode": profile.mode or "balance-rr", **(profile.options or {})}
    for option, value in wanted.items():
        kernel = link.bond.get(option)
        if kernel is None or option in _NOT_COMPARED or kernel == value:
            continue
        if value.isdecimal() and not kernel.isdecimal():
            continue  # the kernel says the word for the number
        yield "bond-option-differs", f"its {option} is {kernel or '(none)'}, the profile says {value}"


def _addresses(link: csnet.Link, profile: Any) -> Iterator[_Seen]:
    for config, is_ipv6 in ((profile.ipv4, False), (profile.ipv6, True)):
        here = {cidr for cidr in _global(link.addresses) if (":" in cidr) == is_ipv6}
        wanted = {str(cidr) for cidr in config.addresses or []} if config else set()
        missing = wanted - here if config and config.method in ("manual", "auto") else set()
        if missing:
            yield "address-not-there", f"it has not {_listed(missing)}, which the profile says"
        # With another method, others hand out addresses, too.
        is_closed = config.method in ("manual", "disabled") if config else profile.controller
        if is_closed and here - wanted:
            yield ("address-not-in-profile",
                   f"it has {_listed(here - wanted)}, of which the profile says nothing: a reboot ends it")


def _global(addresses: List[csnet.Cidr]) -> List[str]:
    """Less IPv6 link-local ones, which the kernel and NetworkManager make by themselves."""
    return [str(cidr) for cidr in addresses if not cidr.address.is_ipv6_link_local]


def _listed(addresses: Any) -> str:
    return ", ".join(sorted(addresses)) or "no address"


def _port_of(controller: str) -> str:
    return f"a port of {controller}" if controller else "no port"


def _on(flag: Optional[bool]) -> str:
    return "on" if flag else "off"
