"""csnet show: the host's network as a person pictures it."""

import argparse
from pathlib import Path

import csnet
from csnet.picture.as_dict import as_dict
from csnet.cli.output import Output
from csnet.picture import of_host

DESCRIPTION = """\
Draws the host's network from the wire up: NIC, bond, VLAN, bridge, addresses. It marks what does not survive a reboot,
what an open transaction has on trial, and where NetworkManager, its profiles and the kernel disagree, with what to do.
Nothing is changed, and root is not needed.

csnet writes no mark of its own into a profile: what it would own is what a network file wants. With --file, the
interfaces that the file wants are marked, and those that are not as it wants them."""
EXAMPLES = (
    ("csnet show", "the network as a tree"),
    ("csnet show --file network.yaml", "and what of it the file wants"),
    ("csnet show --svg network.svg", "as a drawing"),
    ("csnet show --as-file > network.yaml", "as a network file whose plan is empty"),
    ("csnet show --json", "for programs; docs/show.md has the keys"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", metavar="FILE", help="a network file: mark what it wants")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--svg", type=Path, metavar="OUT", help="draw it into this file instead")
    forms.add_argument("--as-file", action="store_true", help="print the profiles as a network file instead")


def run(options: argparse.Namespace, out: Output) -> int:
    desired = csnet.load(options.file) if options.file is not None else None
    with csnet.Session() as session:
        current = session.read()
        if options.as_file:
            print(csnet.dump(current), end="")
            return 0
        plan = csnet.plan(desired, current) if desired is not None else None
        picture = of_host(current, session.links(), _transaction(session, out), plan)
    if options.svg:
        from csnet.cli.plan import write
        from csnet.drawing import host_svg

        write(options.svg, host_svg(picture))
    if out.json:
        out.give({**as_dict(picture), "pending": bool(plan) if plan is not None else None})
    elif not options.svg:
        from csnet.cli.tree import notes, tree

        for line in tree(picture, out):
            out.say(line)
        below = list(notes(picture, out))
        for line in [""] * bool(below) + below:
            out.say(line)
    return 0


def _transaction(session: csnet.Session, out: Output) -> "csnet.Transaction | None":
    try:
        return session.transaction()
    except csnet.PermissionError:  # the journal is root's
        return None
