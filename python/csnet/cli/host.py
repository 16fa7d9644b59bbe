"""What the commands share that talk to NetworkManager: rights, arguments, and the exit code after a rollback."""

from __future__ import annotations  # so that typing, which is slow to import, is for checkers alone

import os

import csnet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_CAPABILITIES = {"CAP_NET_ADMIN": 12, "CAP_NET_RAW": 13}


def add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the network file, YAML or JSON; - is standard input")


def add_plan_options(parser: argparse.ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument("--prune", action="store_true", help="delete old profiles that would be retired")
    parser.add_argument("--purge", action="store_true",
                        help="delete every bridge, bond, VLAN and Ethernet profile that the file does not mention, in"
                             " the way or not")
    parser.add_argument("--guest-vlans", default="", metavar="RANGES",
                        help="the zone's guest VLANs, 200-299,1000: warn where the management VLAN is among them")


def add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", nargs="?", default="", help="the transaction [the one that is open]")


def make_plan(options: argparse.Namespace, desired: csnet.HostState, session: csnet.Session) -> csnet.Plan:
    return session.plan(desired, prune=options.prune, purge=options.purge, guest_vlans=options.guest_vlans)


def require_rights(command: str) -> None:
    """What apply, commit and rollback need, before anything is touched.

    Raises PermissionError that names what is missing.
    """
    missing: list[str] = []
    if os.geteuid() != 0:
        missing.append("root (NetworkManager's profiles, and the journal in /var/lib/csnet)")
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        effective = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
    missing += [name for name, bit in _CAPABILITIES.items() if not effective >> bit & 1]
    if missing:
        raise csnet.PermissionError(
            f"csnet {command}: needs {', '.join(missing)}", subject=f"csnet {command}", hint=f"sudo csnet {command} …")


class Uninterrupted:
    """A context that Ctrl-C, SIGTERM and SIGHUP do not end: half a commit helps nobody, nor half a rollback."""

    def __enter__(self) -> None:
        import signal

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self._before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}

    def __exit__(self, *exception: object) -> None:
        import signal

        for number, handler in self._before.items():
            signal.signal(number, handler)


def code_of(error: csnet.TransactionError) -> int:
    """The exit code: 4 promises that the host is as it was."""
    return 4 if error.outcome is csnet.TransactionOutcome.rolled_back else 1


def open_transaction(session: csnet.Session, wanted: str) -> str:
    """The id of the transaction that a command is about: `wanted`, or the one that is open."""
    found = session.transaction()
    if wanted:
        return wanted
    if found is None:
        raise csnet.NotFoundError("transaction: none is open", subject="transaction",
                                  hint="it was committed or rolled back already: csnet show")
    return found.id
