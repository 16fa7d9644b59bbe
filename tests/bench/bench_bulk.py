"""Many profiles at once: added, changed, removed; and many bridges with a port each, brought up.

The profiles are of VLANs and do not come up, so that they need no VLANs in the kernel. Their parent is not on the host:
if it were, NetworkManager would make a device of each, and take the square of their number for it.
"""

from typing import Any, Dict, List

import plots
from csnet_lab import Host, Lab
from measure import PROGRAMS, RIVALS, Options, Report, Rival, Sample, Stopwatch, ratios, turns
from tables import CPP, LIMIT, NMCLI, TIMES, chart, ratio, table, times

_SIZES = (10, 100, 1000, 4000)
_WORK = ("add", "change", "remove")
_MOST_BY_NMCLI = 100  # it needs a process for each
_BRIDGES = 500
_MOST_ROUNDS = 9
_SECONDS = 15  # for each size
_LEAST_ROUNDS = 2  # one with thousands takes minutes
_LARGE = 500  # from here on it takes so long that nothing must warm up


def run(options: Options) -> Report:
    rounds = min(options.rounds, _MOST_ROUNDS)
    data: List[Dict[str, Any]] = []
    with Lab() as lab:
        host = lab.host("host", nics=["eth0"])
        version = host.run(["NetworkManager", "--version"]).stdout.strip()
        for size in options.profiles or _SIZES:
            data += [{"profiles": size, **entry} for entry in profiles(host, size, rounds)]
    up: List[Dict[str, Any]] = []
    for bridges in [size for size in options.profiles if size <= _BRIDGES] or (_BRIDGES,):
        up += [{"bridges": bridges, "work": "up", **entry} for entry in activation(bridges, rounds)]
    charts = [chart([entry for entry in data if entry["work"] == work], "profiles", f"bulk: {work}", "profiles", "ms")
              for work in _WORK]  # fmt: skip
    columns = {**TIMES, "of the limit": times(LIMIT)}
    text = "\n\n".join([
        table(data, {"profiles": "profiles", "work": "work"}, columns),
        table(up, {"bridges, each with a port": "bridges"}, {**columns, "of NetworkManager's CPU": _of_daemon}),
    ])
    return Report(text, [*data, *up], version, plots.svg("bulk", *charts))


def _of_daemon(entry: Dict[str, Any], _: Dict[str, Dict[str, Any]]) -> str:
    busy = {"samples": [{"wall": sample["daemon_cpu"]} for sample in entry["samples"]]}
    return f"{ratio(entry, busy)} ×"


def profiles(host: Host, size: int, rounds: int) -> List[Dict[str, Any]]:
    everyone = rivals(size)
    stopwatch = Stopwatch(host)
    samples: Dict[str, Dict[str, List[Sample]]] = {work: {rival.name: [] for rival in everyone} for work in _WORK}
    for number, rival in turns(everyone, rounds, _SECONDS, least=_LEAST_ROUNDS, warm_up=size < _LARGE):
        for work in _WORK:
            stopwatch.settle()
            sample = stopwatch.time(job(rival, work, size))
            if number > 0:
                samples[work][rival.name].append(sample)
    return [{"work": work, **entry} for work in _WORK for entry in ratios(samples[work])]


def activation(bridges: int, rounds: int) -> List[Dict[str, Any]]:
    """On a new host each time: that is faster than to take the bridges away."""
    limit, csnet = rivals(bridges)[:2]
    samples: Dict[str, List[Sample]] = {rival.name: [] for rival in (limit, csnet)}
    for number, rival in turns([limit, csnet], rounds, _SECONDS, least=_LEAST_ROUNDS, warm_up=bridges < _LARGE):
        with Lab() as lab:
            stopwatch = Stopwatch(host_with_ports(lab, bridges))
            stopwatch.time(job(limit, "add_bridges", bridges))
            stopwatch.settle()
            sample = stopwatch.time(job(rival, "up", bridges))
        if number > 0:
            samples[rival.name].append(sample)
    return ratios(samples)


def host_with_ports(lab: Lab, count: int) -> Host:
    """With veths, whose other ends are up, so that these have a carrier."""
    host = lab.host("host", nics=["eth0"], start=False)
    host.ip(*(f"link add name bulkport{number} type veth peer name bulkend{number}" for number in range(count)),
            *(f"link set dev bulkend{number} up" for number in range(count)))  # fmt: skip
    host.networkmanager.start(timeout=300)
    return host


def rivals(size: int) -> List[Rival]:
    """Each is to be told its work. nmcli is left out where it would take minutes."""
    everyone = [Rival(LIMIT, [str(PROGRAMS / "bench_limit")]), Rival(CPP, [str(PROGRAMS / "bench_bulk")])]
    return everyone + [Rival(NMCLI, ["sh", str(RIVALS / "bulk.sh")])] * (size <= _MOST_BY_NMCLI)


def job(rival: Rival, work: str, size: int) -> Rival:
    return Rival(f"{rival.name}, {work}", [*rival.command, work, str(size)], rival.environment)
