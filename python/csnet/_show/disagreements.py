"""Where a profile, NetworkManager and the kernel disagree about an interface. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import csnet

_Seen = tuple[str, str]  # a finding's id and its message
# Options that are lists of addresses, and one that the kernel changes on its own.
_NOT_COMPARED = ("arp_ip_target", "ns_ip6_target", "active_slave")


def disagreements(link: csnet.Link, device: csnet.Device, profile: Any, names: dict[str, str]) -> list[csnet.Finding]:
    """The disagreements about one interface, each a warning whose hint is a command that ends it.

    `profile`: the active profile, or None. `names`: interface_names() of the host.
    """
    reapply = f"nmcli device reapply {device.interface_name}"
    found = [_finding(device, seen, f"repeat csnet show; if it still says so: {reapply}")
             for seen in _daemon_and_kernel(link, device)]
    if profile is not None and device.state == "activated":
        # A reapply keeps the taps of VMs in a bridge; bringing the connection up anew does not.
        again = f"nmcli connection up {profile.uuid}"
        if device.stale:
            stale = "profile-changed", "the profile was modified after it came up; the interface still uses the old one"
            found.append(_finding(device, stale, f"{reapply}; if NetworkManager refuses it: {again}"))
        found += [_finding(device, seen, reapply)
                  for seen in (*_reappliable(link, profile), *_addresses(link, profile))]
        found += [_finding(device, seen, again) for seen in _needs_restart(link, profile, names)]
        found += [_finding(device, seen, f"nmcli connection down {profile.uuid}; {again}")
                  for seen in _made_anew(link, profile, names)]
    return found


def known_to_one(link: csnet.Link | None, device: csnet.Device | None) -> Iterator[csnet.Finding]:
    """The disagreement about an interface that only the kernel has (no device) or only NetworkManager (no link)."""
    hint = "run csnet in the network namespace in which NetworkManager runs"
    if link is None and device is not None:
        seen = "only-in-networkmanager", "NetworkManager has this interface, the kernel does not"
        yield _finding(device, seen, hint)
    if device is None and link is not None:
        device = csnet.Device(interface_name=link.interface_name)
        yield _finding(device, ("only-in-kernel", "the kernel has this interface, NetworkManager does not"), hint)


def _finding(device: csnet.Device, seen: _Seen, hint: str) -> csnet.Finding:
    id, message = seen
    return csnet.Finding(severity=csnet.Severity.warning, id=id, subject=f"interface '{device.interface_name}'",
                         message=message, hint=hint)


def _daemon_and_kernel(link: csnet.Link, device: csnet.Device) -> Iterator[_Seen]:
    if device.state == "unmanaged":
        return
    if device.mtu and device.mtu != link.mtu:
        yield "mtu-differs", f"its MTU is {link.mtu}; NetworkManager reports {device.mtu}"
    if device.controller != link.controller:
        yield ("controller-differs",
               f"its controller is {link.controller or 'none'}; NetworkManager reports {device.controller or 'none'}")
    kernel, daemon = set(_global(link.addresses)), set(_global(device.addresses))
    if kernel != daemon:
        yield "addresses-differ", f"its addresses are {_listed(kernel)}; NetworkManager reports {_listed(daemon)}"


def _reappliable(link: csnet.Link, profile: Any) -> Iterator[_Seen]:
    if profile.mtu and profile.mtu != link.mtu:
        yield "mtu-differs", f"its MTU is {link.mtu}; the profile sets {profile.mtu}"
    if isinstance(profile, csnet.BridgeProfile) and None not in (profile.stp, link.stp) and profile.stp != link.stp:
        yield "stp-differs", f"STP is {_on(link.stp)}; the profile turns it {_on(profile.stp)}"


def _needs_restart(link: csnet.Link, profile: Any, names: dict[str, str]) -> Iterator[_Seen]:
    controller = names.get(profile.controller or "", profile.controller or "")
    if controller != link.controller:
        yield ("controller-differs",
               f"its controller is {link.controller or 'none'}; the profile names {controller or 'none'}")
    wanted_mac = getattr(profile, "mac_address", None) if isinstance(profile, csnet.BridgeProfile) else None
    cloned = profile.cloned_mac_address or ""
    wanted = str(wanted_mac) if wanted_mac else cloned if ":" in cloned else ""
    if wanted and link.mac_address and wanted.lower() != str(link.mac_address).lower():
        yield "mac-address-differs", f"its MAC address is {link.mac_address}; the profile sets {wanted}"
    if isinstance(profile, csnet.BondProfile) and link.bond:
        yield from _bond(link, profile)


def _made_anew(link: csnet.Link, profile: Any, names: dict[str, str]) -> Iterator[_Seen]:
    if isinstance(profile, csnet.VlanProfile):
        if None not in (profile.id, link.vlan_id) and profile.id != link.vlan_id:
            yield ("vlan-id-differs",
                   f"its VLAN id is {link.vlan_id}; the profile sets {profile.id}. The kernel cannot change the id of"
                   " an existing VLAN interface")
        parent = names.get(profile.parent or "", profile.parent or "")
        if parent and link.parent and parent != link.parent:
            yield "parent-differs", f"its parent is {link.parent}; the profile names {parent}"


def _bond(link: csnet.Link, profile: csnet.BondProfile) -> Iterator[_Seen]:
    wanted = {"mode": profile.mode or "balance-rr", **(profile.options or {})}
    for option, value in wanted.items():
        kernel = link.bond.get(option)
        if kernel is None or option in _NOT_COMPARED or kernel == value:
            continue
        if value.isdecimal() and not kernel.isdecimal():
            continue  # the kernel gives the option's name for the number
        yield "bond-option-differs", f"its bond option {option} is {kernel or '(none)'}; the profile sets {value}"


def _addresses(link: csnet.Link, profile: Any) -> Iterator[_Seen]:
    for config, is_ipv6 in ((profile.ipv4, False), (profile.ipv6, True)):
        here = {cidr for cidr in _global(link.addresses) if (":" in cidr) == is_ipv6}
        wanted = {str(cidr) for cidr in config.addresses or []} if config else set()
        missing = wanted - here if config and config.method in ("manual", "auto") else set()
        if missing:
            yield ("address-not-there",
                   f"{_listed(missing)} {_is(missing)} in the profile, but not on the interface")
        # With another method, DHCP or router advertisements add addresses.
        is_closed = config.method in ("manual", "disabled") if config else profile.controller
        extra = here - wanted
        if is_closed and extra:
            yield ("address-not-in-profile",
                   f"{_listed(extra)} {_is(extra)} on the interface, but not in the profile: not there after a reboot")


def _global(addresses: Iterable[csnet.Cidr]) -> list[str]:
    """All but IPv6 link-local addresses, which the kernel and NetworkManager add on their own."""
    return [str(cidr) for cidr in addresses if not cidr.address.is_ipv6_link_local]


def _listed(addresses: Iterable[str]) -> str:
    return ", ".join(sorted(addresses)) or "none"


def _is(addresses: set[str]) -> str:
    return "is" if len(addresses) == 1 else "are"


def _on(flag: bool | None) -> str:
    return "on" if flag else "off"
