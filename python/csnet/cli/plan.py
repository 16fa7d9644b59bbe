"""csnet plan: what apply would do."""

from __future__ import annotations  # so that typing, which is slow to import, is for checkers alone

import os

import csnet
from csnet.as_dict import plan_as_dict
from csnet.cli.host import add_plan_options, make_plan
from csnet.cli.output import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Compares the network file with the host, and prints each step that apply would take: why, and whose traffic stops
meanwhile. Nothing is changed. What the file does not mention is left alone, but for --purge."""
EXAMPLES = (
    ("csnet plan network.yaml", "what would change"),
    ("csnet plan --check network.yaml", "for scripts: exit code 0 when nothing would, 3 when something would"),
    ("csnet plan --svg plan.svg network.yaml", "the network before and after, as a drawing"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_plan_options(parser)
    parser.add_argument("--check", action="store_true", help="exit with 3 when something would change")
    parser.add_argument("--svg", metavar="OUT", help="also draw before and after into this file")


def run(options: argparse.Namespace, out: Output) -> int:
    desired = csnet.load(options.file)
    with csnet.Session() as session:
        plan = make_plan(options, desired, session)
        if options.svg:
            from csnet.drawing import plan_svg

            write(options.svg, plan_svg(plan, session.read(), session.links()))
    if out.json:
        out.give(plan_as_dict(plan))
    else:
        out.plan(plan)
    return 3 if options.check and plan else 0


def write(path: str | os.PathLike[str], text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise csnet.InvalidError(f"{path}: {error.strerror}", subject=str(path), hint="choose another file") from None
