"""Draws a host's network as SVG, in layers from left to right: NIC, bond, VLAN, bridge, addresses.

A drawing is one string that refers to nothing outside itself. Its text is text, not shapes. Each interface is a group
with a `data-interface`, each address a group with a `data-address`, and each group has a <title>. The drawing follows
the light or dark colour scheme of its viewer. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import csnet
from csnet._show.after import after
from csnet._show.changes import Marks, changes_of, key_of
from csnet._show.layout import Layout, Place, layout
from csnet._show.style import CHAR, MARGIN, SMALL_CHAR, STYLE
from csnet._show.picture import MARKS, Interface, Picture, of_host

_COLUMNS = {"nic": 0, "bond": 1, "vlan": 2, "bridge": 3}
_HEADINGS = {"nic": "NIC", "bond": "bond", "vlan": "VLAN", "bridge": "bridge", "guest": "guests", "other": "other",
             "address": "addresses"}
_QUIET_MARKS = ("unmanaged", "external", "no profile")  # usual at a VM's tap, and left out there
_LINE = 15.0
_MOST = 46  # characters in a line of a box
_NOTE = 110  # characters in a line below a panel


class Box(NamedTuple):
    """The box of an interface or of an address."""

    interface: str
    address: str  # "" in the box of the interface
    layer: str
    tag: str  # text at the right of the title: what the interface is
    state: str  # a CSS class
    lines: tuple[tuple[str, str], ...]  # text, CSS class
    tooltip: str

    @property
    def key(self) -> str:
        return key_of(self.interface, self.address)

    @property
    def title(self) -> str:
        return self.address or self.interface

    @property
    def size(self) -> tuple[float, float]:
        first = len(self.title) * CHAR + (len(self.tag) * SMALL_CHAR + 14 if self.tag else 0)
        width = max([first, *(len(text) * SMALL_CHAR for text, _ in self.lines)])
        return width + 26, 27 + len(self.lines) * _LINE + (4 if self.lines else 0)


class _Panel(NamedTuple):
    """One network, with the notes below it."""

    heading: str
    boxes: list[Box]
    edges: list[tuple[str, str]]
    columns: dict[str, int]
    notes: list[tuple[str, str]]


def host_svg(picture: Picture) -> str:
    """Draw a host's network, as `csnet show --svg` writes it."""
    notes = [(f"{one.name}: {finding.message}", "warn") for one in picture.interfaces for finding in one.disagreements]
    if picture.transaction:
        notes.insert(0, (f"transaction {picture.transaction.id} is open: {picture.transaction.state.value}", "accent"))
    used = [mark for mark in MARKS if any(mark in _shown_marks(one) for one in picture.interfaces)]
    notes += [(f"{mark}: {MARKS[mark]}", "dim") for mark in used]
    return _svg("The host's network", [_panel("", picture, {}, notes)])


def plan_svg(plan: csnet.Plan, facts: csnet.Facts, links: Iterable[csnet.Link] = ()) -> str:
    """Draw the network before and after a plan, as `csnet plan --svg` writes it.

    `facts`: those from which the plan was made. The drawing marks what is added, changed and removed.
    """
    links = list(links)
    before = of_host(facts, links)
    then = of_host(*after(plan, facts, links))
    was, will = changes_of(plan, before, then)
    notes = [(f"{note.severity.name}: {note}", "warn") for note in plan.notes]
    if not plan:
        notes.append(("nothing to do", "dim"))
    return _svg("The changes of the plan",
                [_panel("Before", before, was, []), _panel("After", then, will, notes)])


# --- a panel ---

def _panel(heading: str, picture: Picture, marks: Marks, notes: list[tuple[str, str]]) -> _Panel:
    of_name = {one.name: one for one in picture.interfaces}
    boxes: list[Box] = []
    edges: list[tuple[str, str]] = []
    columns: dict[str, int] = {}
    for one in picture.interfaces:
        _column(one, of_name, columns, set())
        edges += [(lower, one.name) for lower in one.lowers]
        if one.layer == "guest" and one.controller in of_name:
            edges.append((one.controller, one.name))
    last = max([*columns.values(), _COLUMNS["bridge"]]) + 1
    if not any(column == last - 1 and of_name[name].layer != "guest" for name, column in columns.items()):
        last -= 1  # put the addresses into the column of the guests, below them
    for one in picture.interfaces:
        for address in one.shown_addresses:
            key = key_of(one.name, address)
            word = marks.get(key, ("", []))[0]
            boxes.append(Box(one.name, address, "address", word, word or "address", (), f"{address} on {one.name}"))
            edges.append((one.name, key))
            columns[key] = max(last, columns[one.name] + 1)
    boxes += [_box(one, marks.get(one.name), bool(heading)) for one in picture.interfaces]  # below the addresses
    return _Panel(heading, boxes, edges, columns, notes)


def _column(one: Interface, of_name: dict[str, Interface], columns: dict[str, int], below: "set[str]") -> int:
    """The column of an interface: right of all interfaces below it, or that of its layer if it lies on itself."""
    if one.name not in columns and one.name not in below:
        lowers = [of_name[name] for name in one.lowers]
        if one.layer == "guest" and one.controller in of_name:
            lowers.append(of_name[one.controller])
        right = [_column(lower, of_name, columns, below | {one.name}) + 1 for lower in lowers]
        columns[one.name] = max([_COLUMNS.get(one.layer, 0), *right])
    return columns.get(one.name, 0)


