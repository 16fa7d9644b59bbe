"""The lab's network: switch, VLANs, LACP, captures and the management server."""

import pytest

from csnet_lab import Host, Lab, LabError

BRIDGE = "nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 bridge.stp no ipv6.method disabled"
BRIDGE += " ipv4.method manual ipv4.addresses"


def nmcli(host: Host, line: str) -> str:
    return host.run(line.split()).stdout


def test_hosts_reach_each_other_and_the_server_untagged(lab: Lab) -> None:
    switch = lab.switch()
    lab.management_server(switch, address="192.0.2.2/24")
    for number in (1, 3):
        host = lab.host(f"host{number}", switch=switch)
        nmcli(host, f"nmcli con add type ethernet con-name eth0 ifname eth0 ip4 192.0.2.{number}/24")
        nmcli(host, "nmcli --wait 10 con up eth0")
    host.ping("192.0.2.1")
    assert host.connects("192.0.2.2", 8250)


def test_server_listens_on_the_ports_it_is_told(lab: Lab) -> None:
    switch = lab.switch()
    server = lab.management_server(switch, address="192.0.2.2/24", ports=[8250, 443])
    host = lab.host(switch=switch)
    nmcli(host, "nmcli con add type ethernet con-name eth0 ifname eth0 ip4 192.0.2.1/24")
    nmcli(host, "nmcli --wait 10 con up eth0")
    assert server.listening == [8250, 443]
    assert host.connects(server.ip_address, 443)
    server.listen()
    assert not host.connects(server.ip_address, 8250)
    server.listen(8250)
    assert host.connects(server.ip_address, 8250)


def test_capture_sees_frames_and_says_what_it_missed(lab: Lab) -> None:
    switch = lab.switch()
    server = lab.management_server(switch, address="192.0.2.2/24")
    host = lab.host(switch=switch)
    host.run(["ip", "address", "add", "192.0.2.1/24", "dev", "eth0"])
    host.run(["ip", "link", "set", "eth0", "up"])
    with host.capture("eth0", "icmp") as capture:
        host.ping(server.ip_address)
        assert host.nics["eth0"].mac in capture.wait_for("echo request")[0]
        assert len(capture.wait_for(2)) == 2
        with pytest.raises(LabError, match="no 'nonsense' within 0.1 s; 2 frames seen"):
            capture.wait_for("nonsense", timeout=0.1)
    assert len(capture.lines) == 2
    with pytest.raises(LabError, match="No such device"):
        host.capture("eth7").__enter__()


@pytest.mark.kernel("vlan", "vlan_filtering")
def test_hosts_reach_each_other_on_a_vlan_and_frames_are_tagged(lab: Lab) -> None:
    switch = lab.switch()
    server = lab.management_server(switch, vlan=100)
    hosts = [lab.host(f"host{number}", switch=switch, trunk=[100]) for number in (10, 11)]
    for number, host in zip((10, 11), hosts):
        nmcli(host, f"{BRIDGE} 192.168.100.{number}/24")
        nmcli(host, "nmcli con add type vlan con-name eth0.100 ifname eth0.100 dev eth0 id 100 master cloudbr0")
        nmcli(host, "nmcli --wait 20 con up eth0.100")
    with hosts[0].capture("eth0", "vlan 100 and icmp") as capture:
        hosts[0].ping("192.168.100.11")
        capture.wait_for(r"802\.1Q.*vlan 100.*echo request")
    assert hosts[0].connects(server.ip_address, 8250)


@pytest.mark.kernel("vlan", "vlan_filtering")
def test_switch_keeps_vlans_apart(lab: Lab) -> None:
    switch = lab.switch()
    server = lab.management_server(switch, vlan=100)
    host = lab.host(switch=switch, trunk=[200])
    for vid in (100, 200):
        host.ip(f"link add link eth0 name eth0.{vid} type vlan id {vid}", f"link set dev eth0.{vid} up")
    host.ip("link set dev eth0 up", "address add 192.168.100.10/24 dev eth0.100")
    with host.capture("eth0", "vlan 100 and arp") as capture:
        assert host.run(["ping", "-c1", "-W1", server.ip_address], check=False).returncode == 1
        capture.wait_for("who-has")
    assert not [line for line in capture.lines if "is-at" in line]


@pytest.mark.kernel("vlan", "vlan_filtering", "bond")
def test_lacp_is_negotiated_with_the_switch(lab: Lab) -> None:
    switch = lab.switch()
    server = lab.management_server(switch, vlan=100)
    host = lab.host("host", ["eth0", "eth1"], switch, trunk=[100], lacp=True)
    nmcli(host, f"{BRIDGE} 192.168.100.10/24")
    bond = "nmcli con add type bond con-name bond0 ifname bond0 ipv4.method disabled ipv6.method disabled bond.options"
    nmcli(host, f"{bond} mode=802.3ad,miimon=100,lacp_rate=fast")
    for nic in host.nics:
        nmcli(host, f"nmcli con add type ethernet con-name {nic} ifname {nic} master bond0")
    nmcli(host, "nmcli con add type vlan con-name bond0.100 ifname bond0.100 dev bond0 id 100 master cloudbr0")
    nmcli(host, "nmcli --wait 20 con up bond0.100")
    host.ping(server.ip_address, timeout=30)
    state = host.run(["cat", "/proc/net/bonding/bond0"]).stdout
    partner = state.split("Partner Mac Address: ")[1].split()[0]
    assert partner.startswith("52:54:00:01:"), state
    assert "Number of ports: 2" in state


@pytest.mark.kernel("vlan", "vlan_filtering")
def test_bridge_with_vlan_filtering_comes_up_at_boot(lab: Lab) -> None:
    # NetworkManager sets it by writing to /sys, which must look read-only to it while it starts.
    host = lab.host()
    nmcli(host, f"{BRIDGE} 192.0.2.1/24 bridge.vlan-filtering yes")
    host.reboot()
    assert "192.0.2.1/24" in host.addresses("cloudbr0")
    assert host.links()["cloudbr0"]["linkinfo"]["info_data"]["vlan_filtering"] == 1
