"""The network around a host, derived from the host's network file, for `csnet sandbox` to build."""

from __future__ import annotations

import ipaddress
from typing import Any

import csnet


def surroundings(request: csnet.Request) -> dict[str, Any]:
    """Return those fields of csnet_lab.sandbox.Layout that the file decides."""
    profiles = request.wanted.profiles
    inner = {profile.interface_name for profile in profiles if not isinstance(profile, csnet.EthernetProfile)}
    named = [p.interface_name for p in profiles if isinstance(p, csnet.EthernetProfile)]
    named += [p.parent or "" for p in profiles if isinstance(p, csnet.VlanProfile)]
    nics = [name for name in dict.fromkeys(named) if name and name not in inner]
    bundles = [[port.interface_name for port in profiles if port.controller in (bond.name, bond.interface_name)]
               for bond in profiles if isinstance(bond, csnet.BondProfile) and _is_lacp(bond)]
    vlans = [profile for profile in profiles if isinstance(profile, csnet.VlanProfile)]
    facts = {"trunk": [vlan.id for vlan in vlans], "bundles": bundles, **({"nics": nics} if nics else {})}
    bearers = [p for p in profiles if any(ip and ip.addresses for ip in (p.ipv4, p.ipv6))]
    bearers.sort(key=lambda p: not any(ip and ip.gateway for ip in (p.ipv4, p.ipv6)))
    if not bearers:
        return {**facts, "vlan": vlans[0].id if vlans else 0}
    bearer = bearers[0]
    under = [vlan.id for vlan in vlans if vlan == bearer or vlan.controller in (bearer.name, bearer.interface_name)]
    targets = [probe.target.rpartition(":") for probe in request.probes if probe.type is csnet.ProbeType.tcp]
    servers = [host.strip("[]") for host, _, _ in targets]
    ports = sorted({int(port) for _, _, port in targets}) or [csnet.AGENT_PORT]
    return {**facts, "vlan": under[0] if under else 0, "addresses": _server_addresses(bearer, servers), "ports": ports}


def _is_lacp(bond: csnet.BondProfile) -> bool:
    return (bond.mode or (bond.options or {}).get("mode")) in ("802.3ad", "4")


def _server_addresses(bearer: Any, servers: list[str]) -> list[str]:
    """The addresses of the one machine that plays all servers and the gateway."""
    configs = [config for config in (bearer.ipv4, bearer.ipv6) if config]
    own = [ipaddress.ip_interface(str(address)) for config in configs for address in config.addresses or ()]
    gateways = [str(config.gateway) for config in configs if config.gateway]
    if not servers:
        taken = {str(address.ip) for address in own} | set(gateways)
        servers = [str(next(host for host in own[0].network.hosts() if str(host) not in taken))]
    addresses = []
    for text in dict.fromkeys(servers + gateways):
        address = ipaddress.ip_address(text)
        prefixes = [each.network.prefixlen for each in own if address in each.network]
        addresses.append(f"{address}/{prefixes[0] if prefixes else address.max_prefixlen}")
    return addresses
