"""The pages of the documentation, taken apart: blocks of code, links, and what stands between backquotes."""

import re
from pathlib import Path
from typing import Iterator, List, NamedTuple, Set

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_OUTPUT = "<!-- output -->\n"


class Block(NamedTuple):
    """A block of code, and the block after <!-- output -->, if one follows at once: what it must print."""

    page: Path
    line: int
    language: str
    text: str
    output: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(language: str) -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = list(_FENCE.finditer(text))
        for this, following in zip(found, [*found[1:], None]):
            between = text[this.end():following.start()] if following else ""
            output = following["text"] if following and between.strip() == _OUTPUT.strip() else ""
            if this["language"] == language:
                yield Block(page, text.count("\n", 0, this.start()) + 1, language, this["text"], output)


def prose(page: Path) -> str:
    """Without blocks of code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> List[str]:
    without_code = re.sub(r"`[^`\n]*`", "", prose(page))
    return re.findall(r"\]\(([^)\s]+)\)", without_code)


def anchors(page: Path) -> Set[str]:
    """What GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def in_backquotes(page: Path) -> List[str]:
    return re.findall(r"`([^`\n]+)`", prose(page))
