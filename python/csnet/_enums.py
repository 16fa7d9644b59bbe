"""The closed lists of words. The C++ part imports them when it needs one."""

import enum


class ErrorKind(enum.Enum):
    """Why something failed: a closed list, so that a caller can decide what to do next.

    Each kind has a subclass of csnet.Error of its own.
    """

    __module__ = "csnet"

    invalid = "invalid"
    """The input cannot be right, whatever the host. Nothing was sent."""
    not_found = "not_found"
    """A profile, a device or a controller that the input names does not exist."""
    conflict = "conflict"
    """The host holds something that contradicts the request."""
    permission = "permission"
    """NetworkManager (polkit) or the kernel denies it to this user."""
    unavailable = "unavailable"
    """No bus, no NetworkManager, or it went away during the call."""
    timeout = "timeout"
    """It did not happen in the time given; the host may still be working on it."""
    rolled_back = "rolled_back"
    """A transaction failed, and the host is as it was before."""
    incomplete = "incomplete"
    """A transaction ended in part: TransactionError.left says what is left to do."""
    unsupported = "unsupported"
    """This NetworkManager, libnm or kernel cannot do it."""
    bug = "bug"
    """csnet's own fault: please report it."""


class TransactionOutcome(enum.Enum):
    """How a transaction ended that did not end as it was to."""

    __module__ = "csnet"

    rolled_back = "rolled_back"
    """The host is as it was before."""
    rollback_incomplete = "rollback_incomplete"
    """Something is not as it was: see TransactionError.left. Session.rollback() tries once more."""
    committed_incomplete = "committed_incomplete"
    """The new network is in force and on disk, and something is left to do: see TransactionError.left."""


class Severity(enum.Enum):
    """How bad a Finding is."""

    __module__ = "csnet"

    info = "info"
    """Worth knowing."""
    warning = "warning"
    """It works, but something else will not: read it before you go on."""
    error = "error"
    """It cannot work; csnet refuses it."""

    def __repr__(self) -> str:
        return f"Severity.{self.name}"  # as a Finding prints it, and as it can be typed


class Action(enum.Enum):
    """What a Step of a Plan does.

    add and modify touch memory alone; activate, reapply, restart and park the running interfaces; retire and remove
    the disk, at the end.
    """

    __module__ = "csnet"

    add = "add"
    """A new profile."""
    modify = "modify"
    """A change of a profile."""
    activate = "activate"
    """The interface comes up by the profile; what held it before gives way."""
    reapply = "reapply"
    """The running interface takes over what changed, without going down."""
    restart = "restart"
    """Down and up again: what changed cannot be had otherwise."""
    park = "park"
    """The interface loses its addresses and its controller, and waits until the end of the trial."""
    retire = "retire"
    """The profile stays, and does not come up by itself any more."""
    remove = "remove"
    """The profile is deleted."""

    def __repr__(self) -> str:
        return f"Action.{self.name}"  # as a Step prints it, and as it can be typed


class ProgressPhase(enum.Enum):
    """When in a transaction something happens."""

    __module__ = "csnet"

    before = "before"
    """The probes and checks, before anything is touched."""
    trial = "trial"
    """The steps, and what is waited for with them."""
    after = "after"
    """The probes and checks, after the steps."""
    commit = "commit"
    """The change is made to last."""
    rollback = "rollback"
    """The host becomes what it was."""

    def __repr__(self) -> str:
        return f"ProgressPhase.{self.name}"  # as a Progress prints it, and as it can be typed


class ProgressAction(enum.Enum):
    """What happens in a transaction. The first eight are the actions of a plan's steps."""

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
    """A Probe; `subject` is "tcp 192.168.100.2:8250"."""
    check = "check"
    """A Check of the caller's; `subject` is its name."""
    wait_for_lacp = "wait_for_lacp"
    """`subject` is the bond's interface."""
    write = "write"
    """A profile of the trial is written to disk."""
    drop_checkpoint = "drop_checkpoint"
    """NetworkManager's checkpoint is destroyed: the point of no return."""
    commit = "commit"
    """The whole; it ends when all of it has ended."""
    roll_back = "roll_back"
    """The whole."""

    def __repr__(self) -> str:
        return f"ProgressAction.{self.name}"  # as a Progress prints it, and as it can be typed


class ProgressOutcome(enum.Enum):
    """How a part of a transaction ended."""

    __module__ = "csnet"

    begun = "begun"
    """It has not ended yet."""
    done = "done"
    failed = "failed"
    skipped = "skipped"

    def __repr__(self) -> str:
        return f"ProgressOutcome.{self.name}"  # as a Progress prints it, and as it can be typed


class TransactionState(enum.Enum):
    """How an open transaction stands."""

    __module__ = "csnet"

    trial = "trial"
    """It waits for commit() or rollback()."""
    running = "running"
    """Another process is at work on it."""
    interrupted = "interrupted"
    """The process that was at work on it has died: recover(), commit(), rollback() or an apply() ends it."""

    def __repr__(self) -> str:
        return f"TransactionState.{self.name}"  # as a Transaction prints it, and as it can be typed


class ProbeType(enum.Enum):
    """How a Probe asks."""

    __module__ = "csnet"

    tcp = "tcp"
    """A connection is accepted."""
    arp = "arp"
    """The neighbour answers."""
    command = "command"
    """`/bin/sh -c TARGET` ends with 0."""

    def __repr__(self) -> str:
        return f"ProbeType.{self.name}"  # as a Probe prints it, and as it can be typed
