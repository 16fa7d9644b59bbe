"""Plots as SVG, in the style of csnet's drawings: light or dark as whoever looks at them is. Pure.

A chart has a logarithmic axis for what was measured, since rivals differ by powers of ten.
"""

import math
from typing import Callable, Dict, List, NamedTuple, Sequence, Tuple
from xml.sax.saxutils import escape

from csnet._show.style import MARGIN, SMALL_CHAR, STYLE
from measure import Spread

_WIDTH, _HEIGHT = 520.0, 300.0  # of the part with the lines
_LEFT = 62.0  # for the numbers
_ROW = 22.0
_LIGHT = ["#b3541e", "#566173", "#8a4fb0", "#1f5fa8", "#1a8f4f", "#9a7b00"]
_DARK = ["#f0955c", "#9aa6b8", "#c795ea", "#6fb0f5", "#45c07f", "#d8b84a"]
_OTHER, _OWN = 1, 3  # of these colours


class Chart(NamedTuple):
    """Lines over a number of things, each point a median between its quartiles."""

    title: str
    x_title: str
    y_title: str
    lines: Dict[str, List[Tuple[int, Spread]]]


class Bars(NamedTuple):
    """A bar for each name, with its quartiles; csnet's in a colour of their own."""

    title: str
    x_title: str
    bars: Dict[str, Spread]


def svg(title: str, *panels: object) -> str:
    body: List[str] = []
    y, width = MARGIN, 0.0
    for panel in panels:
        drawn, size = _chart(panel) if isinstance(panel, Chart) else _bars(panel)  # type: ignore[arg-type]
        body += [f'<g transform="translate({MARGIN:g} {y:g})">', *drawn, "</g>"]
        width, y = max(width, size[0]), y + size[1] + MARGIN
    width += 2 * MARGIN
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {y:.0f}" width="{width:.0f}"'
        f' height="{y:.0f}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>', f"<style>{STYLE}{_STYLE}</style>",
        '<rect class="page" width="100%" height="100%"/>', *body, "</svg>", ""])


def _rules(colours: Sequence[str]) -> str:
    return "".join(f".s{number}{{stroke:{colour}}}.f{number},text.f{number}{{fill:{colour}}}"
                   for number, colour in enumerate(colours))


_STYLE = (f".grid{{stroke-width:1;opacity:.35}}.curve{{fill:none;stroke-width:2}}.range{{stroke-width:1.5;opacity:.7}}"
          f"{_rules(_LIGHT)}@media (prefers-color-scheme: dark){{{_rules(_DARK)}}}")


def _chart(chart: Chart) -> Tuple[List[str], Tuple[float, float]]:
    places = _places(sorted({x for line in chart.lines.values() for x, _ in line}))
    values = [value for line in chart.lines.values() for _, spread in line for value in spread]
    height_of, ticks = _scale(values, _HEIGHT)
    top = 50.0

    def y_of(value: float) -> float:
        return top + _HEIGHT - height_of(value)

    parts = [_text(0, 14, chart.title, "heading"), _text(0, 36, chart.y_title, "small dim")]
    for value in ticks:
        y = y_of(value)
        parts.append(f'<path class="line grid" d="M{_LEFT:g} {y:.1f} H{_LEFT + _WIDTH:g}"/>')
        parts.append(_text(_LEFT - 8, y + 4, _number(value), "small dim", "end"))
    for x, place in places.items():
        parts.append(_text(_LEFT + place, top + _HEIGHT + 18, _number(x), "small dim", "middle"))
    parts.append(_text(_LEFT + _WIDTH / 2, top + _HEIGHT + 38, chart.x_title, "small dim", "middle"))
    ends = {}
    for number, (name, line) in enumerate(chart.lines.items()):
        points = [(_LEFT + places[x], spread) for x, spread in line]
        path = " L".join(f"{x:.1f} {y_of(spread.median):.1f}" for x, spread in points)
        parts.append(f'<path class="curve s{number}" d="M{path}"/>')
        for (at, spread), (count, _) in zip(points, line):
            low, high = y_of(spread.low), y_of(spread.high)
            parts.append(f'<path class="range s{number}" d="M{at:.1f} {low:.1f} V{high:.1f}"/>')
            parts.append(f'<circle class="f{number}" cx="{at:.1f}" cy="{y_of(spread.median):.1f}" r="3.5">'
                         f"<title>{escape(name)}, {_number(count)}: {spread}</title></circle>")
        ends[name] = (points[-1][0], y_of(points[-1][1].median))
    for number, (name, y) in enumerate(_apart({name: y for name, (_, y) in ends.items()}).items()):
        parts.append(_text(_LEFT + _WIDTH + 12, y + 4, name, f"small f{number}"))
    names = max(len(name) for name in chart.lines) * SMALL_CHAR
    return parts, (_LEFT + _WIDTH + 12 + names, top + _HEIGHT + 42)


