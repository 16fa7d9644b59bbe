"""How long a host is away while its management network moves: csnet against nmcli, in the manual's order and in the
best order that was found. A ping each 10 ms from the management server; the outage is the longest gap between two
answers, less the 10 ms that lie between any two.

It needs VLANs: where the running kernel has none, all of it runs in User-Mode-Linux, whose clock ticks each 10 ms.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Tuple

import plots
from csnet_lab import Host, Lab, Node, kernel
from csnet_lab.switch import End, connect
from measure import BUILD, ROOT, Options, Report, spread

_MOST_ROUNDS = 3  # a round of all rivals takes half a minute
_ADDRESS, _SERVER = "192.168.100.10", "192.168.100.2"
_STATIC = f"ipv4.method manual ipv4.addresses {_ADDRESS}/24 ipv6.method disabled"
_NO_IP = "ipv4.method disabled ipv6.method disabled"
_BRIDGE = f"nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 stp no {_STATIC}"
_VLAN = "nmcli con add type vlan con-name {0}.{1} ifname {0}.{1} dev {0} id {1} master cloudbr0 slave-type bridge"
_ON_VLAN_100 = [
    f"nmcli con add type ethernet con-name eth0 ifname eth0 {_NO_IP}", _BRIDGE, _VLAN.format("eth0", 100),
    "nmcli con up eth0", "nmcli con up eth0.100",
]
_BOND = f"nmcli con add type bond con-name bond0 ifname bond0 bond.options mode=active-backup,miimon=100 {_NO_IP}"
_APPLY = """
import csnet, sys
wanted = csnet.ManagementNetwork(
    addresses=["192.168.100.10/24"], stp=False, servers=["192.168.100.2"], **eval(sys.argv[1]))
with csnet.Session() as host:
    host.apply(csnet.plan(wanted.desired(), host.read()))
