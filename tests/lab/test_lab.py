"""The lab itself: what it builds works, and nothing of it is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import csnet_lab
from csnet_lab import CommandError, Host, Lab, LabError, kernel
from csnet_lab.process import children
from csnet_lab.traces import Traces, wait_for_end_of

PACKAGES = Path(csnet_lab.__file__).parents[1]
BRIDGE = "nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 bridge.stp no ipv6.method disabled"
BRIDGE += " ipv4.method manual ipv4.addresses"


def nmcli(host: Host, line: str) -> str:
    return host.run(line.split()).stdout


# --- nothing is left ---


def test_leaves_nothing_after_its_block(traces: Traces) -> None:
    with Lab() as lab:
        host = lab.host()
        lab.management_server(lab.switch(), address="192.0.2.1/24")
        host.popen(["sh", "-c", "sleep 1000 & sleep 1000"])
        assert traces.left()
    traces.assert_none()


def test_leaves_nothing_after_an_exception(traces: Traces) -> None:
    with pytest.raises(ZeroDivisionError):
        with Lab() as lab:
            lab.host()
            raise ZeroDivisionError
    traces.assert_none()


HOLD_A_LAB = """
import os, select, sys
from csnet_lab import Lab
lab = Lab()
host = lab.host()
lab.management_server(lab.switch(), address="192.0.2.1/24")
sleeper = host.popen(["sleep", "1000"])
if os.fork() == 0:  # a child that lives on must not keep the lab alive
    os.close(1)
    sys.stdin.read()
    os._exit(0)
print(*[node.pid for node in lab.nodes], host.networkmanager.pid, sleeper.inner_pid, flush=True)
while not select.select([0], [], [], 1)[0]:  # a signal just before one endless read would be noticed after it
    pass
