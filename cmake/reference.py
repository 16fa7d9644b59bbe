"""python3 reference.py man DIR | page FILE    write the man pages of csnet, or the page docs/command.md

Both come from the sources of --help: the command's parser, and each command's DESCRIPTION and EXAMPLES. The package
csnet must be importable.
"""
import argparse
import importlib
import re
import sys
import textwrap
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Tuple

from csnet import __version__, cli

COMMON = "for every command"  # the group of options that each command's parser has
HELP = ("-h, --help", "print this help")


class Section(NamedTuple):
    """A heading, with its entries: (--option VALUE, description)."""

    title: str
    entries: Tuple[Tuple[str, str], ...]


class Page(NamedTuple):
    name: str
    summary: str
    usage: str
    paragraphs: Tuple[str, ...]
    sections: Tuple[Section, ...]
    examples: Tuple[Tuple[str, str], ...]


def value_of(action: argparse.Action) -> str:
    """The value of an option or argument as a usage line has it: FILE, [FILE], NAME=VALUE ..."""
    choices = f"{{{','.join(map(str, action.choices))}}}" if action.choices else None
    metavar = action.metavar or choices or (action.dest.upper() if action.option_strings else action.dest)
    one = " ".join(metavar) if isinstance(metavar, tuple) else metavar
    forms = {None: one, "?": f"[{one}]", "*": f"[{one} ...]", "+": f"{one} ...", argparse.REMAINDER: f"{one} ..."}
    if isinstance(action.nargs, int):
        return " ".join([one] * action.nargs)
    return forms[action.nargs]


def title_of(action: argparse.Action) -> str:
    value = value_of(action)
    if not action.option_strings:
        return value
    return ", ".join(action.option_strings) + (f" {value}" if value else "")


def of_group(group: "argparse._ArgumentGroup") -> List[argparse.Action]:
    hidden = (argparse._HelpAction, argparse._SubParsersAction)
    return [action for action in group._group_actions
            if action.help != argparse.SUPPRESS and not isinstance(action, hidden)]


def usage_of(parser: argparse.ArgumentParser) -> str:
    """The usage line. argparse's own differs between versions of Python, and repeats the common options."""
    words: List[Tuple[int, str]] = []
    exclusive = {id(action): group for group in parser._mutually_exclusive_groups for action in group._group_actions}
    for group in parser._action_groups:
        for action in of_group(group):
            together = exclusive.get(id(action))
            if group.title == COMMON or together and action is not together._group_actions[0]:
                continue
            if not action.option_strings:
                words.append((1, value_of(action)))
                continue
            actions = together._group_actions if together else [action]
            text = " | ".join(f"{each.option_strings[-1]} {value_of(each)}".strip() for each in actions)
            words.append((0, text if action.required else f"[{text}]"))
    return " ".join([parser.prog, *(text for _, text in sorted(words, key=lambda word: word[0]))])


def sections_of(parser: argparse.ArgumentParser, common: bool) -> Iterator[Section]:
    formatter = parser._get_formatter()
    for group in parser._action_groups:
        entries = tuple((title_of(action), formatter._expand_help(action)) for action in of_group(group))
        if not entries or (group.title == COMMON) != common:
            continue
        usual = {"positional arguments": "Arguments", "optional arguments": "Options", "options": "Options"}
        title = group.title or ""
        yield Section(usual.get(title, title[:1].upper() + title[1:]), entries)


def pages() -> Iterator[Page]:
    """The page of csnet, then that of each command."""
    top = cli.parser()
    commands = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    parsers = {name: commands.choices[name] for name in cli.COMMANDS}
    (common,) = sections_of(next(iter(parsers.values())), common=True)
    yield Page(
        "csnet", "a KVM host's management network, in one transaction", "csnet [--version] COMMAND [ARGUMENT ...]",
        paragraphs_of(cli.DESCRIPTION),
        (Section("Commands", tuple(cli.COMMANDS.items())), *sections_of(top, common=False),
         Section("Options of every command", (HELP, *common.entries))), ())
    for name, parser in parsers.items():
        module = importlib.import_module(f"csnet.cli.{name}")
        yield Page(f"csnet {name}", cli.COMMANDS[name], usage_of(parser), paragraphs_of(module.DESCRIPTION),
                   tuple(sections_of(parser, common=False)), tuple(module.EXAMPLES))


