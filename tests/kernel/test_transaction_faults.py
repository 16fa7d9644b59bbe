"""A transaction that gives a host a bridge meets a fault, and leaves the host as it was."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest
from topology import eventually
from scenario import ADDRESS, TCP, Applying, TcpSession, apply, assert_is_as_before, commit, rollback, snapshot
from transaction_base import ACTIVATE, MANAGEMENT, NEVER, Base, Shared

import csnet
from csnet_lab import Host, Lab


@pytest.fixture(scope="module")
def _shared() -> Iterator[Shared]:
    with Lab() as lab:
        yield Shared(lab)


@pytest.fixture
def base(_shared: Shared) -> Base:
    return _shared.base()


# --- the network ---


def test_gateway_that_did_not_answer_before_need_not_after(base: Base) -> None:
    wanted = MANAGEMENT.replace(gateway="192.168.100.1").desired()
    outcome = apply(base.host, wanted)
    assert outcome.committed, outcome.story
    assert outcome.progress["probe arp 192.168.100.1"] == "skipped"
    base.scene.is_as_wanted(wanted, "cloudbr0")


@pytest.mark.kernel
def test_switch_that_does_not_trunk_the_vlan(base: Base) -> None:
    session = TcpSession(base.scene.server, ADDRESS)
    outcome = apply(base.host, MANAGEMENT.replace(vlan=200).desired(), rollback_after=3)
    base.assert_rolled_back(outcome, "is VLAN 200 trunked to eno1?")
    assert session.longest_gap() < 15


@pytest.mark.kernel
def test_no_lacp_partner(base: Base) -> None:
    session = TcpSession(base.scene.server, ADDRESS)
    wanted = MANAGEMENT.replace(uplinks=["eno1", "eno2"])
    outcome = apply(base.host, wanted.desired(), rollback_after=3)
    base.assert_rolled_back(outcome, "bond 'bond0': no LACP partner answers on ")
    assert "port-channel" in outcome.error
    assert session.longest_gap() < 20


def test_duplicate_address_on_the_wire(base: Base) -> None:
    wanted = MANAGEMENT.replace(addresses=["192.168.100.20/24"]).desired()
    *others, bridge = wanted.profiles
    assert isinstance(bridge, csnet.BridgeProfile) and bridge.ipv4 is not None
    watchful = bridge.replace(ipv4=bridge.ipv4.replace(dad_timeout=2000))
    with base.scene.twin("192.168.100.20"):
        outcome = apply(base.host, wanted.replace(profiles=[*others, watchful]))
    base.assert_rolled_back(outcome, "bridge 'cloudbr0'")


# --- the machine ---


@contextlib.contextmanager
def full(host: Host, directory: str) -> Iterator[None]:
    """Fills the file system, which is the host's own tmpfs."""
    filler = f"{directory}/filler"
    host.run(["mount", "-o", "remount,size=64k", directory])
    host.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], check=False)
    try:
        yield
    finally:
        host.run(["rm", "-f", filler])
        host.run(["mount", "-o", "remount,size=50%", directory])


def test_disk_full_at_commit(base: Base) -> None:
    applying = base.applying("commit")
    applying.paused_at("commit")
    with full(base.host, "/etc/NetworkManager"):
        applying.tell()
        outcome = applying.outcome()
    base.assert_rolled_back(outcome, "")


def test_disk_full_when_the_new_profiles_are_written(base: Base) -> None:
    """It is committed incompletely: the old profile still has its autoconnect. A later commit() does the rest."""
    point = "destroy the checkpoint: done"
    applying = base.applying(point)
    applying.paused_at(point)
    with full(base.host, "/etc/NetworkManager"):
        applying.tell()
        outcome = applying.outcome()
        assert outcome.error.startswith("IncompleteError: committed incompletely: retire "), outcome.story
        again = commit(base.host, outcome.id)
    for last in (outcome.last, again):
        assert (last["kind"], last["outcome"], last["id"]) == ("incomplete", "committed_incomplete", outcome.id), last
        ((what, command),) = last["left"]
        assert what.startswith("retire mgmt") and command.startswith("nmcli connection modify "), last
    assert commit(base.host, outcome.id)["committed"]
    base.scene.is_as_wanted(MANAGEMENT.desired(), "cloudbr0")


def test_disk_of_the_journal_full_at_commit(base: Base) -> None:
    applying = base.applying("commit")
    applying.paused_at("commit")
    with full(base.host, "/var/lib"):
        applying.tell()
        outcome = applying.outcome()
    base.assert_rolled_back(outcome, "No space left on device".lower())


def test_no_room_for_the_journal_at_all(base: Base) -> None:
    with full(base.host, "/var/lib"):
        outcome = base.apply()
    assert outcome.error.startswith("UnavailableError: transaction journal '/var/lib/csnet'"), outcome.story
    assert "make room" in outcome.error
    assert_is_as_before(base.host, base.before, outcome.story)


