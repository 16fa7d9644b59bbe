"""purge on a real host: deletes every profile that is not wanted, and no other program's."""

import os
import re

import csnet
import pytest
from csnet_command import UNTAGGED, csnet_on
from csnet_lab import Host

#: Of types that csnet knows: a NIC's, a bridge, and one that is inactive like a retired one.
_OTHERS = """
nmcli connection add type ethernet con-name storage ifname eth1 ipv4.method manual ipv4.addresses 10.30.0.10/24 \
    ipv6.method disabled
nmcli connection add type bridge con-name guests ifname cloudbr1 bridge.stp no ipv4.method disabled ipv6.method disabled
nmcli connection add type ethernet con-name asleep ifname eth0 autoconnect no
nmcli --wait 10 connection up guests
nmcli --wait 10 connection up storage
"""
OTHERS = {"storage", "guests", "asleep"}
#: A NIC's, too. For it libnm loads libjansson with RTLD_DEEPBIND, at which AddressSanitizer ends the process.
if os.environ.get("CSNET_PRESET") != "asan":
    _OTHERS += "nmcli connection add type ethernet con-name team-port ifname eth1 autoconnect no " \
               "master team0 slave-type team\n"
    OTHERS.add("team-port")
#: csnet has no type for it.
_TUN = """
nmcli connection add type tun con-name vpn ifname tun9 mode tun ipv4.method manual ipv4.addresses 10.99.0.1/24 \
    ipv6.method disabled
nmcli --wait 10 connection up vpn
"""
#: A bridge like libvirt's: NetworkManager generates an external profile for it.
_VIRBR = """
ip link add virbr0 type bridge
ip address add 192.168.122.1/24 dev virbr0
ip link set virbr0 up
"""


def names(host: Host) -> "set[str]":
    """The names of all of NetworkManager's profiles, also of external ones."""
    return set(host.run(["nmcli", "--get-values", "NAME", "connection"]).stdout.split())


@pytest.fixture
def full(fresh_host: Host) -> Host:
    host = fresh_host
    host.run(["sh", "-ec", _OTHERS + _TUN + _VIRBR])
    host.run(["sh", "-ec", "until nmcli --get-values NAME connection show --active | grep -qx virbr0; do :; done"],
             timeout=20)
    assert OTHERS | {"vpn", "virbr0"} <= names(host)
    return host


def test_purge_deletes_every_other_profile_and_a_second_time_nothing(full: Host) -> None:
    plan = csnet_on(full, "plan", "--purge", "--json", "-", input=UNTAGGED)
    removed = {step["name"]: step["why"] for step in plan.json["steps"] if step["action"] == "remove"}
    assert removed == dict.fromkeys(OTHERS, "it is not wanted (purge)")
    assert not {"virbr0", "vpn", "tun9"} & {step["name"] for step in plan.json["steps"]}
    logged = len(full.networkmanager.log())
    done = csnet_on(full, "apply", "--purge", "--yes", "-", input=UNTAGGED)
    assert done.code == 0, done.stderr
    woken = re.findall("auto-activating connection '(.*?)'", full.networkmanager.log()[logged:])
    assert woken == [], "a deleted profile does not come up once more"
    assert names(full) - {"lo"} == {"cloudbr0", "eth0", "vpn", "virbr0"}
    assert sorted(path.name for path in full.system_connections.iterdir()) == [
        "cloudbr0.nmconnection", "eth0.nmconnection", "vpn.nmconnection"]
    assert "cloudbr1" not in full.links()
    assert "192.168.122.1/24" in full.addresses("virbr0") and "10.99.0.1/24" in full.addresses("tun9")
    again = csnet_on(full, "apply", "--purge", "--yes", "-", input=UNTAGGED)
    assert (again.code, again.stdout) == (0, "Nothing to do: the host is as wanted.\n")


def test_without_purge_they_stay_and_prune_takes_only_what_is_in_the_way(full: Host) -> None:
    done = csnet_on(full, "apply", "--prune", "--yes", "-", input=UNTAGGED)
    assert done.code == 0, done.stderr
    assert names(full) - {"lo"} == OTHERS | {"cloudbr0", "eth0", "vpn", "virbr0"}
    assert "10.30.0.10/24" in full.addresses("eth1")


def test_a_purge_that_is_rolled_back_leaves_them_all(full: Host) -> None:
    failed = csnet_on(full, "apply", "--purge", "--yes", "--rollback-after", "3", "--probe", "false", "-",
                      input=UNTAGGED)
    assert failed.code == 4, failed.stderr
    assert names(full) - {"lo"} == OTHERS | {"vpn", "virbr0"}
    assert "10.30.0.10/24" in full.addresses("eth1") and "cloudbr1" in full.links()


def test_a_purge_on_trial_is_committed_by_another_process(full: Host) -> None:
    trial = csnet_on(full, "apply", "--purge", "--yes", "--no-commit", "--json", "-", input=UNTAGGED)
    assert trial.code == 0, trial.stderr
    assert OTHERS <= names(full), "nothing is deleted on trial"
    assert csnet_on(full, "commit", trial.json["id"]).code == 0
    assert names(full) - {"lo"} == {"cloudbr0", "eth0", "vpn", "virbr0"}


def test_the_profile_that_networkmanager_makes_for_a_bare_nic_goes_for_good(fresh_host: Host) -> None:
    host = fresh_host

    def restart_until(condition: str) -> None:
        host.networkmanager.stop()
        host.networkmanager.start(wait_for_startup=False)  # nobody answers its DHCP
        host.run(["sh", "-ec", f"until {condition}; do :; done"], timeout=30)

    host.run(["sh", "-ec", "printf '[main]\\nno-auto-default=\\n' > /etc/NetworkManager/conf.d/auto.conf"])
    assert csnet_on(host, "apply", "--yes", "-", input=UNTAGGED).code == 0
    restart_until("nmcli --get-values NAME connection | grep -qx 'Wired connection 1'")
    plan = csnet_on(host, "plan", "--purge", "--json", "-", input=UNTAGGED)
    assert [step["name"] for step in plan.json["steps"] if step["action"] == "remove"] == ["Wired connection 1"]
    done = csnet_on(host, "apply", "--purge", "--yes", "-", input=UNTAGGED)
    assert done.code == 0, done.stderr
    restart_until("nmcli --get-values NAME connection show --active | grep -qx eth0")
    assert csnet_on(host, "plan", "--purge", "--check", "-", input=UNTAGGED).code == 0


def test_apply_purges_by_the_options_of_its_plan(full: Host) -> None:
    wanted = csnet.HostState(profiles=[csnet.BridgeProfile(name="br7", interface_name="br7", stp=False)])
    with csnet.Session(bus_address=full.bus_address) as session:
        plan = csnet.plan(wanted, session.read(), purge=True)
    assert plan.options == csnet.PlanOptions(purge=True)
    assert {step.item.name for step in plan if step.action is csnet.Action.remove} == OTHERS
    full.python("import csnet\nwith csnet.Session() as session:\n"
                " wanted = csnet.HostState(profiles=[\n"
                "  csnet.BridgeProfile(name='br7', interface_name='br7', stp=False, "
                "ipv4=csnet.Ip4Config(method='disabled'), ipv6=csnet.Ip6Config(method='disabled'))])\n"
                " plan = csnet.plan(wanted, session.read(), purge=True)\n"
                " assert session.apply(plan).committed\n"
                " assert not csnet.plan(wanted, session.read(), purge=True)\n"
                " assert [profile.name for profile in session.read().profiles] == ['br7']")
    assert names(full) - {"lo"} == {"br7", "vpn", "virbr0"}
