"""Values that are well-formed and cannot work: what validate() says of each, field by field.

Beside each stands what happens without the check: the kernel, NetworkManager or CloudStack takes the value, and no
packet passes.
"""

from typing import Any, Dict, List

import csnet
import pytest

ERROR, WARNING = csnet.Severity.error, csnet.Severity.warning
_RECIPE: Dict[str, Any] = {"uplinks": ["eth0"], "addresses": ["192.168.100.10/24"], "gateway": "192.168.100.1"}
_BOND: Dict[str, Any] = {**_RECIPE, "uplinks": ["eth0", "eth1"], "bond_mode": "active-backup"}

#: Changes to a recipe that is right; the id and the field of the only finding.
RECIPES = [
    ({"addresses": ["192.168.100.0/24"]}, "unusable-address", "addresses[0]"),
    ({"addresses": ["192.168.100.255/24"]}, "unusable-address", "addresses[0]"),
    ({"addresses": ["224.0.0.5/24"], "gateway": None}, "unusable-address", "addresses[0]"),
    ({"addresses": ["127.0.0.1/8"], "gateway": None}, "unusable-address", "addresses[0]"),
    ({"addresses": ["0.0.0.0/24"], "gateway": None}, "unusable-address", "addresses[0]"),
    ({"addresses": ["0.1.2.3/24"], "gateway": None}, "unusable-address", "addresses[0]"),
    ({"addresses": ["240.1.2.3/24"], "gateway": None}, "unusable-address", "addresses[0]"),
    ({"addresses": ["255.255.255.255/32"], "gateway": None}, "unusable-address", "addresses[0]"),
    ({"addresses": ["192.168.100.10/24", "ff02::1/64"]}, "unusable-address", "addresses[1]"),
    ({"addresses": ["192.168.100.10/24", "::/64"]}, "unusable-address", "addresses[1]"),
    ({"addresses": ["192.168.100.10/24", "::1/128"]}, "unusable-address", "addresses[1]"),
    ({"addresses": ["192.168.100.10/24", "::ffff:10.0.0.1/96"]}, "unusable-address", "addresses[1]"),
    ({"gateway": "192.168.100.255"}, "unusable-address", "gateway"),
    ({"gateway": "192.168.100.0"}, "unusable-address", "gateway"),
    ({"gateway": "192.168.100.10"}, "gateway-is-own-address", "gateway"),
    ({"servers": ["192.168.100.10"]}, "own-address-probed", "servers[0]"),
    ({"servers": ["192.168.100.2", "192.168.100.10"]}, "own-address-probed", "servers[1]"),
    ({"servers": ["10.9.0.2"], "gateway": None}, "no-route-to-target", "servers[0]"),
    ({"servers": ["fd00::2"]}, None, None),  # the bridge has no IPv6 address: the host's other ones may reach it
    ({"servers": ["10.9.0.2"]}, None, None),
    ({"mac_address": "00:00:00:00:00:00"}, "unusable-mac-address", "mac_address"),
    ({"mac_address": "01:00:5e:00:00:01"}, "multicast-mac-address", "mac_address"),
    ({"mtu": 1279}, "mtu-below-ipv6", "mtu"),
    ({"mtu": 1280}, None, None),
    # Networks of one or two addresses have neither a network's nor a broadcast address.
    ({"addresses": ["192.168.100.0/31"], "gateway": "192.168.100.1"}, None, None),
    ({"addresses": ["192.168.100.255/32"], "gateway": None}, None, None),
    ({"addresses": ["192.168.100.10/24", "fd00::/64"]}, None, None),  # anycast of the routers: odd, and it works
]  # fmt: skip


@pytest.mark.parametrize("changes, id, field", RECIPES, ids=lambda value: str(value)[:60])
def test_a_recipe_says_it(changes: Dict[str, Any], id: Any, field: Any) -> None:
    found = csnet.validate(csnet.ManagementNetwork(**{**_RECIPE, **changes}))
    assert [(one.id, one.field) for one in found] == ([(id, field)] if id else []), found


@pytest.mark.parametrize("primary, id", [("eth7", "primary-is-not-a-port"), ("eth1", None)])
def test_a_bonds_primary_is_one_of_its_ports(primary: str, id: Any) -> None:
    recipe = csnet.ManagementNetwork(**{**_BOND, "bond_options": {"miimon": "100", "primary": primary}})
    found = csnet.validate(recipe)
    assert [(one.id, one.severity, one.field) for one in found] == (
        [(id, ERROR, "bond_options.primary")] if id else []), found
    bond, eth0, eth1, *_ = csnet.ManagementNetwork(**_BOND).desired().wanted.profiles
    assert isinstance(bond, csnet.BondProfile)
    state = csnet.HostState(profiles=[bond.replace(options={"primary": primary}), eth0, eth1])
    assert [(one.id, one.severity) for one in csnet.validate(state)] == ([(id, WARNING)] if id else [])


def of_bridge(**fields: Any) -> List[Any]:
    found = csnet.validate(csnet.HostState(profiles=[csnet.BridgeProfile(name="b", interface_name="b", **fields)]))
    return [(one.id, one.severity, one.field) for one in found]


def test_a_small_mtu_and_ipv6_exclude_each_other() -> None:
    addresses = csnet.Ip6Config(method="manual", addresses=["fd00::1/64"])
    assert of_bridge(mtu=1279, ipv6=addresses) == [("mtu-below-ipv6", ERROR, "mtu")]
    assert of_bridge(mtu=1279) == [("mtu-below-ipv6", WARNING, "mtu")]
    for method in ("disabled", "ignore"):
        assert of_bridge(mtu=1279, ipv6=csnet.Ip6Config(method=method)) == []
    assert of_bridge(mtu=1280, ipv6=addresses) == []


def test_a_cloned_address_is_checked_as_the_bridges_own() -> None:
    assert of_bridge(cloned_mac_address="00:00:00:00:00:00") == [("unusable-mac-address", ERROR, "cloned_mac_address")]
    assert of_bridge(cloned_mac_address="01:00:5e:00:00:01") == [("multicast-mac-address", ERROR, "cloned_mac_address")]


def test_arp_does_not_leave_the_network() -> None:
    recipe = csnet.ManagementNetwork(**_RECIPE).desired()
    for target, found in {"192.168.100.7": [], "10.9.0.7": ["no-route-to-target"]}.items():
        probe = csnet.Probe(type="arp", target=target, interface_name="cloudbr0")
        assert [one.id for one in csnet.validate(recipe.replace(probes=[probe]))] == found


def test_a_file_shows_the_place() -> None:
    with pytest.raises(csnet.FileError) as caught:
        csnet.loads("management:\n  uplink: eth0\n  addresses: [192.168.100.255/24]\n  servers: [192.168.100.255]\n")
    places = [(one.line, one.path) for one in caught.value.problems]
    assert places == [(3, "management.addresses[0]"), (4, "management.servers[0]")]
