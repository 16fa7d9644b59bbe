"""seed on a host full of other people's interfaces: bridges with two VMs' taps each, which NetworkManager sees."""

import tempfile
import time
from typing import Any, Dict, List

import csnet
import plots
import seed
from csnet_lab import Host, Lab
from measure import Options, Report
from tables import LIMIT, NMCLI, TIMES, of, table, takes, times

_BRIDGES = 500


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    with tempfile.TemporaryDirectory() as directory:
        for bridges in options.profiles or (_BRIDGES,):
            with Lab() as lab:
                host = host_with(lab, bridges)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                data += [{"bridges": bridges, "taps": 2 * bridges, **entry}
                         for entry in seed.measured(host, directory, options.rounds)]  # fmt: skip
    last = {entry["rival"]: of(entry, "wall", 1000) for entry in data if entry["bridges"] == data[-1]["bridges"]}
    bars = plots.Bars(f"seed beside {data[-1]['bridges']} bridges and {data[-1]['taps']} taps", "wall time, ms", last)
    text = table(data, {"bridges": "bridges", "taps": "taps"}, {**TIMES, "nmcli takes": takes(NMCLI),
                                                                "of the limit": times(LIMIT)})  # fmt: skip
    return Report(text, data, version, plots.svg("busy", bars))


def host_with(lab: Lab, bridges: int) -> Host:
    host = lab.host("host", nics=["eth0"], start=False)
    lines: List[str] = []
    for bridge in range(bridges):
        lines.append(f"link add name virbr{bridge} up type bridge")
        for tap in (2 * bridge, 2 * bridge + 1):
            lines += [f"tuntap add dev vnet{tap} mode tap", f"link set dev vnet{tap} master virbr{bridge} up"]
    host.ip(*lines)
    # Not while NetworkManager runs: so many at once are more news than it gets from the kernel. And what tells of its
    # startup is a client of libnm's, which such a host is too much for.
    host.networkmanager.start(wait_for_startup=False)
    end = time.monotonic() + 300
    while _active(host) < 3 * bridges:
        if time.monotonic() > end:
            raise RuntimeError(f"NetworkManager has taken {_active(host)} interfaces over, not {3 * bridges}")
    return host


def _active(host: Host) -> int:
    """How many interfaces NetworkManager takes for somebody else's, and has made a profile up for."""
    try:
        with csnet.Session(bus_address=host.bus_address) as session:
            devices = session.devices()
    except (csnet.UnavailableError, csnet.TimeoutError):
        return 0  # it has just begun
    return sum(device.interface_name.startswith("v") and device.state == "activated" for device in devices)
