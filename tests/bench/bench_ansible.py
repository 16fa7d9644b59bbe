"""Ansible: a host's profiles by one task of csnet's or by community.general.nmcli's, and a fleet over its forks.

The profiles are what both can make: Debian 12's nmcli module makes no VLAN a bridge's port. The fleet's network is
untagged, so that the machine's own kernel can be measured.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence

import plots
from csnet_lab import Host, Lab
from measure import BUILD, ROOT, Options, Report, Rival, Sample, Stopwatch, ratios, spread, turns
from tables import TIMES, Entry, of, table, takes

sys.path.append(str(ROOT / "tests/ansible"))
from running import environment  # noqa: E402

_MOST_ROUNDS, _SECONDS = 9, 60  # a round takes ten seconds
_HOSTS, _FORKS = 12, (4, 12)
_NMCLI = "community.general.nmcli"
_PLAYS = {
    _NMCLI: """
    - community.general.nmcli:
        {state: present, type: bridge, conn_name: cloudbr0, ifname: cloudbr0, stp: false, ip4: 192.168.100.10/24}
    - community.general.nmcli: {state: present, type: bridge-slave, conn_name: eth0, ifname: eth0, master: cloudbr0}
    - community.general.nmcli:
        {state: present, type: bridge, conn_name: cloudbr1, ifname: cloudbr1, stp: false, method4: disabled,
         method6: disabled}
""",
    "csnet.network": """
    - csnet.network.management_network:
        uplink: eth0
        addresses: [192.168.100.10/24]
        stp: false
        profiles:
          - {type: bridge, name: cloudbr1, interface_name: cloudbr1, stp: false, ipv4: {method: disabled},
             ipv6: {method: disabled}}
        commit: by_host
""",
    "no task": "    []\n",
}
_MOVE = """
- hosts: all
  gather_facts: false
  tasks:
    - csnet.network.management_network:
        uplink: eth0
        addresses: ["192.168.100.{{ 10 + number }}/24"]
        gateway: 192.168.100.1
        servers: [192.168.100.2]
        stp: false
        rollback_after: 300
"""


def run(options: Options) -> Report:
    rounds = min(options.rounds, _MOST_ROUNDS)
    with tempfile.TemporaryDirectory(dir=BUILD) as directory, Lab() as lab:
        host = lab.host("host", nics=["eth0"])
        version = host.run(["NetworkManager", "--version"]).stdout.strip()
        one_host = profiles(host, rivals(Path(directory)), rounds)
        hosts, forks = (_HOSTS, _FORKS) if rounds > 1 else (2, (2,))
        fleet = move_fleet(hosts, forks)
    text = table(one_host, {"run": "run"}, {
        **TIMES, "nmcli's module takes": takes(_NMCLI), "without the empty play": _alone})  # fmt: skip
    return Report(f"{text}\n\n{_fleet_table(fleet)}", [*one_host, *fleet], version, _plot(one_host))


def rivals(home: Path) -> List[Rival]:
    """The first is the one that the others are compared with."""
    # An installed csnet has bytecode, and ./dev forbids to write any beside the sources.
    variables = {**environment(home), "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    everyone = []
    for number, (name, tasks) in enumerate(_PLAYS.items()):
        book = home / f"play{number}.yml"
        book.write_text(f"- hosts: all\n  gather_facts: false\n  tasks:\n{tasks}")
        command = ["ansible-playbook", "--inventory", "localhost,", "--connection", "local", str(book)]
        everyone.append(Rival(name, command, variables))
    return everyone


def profiles(host: Host, everyone: List[Rival], rounds: int) -> List[Dict[str, Any]]:
    """Each rival on a host that has nothing, and again, in turns. One round warms up."""
    stopwatch = Stopwatch(host)
    samples: Dict[str, Dict[str, List[Sample]]] = {
        name: {rival.name: [] for rival in everyone} for name in ("first", "again")}
    for number, rival in turns(everyone, rounds, _SECONDS):
        for name in samples:
            stopwatch.settle()
            sample = stopwatch.time(rival)
            if number > 0:
                samples[name][rival.name].append(sample)
        remove_all(host)
    return [{"run": name, **entry} for name, of_run in samples.items() for entry in ratios(of_run)]


def remove_all(host: Host) -> None:
    found = host.run(["nmcli", "--terse", "--get-values", "uuid", "connection", "show"]).stdout.split()
    if found:
        host.run(["nmcli", "connection", "delete", *found], check=False)


def move_fleet(hosts: int, forks: Sequence[int]) -> List[Dict[str, Any]]:
    """The hosts' NIC becomes a bridge's port, confirmed by the controller, by so many forks; and once more."""
    from fleet import Fleet

    data = []
    with tempfile.TemporaryDirectory() as home, Lab() as lab:
        everyone = Fleet(lab, Path(home), hosts, vlan=None)
        for each in forks:
            everyone.reset()
            for name in ("first", "again"):
                begin = time.monotonic()
                everyone.playbook(_MOVE, f"--forks={each}", timeout=900)
                data.append({"run": name, "hosts": hosts, "forks": each, "seconds": time.monotonic() - begin})
                everyone.write_inventory(moved=list(everyone.hosts))
    return data


def _alone(entry: Entry, everyone: Dict[str, Entry]) -> str:
    """How many times as long as it nmcli's module takes, each without what a play takes that has no task."""
    if entry["rival"] != "csnet.network":
        return ""
    base, empty = (everyone[name]["samples"] for name in (_NMCLI, "no task"))
    own = [(b["wall"] - e["wall"]) / (o["wall"] - e["wall"]) for b, o, e in zip(base, entry["samples"], empty)]
    return f"{spread(own)} ×"


def _plot(data: List[Entry]) -> str:
    return plots.svg("ansible", *(
        plots.Bars(f"ansible: {run_name} run on one host", "wall time, s", {
            entry["rival"]: of(entry, "wall") for entry in data if entry["run"] == run_name})
        for run_name in ("first", "again")))  # fmt: skip


def _fleet_table(data: List[Dict[str, Any]]) -> str:
    lines = ["| hosts | forks | run | seconds |", "|---:|---:|---|---:|"]
    lines += [f"| {row['hosts']} | {row['forks']} | {row['run']} | {row['seconds']:.0f} |" for row in data]
    return "\n".join(lines)
