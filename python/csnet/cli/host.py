"""Shared by the commands that talk to NetworkManager: arguments, rights, signals, and exit codes of transactions."""

from __future__ import annotations

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
    parser.add_argument("--prune", action="store_true", help="delete profiles that csnet would otherwise retire")
    parser.add_argument("--purge", action="store_true",
                        help="delete every bridge, bond, VLAN and Ethernet profile that the file does not mention")
    parser.add_argument("--guest-vlans", default="", metavar="RANGES",
                        help="the guest VLANs of the CloudStack zone, such as 200-299,1000; warn if the management VLAN"
                             " is among them")


def add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", nargs="?", default="", help="the transaction [the open one]")


def make_plan(options: argparse.Namespace, request: csnet.Request, session: csnet.Session) -> csnet.Plan:
    return session.plan(request, prune=options.prune, purge=options.purge, guest_vlans=options.guest_vlans)


def require_rights(command: str) -> None:
    """Check for the rights that apply, commit and rollback need. Raises PermissionError that names those missing."""
    missing: list[str] = []
    if os.geteuid() != 0:
        missing.append("root (to change NetworkManager's profiles and write the journal in /var/lib/csnet)")
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        effective = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
    missing += [name for name, bit in _CAPABILITIES.items() if not effective >> bit & 1]
    if missing:
        raise csnet.PermissionError(
            f"csnet {command}: needs {', '.join(missing)}", subject=f"csnet {command}", hint=f"sudo csnet {command} …")


class Uninterrupted:
    """A context that ignores Ctrl-C, SIGTERM and SIGHUP, so that a commit or a rollback is not left half done."""

    def __enter__(self) -> None:
        import signal

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self._before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}

    def __exit__(self, *exception: object) -> None:
        import signal

        for number, handler in self._before.items():
            signal.signal(number, handler)


def code_of(error: csnet.TransactionError) -> int:
    """The exit code for a failed transaction: 4 if the host is as it was before, else 1."""
    return 4 if error.outcome is csnet.TransactionOutcome.rolled_back else 1


def open_transaction(session: csnet.Session, wanted: str) -> str:
    """The id of the transaction to commit or roll back: `wanted`, or the open one if `wanted` is empty."""
    found = session.transaction()
    if wanted:
        return wanted
    if found is None:
        raise csnet.NotFoundError("transaction: none is open", subject="transaction",
                                  hint="it has been committed or rolled back already; csnet show prints the network")
    return found.id