"""


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_leaves_nothing_after_a_signal(sig: signal.Signals, traces: Traces) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_LAB],
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert holder.stdin and holder.stdout
    pidfds = [os.pidfd_open(int(pid)) for pid in holder.stdout.readline().split()]
    assert len(pidfds) == 6
    holder.send_signal(sig)
    holder.wait()
    wait_for_end_of(pidfds)
    holder.stdin.close()
    assert holder.stdout.read() == ""
    holder.stdout.close()
    traces.assert_none()


def test_a_host_that_does_not_start_says_why_and_goes(lab: Lab, traces: Traces) -> None:
    with pytest.raises(LabError, match=r"(?s)broken: NetworkManager ended with 1. Its log:.*no key file"):
        lab.host("broken", config="this is no key file")
    lab.close()
    traces.assert_none()


# --- commands ---


def test_a_failing_command_shows_its_output(host: Host) -> None:
    said = r"(?s)host: nmcli con up nothing ended with 10.*unknown connection"
    with pytest.raises(CommandError, match=said) as failure:
        host.run(["nmcli", "con", "up", "nothing"])
    assert failure.value.returncode == 10
    assert host.run(["false"], check=False).returncode == 1


def test_a_command_that_takes_too_long_is_ended(host: Host) -> None:
    with pytest.raises(CommandError, match="sleep 1000 took over 0.1 s"):
        host.run(["sleep", "1000"], timeout=0.1)
    assert "1000" not in host.run(["ps", "-e", "-o", "args"]).stdout


def test_a_signal_reaches_the_command_itself(host: Host) -> None:
    script = "trap 'echo asked; exit 5' TERM; echo ready; while :; do sleep 0.01; done"
    with host.popen(["sh", "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.communicate(timeout=10)[0] == "asked\n"
    assert process.returncode == 5


def test_a_command_sees_the_directory_the_hostname_and_the_pids_of_the_node(host: Host, tmp_path: Path) -> None:
    assert host.run(["pwd"], cwd=tmp_path).stdout == f"{tmp_path}\n"
    assert host.run(["hostname"]).stdout == "host\n"
    assert host.run(["cat"], input="text").stdout == "text"
    assert host.python("import os, sys; print(os.getppid(), sys.argv[1])", "x") == "0 x\n"


# --- the host ---


def test_host_has_its_nics_a_bus_and_networkmanager(host: Host) -> None:
    assert set(host.links()) == {"lo", "eth0", "eth1"}
    assert host.links()["eth0"]["address"] == host.nics["eth0"].mac
    assert host.networkmanager.running
    outside = ["gdbus", "call", "--address", host.bus_address, "--dest", "org.freedesktop.NetworkManager"]
    outside += ["--object-path", "/org/freedesktop/NetworkManager", "--method", "org.freedesktop.DBus.Peer.Ping"]
    assert subprocess.run(outside, check=False).returncode == 0


def test_nmcli_writes_keyfiles_that_are_seen_from_outside(host: Host) -> None:
    nmcli(host, "nmcli con add type ethernet con-name wired ifname eth0 ip4 192.0.2.1/24 autoconnect no")
    nmcli(host, "nmcli --wait 10 con up wired")
    assert "192.0.2.1/24" in host.addresses("eth0")
    assert any(route["dst"] == "192.0.2.0/24" for route in host.routes())
    assert "interface-name=eth0" in (host.system_connections / "wired.nmconnection").read_text()
    assert not Path("/etc/NetworkManager/system-connections/wired.nmconnection").exists()


def test_reset_leaves_no_profile_and_no_link(host: Host) -> None:
    nmcli(host, f"{BRIDGE} 192.0.2.1/24")
    host.run(["ip", "link", "set", "eth0", "up", "mtu", "1400"])
    host.run(["ip", "link", "add", "name", "br7", "type", "bridge"])
    host.reset()
    assert set(host.links()) == {"lo", "eth0", "eth1"}
    assert host.links()["eth0"]["mtu"] == 1500
    assert list(host.system_connections.iterdir()) == []
    assert "cloudbr0" not in nmcli(host, "nmcli con show")


@pytest.mark.parametrize("power_cut", [False, True])
def test_reboot_brings_profiles_back_from_disk(fresh_host: Host, power_cut: bool) -> None:
    nmcli(fresh_host, f"{BRIDGE} 192.0.2.1/24")
    nmcli(fresh_host, "nmcli con add type ethernet con-name port ifname eth0 master cloudbr0")
    nmcli(fresh_host, "nmcli con add save no type bridge con-name trial ifname br7")
    first = fresh_host.networkmanager.pid
    fresh_host.reboot(power_cut=power_cut)
    assert fresh_host.networkmanager.pid != first
    assert "192.0.2.1/24" in fresh_host.addresses("cloudbr0")
    assert fresh_host.links()["eth0"]["master"] == "cloudbr0"
    assert "trial" not in nmcli(fresh_host, "nmcli con show")


def test_networkmanager_stops_is_killed_and_starts(fresh_host: Host) -> None:
    daemon = fresh_host.networkmanager
    daemon.stop()
    assert not daemon.running
    assert fresh_host.run(["nmcli", "general"], check=False).returncode == 8
    daemon.start(wait_for_startup=False)
    pid = daemon.pid
    daemon.kill()
    assert not Path(f"/proc/{pid}").exists()
    daemon.start()
    assert nmcli(fresh_host, "nmcli -t -f running general") == "running\n"
    assert daemon.log().count("is starting...") == 3


def test_unplugged_nic_has_no_carrier(host: Host) -> None:
    host.unplug("eth0")
    assert "LOWER_UP" not in host.links()["eth0"]["flags"]
    host.plug("eth0")
    assert "LOWER_UP" in host.links()["eth0"]["flags"]


def test_children_of_an_ended_process_are_none() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert children(process.pid) == []


@pytest.mark.skipif(not kernel.missing(), reason="this kernel lacks nothing")
def test_says_what_to_do_when_the_kernel_lacks_something(lab: Lab) -> None:
    switch = lab.switch()
    with pytest.raises(LabError, match="no bond; run under one that does: python3 -m csnet_lab run"):
        lab.host("bonded", ["eth0", "eth1"], switch, lacp=True)
    with pytest.raises(LabError, match="no vlan_filtering; run under"):
        lab.management_server(switch, vlan=100)
