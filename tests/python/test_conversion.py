"""What the fields accept, and how they say what they do not."""

import enum
import ipaddress
from typing import Any, Callable

import csnet
import pytest


anything: Any = csnet  # for what a type checker refuses before csnet can


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises((TypeError, csnet.InvalidError)) as error:
        call()
    kind = "TypeError" if error.type is TypeError else "InvalidError"
    return f"{kind}: {error.value}"


@pytest.mark.parametrize("call, message", [
    (lambda: anything.BridgeProfile(stp="yes"), "TypeError: BridgeProfile.stp: 'yes' is not a bool"),
    (lambda: anything.BridgeProfile(stp=1), "TypeError: BridgeProfile.stp: 1 is not a bool"),
    (lambda: anything.VlanProfile(id=True), "TypeError: VlanProfile.id: True is not an int"),
    (lambda: anything.VlanProfile(id=1.0), "TypeError: VlanProfile.id: 1.0 is not an int"),
    (lambda: anything.VlanProfile(id="100"), "TypeError: VlanProfile.id: '100' is not an int"),
    (lambda: anything.VlanProfile(id=-1), "InvalidError: VlanProfile.id: -1 is not in the range 1 to 4094"),
    (lambda: anything.VlanProfile(id=2**40),
     f"InvalidError: VlanProfile.id: {2**40} is not in the range 1 to 4094"),
    (lambda: anything.VlanProfile(id=-(2**80)),
     f"InvalidError: VlanProfile.id: {-(2**80)} is not in the range 1 to 4094"),
    (lambda: anything.BridgeProfile(name=None), "TypeError: BridgeProfile.name: None is not a str"),
    (lambda: anything.BridgeProfile(name=b"br0"), "TypeError: BridgeProfile.name: b'br0' is not a str"),
    (lambda: anything.BridgeProfile(name="a\0b"),
     "InvalidError: BridgeProfile.name: 'a\\x00b' holds a null character"),
    (lambda: anything.BridgeProfile(name="\ud800"),
     "InvalidError: BridgeProfile.name: '\\ud800' is not valid UTF-8"),
    (lambda: anything.BridgeProfile(port=5), "TypeError: BridgeProfile.port: 5 is not a BridgePort or BondPort"),
    (lambda: anything.BridgeProfile(ipv4=csnet.Ip6Config()),
     "TypeError: BridgeProfile.ipv4: Ip6Config() is not an Ip4Config"),
    (lambda: anything.Ip4Config(addresses="10.0.0.1/8"),
     "TypeError: Ip4Config.addresses: '10.0.0.1/8' is not a list[Cidr]"),
    (lambda: anything.Ip4Config(dns={"10.0.0.1": 1}), "TypeError: Ip4Config.dns: {'10.0.0.1': 1} is not a list[str]"),
    (lambda: anything.Ip4Config(addresses=["10.0.0.1/8", "10.0.0.2"]),
     "InvalidError: Ip4Config.addresses[1]: '10.0.0.2' is not an address with its prefix"),
    (lambda: anything.Ip4Config(addresses=["10.0.0.1/8", 5]),
     "TypeError: Ip4Config.addresses[1]: 5 is not a Cidr, str, or interface or network of the module ipaddress"),
    (lambda: anything.Ip4Config(gateway="10.0.0.1/8"),
     "InvalidError: Ip4Config.gateway: '10.0.0.1/8' is not an IP address"),
    (lambda: anything.Ip4Config(gateway=ipaddress.ip_interface("10.0.0.1/8")),
     "TypeError: Ip4Config.gateway: IPv4Interface('10.0.0.1/8') is not an IpAddress, str, ipaddress.IPv4Address or "
     "ipaddress.IPv6Address"),
    (lambda: anything.BondProfile(options={"miimon": 100}),
     "TypeError: BondProfile.options['miimon']: 100 is not a str"),
    (lambda: anything.BondProfile(options=["miimon"]),
     "TypeError: BondProfile.options: ['miimon'] is not a dict[str, str]"),
    (lambda: anything.VlanProfile(ingress_priority_map={-1: 0}),
     "InvalidError: VlanProfile.ingress_priority_map[-1]: -1 is not in the range 0 to 4294967295"),
    (lambda: anything.EthernetProfile(mac_address="52:54"),
     "InvalidError: EthernetProfile.mac_address: '52:54' is not an Ethernet address"),
    (lambda: anything.HostState(profiles=[csnet.HostState()]),
     "TypeError: HostState.profiles[0]: HostState() is not a BridgeProfile or VlanProfile or BondProfile or "
     "EthernetProfile"),
    (lambda: anything.Finding(severity="error"), "TypeError: Finding.severity: 'error' is not a Severity"),
    (lambda: anything.Finding(severity=csnet.ErrorKind.invalid),
     "TypeError: Finding.severity: <ErrorKind.invalid: 'invalid'> is not a Severity"),
    (lambda: anything.BridgeProfile(name=["x" * 100]),
     "TypeError: BridgeProfile.name: ['" + "x" * 78 + "… is not a str"),
    (lambda: anything.render("cloudbr0"),
     "TypeError: render: 'cloudbr0' is not a BridgeProfile or VlanProfile or BondProfile or EthernetProfile"),
    (lambda: anything.validate(None), "TypeError: validate: None is not a Request or HostState or ManagementNetwork"),
    (lambda: anything.bridge_slave("a", 5, "c"), "TypeError: bridge_slave.interface_name: 5 is not a str"),
    (lambda: anything.bond_slave("a", "b", "c", csnet.BridgePort()),
     "TypeError: bond_slave.port: BridgePort() is not a BondPort"),
])
def test_a_refusal_names_the_field_and_the_value(call: Callable[[], Any], message: str) -> None:
    assert refusal(call) == message


