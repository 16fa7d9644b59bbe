"""The recipe, validation and rendering: what needs no daemon."""

import configparser
from typing import Any, List

import csnet
import pytest
import strategies
from hypothesis import given, settings

MANUAL = csnet.ManagementNetwork(
    uplinks=["eth0"], vlan=100, addresses=["192.168.100.10/24"], gateway="192.168.100.1", servers=["192.168.100.2"])
some = settings(max_examples=60)


def keyfile(profile: strategies.Profile) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, delimiters=["="], strict=True)
    parsed.read_string(csnet.render(profile))
    return parsed


def errors(what: Any) -> List[csnet.Finding]:
    return [found for found in csnet.validate(what) if found.severity is csnet.Severity.error]


def test_the_manuals_steps_become_three_profiles_from_the_nic_up() -> None:
    profiles = MANUAL.desired().wanted.profiles
    assert [(type(profile), profile.name) for profile in profiles] == [
        (csnet.EthernetProfile, "eth0"), (csnet.VlanProfile, "eth0.100"), (csnet.BridgeProfile, "cloudbr0")]
    vlan, bridge = profiles[1], profiles[2]
    assert isinstance(vlan, csnet.VlanProfile)
    assert (vlan.parent, vlan.id, vlan.controller, vlan.port) == ("eth0", 100, "cloudbr0", csnet.BridgePort())
    assert bridge.ipv4 is not None
    assert (bridge.ipv4.method, bridge.ipv4.addresses) == ("manual", (csnet.Cidr("192.168.100.10/24"),))


def test_the_scaling_logic_puts_two_nics_into_a_bond() -> None:
    profiles = MANUAL.replace(uplinks=["eth0", "eth1"]).desired().wanted.profiles
    bonds = [profile for profile in profiles if isinstance(profile, csnet.BondProfile)]
    ports = [profile for profile in profiles if isinstance(profile, csnet.EthernetProfile)]
    assert [(bond.interface_name, bond.mode) for bond in bonds] == [("bond0", "802.3ad")]
    assert [port.interface_name for port in ports] == ["eth0", "eth1"]
    assert [port.port for port in ports] == [csnet.BondPort()] * 2


def test_a_wrong_recipe_is_refused_and_every_problem_of_it_is_found() -> None:
    wrong = MANUAL.replace(vlan=4095, uplinks=[])
    assert [str(finding).partition(": ")[2] for finding in errors(wrong)] == [
        "uplinks: is empty", "vlan: 4095 is not a VLAN id (1 to 4094)"]
    with pytest.raises(csnet.InvalidError):
        wrong.desired()
    assert errors(MANUAL) == []


def test_a_wrong_state_is_found_wrong() -> None:
    state = csnet.HostState(profiles=[csnet.VlanProfile(name="v", interface_name="v", parent="eth0", id=4095)])
    assert any("4095" in finding.message for finding in errors(state))
    assert csnet.validate(csnet.HostState()) == ()


def test_slaves_are_what_nmcli_makes() -> None:
    assert csnet.bridge_slave("eth0.100", "eth0.100", "cloudbr0") == csnet.EthernetProfile(
        name="eth0.100", interface_name="eth0.100", controller="cloudbr0", port=csnet.BridgePort())
    assert csnet.bond_slave(name="p", interface_name="eth1", controller="bond0", port=csnet.BondPort(queue_id=2)) == (
        csnet.EthernetProfile(name="p", interface_name="eth1", controller="bond0", port=csnet.BondPort(queue_id=2)))


def test_a_profile_renders_as_network_managers_keyfile() -> None:
    vlan = keyfile(MANUAL.desired().wanted.profiles[1])
    assert vlan["connection"]["type"] == "vlan"
    assert (vlan["connection"]["master"], vlan["connection"]["slave-type"]) == ("cloudbr0", "bridge")
    assert (vlan["vlan"]["id"], vlan["vlan"]["parent"]) == ("100", "eth0")
    bridge = keyfile(MANUAL.replace(stp=False).desired().wanted.profiles[2])
    assert bridge["bridge"]["stp"] == "false"
    assert "192.168.100.10/24" in bridge["ipv4"]["address1"]


def test_a_profile_that_cannot_be_right_is_not_rendered() -> None:
    with pytest.raises(csnet.InvalidError, match="4095"):
        csnet.render(csnet.VlanProfile(name="v", interface_name="v", parent="eth0", id=4095))


@some
@given(strategies.profiles())
def test_every_random_profile_is_valid_and_renders_the_same_twice(profile: strategies.Profile) -> None:
    assert errors(csnet.HostState(profiles=[profile])) == []
    assert csnet.render(profile) == csnet.render(profile)
    assert keyfile(profile)["connection"]["type"] == type(profile).type


@some
@given(strategies.host_states())
def test_every_random_state_is_valid(state: csnet.HostState) -> None:
    assert errors(state) == []


@some
@given(strategies.values(csnet.HostState))
def test_validate_raises_nothing_whatever_the_state(state: csnet.HostState) -> None:
    assert all(isinstance(finding, csnet.Finding) for finding in csnet.validate(state))


@some
@given(strategies.values(csnet.ManagementNetwork))
def test_a_recipe_is_refused_exactly_when_an_error_is_found(recipe: csnet.ManagementNetwork) -> None:
    if errors(recipe):
        with pytest.raises(csnet.InvalidError):
            recipe.desired()
    else:
        assert recipe.desired().wanted.profiles
