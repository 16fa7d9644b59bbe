"""Applying what is there already: how long it takes, and how much is said on the bus for it."""

import sys
import tempfile
from typing import Any, Dict, List

import bench_seed as seed
import counting
import plots
from csnet_lab import Host, Lab
from measure import PROGRAMS, RIVALS, Options, Report, Rival, Stopwatch, paired
from tables import CLIENT, CPP, NMCLI, PYTHON, TIMES, chart, plain, table, takes

_SIZES = (0, 100, 1000, 4000)
_WHOLE = "csnet, C++, the whole host"


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    with tempfile.TemporaryDirectory() as directory:
        for others in options.profiles or _SIZES:
            with Lab() as lab:
                host = seed.host_with(lab, others)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                everyone = rivals(directory)
                prepare(host)
                messages = {rival.name: counting.count(host, rival) for rival in everyone}
                entries = paired(Stopwatch(host), everyone, options.rounds, lambda: None)
            for entry in entries:
                said = messages[entry["rival"]]
                data.append({"profiles": others, **entry, "calls": said.calls, "sent": sum(said.sent.values()),
                             "heard": sum(said.heard.values()), "kib": said.bytes // 1024})  # fmt: skip
    time = chart(data, "profiles", "noop: wall time", "other profiles on the host", "ms")
    memory = chart(data, "profiles", "noop: peak memory", "other profiles on the host", "MiB", "memory", 2**-20)
    talk = {"messages sent": plain("sent"), "and heard": plain("heard"), "KiB": plain("kib")}
    text = table(data, {"profiles on the host": "profiles"}, {**TIMES, **talk, "nmcli takes": takes(NMCLI)})
    return Report(text, data, version, plots.svg("noop", time, memory))


def prepare(host: Host) -> None:
    """The host becomes what the rivals ask for."""
    host.run([str(PROGRAMS / "bench_noop")])


def rivals(directory: str) -> List[Rival]:
    return [
        Rival(NMCLI, ["sh", str(RIVALS / "noop.sh")], may_fail=True),
        Rival(CLIENT, [str(PROGRAMS / "bench_client")]),
        Rival(CPP, [str(PROGRAMS / "bench_noop")]),
        Rival(PYTHON, [sys.executable, str(RIVALS / "noop.py")], seed.python(directory)),
        Rival(_WHOLE, [str(PROGRAMS / "bench_read")]),
    ]
