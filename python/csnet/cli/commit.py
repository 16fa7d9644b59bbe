"""csnet commit: a transaction lasts."""

import argparse

import csnet
from csnet.as_dict import report_as_dict
from csnet.cli.host import Uninterrupted, add_id, code_of, open_transaction, require_rights
from csnet.cli.output import Output

DESCRIPTION = """\
Makes the transaction last that `csnet apply --no-commit` left on trial: its profiles are written to disk. Also finishes
a commit whose process died. From any terminal, for example one that came in over the new address."""
EXAMPLES = (
    ("csnet commit", "the transaction that is open"),
    ("csnet commit 1a2b3c4d", "only if it is this one"),
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
        out.give(report_as_dict(report))
    out.say(f"transaction {which} is committed: the new network is on disk")
    return 0
