"""csnet recover: end a transaction whose process has died."""

from __future__ import annotations

import argparse

import csnet
from csnet.cli.host import Uninterrupted, require_rights
from csnet.cli.output import Output

DESCRIPTION = """\
Ends a transaction that was interrupted, by a power failure or because csnet was killed: finishes a commit that had
written everything, and undoes all else. A transaction that waits for its commit is left alone. csnet-recover.service
runs this at boot, after NetworkManager and before the network counts as online."""
EXAMPLES = (
    ("csnet recover", "nothing to do: says so, and exits with 0"),
    ("systemctl status csnet-recover", "what it did at the last boot"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none of its own."""


def run(options: argparse.Namespace, out: Output) -> int:
    require_rights("recover")
    with Uninterrupted(), csnet.Session() as session:
        report = session.recover()
    if out.json:
        out.give(csnet.as_dict(report) if report is not None else {})
    if report is None:
        out.say("no transaction was interrupted")
    elif report.committed:
        out.say(f"transaction {report.id} is committed: the new network is on disk")
    else:
        out.say(f"transaction {report.id} is rolled back: the host is as it was")
    return 0
