"""The manual's three profiles and its address, onto a host that has other profiles: csnet against nmcli."""

import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any, Dict, List

from csnet_lab import Host, Lab
from measure import BUILD, Options, Report, Rival, Spread, Stopwatch, paired, ratios

_RIVALS = Path(__file__).with_name("rivals")
_REMOVE = Rival("removal", ["nmcli", "con", "delete", "cloudbr0", "eth0.100", "eth0"])  # fails if one is not there
_KEYFILE = """\
[connection]
id={name}
uuid={uuid}
type={type}
interface-name={name}
autoconnect=false
{setting}
[ipv4]
method=auto

[ipv6]
method=auto
"""


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    with tempfile.TemporaryDirectory() as directory:
        for others in options.profiles:
            with Lab() as lab:
                host = host_with(lab, others)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                stopwatch = Stopwatch(host)
                samples = paired(stopwatch, rivals(directory), options.rounds, lambda _: stopwatch.time(_REMOVE))
            data += [{"profiles": others, **entry} for entry in ratios(samples)]
    return Report(_table(data), data, version)


def rivals(directory: str) -> List[Rival]:
    """The first is the one that the others are compared with. `directory`: where Python may keep its bytecode."""
    # An installed csnet has bytecode, and ./dev forbids to write any beside the sources.
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": directory}
    python = {"PYTHONPATH": str(BUILD / "python"), **bytecode}
    return [
        Rival("nmcli", ["sh", str(_RIVALS / "seed.sh")]),
        Rival("csnet, C++", [str(BUILD / "tests/bench/bench_seed")]),
        Rival("csnet, Python", [sys.executable, str(_RIVALS / "seed.py")], python),
    ]


def host_with(lab: Lab, others: int) -> Host:
    """A host with so many profiles, half of them ethernet and half VLAN, of which none is ever brought up."""
    host = lab.host("host", nics=["eth0"], start=False)
    for number in range(others):
        kind, setting = ("vlan", f"\n[vlan]\nid={number + 1}\nparent=other0\n") if number % 2 else ("ethernet", "")
        name = f"other{number}"
        keyfile = host.system_connections / f"{name}.nmconnection"
        keyfile.write_text(_KEYFILE.format(name=name, uuid=uuid.uuid4(), type=kind, setting=setting))
        keyfile.chmod(0o600)
    host.networkmanager.start()
    return host


def _table(data: List[Dict[str, Any]]) -> str:
    columns = ["profiles on the host", "", "wall, ms", "CPU, ms", "NetworkManager's CPU, ms"]
    columns += ["nmcli's wall time is", "nmcli's CPU is"]
    lines = [f"| {' | '.join(columns)} |", "|---:|---|---:|---:|---:|---|---|"]
    for entry in data:
        times = " | ".join(f"{1000 * seconds:.1f}" for seconds in entry["median"].values())
        is_base = entry["rival"] == data[0]["rival"]
        compared = ["" if is_base else f"{Spread(**entry[key])} ×" for key in ("wall_ratio", "cpu_ratio")]
        lines.append(f"| {entry['profiles']} | {entry['rival']} | {times} | {' | '.join(compared)} |")
    return "\n".join(lines)