def paragraphs_of(text: str) -> Tuple[str, ...]:
    """The paragraphs of a text, each on one line; indented ones as they are."""
    parts = re.split(r"\n\s*\n", text.strip("\n"))
    return tuple(part if part.startswith(" ") else " ".join(part.split()) for part in parts if part.strip())


def exit_codes() -> Section:
    return Section("Exit codes", tuple((str(code), text) for code, text in cli.EXIT_CODES.items()))


# --- man pages, in the man(7) macros

def roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = text.replace("^", "\\(ha").replace("~", "\\(ti")
    text = re.sub(r"\\\(ga(.+?)\\\(ga", r"\\fB\1\\fR", text)  # `text to be typed`
    return re.sub(r"^(?=\.)", r"\\&", text, flags=re.MULTILINE)


def roff_entries(title: str, entries: Tuple[Tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {roff(title.upper())}"
    for name, text in entries:
        yield f".TP\n\\fB{roff(name)}\\fR\n{roff(text)}"


def man_page(page: Page, others: List[Page]) -> str:
    file_name = page.name.replace(" ", "-")
    lines = [f'.TH {roff(file_name.upper())} 1 "" "csnet {roff(__version__)}" "csnet"',
             ".SH NAME", f"{roff(file_name)} \\- {roff(page.summary)}",
             ".SH SYNOPSIS", f"\\fB{roff(page.name)}\\fR{roff(page.usage[len(page.name):])}",
             ".SH DESCRIPTION"]
    for number, paragraph in enumerate(page.paragraphs):
        if paragraph.startswith(" "):
            lines += [".PP", ".EX", roff(paragraph), ".EE"]
        else:
            lines += ([".PP"] if number else []) + [roff(paragraph)]
    for section in page.sections:
        lines += roff_entries(*section)
    if page.name != "csnet":
        lines += [".PP", "The options of every command are in\n.BR csnet (1)."]
    if page.examples:
        lines += roff_entries("Examples", page.examples)
    lines += roff_entries("Exit status", exit_codes().entries)
    see = [f".BR {roff(other.name.replace(' ', '-'))} (1)," for other in others if other.name != page.name]
    lines += [".SH SEE ALSO", *see, ".BR nmcli (1),", ".BR NetworkManager (8)"]
    return "\n".join(lines) + "\n"


# --- docs/command.md

def plain(text: str) -> str:
    """Escape a text for Markdown, except between backquotes."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*<\[])", r"\\\1", part) for part in parts)


def wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def markdown_entries(entries: Tuple[Tuple[str, str], ...]) -> Iterator[str]:
    for name, text in entries:
        yield wrapped(f"- `{name}`: {plain(text)}", "  ")


def markdown_page(page: Page) -> Iterator[str]:
    if page.name == "csnet":
        yield "# The command csnet"
        yield "<!-- made by cmake/reference.py from the text of --help: do not edit -->"
    else:
        yield f"## {page.name}"
        yield f"{plain(page.summary[:1].upper() + page.summary[1:])}."
    yield f"```text\n{page.usage}\n```"
    for paragraph in page.paragraphs:
        yield f"```text\n{paragraph}\n```" if paragraph.startswith(" ") else wrapped(plain(paragraph))
    for title, entries in page.sections:
        yield f"## {title}" if page.name == "csnet" else f"{title}:"
        if title == "Commands":
            yield "\n".join(f"- [`csnet {name}`](#csnet-{name}): {plain(text)}" for name, text in entries)
        else:
            yield "\n".join(markdown_entries(entries))
    if page.examples:
        yield "Examples:"
        yield "\n".join(markdown_entries(page.examples))
    if page.name == "csnet":
        yield "## Exit codes"
        yield "\n".join(markdown_entries(exit_codes().entries))


def main(arguments: Optional[List[str]] = None) -> int:
    kind, target = sys.argv[1:] if arguments is None else arguments
    every = list(pages())
    if kind == "page":
        Path(target).write_text("\n\n".join(part for page in every for part in markdown_page(page)) + "\n",
                                encoding="utf-8")
        return 0
    Path(target).mkdir(parents=True, exist_ok=True)
    for page in every:
        name = page.name.replace(" ", "-")
        Path(target, f"{name}.1").write_text(man_page(page, every), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
