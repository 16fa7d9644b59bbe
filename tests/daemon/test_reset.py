"""`reset` in Session.modify(), for a field of every C++ type.

The field gets NetworkManager's default, and nothing else changes. nmcli_lines.yaml shows that it is nmcli's default,
too.
"""

from typing import Any, Iterator

import csnet
import pytest
from csnet_lab import Host

_COMMON = {"autoconnect": False, "autoconnect_priority": 5, "zone": "trusted", "mtu": 1400,
           "cloned_mac_address": "52:54:00:AB:CD:EF"}
_IP = {
    "ipv4": csnet.Ip4Config(
        method="manual", addresses=["192.0.2.10/24", "192.0.2.11/24"], gateway="192.0.2.1", dns=["192.0.2.53"],
        routes=["198.51.100.0/24 192.0.2.2 50", "203.0.113.0/24"], dns_search=["example.com"], route_metric=50,
        may_fail=False, dad_timeout=200),
    "ipv6": csnet.Ip6Config(method="manual", addresses=["2001:db8::10/64"], gateway="2001:db8::1", route_metric=50),
}
BRIDGE = csnet.BridgeProfile(
    name="br9", interface_name="br9", **_COMMON, **_IP, stp=False, priority=4096, forward_delay=4, hello_time=1,
    max_age=10, ageing_time=100, mac_address="52:54:00:00:00:01", vlan_filtering=True, multicast_snooping=False,
    group_forward_mask=8)
VLAN = csnet.VlanProfile(
    name="v9", interface_name="v9", parent="eth0", id=9, **_COMMON, **_IP, flags=5, ingress_priority_map={0: 1, 2: 3},
    egress_priority_map={4: 5})
BOND = csnet.BondProfile(name="bond9", interface_name="bond9", **_COMMON, **_IP, mode="802.3ad",
                         options={"miimon": "100", "xmit_hash_policy": "layer3+4"})
NIC = csnet.EthernetProfile(name="nic9", interface_name="nic9", **_COMMON, **_IP, mac_address="52:54:00:00:00:02",
                            coalesce={"rx-usecs": 50})
BRIDGE_PORT = csnet.EthernetProfile(
    name="port9", interface_name="port9", **_COMMON, controller="br9",
    port=csnet.BridgePort(priority=10, path_cost=20, hairpin_mode=True))
BOND_PORT = csnet.VlanProfile(name="port8", interface_name="port8", parent="eth0", id=8, **_COMMON, controller="bond9",
                              port=csnet.BondPort(queue_id=3))


@pytest.fixture
def session(host: Host) -> Iterator[csnet.Session]:
    with csnet.Session(bus_address=host.bus_address) as one:
        yield one
        for profile in one.profiles():
            one.remove(profile.uuid)


def add(session: csnet.Session, profile: Any) -> Any:
    """The profile as NetworkManager has it, with every default."""
    return session.find(session.add(profile))


def plain(profile: Any) -> Any:
    """The same profile with its necessary fields only."""
    needed = {"name": "plain", "interface_name": "plain0", "autoconnect": False}
    needed.update({name: getattr(profile, name) for name in ("parent", "id", "controller") if hasattr(profile, name)})
    return type(profile)(**needed, port=profile.port and type(profile.port)())


def value(profile: Any, path: str) -> Any:
    for name in path.split("."):
        profile = getattr(profile, name)
    return profile


def with_value(profile: Any, path: str, wanted: Any) -> Any:
    name, _, inner = path.partition(".")
    return profile.replace(**{name: with_value(getattr(profile, name), inner, wanted) if inner else wanted})


@pytest.mark.parametrize("profile, field, default", [
    (BRIDGE, "forward_delay", 15), (BRIDGE, "group_forward_mask", 0), (BRIDGE, "mtu", 0),
    (BRIDGE, "stp", True), (BRIDGE, "multicast_snooping", True), (BRIDGE, "autoconnect", True),
    (BRIDGE, "autoconnect_priority", 0), (BRIDGE, "zone", None), (BRIDGE, "cloned_mac_address", None),
    (BRIDGE, "mac_address", None), (NIC, "mac_address", None),
    (BRIDGE, "ipv4.gateway", None), (BRIDGE, "ipv6.gateway", None),
    (BRIDGE, "ipv4.routes", ()), (NIC, "ipv4.dns", ()), (NIC, "ipv4.dns_search", ()),
    (VLAN, "ipv4.route_metric", -1), (VLAN, "ipv6.route_metric", -1), (VLAN, "ipv4.may_fail", True),
    (VLAN, "ipv4.dad_timeout", -1),
    (VLAN, "flags", 1), (VLAN, "ingress_priority_map", {}), (VLAN, "egress_priority_map", {}),
    (BOND, "mode", "balance-rr"), (BOND, "options", {}), (BOND, "mtu", 0), (BOND, "cloned_mac_address", None),
    (NIC, "coalesce", {}),
    (BRIDGE_PORT, "port.priority", 32), (BRIDGE_PORT, "port.path_cost", 100), (BRIDGE_PORT, "port.hairpin_mode", False),
    (BOND_PORT, "port.queue_id", 0),
], ids=lambda given: given if isinstance(given, str) else getattr(given, "name", ""))
def test_the_field_goes_back_to_the_default_and_nothing_else_changes(
        profile: Any, field: str, default: Any, session: csnet.Session) -> None:
    before = add(session, profile)
    assert value(before, field) == value(profile, field) != default
    session.modify(profile.name, type(profile)(reset=[field]))
    after = session.find(before.uuid)
    assert value(after, field) == default
    if field != "autoconnect":  # of a profile that does not come up while the test runs
        assert value(add(session, plain(profile)), field) in (default, None)  # None: not even the setting is there
    assert after == with_value(before, field, default)


