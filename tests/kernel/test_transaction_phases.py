"""A transaction's two phases, conflicts with it, and its ends; and an apply() with nothing to do."""

import json
import signal
import subprocess
from typing import Iterator

import pytest
from topology import eventually
from scenario import ADDRESS, TCP, TcpSession, apply, assert_is_as_before, commit, rollback, snapshot, transaction
from transaction_base import LINK, MANAGEMENT, NEVER, Base, Shared

from csnet_lab import Lab


@pytest.fixture(scope="module")
def _shared() -> Iterator[Shared]:
    with Lab() as lab:
        yield Shared(lab)


@pytest.fixture
def base(_shared: Shared) -> Base:
    return _shared.base()


# --- two phases ---


def test_trial_is_committed_by_another_process(base: Base) -> None:
    trial = base.apply(commit=False)
    assert trial.error == "" and not trial.committed, trial.story
    # Nothing is on disk yet.
    assert snapshot(base.host).files == base.before.files
    open_one = transaction(base.host)
    assert (open_one["id"], open_one["state"]) == (trial.id, "trial")
    assert 0 < open_one["left"] <= 8
    assert commit(base.host, trial.id)["committed"]
    assert transaction(base.host)["event"] == "none"
    assert "not open" in commit(base.host, trial.id)["message"]
    base.scene.is_as_wanted(MANAGEMENT.desired(), *{"eno1", LINK}, "cloudbr0")


def test_trial_is_rolled_back_by_another_process(base: Base) -> None:
    trial = base.apply(commit=False)
    session = TcpSession(base.scene.server, ADDRESS)
    assert rollback(base.host, trial.id) == {"event": "end", "id": trial.id, "committed": False}
    assert_is_as_before(base.host, base.before)
    assert session.longest_gap() < 10
    assert "not open" in rollback(base.host, trial.id)["message"]


def test_trial_without_a_word_in_time_is_rolled_back_by_networkmanager(base: Base) -> None:
    trial = base.apply(commit=False, rollback_after=3)
    assert eventually(lambda: "cloudbr0" not in base.host.links())
    assert transaction(base.host)["state"] == "interrupted"
    late = commit(base.host, trial.id)
    assert late["type"] == "RolledBackError" and "its time was over" in late["message"], late
    assert_is_as_before(base.host, base.before)
    assert transaction(base.host)["event"] == "none"


def test_next_apply_cleans_up_after_a_trial_that_nobody_committed(base: Base) -> None:
    trial = base.apply(commit=False, rollback_after=3)
    assert trial.error == "", trial.story
    assert eventually(lambda: "cloudbr0" not in base.host.links())
    # It ends the old transaction first, and then finds that the plan is older than that, or still holds.
    again = base.apply()
    if not again.committed:
        assert again.last["type"] == "ConflictError", again.story
        again = base.apply()
    assert again.committed, again.story
    base.scene.is_as_wanted(MANAGEMENT.desired(), "cloudbr0")


# --- conflicts ---


def test_second_apply_names_who_is_at_it(base: Base) -> None:
    first = base.applying(TCP)
    first.paused_at(TCP)
    second = apply(base.host, MANAGEMENT.replace(addresses=["192.168.100.20/24"]).desired())
    assert second.error.startswith("ConflictError"), second.story
    assert "pid " in second.error and "in_host.py" in second.error, second.story
    assert transaction(base.host)["state"] == "running"
    first.tell()
    assert first.outcome().committed, first.story()


@pytest.mark.kernel  # untagged, the NIC's old profile is yet to be retired
def test_apply_of_what_is_on_trial_is_no_success(base: Base) -> None:
    """Its plan is empty, as the profiles are in memory already; but a rollback may delete them in a few seconds."""
    trial = base.apply(commit=False, rollback_after=20)
    same = base.apply()
    assert same.steps == []
    assert same.error.startswith(f"ConflictError: transaction {trial.id}: is on trial"), same.story
    assert rollback(base.host, trial.id)["event"] == "end"
    assert_is_as_before(base.host, base.before)


def test_apply_during_a_trial_says_how_to_end_it(base: Base) -> None:
    trial = base.apply(commit=False)
    second = apply(base.host, MANAGEMENT.replace(addresses=["192.168.100.20/24"]).desired())
    assert second.error.startswith(f"ConflictError: transaction {trial.id}: is on trial"), second.story
    assert trial.id in second.last["hint"]
    assert rollback(base.host, trial.id)["event"] == "end"
    assert_is_as_before(base.host, base.before)


