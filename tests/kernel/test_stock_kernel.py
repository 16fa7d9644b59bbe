"""Features that User-Mode-Linux lacks: nftables' family inet beside a VLAN, and a NIC with interrupt coalescing."""

import pytest
from topology import RECIPE, SERVER, Picture, eventually

import csnet
from csnet_lab import Host, Lab, kernel

# struct ethtool_coalesce begins with the command and rx-usecs; 23 numbers in all.
_RX_USECS = """\
import ctypes, fcntl, socket, struct, sys
ETHTOOL_GCOALESCE, SIOCETHTOOL = 0x0E, 0x8946
answer = bytearray(struct.pack("23I", ETHTOOL_GCOALESCE, *[0] * 22))
buffer = (ctypes.c_char * len(answer)).from_buffer(answer)
request = struct.pack("16sP16x", sys.argv[1].encode(), ctypes.addressof(buffer))
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SIOCETHTOOL, request)
print(struct.unpack_from("II", answer)[1])
"""


def rx_usecs(host: Host, nic: str) -> int:
    """The rx-usecs that `ethtool -c` shows."""
    return int(host.python(_RX_USECS, nic))


@pytest.mark.kernel("coalesce")
def test_coalescing_reaches_the_driver_and_goes_with_the_profile(lab: Lab) -> None:
    host = lab.host(nics=[], physical=["ens1"])
    before = rx_usecs(host, "ens1")
    assert before != 50
    with csnet.Session(bus_address=host.bus_address) as session:
        profile = csnet.EthernetProfile(name="ens1", interface_name="ens1", coalesce={"rx-usecs": 50},
                                        ipv4=csnet.Ip4Config(method="disabled"),
                                        ipv6=csnet.Ip6Config(method="disabled"))
        session.activate(session.add(profile))
        assert rx_usecs(host, "ens1") == 50
        session.deactivate("ens1")
        assert rx_usecs(host, "ens1") == before


@pytest.mark.kernel("coalesce")
def test_the_two_nics_are_on_one_cable_and_come_back() -> None:
    with Lab() as passing:
        one, other = (passing.host(name, nics=[], physical=["ens1"], start=False) for name in ("one", "other"))
        for number, host in enumerate((one, other)):
            host.ip(f"address add 192.0.2.{number + 1}/24 dev ens1", "link set dev ens1 up")
        one.ping("192.0.2.2")
    assert eventually(lambda: len(kernel.spare_nics()) == 2)


@pytest.mark.kernel("inet", "vlan")
def test_a_rule_of_the_family_inet_decides_about_a_vlan(lab: Lab) -> None:
    picture = Picture(lab, ["eth0"])
    with picture.session() as session:
        session.activate(*session.add_all(RECIPE.desired().profiles))
    host = picture.host

    def nft(text: str) -> str:
        return host.run(["nft", "-f", "-"], input=text).stdout

    assert host.connects(SERVER, 8250)
    nft("""table inet test {
        chain out {
            type filter hook output priority 0;
            oifname "cloudbr0" tcp dport 8250 counter reject with tcp reset
        }
    }""")
    assert not host.connects(SERVER, 8250)
    assert "packets 0" not in host.run(["nft", "list", "chain", "inet", "test", "out"]).stdout
    host.ping(SERVER)  # the rule is about one port
    nft("insert rule inet test out ip daddr 192.168.100.2 tcp dport 8250 accept")
    assert host.connects(SERVER, 8250)
