"""csnet rollback: a transaction is taken back."""

import argparse

import csnet
from csnet.as_dict import report_as_dict
from csnet.cli.host import Uninterrupted, add_id, open_transaction, require_rights
from csnet.cli.output import Output

DESCRIPTION = """\
Takes the transaction back that is on trial, or that was interrupted; or tries again to restore what a rollback could
not. The host is then as it was before. A transaction that was committed cannot be rolled back: its old profiles are
still there, with autoconnect off, and `nmcli connection up NAME` brings one back."""
EXAMPLES = (
    ("csnet rollback", "the transaction that is open"),
    ("csnet rollback 1a2b3c4d", "only if it is this one"),
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
            return 1  # what was asked for did not happen
    if out.json:
        out.give(report_as_dict(report))
    out.say(f"transaction {which} is rolled back: the host is as it was")
    return 0
