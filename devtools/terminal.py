"""Output of ./dev: lines, and one moving line with the progress of a long command."""

import os
import shutil
import sys
import time
from typing import NoReturn

_SECONDS_BETWEEN_LINES = 10  # without a terminal


def colour(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else text


def say(text: str = "") -> None:
    print(text, flush=True)  # flushed, to come before the children's output


def die(text: str, code: int = 1) -> NoReturn:
    print(f"dev: {text}", file=sys.stderr, flush=True)
    raise SystemExit(code)


class Progress:
    """A line of progress that moves on a terminal; elsewhere, it is printed every ten seconds if it has changed.

    To be used in a `with` block, at whose end the line disappears.
    """

    def __init__(self) -> None:
        self._moves = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = ""
        self._next_line = time.monotonic() + _SECONDS_BETWEEN_LINES

    def show(self, text: str) -> None:
        if self._moves:
            sys.stdout.write(f"\r\033[K{text[:shutil.get_terminal_size().columns - 1]}")
            sys.stdout.flush()
        elif text != self._shown and time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + _SECONDS_BETWEEN_LINES
            say(f"  {text}")
        else:
            return
        self._shown = text

    def say(self, text: str) -> None:
        """Print a line above the moving one."""
        self._clear()
        say(text)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        if self._moves and self._shown:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()
