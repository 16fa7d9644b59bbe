"""How a command prints: text, with colours on a terminal; one JSON object; or nothing."""

from __future__ import annotations

import io
import os
import sys

import csnet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_PLAN_STYLE = {"heading": "\033[1m", "added": "\033[32m", "changed": "\033[33m", "removed": "\033[31m",
               "warning": "\033[33m", "end": "\033[0m"}


class Output:
    """Prints as `options.json`, `.quiet`, `.verbose` and `.no_color` ask."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.json: bool = options.json
        self.quiet: bool = options.quiet
        self.verbose: bool = options.verbose
        self.command: str = options.command
        self.terminal = sys.stdout.isatty() and not self.json and not self.quiet
        self._colour = (self.terminal and not options.no_color and not os.environ.get("NO_COLOR")
                        and os.environ.get("TERM") != "dumb")
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # '?' where the terminal's encoding has no arrow
        if self.verbose:
            _log_to_stderr()

    def say(self, text: str = "") -> None:
        """Print text for people. Prints nothing with --json or --quiet."""
        if not self.json and not self.quiet:
            print(text, flush=True)

    def give(self, value: dict[str, Any]) -> None:
        """Print the one JSON object that --json promises to programs."""
        import json

        print(json.dumps({"csnet": 1, **value}, indent=2, ensure_ascii=False), flush=True)

    def warn(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def style(self, text: str, *styles: str) -> str:
        if not self._colour or not styles:
            return text
        return f"\033[{';'.join(_STYLES[name] for name in styles)}m{text}\033[0m"

    def error(self, error: csnet.Error) -> None:
        if self.json:
            self.give({"error": csnet.as_dict(error)})
            return
        # The problems of a file begin with the file's name, as those of compilers do; some errors with the command's.
        begins_itself = hasattr(error, "problems") or error.subject.split(" ")[0] == "csnet"
        text = str(error) if begins_itself else f"csnet: {error}"
        self.warn(text + (f"\n  hint: {error.hint}" if error.hint else ""))

    def plan(self, plan: csnet.Plan) -> None:
        """Print str(plan), in colours on a terminal."""
        self.say(plan.to_text(**_PLAN_STYLE) if self._colour else str(plan))


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(stream=sys.stderr, format="%(relativeCreated)6d ms  %(name)s: %(message)s")
    logging.getLogger("csnet").setLevel(logging.DEBUG)
