"""activate(), deactivate(), modify() and remove() mean what they say, in the kernel."""

import re
import threading

import pytest
from topology import ADDRESS, PORT, RECIPE, SERVER, Picture, bridge_ports, eventually, flag

import csnet
from csnet_lab import Lab


def test_activate_of_the_bridge_returns_when_its_port_has_joined(picture: Picture) -> None:
    with picture.session() as session:
        session.add_all(RECIPE.desired().profiles)
        session.activate("cloudbr0")
        port = bridge_ports(picture.host)[PORT]
    assert (port["master"], port["state"]) == ("cloudbr0", "forwarding")
    links = picture.host.links()
    assert all(flag(links[name], "LOWER_UP") for name in ("eth0", PORT, "cloudbr0"))
    assert f"{ADDRESS}/24" in picture.host.addresses("cloudbr0")
    picture.host.ping(SERVER)


def test_activate_brings_up_what_does_not_come_by_itself(picture: Picture) -> None:
    with picture.session() as session:
        session.add_all([profile.replace(autoconnect=False) for profile in RECIPE.desired().profiles])
        assert "cloudbr0" not in picture.host.links()
        session.activate("cloudbr0")
        assert bridge_ports(picture.host)[PORT]["master"] == "cloudbr0"
    picture.host.ping(SERVER)


def test_activate_of_what_is_active_leaves_it_alone(picture: Picture) -> None:
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.desired().profiles))
        before = picture.host.networkmanager.log().count("Activation: starting connection")
        session.activate("cloudbr0", PORT)
    assert picture.host.networkmanager.log().count("Activation: starting connection") == before


def test_changed_address_is_live_after_activate(picture: Picture) -> None:
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.desired().profiles))
        changes = csnet.BridgeProfile(ipv4=csnet.Ip4Config(addresses=["192.168.100.11/24"]))
        session.modify("cloudbr0", changes)
        assert f"{ADDRESS}/24" in picture.host.addresses("cloudbr0")  # the running interface waits for activate()
        session.activate("cloudbr0")
        addresses = picture.host.addresses("cloudbr0")
        assert bridge_ports(picture.host)[PORT]["master"] == "cloudbr0"
    assert "192.168.100.11/24" in addresses
    assert f"{ADDRESS}/24" not in addresses
    picture.server.ping("192.168.100.11")
    picture.host.ping(SERVER)


def test_deactivate_returns_although_another_profile_comes_up_there_at_once(picture: Picture) -> None:
    """NetworkManager brings that one up at once, and the interface is never seen without a profile."""
    fields = {"interface_name": "eth0", "ipv6": csnet.Ip6Config(method="disabled"),
              "ipv4": csnet.Ip4Config(method="manual", addresses=["192.0.2.5/24"])}
    with picture.session() as session:
        for turn in range(5):
            leaves = session.add(csnet.EthernetProfile(name=f"leaves{turn}", **fields))
            session.activate(leaves)
            follows = session.add(csnet.EthernetProfile(name=f"follows{turn}", **fields))
            session.deactivate(leaves)
            eth0 = next(device for device in session.devices() if device.interface_name == "eth0")
            assert eth0.profile != leaves
            session.remove(follows)
            session.remove(leaves)


def test_deactivate_releases_the_ports_and_activate_takes_them_again(picture: Picture) -> None:
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.desired().profiles))
        session.deactivate("cloudbr0")
        assert "cloudbr0" not in picture.host.links()
        assert bridge_ports(picture.host) == {}
        assert "eth0" in picture.host.links()
        assert session.find("cloudbr0") is not None
        session.deactivate("cloudbr0")  # it is inactive already: nothing happens
        session.activate("cloudbr0")
        assert bridge_ports(picture.host)[PORT]["master"] == "cloudbr0"
    picture.host.ping(SERVER)


def test_remove_takes_the_profile_and_its_interface(picture: Picture) -> None:
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.desired().profiles))
        session.remove("cloudbr0")
        assert session.find("cloudbr0") is None
        assert eventually(lambda: "cloudbr0" not in picture.host.links())
        assert not (picture.host.system_connections / "cloudbr0.nmconnection").exists()
        with pytest.raises(csnet.NotFoundError):
            session.activate("cloudbr0")
        # The port's profile remains, and names its missing controller.
        with pytest.raises(csnet.Error, match=f"{PORT}.*(?i:master|controller)"):
            session.activate(PORT, timeout=30)
        session.remove(PORT)
        assert eventually(lambda: set(picture.host.links()) == {"lo", "eth0"})
    picture.host.reboot()
    assert set(picture.host.links()) == {"lo", "eth0"}


@pytest.mark.kernel
def test_cable_that_is_out_is_a_timeout_that_names_the_port(picture: Picture) -> None:
    picture.host.unplug("eth0")
    with picture.session() as session:
        session.add_all(RECIPE.desired().profiles)
        with pytest.raises(csnet.TimeoutError) as late:
            session.activate("cloudbr0", timeout=8)  # long enough for all that does come up to be up
        assert late.value.subject == "bridge 'cloudbr0'"
        assert "without a carrier, as are ethernet 'eth0', vlan 'eth0.100'" in str(late.value)
        # NetworkManager goes on, as the hint says.
        picture.host.plug("eth0")
        session.activate("cloudbr0")
    picture.host.ping(SERVER)


def test_nic_that_is_not_there_is_refused_at_once(picture: Picture) -> None:
    with picture.session() as session:
        session.add_all(RECIPE.replace(uplinks=["eth7"]).desired().profiles)
        no_device = re.escape(f"'eth7{PORT[4:]}': ") + ".*(compatible|suitable) device"
        with pytest.raises(csnet.NotFoundError, match=no_device):
            session.activate("cloudbr0", timeout=60)  # it would be a TimeoutError if it waited


@pytest.mark.kernel
def test_bond_comes_up_with_one_nic_of_two(lab: Lab) -> None:
    """The other profile's NIC does not exist: for the bond that is one cable less."""
    picture = Picture(lab, ["eth0"])
    recipe = RECIPE.replace(uplinks=["eth0", "eth9"], bond_mode="active-backup", bond_options={"miimon": "100"})
    with picture.session() as session:
        session.add_all(recipe.desired().profiles)
        session.activate("cloudbr0")
        assert bridge_ports(picture.host)["bond0.100"]["master"] == "cloudbr0"
        assert picture.host.links()["eth0"]["master"] == "bond0"
        # A port that the caller names must not be skipped.
        with pytest.raises(csnet.NotFoundError, match="'eth9'"):
            session.activate("eth9", timeout=30)
    picture.host.ping(SERVER)


@pytest.mark.kernel
def test_cable_of_a_bond_that_is_put_in_ends_the_wait(lab: Lab) -> None:
    picture = Picture(lab, ["eth0"])
    recipe = RECIPE.replace(uplinks=["eth0", "eth9"], bond_mode="active-backup", bond_options={"miimon": "100"})
    picture.host.unplug("eth0")
    with picture.session() as session:
        session.add_all(recipe.desired().profiles)
        with pytest.raises(csnet.TimeoutError):
            session.activate("bond0", timeout=8)
        plug = threading.Timer(2, picture.host.plug, ["eth0"])
        plug.start()
        session.activate("bond0", timeout=60)
        assert flag(picture.host.links()["bond0"], "LOWER_UP")
        plug.join()
