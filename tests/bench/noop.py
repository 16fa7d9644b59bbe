"""Applying what is there already: how long it takes, and how many messages it sends to NetworkManager."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List

import seed
from csnet_lab import Host, Lab
from measure import BUILD, Options, Report, Rival, Spread, Stopwatch, paired, ratios

_RIVALS = Path(__file__).with_name("rivals")


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    with tempfile.TemporaryDirectory() as directory:
        for others in options.profiles:
            with Lab() as lab:
                host = seed.host_with(lab, others)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                csnet = rivals(directory)[-1]
                host.run(csnet.command, environment=csnet.environment)  # from here on, there is nothing to do
                calls = {rival.name: count_calls(host, rival) for rival in rivals(directory)}
                samples = paired(Stopwatch(host), rivals(directory), options.rounds, lambda _: None)
            data += [{"profiles": others, "calls": calls[entry["rival"]], **entry} for entry in ratios(samples)]
    return Report(_table(data), data, version)


def rivals(directory: str) -> List[Rival]:
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": directory}
    return [
        Rival("nmcli", ["sh", str(_RIVALS / "noop.sh")]),
        Rival("csnet, Python", [sys.executable, str(_RIVALS / "noop.py")],
              {"PYTHONPATH": str(BUILD / "python"), **bytecode}),
    ]  # fmt: skip


def count_calls(host: Host, rival: Rival) -> int:
    """Method calls to NetworkManager, as the bus sees them, between two that are no calls to it."""
    bus = ["busctl", "--system", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"]
    owner = host.run([*bus, "GetNameOwner", "s", "org.freedesktop.NetworkManager"]).stdout.split('"')[1]
    names = tuple(f"destination={name} " for name in (owner, "org.freedesktop.NetworkManager"))
    mark = [*bus, "CsnetMark"]
    with host.popen(["dbus-monitor", "--system"], stdout=subprocess.PIPE) as monitor:
        assert monitor.stdout is not None
        monitor.stdout.readline()  # it listens
        for command in (mark, rival.command, mark):
            host.run(command, environment=rival.environment, check=command is not mark)
        calls = marks = 0
        for line in monitor.stdout:
            marks += "member=CsnetMark" in line
            calls += marks == 1 and line.startswith("method call") and any(name in line for name in names)
            if marks == 2:
                break
        monitor.kill()
    return calls


def _table(data: List[Dict[str, Any]]) -> str:
    columns = ["profiles on the host", "", "wall, ms", "CPU, ms", "calls to NetworkManager", "nmcli's wall time is"]
    lines = [f"| {' | '.join(columns)} |", "|---:|---|---:|---:|---:|---|"]
    for entry in data:
        median = entry["median"]
        compared = "" if entry["rival"] == data[0]["rival"] else f"{Spread(**entry['wall_ratio'])} ×"
        lines.append(f"| {entry['profiles']} | {entry['rival']} | {1000 * median['wall']:.1f} | "
                     f"{1000 * median['cpu']:.1f} | {entry['calls']} | {compared} |")  # fmt: skip
    return "\n".join(lines)
