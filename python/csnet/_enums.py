"""The enumerations of csnet. The compiled module imports them when it needs one."""

from __future__ import annotations

import enum


class ErrorKind(enum.Enum):
    """Why a call failed. Each kind has a subclass of csnet.Error.
    """

    __module__ = "csnet"

    invalid = "invalid"
    """The input is wrong on any host. csnet sent nothing to NetworkManager."""
    not_found = "not_found"
    """The input names a profile, a device or a controller that does not exist."""
    conflict = "conflict"
    """Something on the host contradicts the request."""
    permission = "permission"
    """NetworkManager (polkit) or the kernel denies the request to this user."""
    unavailable = "unavailable"
    """The system bus or NetworkManager cannot be reached, or ended during the call."""
    timeout = "timeout"
    """The request did not end within its timeout; the host may still be working on it."""
    rolled_back = "rolled_back"
    """A transaction failed; the host is as it was before it."""
    incomplete = "incomplete"
    """A transaction ended in part; TransactionError.left lists what is left to do."""
    unsupported = "unsupported"
    """The NetworkManager, libnm or kernel of this host does not support the request."""
    bug = "bug"
    """csnet has a bug. Please report it."""


class TransactionOutcome(enum.Enum):
    """How a transaction that failed has ended."""

    __module__ = "csnet"

    rolled_back = "rolled_back"
    """The host is as it was before the transaction."""
    rollback_incomplete = "rollback_incomplete"
    """The rollback could not restore everything: see TransactionError.left. Session.rollback() tries again."""
    committed_incomplete = "committed_incomplete"
    """The new network is active and on disk, and something is left to do: see TransactionError.left."""


class LacpState(enum.Enum):
    """How far a bond's port is with LACP."""

    __module__ = "csnet"

    up = "up"
    """It carries traffic."""
    negotiating = "negotiating"
    """The partner answers, and the port does not carry traffic yet."""
    alone = "alone"
    """No partner answers."""


class Severity(enum.Enum):
    """How serious a Finding is."""

    __module__ = "csnet"

    info = "info"
    """A fact that an operator may want to know."""
    warning = "warning"
    """The configuration works, but something that depends on it may not. Read it before you continue."""
    error = "error"
    """The configuration cannot work; csnet refuses it."""

    def __repr__(self) -> str:
        return f"Severity.{self.name}"  # as a Finding prints it, and as it can be typed


class Action(enum.Enum):
    """The action of a Step in a Plan.

    add and modify change profiles in NetworkManager's memory. activate, reapply, restart and park change interfaces.
    retire and remove change profiles on disk, at the end of the transaction.
    """

    __module__ = "csnet"

    add = "add"
    """Adds a profile."""
    modify = "modify"
    """Modifies a profile."""
    activate = "activate"
    """Brings the profile up on its interface, in place of the profile that is active there."""
    reapply = "reapply"
    """Applies the changed profile to its active interface without taking it down."""
    restart = "restart"
    """Takes the interface down and brings it up: the kernel cannot change the property otherwise."""
    park = "park"
    """Removes the interface's addresses and its controller for the time of the trial."""
    retire = "retire"
    """Keeps the profile with autoconnect off, so that NetworkManager no longer brings it up on its own."""
    remove = "remove"
    """Deletes the profile."""

    def __repr__(self) -> str:
        return f"Action.{self.name}"  # as a Step prints it, and as it can be typed


class ProgressPhase(enum.Enum):
    """The part of a transaction to which a Progress belongs."""

    __module__ = "csnet"

    before = "before"
    """csnet runs the probes and checks for the first time. Nothing has changed."""
    trial = "trial"
    """csnet carries out the steps in memory and on the interfaces, and waits until the interfaces are usable."""
    after = "after"
    """csnet runs the probes and checks again, until they pass or the time is over."""
    commit = "commit"
    """csnet writes the change to disk."""
    rollback = "rollback"
    """csnet restores the host as it was before."""

    def __repr__(self) -> str:
        return f"ProgressPhase.{self.name}"  # as a Progress prints it, and as it can be typed


class ProgressAction(enum.Enum):
    """An action of a transaction. The first eight are the actions of a plan's steps."""

    __module__ = "csnet"

    add = "add"
    modify = "modify"
    activate = "activate"
    reapply = "reapply"
    restart = "restart"
    park = "park"
    retire = "retire"
    remove = "remove"
    probe = "probe"
    """csnet runs a Probe; `subject` is, for example, "tcp 192.168.100.2:8250"."""
    check = "check"
    """csnet calls a Check; `subject` is its name."""
    wait_for_lacp = "wait_for_lacp"
    """csnet waits until the bond has an LACP partner; `subject` is the bond's interface."""
    write = "write"
    """csnet writes a profile of the trial to disk."""
    drop_checkpoint = "drop_checkpoint"
    """csnet destroys NetworkManager's checkpoint. From here on, it finishes the transaction and does not undo it."""
    commit = "commit"
    """The whole commit. It ends when each part of it has ended."""
    roll_back = "roll_back"
    """The whole rollback."""

    def __repr__(self) -> str:
        return f"ProgressAction.{self.name}"  # as a Progress prints it, and as it can be typed


class ProgressOutcome(enum.Enum):
    """How a part of a transaction has ended."""

    __module__ = "csnet"

    begun = "begun"
    """The part has not ended yet."""
    done = "done"
    failed = "failed"
    skipped = "skipped"

    def __repr__(self) -> str:
        return f"ProgressOutcome.{self.name}"  # as a Progress prints it, and as it can be typed


class TransactionState(enum.Enum):
    """The state of an open transaction."""

    __module__ = "csnet"

    trial = "trial"
    """The transaction waits for commit() or rollback()."""
    running = "running"
    """A process is working on the transaction."""
    interrupted = "interrupted"
    """The process that worked on the transaction has ended: recover(), commit(), rollback() or apply() finishes it."""

    def __repr__(self) -> str:
        return f"TransactionState.{self.name}"  # as a Transaction prints it, and as it can be typed


class ProbeType(enum.Enum):
    """The kind of a Probe, and the condition under which it passes."""

    __module__ = "csnet"

    tcp = "tcp"
    """The target accepts a TCP connection."""
    arp = "arp"
    """The target answers an ARP request or a neighbour solicitation."""
    command = "command"
    """`/bin/sh -c TARGET` exits with 0."""

    def __repr__(self) -> str:
        return f"ProbeType.{self.name}"  # as a Probe prints it, and as it can be typed
