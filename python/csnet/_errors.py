"""The exceptions. Each kind is also the builtin that a Python programmer expects."""

import builtins  # not typing: it takes as long as all else that csnet imports
from collections import namedtuple

from csnet._enums import ErrorKind, TransactionOutcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple

    from csnet._csnet import Report

    class Leftover(NamedTuple):
        what: str
        command: str

    class Problem(NamedTuple):
        line: int
        column: int
        path: str
        message: str
        hint: str
else:
    Leftover = namedtuple("Leftover", ["what", "command"])
    Leftover.__doc__ = """One thing that a transaction could not do, and the command that does it by hand."""
    Leftover.__module__ = "csnet"
    Problem = namedtuple("Problem", ["line", "column", "path", "message", "hint"])
    Problem.__doc__ = """One mistake in a network file.

    Lines and columns begin with 1. `path` is "management.vlan", or "" for all of the file. `hint` says how to mend it,
    and may be empty.
    """
    Problem.__module__ = "csnet"


class Error(Exception):
    """What csnet raises when something fails; always one of the subclasses, one for each ErrorKind.

    str(error) is "SUBJECT: MESSAGE", for example "vlan 'eth0.100': id: 4095 is not a VLAN id (1 to 4094)".
    An argument of the wrong type is a plain TypeError instead. Can be pickled.
    """

    kind: ErrorKind
    """Why it failed."""

    def __init__(self, text: str, *, subject: str = "", message: "str | None" = None, hint: str = "") -> None:
        super().__init__(text)
        self.subject = subject
        """What it is about: "vlan 'eth0.100'", "NetworkManager", "management.gateway"."""
        self.message: str = text if message is None else message
        """What happened, without the subject."""
        self.hint = hint
        """What to do about it; may be empty."""


class InvalidError(Error, ValueError):
    """The input cannot be right, whatever the host. Nothing was sent."""

    kind = ErrorKind.invalid


class FileError(InvalidError):
    """A network file that csnet refuses, with every mistake in it.

    str(error) has several lines: of each problem the place, the line of the file, and a caret below the column.
    """

    def __init__(
        self, text: str, *, subject: str = "", message: "str | None" = None, hint: str = "",
        problems: "Iterable[tuple[int, int, str, str, str]]" = (),
    ) -> None:
        super().__init__(text, subject=subject, message=message, hint=hint)
        self.problems: "tuple[Problem, ...]" = tuple(Problem(*one) for one in problems)
        """In the file's order, at most 25: csnet looks for no more."""


class NotFoundError(Error, LookupError):
    """A profile, a device or a controller that the input names does not exist."""

    kind = ErrorKind.not_found


class ConflictError(Error, RuntimeError):
    """The host holds something that contradicts the request."""

    kind = ErrorKind.conflict


class PermissionError(Error, builtins.PermissionError):
    """NetworkManager (polkit) or the kernel denies it to this user."""

    kind = ErrorKind.permission


class UnavailableError(Error, ConnectionError):
    """No bus, no NetworkManager, or it went away during the call."""

    kind = ErrorKind.unavailable


class TimeoutError(Error, builtins.TimeoutError):
    """It did not happen in the time given; the host may still be working on it."""

    kind = ErrorKind.timeout


class TransactionError(Error, RuntimeError):
    """A transaction was begun, and did not end as it was to; always one of the two subclasses.

    What apply(), commit() and rollback() raise then. The hint has for people what `left` has for programs.
    """

    def __init__(
        self, text: str, *, subject: str = "", message: "str | None" = None, hint: str = "",
        outcome: TransactionOutcome = TransactionOutcome.rollback_incomplete, report: "Report | None" = None,
        left: "Iterable[tuple[str, str]]" = (),
    ) -> None:
        super().__init__(text, subject=subject, message=message, hint=hint)
        self.outcome: TransactionOutcome = outcome
        """What became of the host."""
        self.report: "Report | None" = report
        """What was done until then; None where nothing was."""
        self.left: "tuple[Leftover, ...]" = tuple(Leftover(*one) for one in left)
        """What is left to do; empty when the outcome is rolled_back."""


class RolledBackError(TransactionError):
    """A transaction failed, and the host is as it was before."""

    kind = ErrorKind.rolled_back

    def __init__(
        self, text: str, *, subject: str = "", message: "str | None" = None, hint: str = "",
        report: "Report | None" = None,
    ) -> None:
        super().__init__(text, subject=subject, message=message, hint=hint,
                         outcome=TransactionOutcome.rolled_back, report=report)


class IncompleteError(TransactionError):
    """A transaction ended in part: `outcome` says whether it was taken back or committed, `left` what is left to do."""

    kind = ErrorKind.incomplete


class UnsupportedError(Error, NotImplementedError):
    """This NetworkManager, libnm or kernel cannot do it."""

    kind = ErrorKind.unsupported


class BugError(Error, AssertionError):
    """csnet's own fault: please report it."""

    kind = ErrorKind.bug


_classes: tuple[type[Error], ...] = (
    InvalidError, NotFoundError, ConflictError, PermissionError, UnavailableError, TimeoutError, RolledBackError,
    IncompleteError, UnsupportedError, BugError)
_of_kind = {of_kind.kind: of_kind for of_kind in _classes}
for _class in (Error, FileError, TransactionError, *_of_kind.values()):
    _class.__module__ = "csnet"  # where users find them, so that tracebacks and pickles say so


def make(kind: str, text: str, subject: str, message: str, hint: str, *, outcome: str = "",
         report: "Report | None" = None, left: "Iterable[tuple[str, str]]" = (),
         problems: "Iterable[tuple[int, int, str, str, str]]" = ()) -> Error:
    """The exception for what C++ threw."""
    cls = _of_kind[ErrorKind(kind)]
    if cls is RolledBackError:
        return RolledBackError(text, subject=subject, message=message, hint=hint, report=report)
    if cls is IncompleteError:
        return IncompleteError(text, subject=subject, message=message, hint=hint, outcome=TransactionOutcome(outcome),
                               report=report, left=left)
    if problems:
        return FileError(text, subject=subject, message=message, hint=hint, problems=problems)
    return cls(text, subject=subject, message=message, hint=hint)
