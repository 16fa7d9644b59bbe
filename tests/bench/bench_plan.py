"""Pure planning, without a host: how time and memory grow with the profiles."""

import json
import os
import subprocess
from typing import Any, Dict, List, Tuple

import plots
from measure import PROGRAMS, Options, Report, spread

_SIZES = (10, 100, 1000, 10000)
_CASES = {"new": "all new", "equal": "nothing to do", "changed": "all changed"}
_MOST_ROUNDS = 5
PROGRAM = str(PROGRAMS / "bench_plan")


def run(options: Options) -> Report:
    sizes = options.profiles or _SIZES
    rounds = min(options.rounds, _MOST_ROUNDS)
    times, growth = planned(sizes, rounds)
    data: List[Dict[str, Any]] = []
    for case in _CASES:
        for size in sizes:
            data.append({"case": case, "profiles": size, "seconds": times[case, size],
                         "memory": peaks(case, size, rounds), "growth": growth.get(case, "")})  # fmt: skip
    time, memory = (
        plots.Chart(f"plan: {title}", "profiles", unit, {
            name: [(row["profiles"], spread([factor * value for value in row[key]])) for row in data
                   if row["case"] == case] for case, name in _CASES.items()})
        for title, unit, key, factor in (("time", "ms", "seconds", 1e3), ("peak memory", "MiB", "memory", 2**-20)))
    version = subprocess.run(["NetworkManager", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return Report(_table(data), data, version, plots.svg("plan", time, memory))


def planned(sizes: Tuple[int, ...], rounds: int) -> Tuple[Dict[Tuple[str, int], List[float]], Dict[str, str]]:
    """Seconds by case and size, and the complexity that fits best by case: what Google Benchmark says."""
    command = [PROGRAM, "--benchmark_format=json", f"--benchmark_repetitions={rounds}", "--benchmark_min_time=0.1"]
    environment = {**os.environ, "CSNET_BENCH_SIZES": " ".join(map(str, sizes))}
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    times: Dict[Tuple[str, int], List[float]] = {}
    growth: Dict[str, str] = {}
    for row in json.loads(done.stdout)["benchmarks"]:
        case, _, size = row["run_name"].partition("/")[2].partition("/")
        if row["run_type"] == "iteration":
            times.setdefault((case, int(size)), []).append(row["real_time"] / 1000)  # ms
        elif row["aggregate_name"] == "BigO":
            growth[case] = row["big_o"]
    return times, growth


def peaks(case: str, size: int, rounds: int) -> List[int]:
    """Bytes of a process that plans once."""
    command = [str(PROGRAMS / "bench_stopwatch"), PROGRAM, "once", case, str(size)]
    found = []
    for _ in range(rounds):
        taken = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        assert taken["status"] == 0
        found.append(taken["memory"])
    return found


def _table(data: List[Dict[str, Any]]) -> str:
    lines = ["| plan | profiles | time, ms | ms per 1,000 profiles | peak memory, MiB | growth that fits best |",
             "|---|---:|---:|---:|---:|---|"]  # fmt: skip
    for row in data:
        time, memory = spread([1000 * value for value in row["seconds"]]), spread(row["memory"])
        lines.append(f"| {_CASES[row['case']]} | {row['profiles']:,} | {time} | "
                     f"{1000 * time.median / row['profiles']:.1f} | {memory.median / 2**20:.1f} | {row['growth']} |")
    return "\n".join(lines)
