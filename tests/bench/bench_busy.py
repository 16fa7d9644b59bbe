"""seed, seed_up and noop on a host full of other people's interfaces: bridges with two VMs' taps each."""

import tempfile
import time
from typing import Any, Dict, List

import bench_noop as noop
import bench_seed as seed
import bench_seed_up as seed_up
import csnet
import plots
from csnet_lab import Host, Lab
from measure import Options, Report, Stopwatch, paired
from tables import NMCLI, OF_LIMITS, TIMES, of, table, takes

_BRIDGES = 500


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    with tempfile.TemporaryDirectory() as directory:
        for bridges in options.profiles or (_BRIDGES,):
            with Lab() as lab:
                host = host_with(lab, bridges)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                for work, entries in measured(host, directory, options.rounds).items():
                    data += [{"bridges": bridges, "taps": 2 * bridges, "work": work, **entry} for entry in entries]
    bars = [_bars(work, [entry for entry in data if entry["work"] == work]) for work in ("seed", "seed_up", "noop")]
    text = table(data, {"bridges": "bridges", "taps": "taps", "work": "work"}, {
        **TIMES, "nmcli takes": takes(NMCLI), **OF_LIMITS})  # fmt: skip
    return Report(text, data, version, plots.svg("busy", *bars))


def measured(host: Host, directory: str, rounds: int) -> Dict[str, List[Dict[str, Any]]]:
    seeded = seed.measured(host, directory, rounds)
    up = paired(Stopwatch(host), seed_up.rivals(), rounds, lambda: seed.remove(host))
    seed.remove(host)
    noop.prepare(host)
    nothing = paired(Stopwatch(host), noop.rivals(directory), rounds, lambda: None)
    return {"seed": seeded, "seed_up": up, "noop": nothing}


def _bars(work: str, entries: List[Dict[str, Any]]) -> plots.Bars:
    last = entries[-1]["bridges"]
    values = {entry["rival"]: of(entry, "wall", 1000) for entry in entries if entry["bridges"] == last}
    return plots.Bars(f"{work} beside {last} bridges and {2 * last} taps", "wall time, ms", values)


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
