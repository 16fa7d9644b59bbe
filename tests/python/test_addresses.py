"""MacAddress, IpAddress, Cidr, Route."""

import copy
import ipaddress
import pickle
from typing import Any, List

import csnet
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

addresses = st.one_of(
    strategies.mac_addresses, strategies.ip_addresses(), strategies.cidrs(), strategies.routes())
pairs = st.sampled_from([strategies.mac_addresses, strategies.ip_addresses(), strategies.cidrs(), strategies.routes()]
                        ).flatmap(lambda of: st.tuples(of, of))


@given(addresses)
def test_text_repr_pickle_and_copy_give_the_same_address(address: Any) -> None:
    cls = type(address)
    assert cls(str(address)) == address
    assert cls(address) == address
    assert repr(address) == f"{cls.__name__}('{address}')"
    for twin in (eval(repr(address), dict(vars(csnet))), pickle.loads(pickle.dumps(address)), copy.deepcopy(address)):
        assert twin == address
        assert hash(twin) == hash(address)
    assert f"{address:>80}" == f"{str(address):>80}"


@given(pairs)
def test_the_order_is_total(pair: Any) -> None:
    one, other = pair
    assert (one < other) + (one == other) + (one > other) == 1
    assert (one <= other) == (one < other or one == other)
    assert (one >= other) == (one > other or one == other)
    assert (one != other) == (not one == other)


def test_an_address_is_equal_to_no_str_and_to_no_other_class() -> None:
    assert csnet.Cidr("10.0.0.0/8") != "10.0.0.0/8"
    assert csnet.Cidr("10.0.0.0/8") != csnet.Route("10.0.0.0/8")
    with pytest.raises(TypeError, match="not supported between instances"):
        csnet.Cidr("10.0.0.0/8") < "10.0.0.0/8"  # type: ignore[operator]


def test_a_mac_address_reads_any_case_and_prints_as_network_manager_does() -> None:
    assert str(csnet.MacAddress("52-54-00-ab-cd-ef")) == "52:54:00:AB:CD:EF"
    assert csnet.MacAddress("01:80:c2:00:00:00").is_multicast
    assert not csnet.MacAddress("52:54:00:ab:cd:ef").is_multicast


@given(st.ip_addresses())
def test_an_ip_address_agrees_with_the_module_ipaddress(address: Any) -> None:
    ours = csnet.IpAddress(address)
    assert ours.packed == address.packed
    assert ours.is_ipv6 == (address.version == 6)
    assert ipaddress.ip_address(str(ours)) == address


@given(strategies.cidrs(), strategies.ip_addresses())
def test_a_cidr_agrees_with_the_module_ipaddress(cidr: Any, address: Any) -> None:
    theirs = ipaddress.ip_interface(str(cidr))
    assert csnet.Cidr(theirs) == cidr
    assert csnet.Cidr(theirs.network).prefix == cidr.prefix == theirs.network.prefixlen
    assert cidr.address == csnet.IpAddress(theirs.ip)
    assert cidr.is_ipv6 == (theirs.version == 6)
    assert (address in cidr) == (ipaddress.ip_address(str(address)) in theirs.network)


def test_what_lies_in_a_cidr_may_be_a_str() -> None:
    assert "192.168.100.1" in csnet.Cidr("192.168.100.10/24")
    assert "2001:db8::1" not in csnet.Cidr("192.168.100.10/24")
    with pytest.raises(TypeError, match="5 is not an IpAddress"):
        5 in csnet.Cidr("192.168.100.10/24")  # type: ignore[operator]


def test_a_route_is_made_of_its_text_or_of_its_parts() -> None:
    route = csnet.Route("10.0.0.0/8 192.168.100.1 100")
    assert route == csnet.Route("10.0.0.0/8", "192.168.100.1", 100)
    assert route == csnet.Route(ipaddress.ip_network("10.0.0.0/8"), next_hop=ipaddress.ip_address("192.168.100.1"),
                                metric=100)
    assert (route.destination, route.next_hop, route.metric) == (
        csnet.Cidr("10.0.0.0/8"), csnet.IpAddress("192.168.100.1"), 100)
    on_link = csnet.Route(csnet.Cidr("10.0.0.0/8"))
    assert (on_link.next_hop, on_link.metric, str(on_link)) == (None, None, "10.0.0.0/8")


@pytest.mark.parametrize("arguments", [["10.0.0.0/8", "::1"], ["10.0.0.0"], [""], ["10.0.0.0/8 192.168.100.1 x"]])
def test_a_route_that_does_not_read_so_is_invalid(arguments: List[str]) -> None:
    with pytest.raises(csnet.InvalidError):
        csnet.Route(*arguments)


def test_the_parts_of_a_route_are_named_when_they_are_wrong() -> None:
    with pytest.raises(csnet.InvalidError, match="^Route.next_hop: 'x' is not an IP address"):
        csnet.Route("10.0.0.0/8", "x")
    with pytest.raises(TypeError, match="^Route.metric: True is not an int"):
        csnet.Route("10.0.0.0/8", metric=True)
    with pytest.raises(csnet.InvalidError, match="^Route.metric: -1 is not in the range 0 to 4294967295"):
        csnet.Route("10.0.0.0/8", metric=-1)


@pytest.mark.parametrize("cls", strategies.ADDRESS_CLASSES, ids=strategies.name_of)
def test_another_type_is_refused_by_name(cls: Any) -> None:
    for wrong in (None, 5, b"10.0.0.1", object()):
        with pytest.raises(TypeError, match=rf"^{cls.__name__}.* is not an? "):
            cls(wrong)


@given(st.ip_addresses())
def test_link_local_is_what_pythons_own_module_calls_so(address: Any) -> None:
    for one in (address, ipaddress.ip_address(bytes([0xFE, 0x80 | address.packed[0] & 0x3F]) + bytes(14))):
        assert csnet.IpAddress(str(one)).is_ipv6_link_local is (one.version == 6 and one.is_link_local)
