"""dump() makes a file of a host whose plan for that host is empty."""

import os
from pathlib import Path

import pytest
from csnet_lab import Host

_READ_BACK = """
import csnet
with csnet.Session() as session:
    before = session.read()
    text = csnet.dump(before)
    print(text)
    wanted = csnet.loads(text)
    assert wanted == before.replace(devices=[]), (wanted, before)
    plan = csnet.plan(wanted, session.read())
    assert not plan, str(plan)
    assert csnet.dump(wanted) == text
"""

_MANAGEMENT = """
import csnet
with csnet.Session() as session:
    wanted = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.168.100.10/24"], gateway="192.168.100.1",
                                     stp=False)
    session.apply(csnet.plan(wanted.desired(), session.read()), rollback_after=30)
"""


def test_an_empty_host_gives_an_empty_file(host: Host) -> None:
    assert "profiles: []" in host.python(_READ_BACK)


def test_the_management_network_is_read_back(host: Host) -> None:
    host.python(_MANAGEMENT)
    text = host.python(_READ_BACK)
    assert "addresses: [192.168.100.10/24]" in text and "type: bridge" in text


@pytest.mark.parametrize("lines", [
    ["bridge con-name 'br 0: #1' ifname br0 stp no ipv4.method manual ipv4.addresses 10.1.2.3/8,10.1.2.4/8 "
     "ipv4.gateway 10.0.0.1 ipv4.dns 10.0.0.53 ipv4.dns-search example.org ipv6.method disabled mtu 1400",
     "bridge-slave con-name eth0 ifname eth0 master br0 bridge-port.priority 7 bridge-port.hairpin-mode yes"],
    ["ethernet con-name eth0 ifname eth0 ipv4.method auto ipv6.method ignore 802-3-ethernet.mac-address ''",
     "ethernet con-name yes ifname eth1 autoconnect no ipv4.routes '10.0.0.0/8 192.0.2.1 5' ipv4.method manual "
     "ipv4.addresses 192.0.2.2/24 connection.zone public"],
    ["bridge con-name br0 ifname br0 bridge.mac-address 52:54:00:11:22:33 bridge.group-forward-mask 8 autoconnect no",
     "vlan con-name v dev eth0 id 7 ingress 1:2,3:4 autoconnect no",
     "bond con-name b ifname b bond.options mode=active-backup,miimon=100 autoconnect no"],
], ids=["bridge", "ethernet", "not up"])
def test_what_nmcli_made_is_read_back(host: Host, lines: "list[str]") -> None:
    host.run(["sh", "-ec", "\n".join(f"nmcli con add type {line}" for line in lines)])
    host.python(_READ_BACK)


def test_a_file_on_the_host(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "network.yaml"
    host.python(f"import csnet; csnet.dump(csnet.Session().read(), {os.fspath(path)!r})")
    assert path.stat().st_mode & 0o777 == 0o600
