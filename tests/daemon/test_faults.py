"""Faults around csnet: each ends in a clear Error of the right kind, without a hang and without a leftover."""

import contextlib
import signal
import subprocess
import sys
import threading
import time

import csnet
import pytest
from csnet_lab import Host


def bridge(name: str, **fields: object) -> csnet.BridgeProfile:
    return csnet.BridgeProfile(name=name, interface_name=name, autoconnect=False, **fields)


def never_joining_bridge(session: csnet.Session) -> None:
    """A bridge with STP on: its carrier takes 30 s, so that activate() waits."""
    port = csnet.bridge_slave("eth0", "eth0", "slow0").replace(autoconnect=False)
    session.add_all([bridge("slow0"), port])


def test_no_bus() -> None:
    with pytest.raises(csnet.UnavailableError, match="^D-Bus: ") as caught:
        csnet.Session(bus_address="unix:path=/nonexistent/bus")
    assert "a bus running at this address" in caught.value.hint


def test_no_networkmanager(fresh_host: Host) -> None:
    fresh_host.networkmanager.stop()
    with pytest.raises(csnet.UnavailableError, match="NetworkManager is not running") as caught:
        csnet.Session(bus_address=fresh_host.bus_address)
    assert caught.value.hint == "systemctl start NetworkManager"


def test_networkmanager_stops_and_comes_back(fresh_host: Host) -> None:
    with csnet.Session(bus_address=fresh_host.bus_address) as session:
        session.add(bridge("kept0"))
        fresh_host.networkmanager.stop()
        with pytest.raises(csnet.UnavailableError):
            session.profiles()
        fresh_host.networkmanager.start()
        assert session.find("kept0") is not None


def test_networkmanager_is_killed_during_add(fresh_host: Host) -> None:
    """NetworkManager is paused first, so that the request is under way when it is killed."""
    with csnet.Session(bus_address=fresh_host.bus_address) as session:
        fresh_host.networkmanager.pause()
        uuid = "0f3d1c52-51a5-4b7a-8f5d-6c25b1f0a001"
        killer = threading.Timer(0.3, fresh_host.networkmanager.kill)
        killer.start()
        with pytest.raises(csnet.UnavailableError, match="^bridge 'lost0': NetworkManager stopped") as caught:
            session.add(bridge("lost0", uuid=uuid))
        killer.join()
        assert uuid in caught.value.hint, "what may be half-written must be named"
        fresh_host.networkmanager.start()
        assert session.find(uuid) is None or session.find("lost0") is not None


def test_networkmanager_is_killed_during_activate(fresh_host: Host) -> None:
    with csnet.Session(bus_address=fresh_host.bus_address) as session:
        never_joining_bridge(session)
        killer = threading.Timer(1.0, fresh_host.networkmanager.kill)
        killer.start()
        with pytest.raises(csnet.UnavailableError, match="NetworkManager"):  # not TimeoutError: csnet looked at once
            session.activate("slow0")
        killer.join()


def test_a_request_that_is_not_answered(fresh_host: Host) -> None:
    with csnet.Session(bus_address=fresh_host.bus_address, request_timeout=0.5) as session:
        fresh_host.networkmanager.pause()
        with pytest.raises(csnet.TimeoutError, match="^bridge 'late0': NetworkManager did not answer in time"):
            session.add(bridge("late0"))
        fresh_host.networkmanager.resume()


def test_what_on_progress_raises_does_not_stop_a_rollback(host: Host) -> None:
    wanted = csnet.HostState(profiles=[csnet.BridgeProfile(
        name="br0", interface_name="br0", stp=False, ipv6=csnet.Ip6Config(method="disabled"),
        ipv4=csnet.Ip4Config(method="manual", addresses=["192.0.2.5/24"]))])

    def interrupt(step: csnet.Progress) -> None:
        if str(step) in ("probe command false", "roll back"):
            raise KeyboardInterrupt

    with csnet.Session(bus_address=host.bus_address, state_directory=host.root / "var/lib/csnet") as session:
        probes = [csnet.Probe(type="command", target="false", required=True)]
        with pytest.raises(KeyboardInterrupt):
            session.apply(csnet.plan(wanted, session.read()), probes=probes, on_progress=interrupt)
        assert session.transaction() is None
        assert session.profiles() == ()
        assert "br0" not in host.links()


