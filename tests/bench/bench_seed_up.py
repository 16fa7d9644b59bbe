"""The manual's profiles created and usable, onto a host that has other profiles.

Where the kernel has no VLANs, the NIC itself is the bridge's port. The limit says what NetworkManager needs for it: it
sends the calls, and waits for the signals that everything is activated.
"""

from typing import Any, Dict, List

import bench_seed as seed
import plots
from csnet_lab import Lab, kernel
from measure import PROGRAMS, RIVALS, Options, Report, Rival, Stopwatch, paired
from tables import CPP, LIMIT, LOADED, NMCLI, OF_LIMITS, TIMES, chart, table, takes

_FORM = "0" if kernel.missing("vlan") else "1"


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    for others in options.profiles or seed.SIZES:
        with Lab() as lab:
            host = seed.host_with(lab, others)
            version = host.run(["NetworkManager", "--version"]).stdout.strip()
            entries = paired(Stopwatch(host), rivals(), options.rounds, lambda: seed.remove(host))
        data += [{"profiles": others, **entry} for entry in entries]
    time = chart(data, "profiles", "seed_up: wall time until usable", "other profiles on the host", "ms")
    text = table(data, {"profiles on the host": "profiles"}, {**TIMES, "nmcli takes": takes(NMCLI),
                                                              **OF_LIMITS})  # fmt: skip
    return Report(text, data, version, plots.svg("seed_up", time))


def rivals() -> List[Rival]:
    return [
        Rival(NMCLI, ["sh", str(RIVALS / "seed_up.sh"), _FORM], may_fail=True),
        Rival(LIMIT, [str(PROGRAMS / "bench_limit"), "seed_up", _FORM]),
        Rival(LOADED, [str(PROGRAMS / "bench_limit_libnm"), "seed_up", _FORM]),
        Rival(CPP, [str(PROGRAMS / "bench_seed_up"), _FORM]),
    ]
