"""The exceptions. Each kind is also the builtin that a Python programmer expects."""

import builtins  # not typing: it takes as long as all else that csnet imports

from csnet._enums import ErrorKind


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


class RolledBackError(Error, RuntimeError):
    """A transaction failed, and the host is as it was before."""

    kind = ErrorKind.rolled_back


class UnsupportedError(Error, NotImplementedError):
    """This NetworkManager, libnm or kernel cannot do it."""

    kind = ErrorKind.unsupported


class BugError(Error, AssertionError):
    """csnet's own fault: please report it."""

    kind = ErrorKind.bug


_of_kind: dict[ErrorKind, type[Error]] = {
    of_kind.kind: of_kind
    for of_kind in (InvalidError, NotFoundError, ConflictError, PermissionError, UnavailableError, TimeoutError,
                    RolledBackError, UnsupportedError, BugError)
}
for _class in (Error, *_of_kind.values()):
    _class.__module__ = "csnet"  # where users find them, so that tracebacks and pickles say so


def make(kind: str, text: str, subject: str, message: str, hint: str) -> Error:
    """The exception for what C++ threw."""
    return _of_kind[ErrorKind(kind)](text, subject=subject, message=message, hint=hint)
