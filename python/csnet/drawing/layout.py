"""Boxes in columns, so that no two overlap and no line crosses a box. Pure; knows nothing of networks.

The usual way: a line that passes a column gets a place of its own in it; each column is sorted so that few lines
cross; then every box moves as close to the middle of its neighbours as the others in its column let it.
"""

from typing import Dict, Iterable, List, NamedTuple, Sequence, Tuple

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
    places: Dict[str, Place]
    lines: Dict[Tuple[str, str], List[Place]]  # of each edge: the places that it passes, both ends included
    columns: List[Tuple[float, float]]  # x and width
    width: float
    height: float


class _Graph:
    def __init__(self, sizes: Dict[str, Tuple[float, float]], columns: Dict[str, int],
                 edges: Iterable[Tuple[str, str]]) -> None:
        used = sorted(set(columns.values()))
        self.column = {key: used.index(column) for key, column in columns.items()}
        count = len(used)
        self.widths = [max((sizes[key][0] for key in sizes if self.column[key] == at), default=0.0)
                       for at in range(count)]
        self.height = {key: size[1] for key, size in sizes.items()}
        self.before: Dict[str, List[str]] = {key: [] for key in sizes}
        self.after: Dict[str, List[str]] = {key: [] for key in sizes}
        self.chains: Dict[Tuple[str, str], List[str]] = {}
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

    def groups(self) -> List[List[List[str]]]:
        """What hangs together, each as columns of keys."""
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


def layout(sizes: Dict[str, Tuple[float, float]], columns: Dict[str, int],
           edges: Sequence[Tuple[str, str]]) -> Layout:
    """`sizes`: width and height of each box; `columns`: where it stands; `edges`: from a column to a later one."""
    graph = _Graph(sizes, columns, edges)
    tops: Dict[str, float] = {}
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


def _sort(graph: _Graph, group: List[List[str]]) -> None:
    """Each column by the middle of its neighbours' positions, from left to right and back again."""
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        neighbours = graph.before if forward else graph.after
        for at in range(len(group)) if forward else reversed(range(len(group))):
            position = {key: number for column in group for number, key in enumerate(column)}
            group[at].sort(key=lambda key: _mean([position[one] for one in neighbours[key]], position[key]))


def _center(graph: _Graph, group: List[List[str]]) -> Dict[str, float]:
    centers: Dict[str, float] = {}
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


def _apart(heights: List[float], wishes: List[float]) -> List[float]:
    """The centers that are nearest to the wishes and keep the order and the gaps: runs that touch share their shift."""
    offsets, y = [], 0.0
    for height in heights:
        offsets.append(y + height / 2)
        y += height + ROW_GAP
    runs: List[Tuple[float, int]] = []  # sum of shifts, how many
    for wish, offset in zip(wishes, offsets):
        total, count = wish - offset, 1
        while runs and runs[-1][0] / runs[-1][1] >= total / count:
            before, number = runs.pop()
            total, count = total + before, count + number
        runs.append((total, count))
    shifts = [total / count for total, count in runs for _ in range(count)]
    return [offset + shift for offset, shift in zip(offsets, shifts)]


def _mean(values: List[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