def _bars(bars: Bars) -> Tuple[List[str], Tuple[float, float]]:
    left = max(len(name) for name in bars.bars) * SMALL_CHAR + 12
    longest = max(spread.high for spread in bars.bars.values()) or 1
    parts = [_text(0, 14, bars.title, "heading"), _text(0, 36, bars.x_title, "small dim")]
    y = 50.0
    for name, spread in bars.bars.items():
        low, middle, high = (left + _WIDTH * value / longest for value in (spread.low, spread.median, spread.high))
        number = _OWN if "csnet" in name else _OTHER
        parts += [
            _text(left - 8, y + 12, name, "small", "end"),
            f'<rect class="f{number}" x="{left:.1f}" y="{y + 1:.1f}" width="{middle - left:.1f}" height="14" rx="2"/>',
            f'<path class="line" d="M{low:.1f} {y + 8:.1f} H{high:.1f}"/>',
            _text(high + 8, y + 12, str(spread), "small dim"),
        ]
        y += _ROW
    return parts, (left + _WIDTH + 24 * SMALL_CHAR, y)


def _places(numbers: Sequence[int]) -> Dict[int, float]:
    """Where on the x axis: logarithmic, and none at all half a decade before the first."""
    positive = [number for number in numbers if number > 0] or [1]
    exponents = {number: math.log10(number) if number > 0 else math.log10(positive[0]) - 0.5 for number in numbers}
    first, last = min(exponents.values()), max(exponents.values())
    inside = _WIDTH - 40
    return {number: 20 + (inside * (exponent - first) / (last - first) if last > first else inside / 2)
            for number, exponent in exponents.items()}


def _scale(values: Sequence[float], length: float) -> Tuple[Callable[[float], float], List[float]]:
    """How high a value is, and where the lines of the grid are."""
    steps = [digit * 10.0**exponent for exponent in range(-4, 9) for digit in (1, 2, 5)]
    low = max(step for step in steps if step <= min(values) or step == steps[0])
    high = min(step for step in steps if step >= max(values) and step > low)
    ticks = [step for step in steps if low <= step <= high]
    span = math.log10(high / low)
    if span > 2.5:  # too many lines
        ticks = [tick for tick in ticks if f"{tick:e}".startswith("1.0") or tick in (low, high)]
    return lambda value: length * math.log10(max(value, low) / low) / span, ticks


def _apart(wanted: Dict[str, float], least: float = 15.0) -> Dict[str, float]:
    """The labels' heights, moved so far that none covers another; in the order in which they were given."""
    placed: Dict[str, float] = {}
    last = -math.inf
    for name in sorted(wanted, key=lambda name: wanted[name]):
        placed[name] = last = max(wanted[name], last + least)
    beyond = max(placed.values()) - max(wanted.values())
    return {name: placed[name] - beyond / 2 for name in wanted}


def _text(x: float, y: float, text: str, css: str, anchor: str = "start") -> str:
    return f'<text class="{css}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
