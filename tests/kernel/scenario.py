"""The base of the scenarios: a host, watchers outside it, apply() inside it, and its state before."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from pseudo_locale import plain
from topology import eventually

import csnet
from csnet_lab import Host, Lab, LabError, Node
from csnet_lab.switch import End, connect

ADDRESS, SERVER = "192.168.100.10", "192.168.100.2"
OPERATOR, LEASED = "192.168.10.2", "192.168.10.50"
STORAGE = "192.168.30.2"
TCP = f"probe tcp {SERVER}:8250"
_PROGRAMS = Path(__file__).with_name("in_host.py")
_PATIENCE = 20.0  # TCP sends again after 0.2, 0.4, 0.8, … s: it is late by at most as long again as it was cut off


class Program:
    """A program of in_host.py in a node. Its JSON lines are read as they come."""

    def __init__(self, node: Node, *arguments: str) -> None:
        # The package that these tests use: sys.path may hold its source first, without the built module.
        path = {"PYTHONPATH": str(Path(csnet.__file__).parents[1])}
        pipe = subprocess.PIPE
        command = [sys.executable, str(_PROGRAMS), *arguments]
        self.process = node.popen(command, environment=path, stdin=pipe, stdout=pipe, stderr=pipe)
        self.events: List[Dict[str, Any]] = []
        self._name = f"{node.name}: {arguments[0]}"
        self._news = threading.Condition()
        self._said = ""
        self._ended = False
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def tell(self, line: str = "go") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def wait_for(self, event: str, timeout: float = 120, **fields: object) -> Dict[str, Any]:
        """The first such event, which may have come before."""

        wanted: Dict[str, object] = {"event": event}
        wanted.update(fields)

        def found() -> Optional[Dict[str, Any]]:
            return next((one for one in self.events if wanted.items() <= one.items()), None)

        with self._news:
            self._news.wait_for(lambda: found() is not None or self._ended, timeout)
            one = found()
        if one is None:
            raise LabError(f"{self._name}: no {event} {fields or ''} within {timeout:g} s\n{self.story()}")
        return one

    def end(self, timeout: float = 180) -> Dict[str, Any]:
        """Its last event, when it has ended."""
        with self._news:
            if not self._news.wait_for(lambda: self._ended, timeout):
                raise LabError(f"{self._name}: did not end within {timeout:g} s\n{self.story()}")
        for reader in self._readers:
            reader.join()
        self.process.finish()
        if not self.events:
            raise LabError(f"{self._name}: said nothing\n{self._said}")
        return self.events[-1]

    def story(self) -> str:
        return "\n".join([*map(str, self.events), self._said])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.events.append(plain(json.loads(line)))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._said += line


class Outcome(NamedTuple):
    """The outcome of an apply()."""

    steps: List[str]  #: of the plan: "activate cloudbr0"
    notes: List[str]  #: of the plan: "warning: …"
    progress: Dict[str, str]  #: the last outcome of each step and probe
    details: Dict[str, str]
    last: Dict[str, Any]
    story: str

    @property
    def id(self) -> str:
        return str(self.last["id"])

    @property
    def committed(self) -> bool:
        return bool(self.last.get("committed"))

    @property
    def error(self) -> str:
        """Class, message and hint; empty when there was none."""
        if self.last["event"] != "error":
            return ""
        return f"{self.last['type']}: {self.last['message']}\n{self.last.get('hint', '')}"


class Applying(Program):
    """apply() in a host. At each point of `pauses` ("planned", "commit", "probe …: done") it waits for tell()."""

    def __init__(
        self,
        host: Host,
        desired: csnet.HostState,
        *,
        probes: Sequence[csnet.Probe] = (),
        checks: Sequence[Tuple[str, str, bool]] = (),
        plan_options: Optional[Dict[str, Any]] = None,
        pauses: Sequence[str] = (),
        raise_at: str = "",
        **options: Any,
    ) -> None:
        super().__init__(host, "apply")
        request = {
            "desired": repr(desired),
            "probes": repr(list(probes)),
            "checks": checks,
            "plan_options": plan_options or {},
            "pauses": pauses,
            "raise_at": raise_at,
            "options": {"rollback_after": 8, **options},
        }
        self.tell(json.dumps(request))

    def paused_at(self, point: str) -> None:
        self.wait_for("paused", at=point)

    def outcome(self, timeout: float = 240) -> Outcome:
        last = self.end(timeout)
        none: Dict[str, Any] = {"steps": [], "notes": []}
        plan = next((event for event in self.events if event["event"] == "plan"), none)
        told = [event for event in self.events if event["event"] == "progress"]
        return Outcome(
            plan["steps"],
            plan["notes"],
            {event["what"]: event["outcome"] for event in told},
            {event["what"]: event["detail"] for event in told},
            last,
            self.story(),
        )


def apply(host: Host, desired: csnet.HostState, **options: Any) -> Outcome:
    return Applying(host, desired, **options).outcome()


def commit(host: Host, id: str) -> Dict[str, Any]:
    return Program(host, "commit", id).end()


def rollback(host: Host, id: str) -> Dict[str, Any]:
    return Program(host, "rollback", id).end()


def transaction(host: Host) -> Dict[str, Any]:
    return Program(host, "transaction").end()


class TcpSession(Program):
    """A long-lived TCP session from a node to the host's echo server, as an operator's SSH is one."""

    def __init__(self, node: Node, address: str, patience: float = _PATIENCE) -> None:
        super().__init__(node, "session", address, str(patience))
        self.wait_for("ready")

    def why_dead(self) -> str:
        """Ends it; empty when all that it sent was answered."""
        return str(self.result()["why"])

    def longest_gap(self) -> float:
        """Ends it, and returns the longest time without an answer, in seconds. It must have survived."""
        result = self.result()
        assert result["why"] == "", result
        assert result["answered"] > 0
        return float(result["longest_gap"])

    def result(self) -> Dict[str, Any]:
        if self.process.poll() is None:
            with contextlib.suppress(BrokenPipeError):
                self.tell("end")
        return self.end()


class Pinger:
    """Ten pings a second from one node to an address."""

    def __init__(self, node: Node, address: str) -> None:
        pipe = subprocess.PIPE
        self._process = node.popen(["ping", "-n", "-i", "0.1", address], stdout=pipe, stderr=subprocess.STDOUT)
        assert self._process.stdout is not None
        self._process.stdout.readline()  # its headline
        first = self._process.stdout.readline()
        assert " bytes from " in first, first
        self._said = first

    def lost(self) -> int:
        """Ends it, and returns the number of unanswered pings before the last answered one."""
        self._process.send_signal(signal.SIGINT)
        assert self._process.stdout is not None
        self._said += self._process.stdout.read()
        self._process.finish()
        answered = {int(number) for number in re.findall(r"bytes from .* icmp_seq=(\d+)", self._said)}
        assert len(answered) > 3, self._said
        return max(answered) - len(answered)


class Snapshot(NamedTuple):
    """The state that a rollback has to restore."""

    files: Dict[str, Tuple[str, int]]  #: of profiles: content and mtime
    in_memory: Dict[str, str]  #: files in /run
    profiles: Dict[str, str]  #: the active profile of each interface
    interfaces: Dict[str, Dict[str, Any]]
    routes: List[str]
    journal: List[str]

    def differences(self, after: "Snapshot") -> List[str]:
        """In words; empty when nothing differs."""
        found = []
        for field in self._fields:
            old, new = getattr(self, field), getattr(after, field)
            if not isinstance(old, dict):
                old, new = ({line: "there" for line in each} for each in (old, new))
            for key in sorted({*old, *new}):
                if old.get(key) != new.get(key):
                    found.append(f"{field} {key!r}:\n  before {old.get(key)!r}\n  after  {new.get(key)!r}")
        return found


def snapshot(host: Host) -> Snapshot:
    in_memory = host.root / "run/NetworkManager/system-connections"
    active = host.run(["nmcli", "-t", "-f", "DEVICE,UUID", "connection", "show", "--active"]).stdout
    interfaces: Dict[str, Dict[str, Any]] = {}
    for link in json.loads(host.run(["ip", "-json", "-details", "address"]).stdout):
        addresses = [one for one in link["addr_info"] if one.get("scope") != "link" and "local" in one]
        interfaces[link["ifname"]] = {
            "controller": link.get("master", ""),
            "addresses": sorted(f"{one['local']}/{one['prefixlen']}" for one in addresses),
            "mac": link["address"],
            "mtu": link["mtu"],
            "up": "UP" in link["flags"],
            "parent": link.get("link", "") if link.get("linkinfo", {}).get("info_kind") == "vlan" else "",
            "vlan": link.get("linkinfo", {}).get("info_data", {}).get("id"),
        }
    state = host.root / "var/lib/csnet"
    return Snapshot(
        {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in host.system_connections.iterdir()},
        {path.name: path.read_text() for path in in_memory.iterdir()} if in_memory.exists() else {},
        dict(line.split(":", 1) for line in active.splitlines()),
        interfaces,
        # The metric is NetworkManager's: it gives each interface that starts another one.
        sorted(re.sub(" metric .*", "", line).strip() for line in host.run(["ip", "route"]).stdout.splitlines()),
        sorted(path.name for path in state.iterdir() if path.name != "lock") if state.exists() else [],
    )


def assert_is_as_before(host: Host, before: Snapshot, story: str = "") -> None:
    differences = before.differences(snapshot(host))
    assert not differences, "\n".join(["not as before:", *differences, story])


def becomes_as_before(host: Host, before: Snapshot, seconds: float = 90) -> None:
    """Waits for a change that NetworkManager makes on its own."""
    if not eventually(lambda: not before.differences(snapshot(host)), seconds):
        assert_is_as_before(host, before)


class Scene:
    """A host on trunked ports; a management server in VLAN 100; an operator in the untagged VLAN.

    Without `vlan` all three are in the untagged one, nobody serves storage, and the kernel needs no VLANs.
    """

    def __init__(
        self,
        lab: Lab,
        nics: Sequence[str],
        *,
        lacp: bool = False,
        vlan: Optional[int] = 100,
        trunk: Sequence[int] = (100, 300),
    ) -> None:
        trunk = trunk if vlan else ()
        self.switch = lab.switch()
        self.server = lab.management_server(self.switch, vlan, address=f"{SERVER}/24")
        self.server.ip("address add 192.168.101.2/24 dev eth0", "address add fd00:100::2/64 dev eth0 nodad")
        self.operator = lab.management_server(self.switch, None, f"{OPERATOR}/24", name="operator")
        if vlan:
            self.storage = lab.management_server(self.switch, 300, f"{STORAGE}/24", name="storage", ports=())
        self.host = lab.host("host", nics, self.switch, trunk=trunk, lacp=lacp)
        #: The switch's port that leads to the host.
        self.port = "host-lag" if lacp else self.host.nics[nics[0]].port
        self._trunk = list(trunk)
        self._helpers = [Program(self.host, "echo"), Program(self.operator, "dhcp", "eth0", OPERATOR, LEASED)]
        for helper in self._helpers:
            helper.wait_for("ready")

    def reset(self) -> None:
        self.host.run(["rm", "-rf", "/var/lib/csnet"])
        self.host.reset()
        self.server.listen(8250)
        if self._trunk:
            self.vlans(*self._trunk)
            self.serve_vlan(100)

    def vlans(self, *tagged: int, native: Optional[int] = 1) -> None:
        """Sets the VLANs that the switch carries to the host."""
        known = json.loads(self.switch.run(["bridge", "-json", "vlan", "show", "dev", self.port]).stdout)
        there = [entry["vlan"] for entry in known[0]["vlans"]]
        lines = [f"vlan del dev {self.port} vid {vid}" for vid in there]
        lines += [f"vlan add dev {self.port} vid {vid}" for vid in tagged]
        if native is not None:
            lines.append(f"vlan add dev {self.port} vid {native} pvid untagged")
        self.switch.run(["bridge", "-batch", "-"], input="\n".join(lines) + "\n")

    def serve_vlan(self, vlan: int) -> None:
        """Move the management server to another VLAN."""
        port = "server-eth0"
        old = 200 if vlan == 100 else 100
        lines = f"vlan del dev {port} vid {old}\nvlan add dev {port} vid {vlan} pvid untagged\n"
        self.switch.run(["bridge", "-batch", "-"], input=lines)

    @contextlib.contextmanager
    def twin(self, address: str) -> Iterator[None]:
        """Another node in the management VLAN, here the server, has the address already."""
        self.server.ip(f"address add {address}/24 dev eth0")
        try:
            yield
        finally:
            self.server.ip(f"address del {address}/24 dev eth0")

    def nmcli(self, *lines: str) -> None:
        """Runs lines of nmcli in the host, in one go; each ends when its profile is active."""
        self.host.run(["sh", "-e"], input="".join(f"nmcli --wait 20 {line}\n" for line in lines))

    def is_as_wanted(self, desired: csnet.HostState, *names: str) -> None:
        """A second plan is empty; after a reboot it still is, the server is reached, and these interfaces are up."""
        assert self.plan(desired).steps == csnet.plan(desired, self.read()).steps == ()
        self.host.reboot()
        assert self.plan(desired).steps == csnet.plan(desired, self.read()).steps == ()
        up = snapshot(self.host).profiles
        assert {*names} <= {*up}, up
        self.host.ping(SERVER, timeout=20)

    def plan(self, desired: csnet.HostState) -> csnet.Plan:
        with csnet.Session(bus_address=self.host.bus_address) as session:
            return session.plan(desired)

    def read(self) -> csnet.HostState:
        with csnet.Session(bus_address=self.host.bus_address) as session:
            return session.read()

    @contextlib.contextmanager
    def tap(self, number: int, address: str, bridge: str) -> Iterator[Node]:
        """A VM from the host's point of view: vnetN in a bridge, which is external to NetworkManager."""
        with Node(f"guest{number}") as guest:
            nic, tap = f"52:54:00:00:bb:{number:02x}", f"fe:54:00:00:bb:{number:02x}"
            connect(End(guest, "eth0", nic), End(self.host, f"vnet{number}", tap))
            guest.ip("link set dev eth0 up", f"address add {address} dev eth0")
            self.host.ip(f"link set dev vnet{number} master {bridge} up")
            yield guest
