"""Paired measurements: rivals take turns at the same job in one host of the lab.

A machine's speed drifts by the minute, and alike for all who take turns: a rival is therefore compared with another
one round by round, and what is told is the median of these ratios and their quartiles.
"""

import json
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from csnet_lab import Host
from csnet_lab.process import children

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("CSNET_BUILD") or ROOT / "build/release")  #: What is measured: the rivals are in there.
PROGRAMS = BUILD / "tests/bench"
RIVALS = Path(__file__).with_name("rivals")
_CPU_CLOCK_OF_PROCESS = 2  # clock_getcpuclockid(3)
_MOST_FAILURES = 50
_LONGEST = 600.0  # seconds, of one command


@dataclass(frozen=True)
class Options:
    """What `bench.py` was told."""

    rounds: int = 25
    profiles: Tuple[int, ...] = ()  #: How many profiles; empty: what each benchmark has in mind.


@dataclass(frozen=True)
class Report:
    markdown: str
    data: List[Dict[str, Any]]
    networkmanager: str  #: Its version.
    plot: str = ""  #: SVG


@dataclass(frozen=True)
class Rival:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    may_fail: bool = False  #: Then it tries again, and how often it failed is told.


class Sample(NamedTuple):
    """Seconds until the command ended, of CPU by its processes, and of CPU by NetworkManager and the bus meanwhile; and
    the most bytes that one of its processes had in memory."""

    wall: float
    cpu: float
    daemon_cpu: float
    bus_cpu: float
    memory: int


class Spread(NamedTuple):
    median: float
    low: float  #: A quarter of the values is below,
    high: float  #: and a quarter above.

    def __str__(self) -> str:
        digits = 2 if self.median < 9.95 else 1 if self.median < 99.5 else 0
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}–{self.high:.{digits}f})"


class Stopwatch:
    """Times commands in a host, all by the same wrapper."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._clocks = [(~pid << 3) | _CPU_CLOCK_OF_PROCESS for pid in (host.networkmanager.pid, _bus(host))]

    def time(self, rival: Rival) -> Sample:
        """Raises RuntimeError, with what it printed, when it fails."""
        before = [time.clock_gettime(clock) for clock in self._clocks]
        done = self._host.run([str(PROGRAMS / "bench_stopwatch"), *rival.command], environment=rival.environment,
                              timeout=_LONGEST, check=False)  # fmt: skip
        daemon, bus = [time.clock_gettime(clock) - began for clock, began in zip(self._clocks, before)]
        taken = json.loads(done.stdout or '{"status": -1}')
        if taken["status"] != 0:
            raise RuntimeError(f"{rival.name} ended with {taken['status']}:\n{done.stderr}")
        return Sample(taken["wall"], taken["cpu"], daemon, bus, taken["memory"])

    def settle(self) -> None:
        """Wait until NetworkManager rests: what it does after an answer is no part of the next job."""
        end = time.monotonic() + _LONGEST
        while time.monotonic() < end:
            before = time.clock_gettime(self._clocks[0])
            time.sleep(0.02)
            if time.clock_gettime(self._clocks[0]) - before < 0.0005:
                return
        raise RuntimeError("NetworkManager does not come to rest")


def _bus(host: Host) -> int:
    """The pid of the host's bus, seen from outside."""
    for pid in children(host.pid):
        if Path(f"/proc/{pid}/comm").read_text() == "dbus-daemon\n":
            return pid
    raise RuntimeError(f"{host.name} has no bus")


def turns(
    rivals: Sequence[Rival], rounds: int, seconds: float, *, least: int = 3, warm_up: bool = True
) -> Iterator[Tuple[int, Rival]]:
    """All rivals in each round, another one first each time; round 0 warms up. When the time is over there are no more
    rounds, but `least` of them, or as many as were asked for."""
    end = time.monotonic() + seconds
    for number in range(0 if warm_up else 1, rounds + 1):
        if number > least and time.monotonic() > end:
            return
        first = number % len(rivals)
        for rival in (*rivals[first:], *rivals[:first]):
            yield number, rival


def paired(
    stopwatch: Stopwatch, rivals: Sequence[Rival], rounds: int, clean: Callable[[], object], seconds: float = 20
) -> List[Dict[str, Any]]:
    """`clean` undoes a job, untimed. Returns ratios(), with `failures` of each rival."""
    samples: Dict[str, List[Sample]] = {rival.name: [] for rival in rivals}
    failures = {rival.name: 0 for rival in rivals}
    for number, rival in turns(rivals, rounds, seconds):
        sample: Optional[Sample] = None
        while sample is None:
            stopwatch.settle()
            try:
                sample = stopwatch.time(rival)
            except RuntimeError:
                failures[rival.name] += 1
                if not rival.may_fail or failures[rival.name] > _MOST_FAILURES:
                    raise
            clean()
        if number > 0:
            samples[rival.name].append(sample)
    return [{**entry, "failures": failures[entry["rival"]]} for entry in ratios(samples)]


def spread(values: Sequence[float]) -> Spread:
    if len(values) < 2:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def ratios(samples: Dict[str, List[Sample]]) -> List[Dict[str, Any]]:
    """Each rival's medians, how many times as long the first one takes, and all samples: what goes into the JSON."""
    base = next(iter(samples.values()))
    return [
        {
            "rival": name,
            "median": Sample(*(statistics.median(column) for column in zip(*own)))._asdict(),
            "wall_ratio": spread([b.wall / o.wall for b, o in zip(base, own)])._asdict(),
            "cpu_ratio": spread([b.cpu / o.cpu for b, o in zip(base, own)])._asdict(),
            "samples": [sample._asdict() for sample in own],
        }
        for name, own in samples.items()
    ]
