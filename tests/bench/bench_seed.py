"""The manual's three profiles and its address, onto a host that has other profiles: csnet against nmcli, and against
the limit, a C program that sends the same D-Bus calls."""

import re
import sys
import tempfile
import uuid
from typing import Any, Dict, List

import plots
from csnet_lab import Host, Lab
from measure import BUILD, PROGRAMS, RIVALS, Options, Report, Rival, Stopwatch, paired
from tables import CLIENT, CPP, LIMIT, LOADED, NMCLI, OF_LIMITS, PYTHON, TIMES, chart, table, takes

SIZES = (0, 100, 1000, 4000)
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
        for others in options.profiles or SIZES:
            with Lab() as lab:
                host = host_with(lab, others)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                data += [{"profiles": others, **entry} for entry in measured(host, directory, options.rounds)]
    memory = chart(data, "profiles", "seed: peak memory", "other profiles on the host", "MiB", "memory", 2**-20)
    time = chart(data, "profiles", "seed: wall time", "other profiles on the host", "ms")
    text = table(data, {"profiles on the host": "profiles"}, {**TIMES, "nmcli takes": takes(NMCLI),
                                                              **OF_LIMITS})  # fmt: skip
    return Report(text, data, version, plots.svg("seed", time, memory))


def measured(host: Host, directory: str, rounds: int) -> List[Dict[str, Any]]:
    return paired(Stopwatch(host), rivals(directory), rounds, lambda: remove(host))


def remove(host: Host) -> None:
    """The profiles that a rival has made. Not by nmcli, which does not always find them among thousands."""
    texts = [path.read_text() for path in host.system_connections.glob("[ce]*.nmconnection")]
    uuids = [re.findall("^uuid=(.*)$", text, re.MULTILINE)[0] for text in texts]
    host.run([str(PROGRAMS / "bench_limit"), "delete", *uuids])


def rivals(directory: str) -> List[Rival]:
    """`directory`: where Python may keep its bytecode."""
    return [
        Rival(NMCLI, ["sh", str(RIVALS / "seed.sh")], may_fail=True),
        Rival(LIMIT, [str(PROGRAMS / "bench_limit"), "seed"]),
        Rival(LOADED, [str(PROGRAMS / "bench_limit_libnm"), "seed"]),
        Rival(CLIENT, [str(PROGRAMS / "bench_client")]),
        Rival(CPP, [str(PROGRAMS / "bench_seed")]),
        Rival(PYTHON, [sys.executable, str(RIVALS / "seed.py")], python(directory)),
    ]


def python(directory: str) -> Dict[str, str]:
    """The environment of a Python rival."""
    # An installed csnet has bytecode, and ./dev forbids to write any beside the sources.
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": directory}
    return {"PYTHONPATH": str(BUILD / "python"), **bytecode}


def host_with(lab: Lab, others: int) -> Host:
    """A host with so many profiles, half of them ethernet and half VLAN, of which none is ever brought up."""
    host = lab.host("host", nics=["eth0"], start=False)
    for number in range(others):
        kind, setting = ("vlan", f"\n[vlan]\nid={number + 1}\nparent=other0\n") if number % 2 else ("ethernet", "")
        name = f"other{number}"
        keyfile = host.system_connections / f"{name}.nmconnection"
        keyfile.write_text(_KEYFILE.format(name=name, uuid=uuid.uuid4(), type=kind, setting=setting))
        keyfile.chmod(0o600)
    host.networkmanager.start(timeout=300)
    return host