def test_a_value_that_its_type_holds_is_left_for_validate() -> None:
    # So that validate() can tell every problem at once.
    assert csnet.VlanProfile(id=4095).id == 4095


def test_an_addresss_error_keeps_its_hint_and_names_the_field_as_its_subject() -> None:
    with pytest.raises(csnet.InvalidError) as error:
        csnet.Ip4Config(addresses=["10.0.0.1"])
    assert error.value.subject == "Ip4Config.addresses[0]"
    assert error.value.hint == "write the prefix too, 10.0.0.1/24"


def test_lists_take_any_iterable() -> None:
    wanted = csnet.Ip4Config(addresses=["10.0.0.1/8", "10.0.0.2/8"])
    texts = ["10.0.0.1/8", "10.0.0.2/8"]
    assert csnet.Ip4Config(addresses=tuple(texts)) == wanted
    assert csnet.Ip4Config(addresses=(text for text in texts)) == wanted
    assert csnet.Ip4Config(addresses=map(csnet.Cidr, texts)) == wanted
    assert csnet.Ip4Config(addresses=dict.fromkeys(texts).keys()) == wanted
    assert csnet.Ip4Config(addresses=[ipaddress.ip_interface(text) for text in texts]) == wanted


def test_an_error_inside_of_an_iterable_comes_through() -> None:
    def broken() -> Any:
        yield "10.0.0.1/8"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        csnet.Ip4Config(addresses=broken())


def test_an_int_enum_is_an_int() -> None:
    class Vlan(enum.IntEnum):
        management = 100

    assert csnet.VlanProfile(id=Vlan.management).id == 100


def test_addresses_are_taken_from_the_module_ipaddress() -> None:
    config = csnet.Ip6Config(gateway=ipaddress.ip_address("2001:db8::1"))
    assert config.gateway == csnet.IpAddress("2001:db8::1")
    recipe = csnet.ManagementNetwork(servers=[ipaddress.IPv4Address("192.0.2.1"), "192.0.2.2"])
    assert recipe.servers == (csnet.IpAddress("192.0.2.1"), csnet.IpAddress("192.0.2.2"))