def _box(one: Interface, change: tuple[str, list[str]] | None, in_plan: bool) -> Box:
    word, how = change or ("", [])
    state = {"up": "up", "no carrier": "bad"}.get(one.state, "down")
    lines: list[tuple[str, str]] = []
    if one.layer == "guest":
        tag = " · ".join(filter(None, [one.title, one.as_port or one.state]))
    else:
        tag = one.title
        lines.append((" · ".join(one.facts), "bad" if one.state == "no carrier" else "dim"))
        lines += [(str(one.mac_address), "dim")] if one.mac_address else []
        lines += [(f"as a port: {one.as_port}", "dim")] if one.as_port else []
    if not in_plan:
        lines += [(f"[{mark}]", "warn" if mark in ("in memory", "not at boot", "not as the file") else "accent")
                  for mark in _shown_marks(one)]
        lines += [(f"! {finding.message}", "warn") for finding in one.disagreements]
    lines += [(word, word)] * bool(word) + [(text, word) for text in how[:4]]
    lines += [(f"and {len(how) - 4} more", word)] * (len(how) > 4)
    tooltip = "\n".join([f"{one.name}: {one.title}", *one.facts, *one.marks, *how,
                         *(f"{finding.message}\n{finding.hint}" for finding in one.disagreements)])
    return Box(one.name, "", one.layer, tag, word or state,
               tuple((_cut(text), css) for text, css in lines if text), tooltip)


def _shown_marks(one: Interface) -> list[str]:
    return [mark for mark in one.marks if one.layer != "guest" or mark not in _QUIET_MARKS]


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST - 1] + "…"


# --- SVG ---

def _svg(title: str, panels: Sequence[_Panel]) -> str:
    width, y, body = 320.0, MARGIN, []
    for panel in panels:
        plan = layout({box.key: box.size for box in panel.boxes}, panel.columns, panel.edges)
        width = max([width, plan.width, *(len(text[:_NOTE]) * SMALL_CHAR for text, _ in panel.notes)])
        if panel.heading:
            body.append(f'<text class="heading" x="{MARGIN:g}" y="{y + 16:g}">{escape(panel.heading)}</text>')
            y += 34
        body += _headings(panel, plan, y)
        body.append(f'<g class="panel" data-panel={quoteattr(panel.heading)}'
                    f' transform="translate({MARGIN:g} {y + 26:g})">')
        ends = {x: x + column for x, column in plan.columns}
        body += [_line(places, ends) for places in plan.lines.values()]
        body += [_group(box, plan.places[box.key]) for box in panel.boxes]
        body.append("</g>")
        y += 26 + plan.height + 24
        for text, css in panel.notes:
            for at in range(0, len(text), _NOTE):
                body.append(f'<text class="small {css}" x="{MARGIN:g}" y="{y + 11:g}">'
                            f'{escape(_clean(text[at:at + _NOTE]))}</text>')
                y += 17
        y += 20
    width += 2 * MARGIN
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {y:.0f}" width="{width:.0f}"'
        f' height="{y:.0f}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>', f"<style>{STYLE}</style>",
        '<rect class="page" width="100%" height="100%"/>', *body, "</svg>", ""])


def _headings(panel: _Panel, plan: Layout, y: float) -> Iterable[str]:
    layers: dict[float, list[str]] = {}
    for box in panel.boxes:
        words = layers.setdefault(plan.places[box.key].x, [])
        if _HEADINGS[box.layer] not in words:
            words.append(_HEADINGS[box.layer])
    for x, words in layers.items():
        yield f'<text class="small dim" x="{MARGIN + x:.1f}" y="{y + 11:.1f}">{", ".join(words)}</text>'


def _line(places: Sequence[Place], ends: dict[float, float]) -> str:
    """A line from box to box. It bends between columns only, so that it passes wider boxes without crossing them."""
    at = places[0]
    path = f"M{at.x + at.width:.1f} {at.y + at.height / 2:.1f}"
    for here, there in zip(places, places[1:]):
        x1, y1, x2, y2 = ends[here.x], here.y + here.height / 2, there.x, there.y + there.height / 2
        middle = (x1 + x2) / 2
        path += f" H{x1:.1f} C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return f'<path class="line" d="{path}"/>'


def _group(box: Box, place: Place) -> str:
    is_address = box.layer == "address"
    data = f"data-address={quoteattr(_clean(box.address))} data-of" if is_address else "data-interface"
    parts = [
        f'<g class="box {box.state}" {data}={quoteattr(_clean(box.interface))}'
        f' transform="translate({place.x:.1f} {place.y:.1f})">',
        f"<title>{escape(_clean(box.tooltip))}</title>",
        f'<rect class="body" width="{place.width:.1f}" height="{place.height:.1f}" rx="{13 if is_address else 5}"/>']
    if not is_address:
        parts.append(f'<rect class="stripe" x="0" y="5" width="4" height="{place.height - 10:.1f}"/>')
    parts.append(f'<text class="name" x="13" y="18">{escape(_clean(box.title))}</text>')
    if box.tag:
        css = box.tag if is_address else "tag"  # of an address: added or removed
        parts.append(f'<text class="small {css}" text-anchor="end" x="{place.width - 11:.1f}" y="18">'
                     f'{escape(_clean(box.tag))}</text>')
    for number, (text, css) in enumerate(box.lines):
        parts.append(f'<text class="small {css}" x="13" y="{18 + (number + 1) * _LINE:.1f}">'
                     f'{escape(_clean(text))}</text>')
    return "".join([*parts, "</g>"])


def _clean(text: str) -> str:
    """Replace the characters that XML cannot contain, not even escaped."""
    return "".join(letter if letter in "\n\t" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd"
                   or letter >= "\U00010000" else "\ufffd" for letter in text)
