"""The manual's step 4 as it is typed, NetworkManager's answer, and the recipe's way instead.

`nmcli con add type bridge-slave` makes a profile of type ethernet, and a VLAN device accepts vlan profiles only.
"""

import pytest
from topology import ADDRESS, RECIPE, SERVER, Picture, bridge_ports

import csnet
from csnet_lab import Host

pytestmark = pytest.mark.kernel

#: Of 1.42, 1.52 and 1.58. (`nmcli con up eth0.100 ifname eth0.100` says "The connection was not a VLAN connection".)
WORDS = r"No suitable device found for this connection .*mismatching interface name"


def step_2(host: Host) -> None:
    """Makes the VLAN with ip, so that it is external to NetworkManager."""
    host.ip(
        "link set dev eth0 up",
        "link add link eth0 name eth0.100 type vlan id 100",
        "link set dev eth0.100 up",
    )


def steps_3_to_5(session: csnet.Session) -> str:
    address = csnet.Ip4Config(method="manual", addresses=[f"{ADDRESS}/24"])
    session.add(csnet.BridgeProfile(name="cloudbr0", interface_name="cloudbr0", ipv4=address))
    return session.add(csnet.bridge_slave("eth0.100", "eth0.100", "cloudbr0"))


@pytest.mark.parametrize("vlan_exists", [True, False], ids=["with eth0.100", "without eth0.100"])
def test_networkmanager_refuses_it(picture: Picture, vlan_exists: bool) -> None:
    if vlan_exists:
        step_2(picture.host)
    with picture.session() as session:
        uuid = steps_3_to_5(session)
        (slave,) = [profile for profile in session.profiles() if profile.uuid == uuid]
        assert slave.type == "ethernet"
        assert slave.controller == "cloudbr0"
        # By its own name, and as the bridge's only port: the same answer, without waiting for the timeout.
        for which in ("eth0.100", "cloudbr0"):
            with pytest.raises(csnet.NotFoundError, match=WORDS) as refused:
                session.activate(which, timeout=60)
            print(f"{which}: {refused.value}\n  hint: {refused.value.hint}")
            assert refused.value.kind is csnet.ErrorKind.not_found
            assert refused.value.subject == "ethernet 'eth0.100'"
    assert bridge_ports(picture.host) == {}
    if vlan_exists:
        assert "master" not in picture.host.links()["eth0.100"]


def test_vlan_profile_as_the_port_takes_the_vlan_over_in_place(picture: Picture) -> None:
    step_2(picture.host)
    before = picture.host.links()["eth0.100"]
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.desired().profiles))
        assert bridge_ports(picture.host)["eth0.100"]["master"] == "cloudbr0"
    after = picture.host.links()["eth0.100"]
    assert after["ifindex"] == before["ifindex"]
    assert after["linkinfo"]["info_data"]["id"] == 100
    picture.host.ping(SERVER)
    picture.server.ping(ADDRESS)


def test_recipe_replaces_what_step_4_left(picture: Picture) -> None:
    step_2(picture.host)
    with picture.session() as session:
        session.remove(steps_3_to_5(session))
        session.remove("cloudbr0")
        session.activate(*session.add_all(RECIPE.desired().profiles))
        assert bridge_ports(picture.host)["eth0.100"]["master"] == "cloudbr0"
    picture.host.ping(SERVER)
