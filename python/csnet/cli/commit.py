"""csnet commit: make a transaction permanent."""

from __future__ import annotations

import argparse

import csnet
from csnet.cli.host import Uninterrupted, add_id, code_of, open_transaction, require_rights
from csnet.cli.output import Output

DESCRIPTION = """\
Writes to disk the profiles of the transaction that `csnet apply --no-commit` left on trial. Also finishes a commit
whose process was killed. Works from any terminal, for example from an SSH session to the new address."""
EXAMPLES = (
    ("csnet commit", "commit the open transaction"),
    ("csnet commit 1a2b3c4d", "commit it only if it has this id"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    require_rights("commit")
    with Uninterrupted(), csnet.Session() as session:
        which = open_transaction(session, options.id)
        try:
            report = session.commit(which)
        except csnet.TransactionError as error:
            out.error(error)
            return code_of(error)
    if out.json:
        out.give(csnet.as_dict(report))
    out.say(f"transaction {which} is committed: the new network is on disk")
    return 0
