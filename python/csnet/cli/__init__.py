"""The command csnet, also `python3 -m csnet`. Each command is a module here, which main() imports when it is given.

A start takes tens of milliseconds, so modules that are slow to import, such as typing and json, are imported where they
are needed, and for type checkers alone.
"""

from __future__ import annotations

import argparse
import os
import sys

import csnet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

#: Each command with its summary. Its module has DESCRIPTION, EXAMPLES, add_arguments(parser) and run(options, out).
COMMANDS = {
    "plan": "show what apply would do",
    "apply": "carry out a network file, or leave the host as it was",
    "commit": "make permanent a transaction that is on trial",
    "rollback": "undo a transaction",
    "recover": "finish or undo an interrupted transaction",
    "show": "draw the host's network, from the wire up",
    "render": "write the profiles as keyfiles, without NetworkManager",
    "sandbox": "run commands on a disposable host",
}
DESCRIPTION = """\
Puts a KVM host's CloudStack management traffic on a VLAN and a bridge of its own, as persistent NetworkManager
profiles. A network file describes the wanted network. `csnet apply` carries it out in one transaction, which ends
either with the management server reachable or with the host as it was."""
EXIT_CODES = {
    0: "done, or nothing to do",
    1: "failed; the host is unchanged unless the message says otherwise",
    2: "wrong usage or an invalid file; nothing was changed",
    3: "changes are pending (plan --check)",
    4: "rolled back: the host is as it was",
}
_INTERRUPTED = 130


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        # To find the width, argparse would import shutil, with all its compressors.
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 100
        super().__init__(prog, width=max(columns - 2, 40))


class Parser(argparse.ArgumentParser):
    """A parser whose errors are a message and a hint, as all others of csnet."""

    def __init__(self, **named: Any) -> None:
        # No abbreviations: a later version could give a script's --rollback another meaning.
        named.update(allow_abbrev=False, formatter_class=_Help)
        super().__init__(**named)

    def error(self, message: str) -> NoReturn:
        self._refuse(message, f"{self.prog} --help")

    def refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """End the program: no option or argument of the parser took these words."""
        hint = f"{self.prog} --help"
        given = [word for word in words if word.startswith("-")]
        near = [(word, match) for word in given for match in _close(word, self._options())]
        if near and near[0][0] == near[0][1]:
            hint = f"write it after the command: csnet COMMAND {near[0][1]}"
        elif near:
            hint = f"did you mean {near[0][1]}?"
        self._refuse(f"unrecognized arguments: {' '.join(words)}", hint)

    def _refuse(self, message: str, hint: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n  hint: {hint}\n")

    def _options(self) -> list[str]:
        options = [text for action in self._actions for text in action.option_strings]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                options += [option for command in action.choices.values() for option in command._options()]
        return options


def _close(word: str, known: Sequence[str]) -> list[str]:
    import difflib

    return difflib.get_close_matches(word, known, 1)


def parser(only: str | None = None) -> Parser:
    """Make the parser of the command line.

    `only`: add the arguments of this command alone, so that the modules of the other commands are not imported.
    """
    common = Parser(add_help=False)
    group = common.add_argument_group("for every command")
    group.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    group.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    group.add_argument("-v", "--verbose", action="store_true", help="log each request to NetworkManager on stderr")
    group.add_argument("--no-color", action="store_true", help="no colours on a terminal (also: NO_COLOR=1)")
    codes = "\n".join(f"  {code}  {text}" for code, text in EXIT_CODES.items())
    top = Parser(prog="csnet", description=DESCRIPTION, epilog=f"exit codes:\n{codes}")
    top.add_argument("--version", action="version", version=f"csnet {csnet.__version__}", help="print csnet's version")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser, prog="csnet")
    for name, summary in COMMANDS.items():
        if only not in (None, name):
            commands.add_parser(name, help=summary)
            continue
        module = sys.modules.get(f"csnet.cli.{name}") or __import__(f"csnet.cli.{name}", fromlist=["run"])
        examples = "\n".join(f"  {line}\n      {text}" for line, text in module.EXAMPLES)
        command = commands.add_parser(name, help=summary, description=module.DESCRIPTION, parents=[common],
                                      epilog=f"examples:\n{examples}")
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line, sys.argv[1:] by default, and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete  # type: ignore[import]  # has no types

        argcomplete.autocomplete(parser(), always_complete_options=False)
    named = next((word for word in words if not word.startswith("-")), None)
    try:
        if named is not None and named not in COMMANDS:
            near = _close(named, list(COMMANDS))
            hint = f"did you mean {near[0]}?" if near else "csnet --help lists them"
            print(f"csnet: unknown command '{named}'\n  hint: {hint}", file=sys.stderr)
            return 2
        top = parser(named or "")
        options, unknown = top.parse_known_args(words)
        if unknown:
            top.refuse_unknown(unknown)
    except SystemExit as end:  # argparse ends this way, after --help too
        return end.code if isinstance(end.code, int) else 2
    if named is None:
        parser("").print_help(sys.stderr)
        return 2
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    from csnet.cli.output import Output

    out = Output(options)
    try:
        return int(options.run(options, out))
    except csnet.Error as error:
        out.error(error)
        return 2 if isinstance(error, csnet.InvalidError) else 1
    except KeyboardInterrupt:
        out.warn("csnet: interrupted; nothing was changed")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader has ended, as in `csnet show | head`. Without this, the interpreter would report it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
