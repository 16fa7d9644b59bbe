"""The state to which a plan leads, as far as it can be predicted, for a picture. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import csnet
from csnet._show.picture import Profile, interface_names

_STARTS = (csnet.Action.activate, csnet.Action.reapply, csnet.Action.restart)
_ENDS = (csnet.Action.park, csnet.Action.retire, csnet.Action.remove)
_VIRTUAL = ("vlan", "bond", "bridge")


def after(plan: csnet.Plan, facts: csnet.Facts,
          links: Iterable[csnet.Link]) -> tuple[csnet.Facts, list[csnet.Link]]:
    """Return the facts and the links after `plan`. `links` may be empty: then only the devices count."""
    of_kernel = {link.interface_name: link for link in links}
    devices = {device.interface_name: device for device in facts.devices}
    profiles = {profile.uuid: profile for profile in facts.current.profiles}
    holder = {device.interface_name: device.profile for device in facts.devices if device.profile}
    touched: dict[str, bool] = {}
    for step in plan.steps:
        profile = _with_uuid(step.item)
        name = profile.interface_name or next((one for one in holder if holder[one] == profile.uuid), "")
        if step.action in (csnet.Action.add, csnet.Action.modify, *_STARTS):
            profiles[profile.uuid] = profile
        elif step.action is csnet.Action.remove:
            profiles.pop(profile.uuid, None)
        if step.action in _STARTS and name:
            holder[name], touched[name] = profile.uuid, True
        elif step.action in _ENDS and holder.get(name) == profile.uuid:
            del holder[name]
            touched[name] = False
    found = csnet.Facts(current=csnet.HostState(profiles=profiles.values()), devices=devices.values())
    names = interface_names(found)
    for name, is_held in touched.items():
        known, link = devices.get(name), of_kernel.get(name)
        if is_held:
            details = _details(profiles[holder[name]], known, names)
            devices[name] = _device(name, known, holder[name], details)
            if of_kernel:
                of_kernel[name] = _link(name, link, details)
        elif (known.type if known else "") in _VIRTUAL:
            devices.pop(name, None)
            of_kernel.pop(name, None)
        else:
            if known:
                devices[name] = known.replace(profile=None, controller="", addresses=[], state="disconnected")
            if link:
                of_kernel[name] = _no_port(link).replace(addresses=[])
    # An interface whose controller is gone is no longer a port. A VLAN whose parent is gone is gone, too.
    devices = {name: one if one.controller in devices else one.replace(controller="") for name, one in devices.items()}
    of_kernel = {name: one if one.controller in of_kernel else _no_port(one)
                 for name, one in of_kernel.items() if not one.parent or one.parent in of_kernel}
    return found.replace(devices=list(devices.values())), list(of_kernel.values())


def _with_uuid(profile: Profile) -> Profile:
    """`profile`, with a placeholder for the uuid if it is a new one."""
    return profile if profile.uuid else profile.replace(uuid=f"new {profile.type} {profile.name}")


def _details(profile: Profile, known: csnet.Device | None, names: dict[str, str]) -> dict[str, Any]:
    addresses: list[csnet.Cidr] = []
    for config, is_ipv6 in ((profile.ipv4, False), (profile.ipv6, True)):
        if config is None or profile.controller:
            continue
        addresses += config.addresses or []
        if config.method in (None, "auto") and known:  # it will get these again, from DHCP or router advertisements
            addresses += [one for one in known.addresses if one.is_ipv6 == is_ipv6 and one not in addresses]
    details: dict[str, Any] = {
        "type": profile.type, "controller": names.get(profile.controller or "", profile.controller or ""),
        "addresses": addresses, "mtu": profile.mtu or ((known.mtu or 0) if known else 1500),
        "parent": "", "vlan_id": None, "stp": None, "bond": {},
    }
    if isinstance(profile, csnet.VlanProfile):
        details.update(parent=names.get(profile.parent or "", profile.parent or ""), vlan_id=profile.id)
    elif isinstance(profile, csnet.BridgeProfile):
        details.update(stp=profile.stp is not False)
    elif isinstance(profile, csnet.BondProfile):
        details.update(bond={"mode": profile.mode or "balance-rr"})
    return details


def _device(name: str, known: csnet.Device | None, uuid: str, details: dict[str, Any]) -> csnet.Device:
    device = known or csnet.Device(interface_name=name, type=details["type"], carrier=True)
    return device.replace(state="activated", profile=uuid, stale=False, persistent=True, mtu=details["mtu"] or None,
                          controller=details["controller"], addresses=details["addresses"])


def _link(name: str, known: csnet.Link | None, details: dict[str, Any]) -> csnet.Link:
    link = known or csnet.Link(interface_name=name, kind=details["type"], up=True, carrier=True)
    if link.controller != details["controller"]:
        link = _no_port(link)
    return link.replace(
        up=True, mtu=details["mtu"], controller=details["controller"], addresses=details["addresses"],
        parent=details["parent"] or link.parent, vlan_id=details["vlan_id"], stp=details["stp"],
        bond={**link.bond, **details["bond"]})


def _no_port(link: csnet.Link) -> csnet.Link:
    return link.replace(controller="", port_state="", lacp=None, mii_status="", aggregator=None)
