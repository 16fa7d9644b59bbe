"""Random values of every class of csnet, for hypothesis.

There are two kinds. `values()` fills any field with any value of its type, sensible or not: for functions that must
work with every value, such as printing and pickling. `profiles()` and `host_states()` make values without errors of
validate(): for functions that need NetworkManager, rendering, or a daemon.
"""

import string
from typing import Any, Callable, Dict, List, Optional, Type, Union

import csnet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# A busy machine must not fail a test, and a test run leaves nothing behind in the checkout.
settings.register_profile("csnet", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("csnet")

Strategy = st.SearchStrategy[Any]
Profile = Union[csnet.BridgeProfile, csnet.VlanProfile, csnet.BondProfile, csnet.EthernetProfile]

VALUE_CLASSES: List[Type[Any]] = [
    csnet.Ip4Config, csnet.Ip6Config, csnet.BridgePort, csnet.BondPort, csnet.BridgeProfile, csnet.VlanProfile,
    csnet.BondProfile, csnet.EthernetProfile, csnet.Probe, csnet.Device, csnet.Link, csnet.HostState, csnet.Request,
    csnet.Facts, csnet.Finding,
    csnet.ManagementNetwork, csnet.Change, csnet.Step, csnet.PlanOptions, csnet.Plan, csnet.Progress, csnet.Report,
    csnet.Transaction,
]
ADDRESS_CLASSES: List[Type[Any]] = [csnet.MacAddress, csnet.IpAddress, csnet.Cidr, csnet.Route]

# Every character that a str may hold and UTF-8 and C can: no half of a surrogate pair, no null.
text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)
uint32 = st.integers(0, 2**32 - 1)
int32 = st.integers(-(2**31), 2**31 - 1)
# Whole milliseconds, up to the 24 days that a time may last.
seconds = st.integers(0, 2_147_483_000).map(lambda milliseconds: milliseconds / 1000)
mac_addresses = st.binary(min_size=6, max_size=6).map(lambda raw: csnet.MacAddress(raw.hex(":")))


def ip_addresses(version: Optional[int] = None) -> Strategy:
    return st.ip_addresses(v=version).map(csnet.IpAddress)


def cidrs(version: Optional[int] = None) -> Strategy:
    def with_prefix(address: Any) -> Strategy:
        longest = address.max_prefixlen
        return st.integers(0, longest).map(lambda prefix: csnet.Cidr(f"{address}/{prefix}"))

    return st.ip_addresses(v=version).flatmap(with_prefix)


def routes(version: Optional[int] = None) -> Strategy:
    if version is None:
        return st.sampled_from([4, 6]).flatmap(routes)
    return st.builds(csnet.Route, cidrs(version), st.none() | ip_addresses(version), st.none() | uint32)


_OF_TYPE: Dict[str, Callable[[], Strategy]] = {
    "bool": st.booleans,
    "str": lambda: text,
    "MacAddress": lambda: mac_addresses,
    "IpAddress": ip_addresses,
    "Cidr": cidrs,
    "Route": routes,
    "float": lambda: seconds,
    "Severity": lambda: st.sampled_from(csnet.Severity),
    "Action": lambda: st.sampled_from(csnet.Action),
    "ProgressPhase": lambda: st.sampled_from(csnet.ProgressPhase),
    "ProgressAction": lambda: st.sampled_from(csnet.ProgressAction),
    "ProgressOutcome": lambda: st.sampled_from(csnet.ProgressOutcome),
    "TransactionState": lambda: st.sampled_from(csnet.TransactionState),
    "LacpState": lambda: st.sampled_from(csnet.LacpState),
    "ProbeType": lambda: st.sampled_from(csnet.ProbeType),
    "BridgePort | BondPort": lambda: values(csnet.BridgePort) | values(csnet.BondPort),
    "BridgeProfile | VlanProfile | BondProfile | EthernetProfile":
        lambda: st.one_of([values(cls) for cls in VALUE_CLASSES if cls.__name__.endswith("Profile")]),
    **{cls.__name__: (lambda cls=cls: values(cls)) for cls in VALUE_CLASSES},  # type: ignore[misc]
}


def name_of(cls: Type[Any]) -> str:
    """For pytest's ids."""
    return cls.__name__


def field_type(cls: Type[Any], field: str) -> str:
    """"int | None" of VlanProfile.id: a property's docstring begins with it."""
    doc: str = getattr(cls, field).__doc__
    return doc.split(":")[0]


def of_type(name: str, integers: Strategy) -> Strategy:
    if name.endswith(" | None"):
        return st.none() | of_type(name[: -len(" | None")], integers)
    if name.startswith("tuple["):
        return st.lists(of_type(name[len("tuple["):-len(", ...]")], integers), max_size=3)
    if name.startswith("dict["):
        key, value = name[len("dict["):-1].split(", ")
        return st.dictionaries(of_type(key, integers), of_type(value, integers), max_size=3)
    return integers if name == "int" else _OF_TYPE[name]()


def fields(cls: Type[Any]) -> Dict[str, Strategy]:
    """A strategy for each field of a class: a new field of C++ is tried without a change here."""
    signed = {"autoconnect_priority": int32, "dad_timeout": int32, "route_metric": st.integers(-(2**63), 2**63 - 1)}
    return {name: of_type(field_type(cls, name), signed.get(name, uint32)) for name in cls.__match_args__}


