"""csnet show: print or draw the host's network."""

from __future__ import annotations

import argparse
from pathlib import Path

import csnet
from csnet._show.picture_as_dict import picture_as_dict
from csnet.cli.output import Output
from csnet._show.picture import of_host

DESCRIPTION = """\
Draws the host's network from the wire up: NIC, bond, VLAN, bridge, addresses. Marks what does not survive a reboot and
what an open transaction changes. Lists where NetworkManager, its profiles and the kernel disagree, and what to do about
it. Changes nothing, and does not need root.

csnet does not mark profiles as its own; a network file says which ones it manages. With --file, the command marks the
interfaces that the file wants, and those that differ from it."""
EXAMPLES = (
    ("csnet show", "print the network as a tree"),
    ("csnet show --file network.yaml", "also mark what the file wants"),
    ("csnet show --svg network.svg", "draw it"),
    ("csnet show --as-file > network.yaml", "print a network file whose plan is empty"),
    ("csnet show --json", "for programs; docs/show.md lists the keys"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", metavar="FILE", help="mark what this network file wants")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--svg", type=Path, metavar="OUT", help="draw the network into this file instead")
    forms.add_argument("--as-file", action="store_true", help="print the profiles as a network file instead")


def run(options: argparse.Namespace, out: Output) -> int:
    request = csnet.load(options.file) if options.file is not None else None
    with csnet.Session() as session:
        facts = session.read()
        if options.as_file:
            print(csnet.dump(facts.current), end="")
            return 0
        plan = csnet.plan(request, facts) if request is not None else None
        picture = of_host(facts, session.links(), _transaction(session, out), plan)
    if options.svg:
        from csnet.cli.plan import write
        from csnet._show.drawing import host_svg

        write(options.svg, host_svg(picture))
    if out.json:
        out.give({**picture_as_dict(picture), "pending": bool(plan) if plan is not None else None})
    elif not options.svg:
        from csnet.cli.tree import notes, tree

        for line in tree(picture, out):
            out.say(line)
        below = list(notes(picture, out))
        for line in [""] * bool(below) + below:
            out.say(line)
    return 0


def _transaction(session: csnet.Session, out: Output) -> csnet.Transaction | None:
    try:
        return session.transaction()
    except csnet.PermissionError:  # only root can read the journal
        return None
