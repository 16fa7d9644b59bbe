"""`csnet plan` where there is nothing to do, against `nmcli connection show`; and what `import csnet` adds."""

import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List

import bench_seed as seed
import plots
from csnet_lab import Lab
from measure import Options, Report, Rival, Stopwatch, paired
from tables import TIMES, chart, table, times

_NMCLI = "nmcli connection show"
_SIZES = (10, 500)
_FILE = """\
management:
  uplink: eth0
  bridge: cloudbr0
  addresses: [192.168.100.10/24]
  stp: false
"""


def run(options: Options) -> Report:
    data: List[Dict[str, Any]] = []
    version = ""
    with tempfile.TemporaryDirectory() as directory:
        for others in options.profiles or _SIZES:
            with Lab() as lab:
                host = seed.host_with(lab, others)
                version = host.run(["NetworkManager", "--version"]).stdout.strip()
                everyone = rivals(Path(directory))
                plan = everyone[-1]
                host.run([*plan.command[:-3], "apply", "--yes", plan.command[-1]], environment=plan.environment)
                entries = paired(Stopwatch(host), everyone, options.rounds, lambda: None)
            data += [{"profiles": others, **entry} for entry in entries]
    time = chart(data, "profiles", "command: wall time", "other profiles on the host", "ms")
    text = table(data, {"profiles on the host": "profiles"}, {**TIMES, "of nmcli's time": times(_NMCLI)})
    return Report(text, data, version, plots.svg("command", time))


def rivals(directory: Path) -> List[Rival]:
    file = directory / "network.yaml"
    file.write_text(_FILE)
    python = seed.python(str(directory / "bytecode"))
    return [
        Rival(_NMCLI, _NMCLI.split()),
        Rival("python3 -c pass", [sys.executable, "-c", "pass"], python),
        Rival("python3 -c 'import csnet'", [sys.executable, "-c", "import csnet"], python),
        # --check: it fails when there is something to do
        Rival("csnet plan", [sys.executable, "-m", "csnet", "plan", "--check", str(file)], python),
    ]