def keywords(cls: Type[Any]) -> Strategy:
    """Keyword arguments for the class: any of its fields, each with any value of its type."""
    return st.fixed_dictionaries({}, optional=fields(cls))


def values(cls: Type[Any]) -> Strategy:
    return keywords(cls).map(lambda given: cls(**given))


# ------------------------------------------------------------------------------- what NetworkManager accepts

interface_names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=11).map(lambda name: f"cs{name}")
# No profile has an interface's name: a parent or controller is looked up by either.
names = st.text(string.ascii_letters + string.digits + " ._-äß", min_size=1, max_size=20).map(lambda name: f"n{name}")
mtus = st.integers(1280, 9000)


def _mentioned(**strategies: Strategy) -> Strategy:
    return st.fixed_dictionaries({}, optional=strategies)


def ip4_configs() -> Strategy:
    """Static, disabled, or DHCP: never with a gateway outside of an address's network."""
    static = st.integers(1, 250).map(lambda host: csnet.Ip4Config(
        method="manual", addresses=[f"192.0.2.{host}/24"], gateway="192.0.2.254", dns=["198.51.100.53"],
        routes=["203.0.113.0/24 192.0.2.253 50"]))
    return static | st.sampled_from([csnet.Ip4Config(method="disabled"), csnet.Ip4Config(method="auto")])


def ip6_configs() -> Strategy:
    static = st.integers(1, 0xFFFF).map(lambda host: csnet.Ip6Config(
        method="manual", addresses=[f"2001:db8::{host:x}/64"], dns_search=["example.com"]))
    return static | st.sampled_from([csnet.Ip6Config(method="disabled"), csnet.Ip6Config(method="link-local")])


_COMMON = {
    "autoconnect": st.booleans(), "autoconnect_priority": st.integers(-999, 999), "mtu": mtus,
    "ipv4": ip4_configs(), "ipv6": ip6_configs(),
}
bridge_profiles = st.builds(
    lambda name, interface, more: csnet.BridgeProfile(name=name, interface_name=interface, **more),
    names, interface_names, _mentioned(
        **_COMMON, stp=st.booleans(), priority=st.integers(0, 65535), forward_delay=st.integers(2, 30),
        hello_time=st.integers(1, 10), max_age=st.integers(6, 40), ageing_time=st.integers(0, 1000000),
        vlan_filtering=st.booleans(), multicast_snooping=st.booleans()))
vlan_profiles = st.builds(
    lambda name, interface, parent, number, more: csnet.VlanProfile(
        name=name, interface_name=f"v{interface}", parent=parent, id=number, **more),
    names, interface_names, interface_names, st.integers(1, 4094),
    _mentioned(**_COMMON, flags=st.sampled_from([0, 1, 2, 3])))
bond_profiles = st.builds(
    lambda name, interface, mode, more: csnet.BondProfile(name=name, interface_name=interface, mode=mode, **more),
    names, interface_names, st.sampled_from(["balance-rr", "active-backup", "balance-xor", "802.3ad"]),
    _mentioned(**_COMMON, options=st.integers(1, 1000).map(lambda every: {"miimon": str(every)})))
ethernet_profiles = st.builds(
    lambda name, interface, more: csnet.EthernetProfile(name=name, interface_name=interface, **more),
    names, interface_names, _mentioned(**_COMMON, cloned_mac_address=st.sampled_from(["preserve", "random", "stable"])))


def profiles() -> Strategy:
    """A profile that validate() finds no error in, of any type."""
    return bridge_profiles | vlan_profiles | bond_profiles | ethernet_profiles


def _place(profile: Profile) -> object:
    """The values that no two profiles of a state may share: the interface, and a VLAN's parent and number."""
    if isinstance(profile, csnet.VlanProfile):
        return profile.parent, profile.id
    return profile.interface_name


def _on_one_host(together: List[Profile]) -> csnet.HostState:
    """Each static address in networks of its own, one gateway of a family, and no VLAN with more than its parent's MTU.

    A shared address or a second default gateway is an error of two profiles together.
    """
    mtus_of = {profile.interface_name: profile.mtu for profile in together}
    fitting: List[Profile] = []
    gateway: Optional[str] = "254"
    for number, profile in enumerate(together):
        if profile.ipv4 and profile.ipv4.addresses:
            host = str(profile.ipv4.addresses[0].address).rsplit(".", 1)[1]
            profile = profile.replace(ipv4=profile.ipv4.replace(
                addresses=[f"198.18.{number}.{host}/24"], gateway=gateway and f"198.18.{number}.{gateway}",
                routes=[f"203.0.113.0/24 198.18.{number}.253 50"]))
            gateway = None
        if profile.ipv6 and profile.ipv6.addresses:
            profile = profile.replace(ipv6=profile.ipv6.replace(
                addresses=[str(profile.ipv6.addresses[0]).replace("2001:db8::", f"2001:db8:0:{number + 1}::")]))
        if isinstance(profile, csnet.VlanProfile) and mtus_of.get(profile.parent or ""):
            profile = profile.replace(mtu=None)
        fitting.append(profile)
    return csnet.HostState(profiles=fitting)


def host_states() -> Strategy:
    """A few valid profiles that one host can have at once."""
    return st.lists(profiles(), max_size=4, unique_by=(lambda profile: str(profile.interface_name), _place)).map(
        _on_one_host)