def test_not_root(host: Host) -> None:
    """polkit's stand-in in the lab allows root alone, as an installation without an agent does."""
    code = """
import csnet
with csnet.Session() as session:
    session.profiles()
    for change in (lambda: session.add(csnet.BridgeProfile(name="br0", interface_name="br0")),
                   lambda: session.remove("kept0"),
                   lambda: session.modify("kept0", csnet.BridgeProfile(stp=False)),
                   lambda: session.activate("kept0", timeout=5)):
        try:
            change()
        except csnet.PermissionError as error:
            print(error.kind.name, bool(error.hint))
"""
    with csnet.Session(bus_address=host.bus_address) as session:
        session.add(bridge("kept0"))
        path = ":".join(filter(None, sys.path))
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", code]
        done = host.run(as_nobody, environment={"PYTHONPATH": path})
        assert done.stdout == "permission True\n" * 4, done.stderr
        assert [profile.name for profile in session.profiles()] == ["kept0"]


def test_a_profile_that_somebody_else_removes_in_between(host: Host) -> None:
    with csnet.Session(bus_address=host.bus_address) as session:
        uuid = session.add(bridge("gone0"))
        host.run(["nmcli", "con", "delete", "gone0"])
        for action in (session.remove, session.activate, session.deactivate,
                       lambda which: session.modify(which, csnet.BridgeProfile(stp=False))):
            with pytest.raises(csnet.NotFoundError, match=uuid):
                action(uuid)


def test_profiles_come_and_go_while_they_are_read(host: Host) -> None:
    """Another program adds and deletes a profile all the time; reading never fails because of it."""
    add = "nmcli con add type bridge con-name flicker ifname flicker autoconnect no"
    loop = f"while :; do {add}; nmcli con delete flicker; done"
    with csnet.Session(bus_address=host.bus_address) as session:
        noise = host.popen(["sh", "-c", loop], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            seen = {tuple(profile.name for profile in session.profiles()) for _ in range(300)}
        finally:
            noise.kill()
            noise.wait()
        assert seen <= {(), ("flicker",)}
        for profile in session.profiles():
            with contextlib.suppress(csnet.NotFoundError):  # the last nmcli may be at it still
                session.remove(profile.uuid)


def test_300_profiles_at_once_leave_nothing_when_one_is_refused(host: Host) -> None:
    with csnet.Session(bus_address=host.bus_address) as session:
        taken = session.add(bridge("first"))
        many = [bridge(f"br{number}") for number in range(300)]
        many[250] = many[250].replace(uuid=taken)
        with pytest.raises(csnet.ConflictError, match="^bridge 'br250': "):
            session.add_all(many)
        assert [profile.name for profile in session.profiles()] == ["first"]
        assert [path.name for path in host.system_connections.iterdir()] == ["first.nmconnection"]


def test_a_change_keeps_what_csnet_does_not_model(host: Host) -> None:
    """Secrets are kept, too, which NetworkManager leaves out of its replies."""
    host.run(["nmcli", "con", "add", "type", "ethernet", "con-name", "secure", "ifname", "eth0", "autoconnect", "no",
              "802-1x.eap", "md5", "802-1x.identity", "host", "802-1x.password", "s3cret", "connection.metered", "yes"])
    keyfile = host.system_connections / "secure.nmconnection"
    before = keyfile.read_text()
    assert "password=s3cret" in before
    with csnet.Session(bus_address=host.bus_address) as session:
        session.modify("secure", csnet.EthernetProfile(mtu=1400))
    assert sorted(keyfile.read_text().split()) == sorted([*before.split(), "mtu=1400"])


def test_ctrl_c_gets_out_of_activate_at_once(host: Host) -> None:
    code = """
import signal, time, csnet
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests were started in the background
session = csnet.Session()
session.add_all([csnet.BridgeProfile(name="slow0", interface_name="slow0", autoconnect=False),
                 csnet.bridge_slave("eth0", "eth0", "slow0").replace(autoconnect=False)])
print("waiting", flush=True)
try:
    session.activate("slow0")
except KeyboardInterrupt:
    print("interrupted at", time.monotonic(), flush=True)
    print("still usable:", len(session.profiles()), flush=True)
"""
    path = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    with host.popen([sys.executable, "-c", code], stdout=subprocess.PIPE, environment=path) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "waiting\n"
        with csnet.Session(bus_address=host.bus_address) as session:
            while not any(device.interface_name == "slow0" for device in session.devices()):
                pass  # each look is a request of its own
        sent = time.monotonic()
        program.send_signal(signal.SIGINT)
        interrupted = float(program.stdout.readline().split()[-1])
        assert program.stdout.readline() == "still usable: 2\n"
        assert program.wait() == 0
    assert interrupted - sent < 0.2 * 10, "ten times the promise, for machines that are busy"
