"""The exceptions of csnet. Each is also the builtin exception that a Python programmer expects."""

from __future__ import annotations

import builtins
from collections import namedtuple  # not typing: importing it takes as long as importing the rest of csnet

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
    Leftover.__doc__ = """One thing that a transaction left undone, `what`, and the `command` that does it by hand."""
    Leftover.__module__ = "csnet"
    Problem = namedtuple("Problem", ["line", "column", "path", "message", "hint"])
    Problem.__doc__ = """One mistake in a network file.

    Lines and columns begin with 1. `path` is "management.vlan", or "" for all of the file. `hint` says how to mend it,
    and may be empty.
    """
    Problem.__module__ = "csnet"


class Error(Exception):
    """The base class of all exceptions of csnet. csnet raises only its subclasses, one for each ErrorKind.

    str(error) is "SUBJECT: MESSAGE", for example "vlan 'eth0.100': id: 4095 is not a VLAN id (1 to 4094)".
    An argument of the wrong type raises a plain TypeError instead. Errors can be pickled.
    """

    kind: ErrorKind
    """Why the call failed."""

    def __init__(self, text: str, *, subject: str = "", message: str | None = None, hint: str = "") -> None:
        super().__init__(text)
        self.subject = subject
        """The thing that the error is about: "vlan 'eth0.100'", "NetworkManager", "management.gateway"."""
        self.message: str = text if message is None else message
        """str(error) without the subject."""
        self.hint = hint
        """Advice for the user; may be empty."""


class InvalidError(Error, ValueError):
    """The input is wrong on any host. csnet sent nothing to NetworkManager."""

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
    """The input names a profile, a device or a controller that does not exist."""

    kind = ErrorKind.not_found


class ConflictError(Error, RuntimeError):
    """Something on the host contradicts the request."""

    kind = ErrorKind.conflict


class PermissionError(Error, builtins.PermissionError):
    """NetworkManager (polkit) or the kernel denies the request to this user."""

    kind = ErrorKind.permission


class UnavailableError(Error, ConnectionError):
    """The system bus or NetworkManager cannot be reached, or ended during the call."""

    kind = ErrorKind.unavailable


class TimeoutError(Error, builtins.TimeoutError):
    """The request did not end within its timeout; the host may still be working on it."""

    kind = ErrorKind.timeout


class TransactionError(Error, RuntimeError):
    """A transaction failed after it had begun. csnet raises only its two subclasses.

    apply(), commit() and rollback() raise it. Its hint tells people what `left` tells programs.
    """

    def __init__(
        self, text: str, *, subject: str = "", message: str | None = None, hint: str = "",
        outcome: TransactionOutcome = TransactionOutcome.rollback_incomplete, report: Report | None = None,
        left: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(text, subject=subject, message=message, hint=hint)
        self.outcome: TransactionOutcome = outcome
        """The state in which the transaction left the host."""
        self.report: Report | None = report
        """The steps that csnet took; None when it took none."""
        self.left: tuple[Leftover, ...] = tuple(Leftover(*one) for one in left)
        """The things that are left to do by hand; empty when the outcome is rolled_back."""


class RolledBackError(TransactionError):
    """A transaction failed; the host is as it was before it."""

    kind = ErrorKind.rolled_back

    def __init__(
        self, text: str, *, subject: str = "", message: str | None = None, hint: str = "",
        report: Report | None = None,
    ) -> None:
        super().__init__(text, subject=subject, message=message, hint=hint,
                         outcome=TransactionOutcome.rolled_back, report=report)


class IncompleteError(TransactionError):
    """A transaction ended in part. `outcome` says whether csnet undid or committed it, `left` what is left to do."""

    kind = ErrorKind.incomplete


class UnsupportedError(Error, NotImplementedError):
    """The NetworkManager, libnm or kernel of this host does not support the request."""

    kind = ErrorKind.unsupported


class BugError(Error, AssertionError):
    """csnet has a bug. Please report it."""

    kind = ErrorKind.bug


_classes: tuple[type[Error], ...] = (
    InvalidError, NotFoundError, ConflictError, PermissionError, UnavailableError, TimeoutError, RolledBackError,
    IncompleteError, UnsupportedError, BugError)
_of_kind = {of_kind.kind: of_kind for of_kind in _classes}
for _class in (Error, FileError, TransactionError, *_of_kind.values()):
    _class.__module__ = "csnet"  # where users find them; tracebacks and pickles name it


def make(kind: str, text: str, subject: str, message: str, hint: str, *, outcome: str = "",
         report: Report | None = None, left: Iterable[tuple[str, str]] = (),
         problems: Iterable[tuple[int, int, str, str, str]] = ()) -> Error:
    """Make the exception for an error that C++ threw."""
    cls = _of_kind[ErrorKind(kind)]
    if cls is RolledBackError:
        return RolledBackError(text, subject=subject, message=message, hint=hint, report=report)
    if cls is IncompleteError:
        return IncompleteError(text, subject=subject, message=message, hint=hint, outcome=TransactionOutcome(outcome),
                               report=report, left=left)
    if problems:
        return FileError(text, subject=subject, message=message, hint=hint, problems=problems)
    return cls(text, subject=subject, message=message, hint=hint)
