"""What starts before any work is done: a C++ program, the module, the command; and how much memory each needs."""

import sys
import tempfile
from pathlib import Path
from typing import List

import bench_seed as seed
import plots
from csnet_lab import Lab
from measure import PROGRAMS, Options, Report, Rival, Stopwatch, paired
from tables import CLIENT, TIMES, of, table

_FILE = "profiles:\n  - {type: bridge, name: cloudbr0, interface_name: cloudbr0}\n"


def run(options: Options) -> Report:
    with tempfile.TemporaryDirectory() as directory, Lab() as lab:
        host = lab.host("host", nics=["eth0"])
        version = host.run(["NetworkManager", "--version"]).stdout.strip()
        data = paired(Stopwatch(host), rivals(Path(directory)), options.rounds, lambda: None)
    time, memory = (
        plots.Bars(f"start: {title}", unit, {entry["rival"]: of(entry, key, factor) for entry in data})
        for title, unit, key, factor in (("wall time", "ms", "wall", 1000), ("peak memory", "MiB", "memory", 2**-20)))
    return Report(table(data, {}, TIMES), data, version, plots.svg("start", time, memory))


def rivals(directory: Path) -> List[Rival]:
    file = directory / "network.yaml"
    file.write_text(_FILE)
    environment = seed.python(str(directory))
    csnet = [sys.executable, "-m", "csnet"]
    return [
        Rival("nmcli --version", ["nmcli", "--version"]),
        Rival(CLIENT, [str(PROGRAMS / "bench_client")]),
        Rival("a csnet Session, C++", [str(PROGRAMS / "bench_start")]),
        Rival("python3 -c pass", [sys.executable, "-c", "pass"], environment),
        Rival("python3 -c 'import csnet'", [sys.executable, "-c", "import csnet"], environment),
        Rival("csnet --help", [*csnet, "--help"], environment),
        Rival("csnet plan", [*csnet, "plan", str(file)], environment),
    ]