def test_journal_of_another_csnet_is_undone_if_it_is_older_and_kept_if_it_is_newer(base: Base) -> None:
    """csnet is upgraded or downgraded while a transaction is open."""
    applied = base.apply(commit=False, rollback_after=120)
    assert applied.error == "", applied.story
    journal = base.host.root / "var/lib/csnet/transaction.json"
    ours = json.loads(journal.read_text())
    with_a_firewall = [*ours["resources"], {"kind": "firewall", "saved": {"table": "csnet"}}]
    for newer in ({**ours, "csnet": 99, "phase": "service"}, {**ours, "resources": with_a_firewall}):
        journal.write_text(json.dumps(newer))
        for refused in (rollback(base.host, applied.id), commit(base.host, applied.id), base.apply().last):
            assert refused["type"] == "UnsupportedError" and "Keep the file" in refused["hint"], refused
        assert json.loads(journal.read_text()) == newer
    journal.write_text(json.dumps(as_version_1(ours)))
    undone = rollback(base.host, applied.id)
    assert "type" not in undone, undone
    assert_is_as_before(base.host, base.before, applied.story)


def as_version_1(journal: Dict[str, Any]) -> Dict[str, Any]:
    """The journal as the first csnet wrote it, without the later fields."""
    (profiles,) = (each["saved"] for each in journal["resources"])
    left_out = ("restarted", "interfaces", "retired", "saved")
    return {
        "id": journal["id"], "phase": journal["phase"], "steps": journal["steps"],
        **{key: value for key, value in profiles.items() if key not in left_out},
        "before": profiles["interfaces"],
        "retired": [each["uuid"] for each in profiles["retired"]],
        "retired_as": [each["name"] for each in profiles["retired"]],
        "saved": [{key: each[key] for key in ("uuid", "subject", "settings", "file")} for each in profiles["saved"]],
        "files": [each["content"] for each in profiles["saved"]],
    }


def test_networkmanager_stopped_during_the_trial(base: Base) -> None:
    """NetworkManager starts again, as after `systemctl restart`, without its checkpoint: csnet undoes everything."""
    applying = base.applying(TCP)
    applying.paused_at(TCP)
    base.host.networkmanager.stop()
    applying.tell()
    applying.wait_for("progress", what="roll back")
    base.host.networkmanager.start()
    base.assert_rolled_back(applying.outcome(), "NetworkManager")


def test_networkmanager_killed_during_the_trial(base: Base) -> None:
    applying = base.applying(ACTIVATE)
    applying.paused_at(ACTIVATE)
    base.host.networkmanager.kill()
    base.host.networkmanager.start()
    applying.tell()
    outcome = applying.outcome()
    assert "RolledBackError" in outcome.error, outcome.story
    assert_is_as_before(base.host, base.before, outcome.story)


# --- another program ---


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "rolled back"])
def test_profile_of_no_concern_that_somebody_edits_keeps_the_edit(base: Base, committed: bool) -> None:
    applying = base.applying(TCP, probes=[] if committed else [NEVER], rollback_after=3)
    applying.paused_at(TCP)
    base.scene.nmcli("connection modify spare ipv4.dns 192.0.2.53")
    applying.tell()
    outcome = applying.outcome()
    assert outcome.committed == committed, outcome.story
    spare = (base.host.system_connections / "spare.nmconnection").read_text()
    assert "192.0.2.53" in spare
    if not committed:
        edited = dict(base.before.files, **{"spare.nmconnection": snapshot(base.host).files["spare.nmconnection"]})
        assert_is_as_before(base.host, base.before._replace(files=edited), outcome.story)


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "rolled back"])
def test_active_profile_of_no_concern_that_somebody_edits_keeps_the_edit(base: Base, committed: bool) -> None:
    applying = base.applying(TCP, probes=[] if committed else [NEVER], rollback_after=3)
    applying.paused_at(TCP)
    base.scene.nmcli("connection modify other ipv4.dns 192.0.2.53")
    applying.tell()
    outcome = applying.outcome()
    assert outcome.committed == committed, outcome.story
    assert "192.0.2.53" in (base.host.system_connections / "other.nmconnection").read_text()
    assert "192.168.50.5/24" in base.host.addresses("eno2")


def test_profile_of_the_trial_that_somebody_edits_is_committed_with_the_edit(base: Base) -> None:
    applying = base.applying(TCP)
    applying.paused_at(TCP)
    base.scene.nmcli("connection modify cloudbr0 ipv4.dns 192.0.2.53")
    applying.tell()
    outcome = applying.outcome()
    assert outcome.committed, outcome.story
    bridge = (base.host.system_connections / "cloudbr0.nmconnection").read_text()
    assert "192.0.2.53" in bridge and ADDRESS in bridge
    # As after any `nmcli connection modify`: the active interface gets the change when it is reapplied.
    assert [step.action for step in csnet.plan(MANAGEMENT.desired(), base.scene.read())] == [csnet.Action.reapply]
    base.host.reboot()
    base.scene.is_as_wanted(MANAGEMENT.desired(), "cloudbr0")


