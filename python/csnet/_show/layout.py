"""Places boxes in columns, so that no two overlap and no line crosses a box. Pure; knows nothing of networks.

As usual for layered graphs: a line that passes a column gets its own place in it; each column is sorted so that few
lines cross; then each box moves as close to the middle of its neighbours as the others in its column allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

COLUMN_GAP = 64.0
ROW_GAP = 10.0
GROUP_GAP = 30.0
_PASS = 8.0  # the height of a line that passes a column
_SWEEPS = 8


class Place(NamedTuple):
    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    places: dict[str, Place]
    lines: dict[tuple[str, str], list[Place]]  # of each edge: the places that it passes, with both ends
    columns: list[tuple[float, float]]  # x and width
    width: float
    height: float


class _Graph:
    def __init__(self, sizes: dict[str, tuple[float, float]], columns: dict[str, int],
                 edges: Iterable[tuple[str, str]]) -> None:
        used = sorted(set(columns.values()))
        self.column = {key: used.index(column) for key, column in columns.items()}
        count = len(used)
        self.widths = [max((sizes[key][0] for key in sizes if self.column[key] == at), default=0.0)
                       for at in range(count)]
        self.height = {key: size[1] for key, size in sizes.items()}
        self.before: dict[str, list[str]] = {key: [] for key in sizes}
        self.after: dict[str, list[str]] = {key: [] for key in sizes}
        self.chains: dict[tuple[str, str], list[str]] = {}
        for lower, upper in edges:
            if self.column[lower] < self.column[upper]:
                self._connect(lower, upper)

    def _connect(self, lower: str, upper: str) -> None:
        chain = [lower]
        for column in range(self.column[lower] + 1, self.column[upper]):
            passing = f"{lower}\0{upper}\0{column}"
            self.column[passing], self.height[passing] = column, _PASS
            self.before[passing], self.after[passing] = [], []
            chain.append(passing)
        chain.append(upper)
        for one, other in zip(chain, chain[1:]):
            self.after[one].append(other)
            self.before[other].append(one)
        self.chains[lower, upper] = chain

    def groups(self) -> list[list[list[str]]]:
        """The connected parts of the graph, each as columns of keys."""
        left = dict.fromkeys(self.height)
        found = []
        while left:
            group, front = [], [next(iter(left))]
            while front:
                key = front.pop()
                if key in left:
                    del left[key]
                    group.append(key)
                    front += [*self.before[key], *self.after[key]]
            order = {key: number for number, key in enumerate(self.height)}
            group.sort(key=order.__getitem__)
            found.append([[key for key in group if self.column[key] == at] for at in range(len(self.widths))])
        return found


def layout(sizes: dict[str, tuple[float, float]], columns: dict[str, int],
           edges: Sequence[tuple[str, str]]) -> Layout:
    """Place the boxes.

    `sizes`: width and height of each box. `columns`: the column of each box. `edges`: pairs of boxes, from a column to
    a later one.
    """
    graph = _Graph(sizes, columns, edges)
    tops: dict[str, float] = {}
    bottom = 0.0
    for group in graph.groups():
        _sort(graph, group)
        centers = _center(graph, group)
        top = min(centers[key] - graph.height[key] / 2 for key in centers)
        for key, center in centers.items():
            tops[key] = bottom + center - graph.height[key] / 2 - top
        bottom = max(tops[key] + graph.height[key] for key in centers) + GROUP_GAP
    xs, x = [], 0.0
    for width in graph.widths:
        xs.append(x)
        x += width + COLUMN_GAP
    places = {key: Place(xs[graph.column[key]], y, sizes[key][0] if key in sizes else graph.widths[graph.column[key]],
                         graph.height[key]) for key, y in tops.items()}
    lines = {edge: [places[key] for key in chain] for edge, chain in graph.chains.items()}
    return Layout({key: places[key] for key in sizes}, lines, list(zip(xs, graph.widths)),
                  max(x - COLUMN_GAP, 0.0), max(bottom - GROUP_GAP, 0.0))


def _sort(graph: _Graph, group: list[list[str]]) -> None:
    """Sort each column by the mean position of each box's neighbours, from left to right and back again."""
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        neighbours = graph.before if forward else graph.after
        for at in range(len(group)) if forward else reversed(range(len(group))):
            position = {key: number for column in group for number, key in enumerate(column)}
            group[at].sort(key=lambda key: _mean([position[one] for one in neighbours[key]], position[key]))


def _center(graph: _Graph, group: list[list[str]]) -> dict[str, float]:
    centers: dict[str, float] = {}
    for column in group:
        y = 0.0
        for key in column:
            centers[key] = y + graph.height[key] / 2
            y += graph.height[key] + ROW_GAP
    for sweep in range(2 * _SWEEPS):
        for column in group if sweep % 2 == 0 else reversed(group):
            wishes = [_mean([centers[one] for one in graph.before[key] + graph.after[key]], centers[key])
                      for key in column]
            for key, center in zip(column, _apart([graph.height[key] for key in column], wishes)):
                centers[key] = center
    return centers


def _apart(heights: list[float], wishes: list[float]) -> list[float]:
    """The centers nearest to the wishes that keep the order and the gaps. Boxes that touch share their shift."""
    offsets, y = [], 0.0
    for height in heights:
        offsets.append(y + height / 2)
        y += height + ROW_GAP
    runs: list[tuple[float, int]] = []  # sum of shifts, how many
    for wish, offset in zip(wishes, offsets):
        total, count = wish - offset, 1
        while runs and runs[-1][0] / runs[-1][1] >= total / count:
            before, number = runs.pop()
            total, count = total + before, count + number
        runs.append((total, count))
    shifts = [total / count for total, count in runs for _ in range(count)]
    return [offset + shift for offset, shift in zip(offsets, shifts)]


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
