"""What is wrong with a file: each problem with its place, all of them in one error."""

import re
import unicodedata
from typing import List, NamedTuple, Sequence, Tuple

from csnet._errors import InvalidError

#: More are not looked for: whoever gave us a picture by mistake need not read a thousand lines about it.
MOST = 25
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line
_WIDEST = 120


class Problem(NamedTuple):
    """One thing that is wrong. Lines and columns begin with 1; `path` is "management.vlan", or "" for all of the file.

    `hint` says what to do, and may be empty.
    """

    line: int
    column: int
    path: str
    message: str
    hint: str


class FileError(InvalidError):
    """A network file that csnet refuses, with every problem in it."""

    def __init__(self, message: str, *, subject: str = "", hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.problems: List[Problem] = list(problems)
        """All that is wrong, in the file's order."""


class Stop(Exception):
    """Nothing after this problem can be judged, or there are enough of them."""


class Source:
    """The text of a file, with the name that messages give it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines = _BREAK.split(text)

    def place(self, index: int) -> Tuple[int, int]:
        """Line and column of the character at this index of the text."""
        before = _BREAK.split(self.text[:index])
        return len(before), len(before[-1]) + 1

    def excerpt(self, line: int, column: int) -> str:
        """The line, cut where it is very long, and below it a caret."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        start = max(0, column - 1 - _WIDEST // 2) if len(text) > _WIDEST else 0
        shown, before = _printable(text[start:start + _WIDEST]), _printable(text[start:column - 1])
        return f"{shown}\n{' ' * sum(map(_width, before))}^" if text.strip() else ""


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " if c == "\t" else "·" for c in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def quote(text: str) -> str:
    """A piece of the file in a message: short, and in one line."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:61])
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


class Problems:
    """Collects them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.all: List[Problem] = []
        self._seen: set[Tuple[int, int, str]] = set()

    def add(self, place: Tuple[int, int], path: str, message: str, hint: str = "") -> None:
        key = (*place, message)
        if key in self._seen:  # what an alias repeats, and what one key means for several profiles
            return
        self._seen.add(key)
        self.all.append(Problem(*place, path, message, hint))
        if len(self.all) >= MOST:
            raise Stop

    def fatal(self, place: Tuple[int, int], message: str, hint: str = "") -> Stop:
        """To be raised: the file cannot be read further."""
        try:
            self.add(place, "", message, hint)
        except Stop:
            pass
        return Stop()

    def error(self) -> FileError:
        name, found = self.source.name, sorted(self.all)
        parts: List[str] = []
        for line, column, path, message, hint in found:
            parts.append(f"{name}:{line}:{column}: {path}{': ' if path else ''}{message}")
            parts += filter(None, [self.source.excerpt(line, column)])
            if hint and len(found) > 1:
                parts.append(f"  hint: {hint}")
        if len(found) > 1:
            more = " or more" if len(found) >= MOST else ""
            parts.append(f"{len(found)} problems{more} in {name}")
        return FileError("\n".join(parts), subject=name, hint=found[0].hint if len(found) == 1 else "", problems=found)
