"""Paired measurements: rivals take turns at the same job in one host of the lab.

A machine's speed drifts by the minute, and alike for all who take turns: a rival is therefore compared with the first
one round by round, and what is told is the median of these ratios and their quartiles.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from csnet_lab import Host

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("CSNET_BUILD") or ROOT / "build/release")  #: What is measured: the rivals are in there.
_RUNNER = Path(__file__).with_name("runner.py")
_CPU_CLOCK_OF_PROCESS = 2  # clock_getcpuclockid(3)


@dataclass(frozen=True)
class Options:
    """What `bench.py` was told."""

    rounds: int = 25
    profiles: Tuple[int, ...] = (10, 500)  #: How many other profiles the host has.


@dataclass(frozen=True)
class Report:
    markdown: str
    data: List[Dict[str, Any]]
    networkmanager: str  #: Its version.


@dataclass(frozen=True)
class Rival:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Sample(NamedTuple):
    """Seconds: until the command ended, of CPU by its processes, and of CPU by NetworkManager meanwhile."""

    wall: float
    cpu: float
    daemon_cpu: float


class Spread(NamedTuple):
    median: float
    low: float  #: A quarter of the values is below,
    high: float  #: and a quarter above.

    def __str__(self) -> str:
        return f"{self.median:.1f} ({self.low:.1f}–{self.high:.1f})"


class Stopwatch:
    """Times commands in a host, all by the same wrapper."""

    def __init__(self, host: Host) -> None:
        self._daemon_clock = (~host.networkmanager.pid << 3) | _CPU_CLOCK_OF_PROCESS
        self._runner = host.popen([sys.executable, str(_RUNNER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def time(self, rival: Rival) -> Sample:
        """Raises RuntimeError, with what it printed, when it fails."""
        assert self._runner.stdin is not None and self._runner.stdout is not None
        job = {"command": list(rival.command), "environment": dict(rival.environment)}
        before = time.clock_gettime(self._daemon_clock)
        self._runner.stdin.write(json.dumps(job) + "\n")
        self._runner.stdin.flush()
        answer = json.loads(self._runner.stdout.readline())
        daemon_cpu = time.clock_gettime(self._daemon_clock) - before
        if answer["status"] != 0:
            raise RuntimeError(f"{rival.name} ended with {answer['status']}:\n{answer['output']}")
        return Sample(answer["wall"], answer["cpu"], daemon_cpu)

    def settle(self) -> None:
        """Wait until NetworkManager rests: what it does after an answer is no part of the next job."""
        for _ in range(100):
            before = time.clock_gettime(self._daemon_clock)
            time.sleep(0.02)
            if time.clock_gettime(self._daemon_clock) - before < 0.0005:
                return


def paired(
    stopwatch: Stopwatch, rivals: Sequence[Rival], rounds: int, clean: Callable[[Rival], object]
) -> Dict[str, List[Sample]]:
    """All rivals in each round, another one first each time; `clean` undoes a job, untimed. One round warms up."""
    samples: Dict[str, List[Sample]] = {rival.name: [] for rival in rivals}
    for number in range(rounds + 1):
        first = number % len(rivals)
        for rival in (*rivals[first:], *rivals[:first]):
            stopwatch.settle()
            sample = stopwatch.time(rival)
            if number > 0:
                samples[rival.name].append(sample)
            clean(rival)
    return samples


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
