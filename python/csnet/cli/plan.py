"""csnet plan: print what apply would do."""

from __future__ import annotations

import os

import csnet
from csnet.cli.host import add_plan_options, make_plan
from csnet.cli.output import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Compares the network file with the host, and prints each step that apply would take, the reason for it, and whose
traffic it interrupts. Changes nothing. Without --purge, the plan leaves alone whatever the file does not mention."""
EXAMPLES = (
    ("csnet plan network.yaml", "print what would change"),
    ("csnet plan --check network.yaml", "for scripts: exit with 0 if nothing would change, 3 if something would"),
    ("csnet plan --svg plan.svg network.yaml", "draw the network before and after"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_plan_options(parser)
    parser.add_argument("--check", action="store_true", help="exit with 3 if something would change")
    parser.add_argument("--svg", metavar="OUT", help="also draw the network before and after into this SVG file")


def run(options: argparse.Namespace, out: Output) -> int:
    request = csnet.load(options.file)
    with csnet.Session() as session:
        plan = make_plan(options, request, session)
        if options.svg:
            from csnet._show.drawing import plan_svg

            write(options.svg, plan_svg(plan, session.read(), session.links()))
    if out.json:
        out.give(csnet.as_dict(plan))
    else:
        out.plan(plan)
    return 3 if options.check and plan else 0


def write(path: str | os.PathLike[str], text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise csnet.InvalidError(f"{path}: {error.strerror}", subject=str(path), hint="choose another file") from None
