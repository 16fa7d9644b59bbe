"""csnet rollback: undo a transaction."""

from __future__ import annotations

import argparse

import csnet
from csnet.cli.host import Uninterrupted, add_id, open_transaction, require_rights
from csnet.cli.output import Output

DESCRIPTION = """\
Undoes the transaction that is on trial or was interrupted, or tries again to restore what an earlier rollback could
not. The host is then as it was before. csnet cannot roll back a committed transaction; the old profiles are still on
the host with autoconnect off, and `nmcli connection up NAME` brings one up."""
EXAMPLES = (
    ("csnet rollback", "roll back the open transaction"),
    ("csnet rollback 1a2b3c4d", "roll it back only if it has this id"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    require_rights("rollback")
    with Uninterrupted(), csnet.Session() as session:
        which = open_transaction(session, options.id)
        try:
            report = session.rollback(which)
        except csnet.TransactionError as error:
            out.error(error)
            return 1  # the rollback did not happen, or not in full
    if out.json:
        out.give(csnet.as_dict(report))
    out.say(f"transaction {which} is rolled back: the host is as it was")
    return 0
