"""A fleet as one self-contained HTML page. It can be read without JavaScript, which only sorts."""

from __future__ import annotations

import base64
import hashlib
import html
import ipaddress
import re
from datetime import datetime
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Sequence, Tuple

from ansible_collections.csnet.network.plugins.plugin_utils.fleet import STATES, WOULD_CHANGE, Row, natural
from ansible_collections.csnet.network.plugins.plugin_utils.fleet_style import SCRIPT, STYLE


class Run(NamedTuple):
    """The run that the page reports."""

    playbooks: Sequence[str]
    began: datetime
    seconds: float


#: Each column with its sort key. Empty cells come last.
COLUMNS: Tuple[Tuple[str, Callable[[Row], Any]], ...] = (
    ("Host", lambda row: natural(row.host)),
    ("State", lambda row: STATES.index(row.state)),
    ("Changes", lambda row: len(row.steps) or None),
    ("Reached at", lambda row: _address(row.address)),
    ("Time", lambda row: row.seconds),
    ("Reasons and notes", lambda row: " ".join([*row.reasons, *row.notes]).lower() or None),
)

# Characters that a browser cannot show, or that make a text look like another one.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
                       "\ud800-\udfff]")


def page(rows: Sequence[Row], run: Run) -> str:
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    there = [state for state in STATES if counts[state]]
    ranks = list(zip(*(_ranks(rows, key) for _, key in COLUMNS)))
    heads = "".join(f'<th scope="col">{name}</th>' for name, _ in COLUMNS)
    body = "".join(_row(row, of) for row, of in zip(rows, ranks))
    # The buttons come first, because CSS can only hide their later siblings.
    radios = "".join(f'<input type="radio" name="only" id="{_id(state)}"{" checked" * (state == "all")}>'
                     for state in ["all", *there])
    labels = "".join(_label(state, count) for state, count in
                     [("all", len(rows)), *((state, counts[state]) for state in there)])
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{_title(counts, len(rows))}</title>'
            f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            f"style-src '{_digest(STYLE)}'; script-src '{_digest(SCRIPT)}'\">"
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<style>{STYLE}</style></head>\n<body><header><h1>Fleet report</h1><p>{_about(run, counts)}</p></header>\n"
            f"{radios}<nav aria-label=\"Show only\">{labels}</nav>\n"
            f"<main><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table></main>\n"
            f"<script>{SCRIPT}</script></body></html>\n")


def _title(counts: Dict[str, int], total: int) -> str:
    return f"{_hosts(total)}: " + ", ".join(f"{count} {state}" for state, count in counts.items() if count)


def _about(run: Run, counts: Dict[str, int]) -> str:
    playbooks = ", ".join(map(text, run.playbooks))
    when = run.began.strftime("%Y-%m-%d %H:%M %Z").strip()
    check = f" Check mode: {_hosts(counts[WOULD_CHANGE])} would change." if counts[WOULD_CHANGE] else ""
    return f"{playbooks}, {when}, {_time(run.seconds)}.{check}"


def _row(row: Row, ranks: Iterable[int]) -> str:
    host = text(row.host).replace(".", ".<wbr>")
    cells = (f'<th scope="row">{host}</th><td><span>{row.state}</span></td><td>{_steps(row)}</td>'
             f"<td>{text(row.address)}</td><td>{'' if row.seconds is None else _time(row.seconds)}</td>"
             f"<td>{_paragraphs('p', row.reasons)}{_paragraphs('small', row.notes)}</td>")
    return f'<tr class="{_id(row.state)}" data-ranks="{" ".join(map(str, ranks))}">{cells}</tr>\n'


def _steps(row: Row) -> str:
    if not row.steps:
        return ""
    steps = "".join(f"<p><b>{text(what)}</b>{text(': ' + why if why else '')}"
                    + "".join(f"\n  {text(line)}" for line in lines) + "</p>" for what, why, lines in row.steps)
    return f"<details><summary>{_number(len(row.steps), 'step')}</summary>{steps}</details>"


def _paragraphs(tag: str, lines: Iterable[str]) -> str:
    return "".join(f"<{tag}>{text(line)}</{tag}>" for line in lines)


def _label(state: str, count: int) -> str:
    return f'<label for="{_id(state)}"><b>{count}</b> {state}</label>'


def _ranks(rows: Sequence[Row], key: Callable[[Row], Any]) -> List[int]:
    """The rank of each row in a column, so that the page only compares numbers."""
    keys = [key(row) for row in rows]
    distinct: List[Any] = []
    places = [0] * len(rows)
    for index in sorted(range(len(rows)), key=lambda each: (keys[each] is None, keys[each] or 0)):
        if not distinct or distinct[-1] != keys[index]:
            distinct.append(keys[index])
        places[index] = len(distinct) - 1
    return places


def _address(address: str) -> Any:
    """A sort key that puts 10.0.0.9 before 10.0.0.10, IPv4 before IPv6, and names last."""
    if not address:
        return None
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return 9, 0, natural(address)
    return known.version, int(known), []


def text(value: str) -> str:
    """Escape a text, whatever a host has put into it, for use between tags and in an attribute."""
    return html.escape(_NOT_TEXT.sub("\ufffd", value))


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _hosts(count: int) -> str:
    return _number(count, "host")


def _number(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _id(state: str) -> str:
    return state.replace(" ", "-")


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