def test_profile_of_the_trial_that_somebody_edits_is_rolled_back_all_the_same(base: Base) -> None:
    applying = base.applying(TCP, probes=[NEVER], rollback_after=3)
    applying.paused_at(TCP)
    base.scene.nmcli("connection modify mgmt connection.autoconnect-priority 7")
    applying.tell()
    outcome = applying.outcome()
    assert "RolledBackError" in outcome.error, outcome.story
    # NetworkManager has written the file for the other program: only the content counts.
    found = snapshot(base.host)
    files = {name: (text, found.files[name][1]) for name, (text, _) in base.before.files.items()}
    assert_is_as_before(base.host, base.before._replace(files=files), outcome.story)


def test_profile_of_the_trial_that_somebody_deletes(base: Base) -> None:
    applying = base.applying(TCP, rollback_after=3)
    applying.paused_at(TCP)
    base.scene.nmcli("connection delete cloudbr0")
    applying.tell()
    outcome = applying.outcome()
    assert "RolledBackError" in outcome.error, outcome.story
    assert_is_as_before(base.host, base.before, outcome.story)


# --- NetworkManager's rollback is done in part ---


@contextlib.contextmanager
def _pre_down_script(host: Host, text: str) -> Iterator[None]:
    """A dispatcher script that NetworkManager waits for before it takes an interface ($1) down."""
    script = host.root / "etc/NetworkManager/dispatcher.d/pre-down.d/script"
    script.parent.mkdir(parents=True)
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o700)
    places = ("usr/libexec/nm-dispatcher", "usr/lib/NetworkManager/nm-dispatcher")
    program = next(place for place in places if (Path(host.tree) / place).exists())
    dispatcher = host.popen(["chroot", host.tree, f"/{program}", "--persist"])
    try:
        host.run(["gdbus", "wait", "--system", "--timeout=20", "org.freedesktop.nm_dispatcher"])
        yield
    finally:
        dispatcher.kill()
        dispatcher.wait()
        script.unlink()
        script.parent.rmdir()


@pytest.mark.kernel  # a NIC's old profile becomes active before it is down
def test_interface_that_is_still_on_its_way_down_comes_back(base: Base) -> None:
    """Its old settings cannot be reapplied, and it cannot be left as it is: csnet starts it again."""
    fifo = base.host.root / "run/held"
    with _pre_down_script(base.host, '[ "$1" != eno1.100 ] || [ ! -p /run/held ] || echo held > /run/held'):
        applying = base.applying(TCP, probes=[NEVER], rollback_after=3)
        applying.paused_at(TCP)
        os.mkfifo(fifo)

        seen = len(base.host.networkmanager.log())

        def old_profile_starts() -> bool:
            return 'op="connection-activate"' in base.host.networkmanager.log()[seen:]

        applying.tell()
        starts = eventually(lambda: old_profile_starts() or applying.process.poll() is not None, 20)
        fifo.read_text()
        fifo.unlink()
        outcome = applying.outcome()
    assert starts, outcome.story
    base.assert_rolled_back(outcome, "'false'")


def test_bridge_that_somebody_takes_down_comes_back(base: Base) -> None:
    """NetworkManager 1.42 leaves a bridge that is down at the rollback down: csnet brings it up again."""
    assert base.apply().committed
    before = snapshot(base.host)
    session = TcpSession(base.scene.server, ADDRESS)
    wanted = MANAGEMENT.replace(addresses=["192.168.100.20/24"])
    applying = Applying(base.host, wanted.desired(), pauses=[TCP], probes=[NEVER], rollback_after=3)
    applying.paused_at(TCP)
    base.scene.nmcli("connection down cloudbr0")
    assert "cloudbr0" not in base.host.links()
    applying.tell()
    outcome = applying.outcome()
    assert "the host is as it was" in outcome.error, outcome.story
    assert outcome.progress["roll back"] == "done"
    assert_is_as_before(base.host, before, outcome.story)
    assert session.longest_gap() < 20


@pytest.mark.kernel
@pytest.mark.slow  # csnet waits for it for 45 s, and once more
def test_what_cannot_be_restored_is_shown(base: Base) -> None:
    """A NIC that became a port of the bond has another name now."""
    wanted = MANAGEMENT.replace(uplinks=["eno1", "eno2"], bond_mode="active-backup", bond_options={"miimon": "100"})
    applying = Applying(base.host, wanted.desired(), pauses=[TCP], probes=[NEVER], rollback_after=3)
    applying.paused_at(TCP)
    base.host.ip("link set dev eno2 down", "link set dev eno2 name gone0 up")
    try:
        applying.tell()
        outcome = applying.outcome(timeout=120)
    finally:
        base.host.ip("link set dev gone0 down", "link set dev gone0 name eno2")
    assert outcome.error.startswith("IncompleteError: rolled back incompletely: "), outcome.story
    assert outcome.last["outcome"] == "rollback_incomplete", outcome.story
    left = {what: command for what, command in outcome.last["left"]}
    assert left["eno2 is not there"].startswith("nmcli connection up "), outcome.story
