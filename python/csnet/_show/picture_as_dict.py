"""The picture of a host as a dictionary; docs/show.md lists the keys."""

from __future__ import annotations

from typing import Any

import csnet
from csnet._show.picture import Interface, Picture, Profile


def picture_as_dict(picture: Picture) -> dict[str, Any]:
    """Return what `csnet show --json` prints."""
    open_one = picture.transaction
    return {
        "interfaces": [_interface_as_dict(one) for one in picture.interfaces],
        "unused_profiles": [
            {**_profile_as_dict(one), "interface_name": one.interface_name} for one in picture.unused],
        "transaction": open_one and open_one.to_dict(),
    }


def _profile_as_dict(profile: Profile) -> dict[str, Any]:
    return {"name": profile.name, "uuid": profile.uuid, "type": profile.type,
            "autoconnect": profile.autoconnect is not False}


def _interface_as_dict(one: Interface) -> dict[str, Any]:
    link, device = one.link, one.device
    return {
        "name": one.name, "layer": one.layer, "kind": one.kind, "state": one.state, "lowers": list(one.lowers),
        "controller": one.controller, "addresses": [str(cidr) for cidr in one.addresses],
        "mac_address": _text(one.mac_address), "mtu": one.mtu, "vlan_id": one.vlan_id,
        "permanent_mac_address": _text(link.permanent_mac_address) if link else None,
        "speed": link.speed if link else None, "duplex": link.duplex if link else "",
        "driver": link.driver if link else "", "stp": link.stp if link else None,
        "port_state": link.port_state if link else "", "mii_status": link.mii_status if link else "",
        "lacp": link.lacp.value if link and link.lacp else None, "aggregator": link.aggregator if link else None,
        "bond": link.bond if link else {},
        "networkmanager": device.state if device else "",
        "profile": _profile_as_dict(one.profile) if one.profile else None,
        "persistent": bool(device and device.persistent),
        "marks": list(one.marks),
        "disagreements": [finding.to_dict() for finding in one.disagreements],
    }


def _text(mac: csnet.MacAddress | None) -> str | None:
    return None if mac is None else str(mac)
