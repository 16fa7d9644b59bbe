"""Host states and plans as files: what the golden plans in plans/ are made of.

current.yaml is what Session.read() gives, desired.yaml what is wanted. Both spell csnet's own field names:

    profiles: [{type: vlan, name: eth0.100, port: {type: bridge, priority: 16}, ipv4: {method: disabled}, …}]
    remove: [eth0.200]
    probes: [{type: arp, target: 192.168.100.1}]
    devices: [{interface_name: eth0, type: ethernet, profile: UUID, …}]

A desired.yaml may say `management: {uplinks: [eth0], vlan: 100, …}` as well, the fields of csnet.ManagementNetwork, and
`options: {prune: true, guest_vlans: "200-299"}`.
"""

from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Type

import csnet
import yaml

TYPES: Dict[str, Type[Any]] = {
    "bridge": csnet.BridgeProfile,
    "vlan": csnet.VlanProfile,
    "bond": csnet.BondProfile,
    "ethernet": csnet.EthernetProfile,
}
PORTS: Dict[str, Type[Any]] = {"bridge": csnet.BridgePort, "bond": csnet.BondPort}
_IP: Dict[str, Any] = {
    "method": "auto", "addresses": [], "routes": [], "dns": [], "dns_search": [], "route_metric": -1,
    "never_default": False, "may_fail": True, "dad_timeout": -1,
}
# What NetworkManager gives a field that nobody mentions; tests/unit/plan_test.cpp holds the planner's own to libnm's.
_STANDARD: Dict[Type[Any], Dict[str, Any]] = {
    csnet.BridgeProfile: {
        "stp": True, "priority": 32768, "forward_delay": 15, "hello_time": 2, "max_age": 20, "ageing_time": 300,
        "vlan_filtering": False, "multicast_snooping": True, "group_forward_mask": 0,
    },
    csnet.VlanProfile: {"flags": 1, "ingress_priority_map": {}, "egress_priority_map": {}},
    csnet.BondProfile: {"mode": "balance-rr", "options": {}},
    csnet.EthernetProfile: {"coalesce": {}},
    csnet.BridgePort: {"priority": 32, "path_cost": 100, "hairpin_mode": False},
    csnet.BondPort: {"queue_id": 0},
    csnet.Ip4Config: _IP,
    csnet.Ip6Config: _IP,
}


class Wanted(NamedTuple):
    request: csnet.Request
    options: Dict[str, Any]

    def plan(self, facts: csnet.Facts) -> csnet.Plan:
        return csnet.plan(self.request, facts, **self.options)


def as_read(value: Any) -> Any:
    """The profile with NetworkManager's defaults, as Session.read() gives it."""
    standard = dict(_STANDARD[type(value)])
    if type(value) in TYPES.values():
        standard.update(autoconnect=True, autoconnect_priority=0, mtu=0)
        is_port = value.port is not None
        for family, config in {"ipv4": csnet.Ip4Config, "ipv6": csnet.Ip6Config}.items():
            standard[family] = None if is_port else as_read(getattr(value, family) or config())
        standard["port"] = as_read(value.port) if is_port else None
    kept = {name: getattr(value, name) for name in standard if getattr(value, name) is not None}
    return value.replace(**{**standard, **{name: kept[name] for name in kept if name not in ("ipv4", "ipv6", "port")}})


def profile(fields: Dict[str, Any]) -> Any:
    fields = dict(fields)
    kind = TYPES[fields.pop("type")]
    if "port" in fields:
        port = dict(fields["port"])
        fields["port"] = PORTS[port.pop("type")](**port)
    for family, config in {"ipv4": csnet.Ip4Config, "ipv6": csnet.Ip6Config}.items():
        if family in fields:
            fields[family] = config(**fields[family])
    return kind(**fields)


def device(fields: Dict[str, Any]) -> csnet.Device:
    fields = {"state": "activated" if "profile" in fields else "disconnected", **fields}
    return csnet.Device(**fields)


def _read(path: Path) -> Dict[str, Any]:
    fields: Dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return fields


def load_current(path: Path) -> csnet.Facts:
    fields = _read(path)
    profiles = [as_read(profile(each)) for each in fields.get("profiles", [])]
    devices = [device(each) for each in fields.get("devices", [])]
    # Session.read() sorts them so.
    return csnet.Facts(current=csnet.HostState(profiles=sorted(profiles, key=lambda each: (each.name, each.uuid))),
                       devices=sorted(devices, key=lambda each: each.interface_name))


def load_wanted(path: Path) -> Wanted:
    fields = _read(path)
    profiles: List[Any] = [profile(each) for each in fields.get("profiles", [])]
    probes = [csnet.Probe(**each) for each in fields.get("probes", [])]
    if "management" in fields:
        network = csnet.ManagementNetwork(**fields["management"]).desired()
        profiles = [*network.wanted.profiles, *profiles]
        probes = [*network.probes, *probes]
    request = csnet.Request(wanted=csnet.HostState(profiles=profiles), remove=fields.get("remove", []), probes=probes)
    return Wanted(request, fields.get("options", {}))