"""


class Move(NamedTuple):
    """`before` makes the host; each of the others moves it, once a round from the start."""

    name: str
    vlans: Tuple[int, int]  #: of the two ways to the server
    before: List[str]
    csnet: str
    manual: List[str]
    best: List[str]


MOVES = [
    Move(
        "the address from a NIC to a bridge on VLAN 100", (1, 100),
        [f"nmcli con add type ethernet con-name nic ifname eth0 {_STATIC}", "nmcli con up nic"],
        "dict(uplinks=['eth0'], vlan=100)",
        [f"nmcli con mod nic {_NO_IP} ipv4.addresses ''", "nmcli con up nic", _BRIDGE.replace(_STATIC, ""),
         _VLAN.format("eth0", 100), f"nmcli con mod cloudbr0 {_STATIC}", "nmcli con up cloudbr0",
         "nmcli con up eth0.100"],
        [f"{_BRIDGE} autoconnect no", f"{_VLAN.format('eth0', 100)} autoconnect no", "nmcli con up cloudbr0",
         "nmcli con up eth0.100", f"nmcli con mod nic {_NO_IP} ipv4.addresses ''", "nmcli dev reapply eth0"],
    ),
    Move(
        "NIC to bond under the bridge", (1, 100), _ON_VLAN_100,
        "dict(uplinks=['eth0', 'eth1'], vlan=100, bond_mode='active-backup', bond_options={'miimon': '100'})",
        ["nmcli con delete eth0.100", "nmcli con delete eth0", _BOND,
         "nmcli con add type ethernet con-name port0 ifname eth0 master bond0",
         "nmcli con add type ethernet con-name port1 ifname eth1 master bond0",
         "nmcli con up port0", "nmcli con up port1", _VLAN.format("bond0", 100), "nmcli con up bond0.100"],
        [_BOND, "nmcli con add type ethernet con-name port1 ifname eth1 master bond0", "nmcli con up port1",
         f"{_VLAN.format('bond0', 100)} autoconnect no", "nmcli con down eth0.100", "nmcli con up bond0.100",
         "nmcli con add type ethernet con-name port0 ifname eth0 master bond0", "nmcli con up port0"],
    ),
    Move(
        "VLAN 100 to 200", (100, 200), _ON_VLAN_100, "dict(uplinks=['eth0'], vlan=200)",
        ["nmcli con delete eth0.100", _VLAN.format("eth0", 200), "nmcli con up eth0.200"],
        [f"{_VLAN.format('eth0', 200)} autoconnect no", "nmcli con down eth0.100", "nmcli con up eth0.200"],
    ),
]


class World:
    """A host, and a server that is in two VLANs at once as one network: a bridge between two ports of the switch."""

    def __init__(self, lab: Lab, move: Move) -> None:
        self.move = move
        switch = lab.switch()
        self.server = lab._add(Node("server"))
        for number, vlan in enumerate(move.vlans):
            port = f"server-{number}"
            nic = End(self.server, f"eth{number}", f"52:54:00:00:0a:0{number}")
            connect(nic, End(switch, port, f"52:54:00:00:0b:0{number}"))
            switch.trunk(port, native=vlan)
        self.server.ip("link add name br0 type bridge stp_state 0 forward_delay 0", "link set eth0 master br0 up",
                       "link set eth1 master br0 up", "link set br0 up", f"address add {_SERVER}/24 dev br0")
        listen = "import socket; s = socket.create_server(('', 8250)); [s.accept()[0].close() for _ in iter(int, 1)]"
        self._listener = self.server.popen([sys.executable, "-c", listen])
        self.host: Host = lab.host("host", ["eth0", "eth1"], switch, trunk=[100, 200])
        self.guests = [lab._add(Node(f"guest{number}")) for number in range(2)]

    def reset(self) -> None:
        self.host.reset()
        for entry in (self.host.root / "var/lib").glob("csnet/*"):
            entry.unlink()
        for line in self.move.before:
            self.host.run(["sh", "-c", line])
        self.server.ping(_ADDRESS)

    def outage(self, commands: List[List[str]]) -> float:
        """Milliseconds."""
        with self.pings(self.server, _ADDRESS) as pings:
            for command in commands:
                self.host.run(command, environment={"PYTHONPATH": str(BUILD / "python")})
            self.server.ping(_ADDRESS)
            return pings.longest_gap()

    def pings(self, node: Node, address: str) -> "Pings":
        return Pings(node, address)

    def csnet(self) -> List[List[str]]:
        return [[sys.executable, "-c", _APPLY, self.move.csnet]]


class Pings:
    """A ping each 10 ms, for the length of a `with`."""

    def __init__(self, node: Node, address: str) -> None:
        self._process = node.popen(["ping", "-n", "-D", "-i", "0.01", address], stdout=subprocess.PIPE)
        self._said = ""
        assert self._process.stdout is not None
        while " bytes from " not in self._said:
            self._said += self._process.stdout.readline()

    def __enter__(self) -> "Pings":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.finish()

    def longest_gap(self) -> float:
        """Ends it. What is counted ends with the last answer."""
        self._process.terminate()
        assert self._process.stdout is not None
        self._said += self._process.stdout.read()
        times = [float(time) for time in re.findall(r"^\[([\d.]+)\].* bytes from ", self._said, re.MULTILINE)]
        gaps = [1000 * (later - earlier) - 10 for earlier, later in zip(times, times[1:])]
        return max(0.0, max(gaps))

    def lost(self) -> int:
        """Ends it. Requests that were sent and not answered, but for the one under way."""
        self._process.terminate()
        assert self._process.stdout is not None
        self._said += self._process.stdout.read()
        numbers = [int(number) for number in re.findall(r"icmp_seq=(\d+) ttl", self._said)]
        return numbers[-1] - numbers[0] + 1 - len(numbers)


def measure(rounds: int) -> Tuple[List[Dict[str, Any]], str]:
    data: List[Dict[str, Any]] = []
    version = ""
    for move in MOVES:
        with Lab() as lab:
            world = World(lab, move)
            version = world.host.run(["NetworkManager", "--version"]).stdout.strip()
            as_commands = {"csnet": world.csnet(), "nmcli, the manual's order": shell(move.manual),
                           "nmcli, the best order": shell(move.best)}  # fmt: skip
            samples: Dict[str, List[float]] = {name: [] for name in as_commands}
            for number in range(rounds):
                names = list(as_commands)
                for name in names[number % 3:] + names[: number % 3]:
                    world.reset()
                    samples[name].append(world.outage(as_commands[name]))
            data += [{"move": move.name, "rival": name, "outage_ms": own} for name, own in samples.items()]
            if move.name.startswith("NIC to bond"):
                data.append({"move": "between two VMs meanwhile", "rival": "csnet", "lost": foreign_loss(world)})
    return data, version


def shell(lines: List[str]) -> List[List[str]]:
    return [["sh", "-ec", "\n".join(lines)]]


def foreign_loss(world: World) -> int:
    """Pings between two taps in the bridge that are lost while csnet moves its uplink."""
    world.reset()
    for number, guest in enumerate(world.guests):
        mac = f"52:54:00:00:aa:0{number}"
        connect(End(guest, "eth0", mac), End(world.host, f"vnet{number}", f"fe:54:00:00:aa:0{number}"))
        guest.ip("link set dev eth0 up", f"address add 192.168.100.5{number}/24 dev eth0")
        world.host.ip(f"link set dev vnet{number} master cloudbr0 up")
        world.host.nics.pop(f"vnet{number}", None)
    with world.pings(world.guests[0], "192.168.100.51") as pings:
        world.host.run(world.csnet()[0], environment={"PYTHONPATH": str(BUILD / "python")})
        return pings.lost()


def run(options: Options) -> Report:
    rounds = min(options.rounds, _MOST_ROUNDS)
    if not kernel.missing():
        data, version = measure(rounds)
        return Report(_table(data), data, version, _plot(data))
    with tempfile.TemporaryDirectory(dir=BUILD) as directory:  # both kernels see it
        result = Path(directory) / "result.json"
        command = [sys.executable, "-m", "csnet_lab", "run", "--", sys.executable, __file__, str(rounds), str(result)]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ)
        data, version = json.loads(result.read_text())
    return Report(_table(data), data, version, _plot(data))


def _table(data: List[Dict[str, Any]]) -> str:
    lines = ["| moved | by | outage, ms: median (quartiles) | csnet's outage is |", "|---|---|---:|---:|"]
    of_csnet = {row["move"]: statistics.median(row["outage_ms"]) for row in data
                if row["rival"] == "csnet" and "outage_ms" in row}  # fmt: skip
    for row in data:
        if "lost" in row:
            lines.append(f"| {row['move']} | {row['rival']} | {row['lost']} pings lost | |")
            continue
        own = spread(row["outage_ms"])
        compared = "" if row["rival"] == "csnet" else f"{of_csnet[row['move']] / max(own.median, 0.1):.2f} × that"
        outage = f"{own.median:.0f} ({own.low:.0f}–{own.high:.0f})"
        lines.append(f"| {row['move']} | {row['rival']} | {outage} | {compared} |")
    return "\n".join(lines)


def _plot(data: List[Dict[str, Any]]) -> str:
    moves = dict.fromkeys(row["move"] for row in data if "outage_ms" in row)
    return plots.svg("outage", *(
        plots.Bars(move, "outage, ms", {row["rival"]: spread(row["outage_ms"]) for row in data
                                        if row["move"] == move and "outage_ms" in row})
        for move in moves))


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(measure(int(sys.argv[1]))))