def test_addresses_go_back_with_the_method_and_the_gateway_that_need_them(session: csnet.Session) -> None:
    before = add(session, BRIDGE)
    for too_few in (["ipv4.addresses"], ["ipv4.addresses", "ipv4.gateway"], ["ipv4.addresses", "ipv4.method"]):
        with pytest.raises(csnet.InvalidError, match="^bridge 'br9': ipv4"):
            session.modify("br9", csnet.BridgeProfile(reset=too_few))
        assert session.find("br9") == before
    session.modify("br9", csnet.BridgeProfile(reset=["ipv4.addresses", "ipv4.method", "ipv4.gateway"]))
    assert session.find("br9") == before.replace(
        ipv4=before.ipv4.replace(addresses=[], method="auto", gateway=None))


def test_a_family_goes_back_as_a_whole(session: csnet.Session) -> None:
    before = add(session, BRIDGE)
    session.modify("br9", csnet.BridgeProfile(reset=["ipv4"]))
    assert session.find("br9") == before.replace(ipv4=add(session, plain(BRIDGE)).ipv4)


@pytest.mark.parametrize("profile", [BRIDGE_PORT, BOND_PORT], ids=["bridge port", "bond port"])
def test_without_a_controller_it_is_no_port_any_more(profile: Any, session: csnet.Session) -> None:
    before = add(session, profile)
    session.modify(profile.name, type(profile)(reset=["controller"]))
    after = session.find(before.uuid)
    assert (after.controller, after.port) == (None, None)
    assert after == before.replace(controller=None, port=None, ipv4=after.ipv4, ipv6=after.ipv6)
    assert (after.ipv4.method, after.ipv6.method) == ("auto", "auto")


def test_one_goes_back_while_another_changes(session: csnet.Session) -> None:
    before = add(session, BRIDGE)
    session.modify("br9", csnet.BridgeProfile(reset=["mtu", "ipv4.dns"], priority=8192,
                                              ipv4=csnet.Ip4Config(dns_search=["example.org"])))
    assert session.find("br9") == before.replace(
        mtu=0, priority=8192, ipv4=before.ipv4.replace(dns=[], dns_search=["example.org"]))


def test_what_was_never_mentioned_may_go_back_too(session: csnet.Session) -> None:
    for profile, fields in ((BRIDGE, ["mtu", "cloned_mac_address", "mac_address", "ipv4.gateway", "ipv4.dns", "zone"]),
                            (BOND, ["mode", "options", "mtu"]), (VLAN, ["flags", "ingress_priority_map", "ipv6"]),
                            (NIC, ["coalesce", "mac_address", "controller"]),
                            (BRIDGE_PORT, ["port.priority", "mtu", "ipv4.dns", "ipv6"])):
        before = add(session, plain(profile))
        session.modify("plain", type(profile)(reset=fields))
        assert session.find("plain") == before
        session.remove("plain")


@pytest.mark.parametrize("field", ["sttp", "ipv4.gatway", "port.id", "name", "uuid", "interface_name", "", "ipv4.",
                                   "mtu.", "reset"])
def test_a_name_that_is_no_field_is_refused_and_nothing_changes(field: str, session: csnet.Session) -> None:
    before = add(session, BRIDGE)
    with pytest.raises(csnet.InvalidError) as caught:
        session.modify("br9", csnet.BridgeProfile(priority=8192, reset=["mtu", field]))
    assert str(caught.value) == f"bridge 'br9': reset names '{field}', and there is no such field"
    assert "ipv4.gateway" in caught.value.hint
    assert session.find("br9") == before


def test_reset_is_not_stored(session: csnet.Session) -> None:
    assert add(session, plain(BRIDGE).replace(reset=["mtu"])).reset == ()
