"""Tables and plots of what measure.ratios() gives, as Markdown and for plots.svg()."""

from typing import Any, Callable, Dict, List, Optional, Tuple

import plots
from measure import Spread, spread

NMCLI, LIMIT, CLIENT, CPP, PYTHON = "nmcli", "the limit", "nm_client_new() alone", "csnet, C++", "csnet, Python"
LOADED = "the limit, libnm loaded"

Entry = Dict[str, Any]
#: What stands in a column: of a rival's entry, and those of all rivals in the same host.
Column = Callable[[Entry, Dict[str, Entry]], str]


def of(entry: Entry, key: str, factor: float = 1) -> Spread:
    return spread([factor * sample[key] for sample in entry["samples"]])


def milliseconds(key: str) -> Column:
    return lambda entry, _: str(of(entry, key, 1000)) if key == "wall" else _short(of(entry, key, 1000).median)


def memory(entry: Entry, _: Dict[str, Entry]) -> str:
    return f"{of(entry, 'memory', 2**-20).median:.1f}"


def ratio(entry: Entry, other: Entry, key: str = "wall") -> Spread:
    """How many times as much as the other one, round by round."""
    return spread([mine[key] / their[key] for mine, their in zip(entry["samples"], other["samples"])])


def _ratio(entry: Optional[Entry], other: Optional[Entry], key: str) -> str:
    return "" if entry is None or other is None or entry is other else f"{ratio(entry, other, key)} ×"


def takes(rival: str) -> Column:
    """How many times as long that rival takes."""
    return lambda entry, all_: _ratio(all_.get(rival), entry, "wall")


def times(rival: str, key: str = "wall") -> Column:
    """How many times as long as that rival it takes."""
    return lambda entry, all_: _ratio(entry, all_.get(rival), key)


def plain(key: str) -> Column:
    return lambda entry, _: str(entry[key])


#: What most benchmarks tell.
TIMES: Dict[str, Column] = {
    "wall, ms": milliseconds("wall"), "CPU, ms": milliseconds("cpu"),
    "NetworkManager's CPU, ms": milliseconds("daemon_cpu"), "the bus's CPU, ms": milliseconds("bus_cpu"),
    "peak memory, MiB": memory,
}  # fmt: skip

OF_LIMITS: Dict[str, Column] = {"of the limit": times(LIMIT), "with libnm loaded": times(LOADED)}


def table(data: List[Entry], keys: Dict[str, str], columns: Dict[str, Column]) -> str:
    """`keys`: what is the same for all rivals that took turns, by its title."""
    titles = [*keys, "", *columns]
    lines = [f"| {' | '.join(titles)} |", f"|{'---:|' * len(keys)}---|{'---:|' * len(columns)}"]
    for entry in data:
        of_turn = {one["rival"]: one for one in data if all(one[key] == entry[key] for key in keys.values())}
        failed = entry.get("failures", 0)
        tries = failed + len(entry["samples"])
        cells = [_short(entry[key]) for key in keys.values()]
        cells.append(entry["rival"] + f" (failed {failed} times in {tries})" * bool(failed))
        cells += [column(entry, of_turn) for column in columns.values()]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def chart(data: List[Entry], size: str, title: str, x_title: str, y_title: str, key: str = "wall",
          factor: float = 1000) -> plots.Chart:  # fmt: skip
    lines: Dict[str, List[Tuple[int, Spread]]] = {}
    for entry in data:
        lines.setdefault(entry["rival"], []).append((entry[size], of(entry, key, factor)))
    return plots.Chart(title, x_title, y_title, lines)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}" if value < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