def test_checkpoint_of_another_program_is_named_and_survives(base: Base) -> None:
    manager = ["org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager"]
    made = base.host.run(["busctl", "--system", "call", *manager, "CheckpointCreate", "aouu", "0", "60", "0"]).stdout
    path = json.loads(made.partition(" ")[2])
    refused = base.apply()
    assert refused.error.startswith("ConflictError: NetworkManager:"), refused.story
    assert path in refused.error
    left = base.host.run(["busctl", "--system", "get-property", *manager, "Checkpoints"]).stdout
    assert path in left
    base.host.run(["busctl", "--system", "call", *manager, "CheckpointDestroy", "o", path])
    assert_is_as_before(base.host, base.before)


def test_stale_plan_is_refused(base: Base) -> None:
    applying = base.applying("planned")
    applying.paused_at("planned")
    base.scene.nmcli("connection add type bridge con-name cloudbr0 ifname cloudbr0 autoconnect no")
    changed = snapshot(base.host)
    applying.tell()
    refused = applying.outcome()
    assert refused.error.startswith("ConflictError: plan: the host has changed since it was made"), refused.story
    assert_is_as_before(base.host, changed, refused.story)
    base.scene.nmcli("connection delete cloudbr0")


# --- the caller ends it ---


def test_ctrl_c_rolls_back_and_goes_on(base: Base) -> None:
    applying = base.applying(probes=[NEVER], rollback_after=30)
    applying.wait_for("progress", what="probe command false", outcome="begun")
    applying.process.send_signal(signal.SIGINT)
    outcome = applying.outcome()
    assert outcome.last["type"] == "KeyboardInterrupt", outcome.story
    assert outcome.progress["roll back"] == "done"
    assert_is_as_before(base.host, base.before, outcome.story)


def test_on_progress_that_raises_rolls_back_and_goes_on(base: Base) -> None:
    outcome = base.apply(raise_at=f"{TCP}: done")
    assert outcome.error.startswith("ValueError: told to fail"), outcome.story
    assert_is_as_before(base.host, base.before, outcome.story)


def test_check_that_fails_rolls_back(base: Base) -> None:
    outcome = base.apply(checks=[("agent is connected", "False", True)], rollback_after=3)
    base.assert_rolled_back(outcome, "check 'agent is connected': did not pass within 3 s after the change")


def test_check_that_did_not_pass_before_is_not_required(base: Base) -> None:
    outcome = base.apply(checks=[("agent is connected", "False", False)])
    assert outcome.committed, outcome.story
    assert outcome.progress["check agent is connected"] == "skipped"


def test_check_that_raises_rolls_back_and_goes_on(base: Base) -> None:
    there = "__import__('os').path.exists('/sys/class/net/cloudbr0')"
    outcome = base.apply(checks=[("raises", f"1 / 0 if {there} else True", True)])
    assert outcome.error.startswith("ZeroDivisionError"), outcome.story
    assert_is_as_before(base.host, base.before, outcome.story)


def test_hard_limit_ends_what_takes_too_long(base: Base) -> None:
    outcome = base.apply(probes=[NEVER], rollback_after=5, hard_limit=5)
    assert "RolledBackError" in outcome.error and "5 s" in outcome.error, outcome.story
    assert_is_as_before(base.host, base.before, outcome.story)


# --- nothing to do ---

LOOKS = {"Hello", "AddMatch", "RemoveMatch", "Get", "GetAll", "GetManagedObjects", "GetSettings", "GetNameOwner"}
LOOKS |= {"ListConnections", "GetAppliedConnection", "GetConnectionByUuid", "GetDeviceByIpIface", "GetSecrets"}
LOOKS |= {"GetConnectionCredentials", "GetConnectionUnixUser", "GetConnectionUnixProcessID", "NameHasOwner"}
MARK = "ListActivatableNames"


def test_apply_of_what_is_there_already_writes_nothing(base: Base) -> None:
    assert base.apply().committed
    before = snapshot(base.host)
    pipe = subprocess.PIPE
    with base.host.popen(["dbus-monitor", "--system"], stdout=pipe) as monitor:
        assert monitor.stdout is not None
        for line in monitor.stdout:
            if "member=NameLost" in line:  # from here on it sees all
                break
        outcome = base.apply()
        base.host.run(["busctl", "--system", "call", "org.freedesktop.DBus", "/", "org.freedesktop.DBus", MARK])
        called = []
        for line in monitor.stdout:
            if line.startswith("method call"):
                called.append(line.rpartition("member=")[2].strip())
                if called[-1] == MARK:
                    break
        monitor.kill()
    assert outcome.last == {"event": "end", "id": "", "committed": False}, outcome.story
    assert outcome.steps == [] and outcome.progress == {}
    assert set(called) - {MARK} <= LOOKS, called
    assert_is_as_before(base.host, before)
