"""The recipe without a VLAN, with IPv6, and with STP."""

import time

import pytest
from topology import ADDRESS, RECIPE, SERVER, Picture, bridge_ports, flag

import csnet
from csnet_lab import Lab

pytestmark = pytest.mark.kernel


def test_untagged(lab: Lab) -> None:
    picture = Picture(lab, ["eth0"], vlan=None)
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.replace(vlan=None).desired().profiles))
        assert bridge_ports(picture.host)["eth0"]["master"] == "cloudbr0"
    with picture.capture() as frames:
        picture.host.ping(SERVER)
        frames.expect(rf"IPv4 .*{ADDRESS} > {SERVER}: ICMP echo request")
        picture.server.ping(ADDRESS)
        frames.expect(rf"IPv4 .*{SERVER} > {ADDRESS}: ICMP echo request")
        assert picture.host.connects(SERVER, 8250)
        frames.expect(rf"{SERVER}\.8250 > {ADDRESS}\.")
    assert [line for line in frames.lines if "802.1Q" in line] == []
    picture.host.reboot()
    assert picture.host.links()["cloudbr0"]["address"] == picture.host.nics["eth0"].mac
    picture.host.ping(SERVER)


def test_dual_stack(picture: Picture) -> None:
    picture.server.ip("address replace fd00:100::2/64 dev eth0 nodad")
    recipe = RECIPE.replace(addresses=[f"{ADDRESS}/24", "fd00:100::10/64"], gateway6="fd00:100::1")
    with picture.session() as session:
        session.activate(*session.add_all(recipe.desired().profiles))
        tentative = picture.host.run(["ip", "-6", "address", "show", "dev", "cloudbr0", "to", "fd00::/8", "tentative"])
        assert tentative.stdout == ""  # usable, not merely there
    assert {f"{ADDRESS}/24", "fd00:100::10/64"} <= set(picture.host.addresses("cloudbr0"))
    assert [route["gateway"] for route in picture.host.routes(6) if route["dst"] == "default"] == ["fd00:100::1"]
    assert [route["gateway"] for route in picture.host.routes(4) if route["dst"] == "default"] == ["192.168.100.1"]
    for address in (SERVER, "fd00:100::2"):
        picture.host.ping(address)
        assert picture.host.connects(address, 8250)
    with picture.capture("vlan 100 and icmp6") as frames:
        picture.server.ping("fd00:100::10")
        frames.expect(r"vlan 100,.*fd00:100::2 > fd00:100::10: ICMP6, echo request")
        frames.expect(r"vlan 100,.*fd00:100::10 > fd00:100::2: ICMP6, echo reply")


def test_without_stp_it_is_usable_quickly(picture: Picture) -> None:
    with picture.session() as session:
        uuids = session.add_all(RECIPE.desired().profiles)
        session.activate(*uuids, timeout=25)  # less than STP alone would take
        assert flag(picture.host.links()["cloudbr0"], "LOWER_UP")


@pytest.mark.slow
def test_with_stp_activate_waits_for_the_carrier(picture: Picture) -> None:
    with picture.session() as session:
        begin = time.monotonic()
        session.add_all(RECIPE.replace(stp=None).desired().profiles)  # NetworkManager's default is on
        with pytest.raises(csnet.TimeoutError, match=r"without a carrier \(STP delays it by 30 s\)"):
            session.activate("cloudbr0", timeout=8)
        session.activate("cloudbr0")
        links = picture.host.links()
    assert flag(links["cloudbr0"], "LOWER_UP")
    assert links["cloudbr0"]["linkinfo"]["info_data"]["stp_state"] == 1
    assert bridge_ports(picture.host)["eth0.100"]["state"] == "forwarding"
    assert time.monotonic() - begin > 25  # two forward delays of 15 s, on the kernel's clock
    picture.host.ping(SERVER, timeout=5)
