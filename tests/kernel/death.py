"""Applies a plan step by step, so that a test can kill csnet, NetworkManager or the whole host at each step."""

import concurrent.futures
import contextlib
import json
import queue
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

from topology import VLAN

import csnet
from csnet_lab import Host, Lab, LabError
from csnet_lab.process import Process

PACKAGE = Path(csnet.__file__).parents[1]
OLD, NEW = "192.0.2.5", "192.168.100.10"
#: Prints each event, and waits at one of them: the reader kills a process there.
APPLY = """
import itertools, json, sys
import csnet

number, last = itertools.count(), int(sys.argv[3])

def tell(progress):
    what = f"{progress.action.value} {progress.subject}"
    print(json.dumps([what, progress.outcome.value, progress.detail]), flush=True)
    if next(number) == last:
        sys.stdin.readline()

wanted = csnet.ManagementNetwork(**json.loads(sys.argv[1]))
try:
    with csnet.Session() as host:
        plan = csnet.plan(wanted.desired(), host.read())
        report = host.apply(plan, rollback_after=float(sys.argv[2]), on_progress=tell)
    print(json.dumps(["end", "committed" if report.committed else "open", report.id]), flush=True)
except csnet.Error as error:
    how = error.outcome if isinstance(error, csnet.TransactionError) else error.kind
    print(json.dumps(["end", how.name, f"{error} | {error.hint}"]), flush=True)
"""
#: Ends a killed csnet's transaction, as the next start of csnet does, and prints the outcome.
END = """
import sys
import csnet

with csnet.Session() as host:
    open = host.transaction()
    if open is None:
        print("nothing is open")
    else:
        try:
            getattr(host, sys.argv[1])(open.id)
            print("done")
        except csnet.TransactionError as error:
            print(f"{error.outcome.name}: {error} | {error.hint}")
"""


class Apply:
    """csnet applying on a host, by a command that prints events. It stops at event number `until`."""

    def __init__(self, host: Host, command: List[str], until: int = -1) -> None:
        pipe = subprocess.PIPE
        self._until = until
        self.process: Process = host.popen(
            command, environment={"PYTHONPATH": str(PACKAGE)}, stdin=pipe, stdout=pipe, stderr=pipe)
        self.events: List[Tuple[str, str, str]] = []

    def _read(self) -> Tuple[str, str, str]:
        assert self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        if not line:
            raise LabError(f"csnet ended without a word after {self.events[-3:]}\n{self.process.stderr.read()}")
        what, outcome, detail = json.loads(line)
        self.events.append((what, outcome, detail))
        return self.events[-1]

    def to_event(self) -> None:
        """Returns when csnet waits at the event."""
        while len(self.events) <= self._until:
            if self._read()[0] == "end":
                raise LabError(f"csnet ended before event {self._until}: {self.events[-3:]}")

    def to_end(self) -> Tuple[str, str, str]:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        while self._read()[0] != "end":
            pass
        return self.events[-1]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.finish()

    def finish(self) -> None:
        self.process.finish()


class Story:
    """A host before and after one plan, and the checks that tell which it is."""

    def __init__(
        self, lab: Lab, number: int, before: List[str], wanted: Dict[str, Any], old: str, new: str
    ) -> None:
        self.wanted, self.old, self.new, self._before = wanted, old, new, before
        switch = lab.switch(f"switch{number}")
        self.server = lab.management_server(switch, VLAN, address="192.168.100.2/24", name=f"server{number}")
        self.office = lab.management_server(switch, address="192.0.2.2/24", name=f"office{number}", ports=())
        self.host = lab.host(f"host{number}", ["eth0", "eth1"], switch, trunk=[VLAN] if VLAN else [])
        #: For rollback_after: what a trial takes on this machine, beside those of the other hosts.
        self.patience = 3.0
        self.files_before: Dict[str, str] = {}
        self.active_before: Dict[str, str] = {}

    def reset(self) -> None:
        """The host before the plan: made by nmcli the first time, and by the files of that later. Does nothing when
        the last rollback has restored it, which saves much time."""
        if self.files_before and not self.is_old() and not self.shadows() and not self.journal.exists():
            return
        self.host.reset()
        for entry in (self.host.root / "var/lib").glob("csnet/*"):
            entry.unlink()
        if self.files_before:
            for name, text in self.files_before.items():
                (self.host.system_connections / name).write_text(text)
                (self.host.system_connections / name).chmod(0o600)
            self.host.run(["nmcli", "con", "reload"])
            settles(self, self.is_old)
            return
        for line in self._before:
            self.host.run(["sh", "-c", line])
        assert eventually(lambda: self.answers(self.old)), "the host does not answer before anything was done"
        self.files_before, self.active_before = self.files(), self.active()

    @contextlib.contextmanager
    def rollback_of_networkmanager(self) -> Iterator[None]:
        """Leaves the `with` when NetworkManager no longer has a checkpoint."""
        watch = ["gdbus", "monitor", "--system", "--dest", "org.freedesktop.NetworkManager",
                 "--object-path", "/org/freedesktop/NetworkManager"]
        with self.host.popen(watch, stdout=subprocess.PIPE) as monitor:
            assert monitor.stdout is not None
            try:
                yield
                state = ["busctl", "get-property", "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager",
                         "org.freedesktop.NetworkManager", "Checkpoints"]
                if self.host.run(state).stdout.strip() != "ao 0":
                    next(line for line in monitor.stdout if "'Checkpoints': <@ao []>" in line)
            finally:
                monitor.kill()

    def answers(self, address: str) -> bool:
        asker = self.office if address == OLD else self.server
        return asker.run(["ping", "-n", "-c", "1", "-W", "1", address], check=False).returncode == 0

    def files(self) -> Dict[str, str]:
        return {path.name: path.read_text() for path in self.host.system_connections.iterdir()}

    def active(self) -> Dict[str, str]:
        lines = self.host.run(["nmcli", "-t", "-f", "DEVICE,STATE,NAME,FILENAME", "con", "show", "--active"]).stdout
        rows = [line.split(":") for line in lines.splitlines()]
        return {row[0]: row[2] for row in rows if row[1] == "activated" and row[0] != "lo"}

    def shadows(self) -> List[str]:
        folder = self.host.root / "run/NetworkManager/system-connections"
        return sorted(path.name for path in folder.glob("*") if path.name != "lo.nmconnection")

    def is_old(self) -> List[str]:
        """The differences from the host before; empty when there are none."""
        if self.files() != self.files_before:  # which is seen without a process
            return [f"files: {sorted(self.files())}"]
        if (active := self.active()) != self.active_before:
            return [f"active: {active}"]
        return [] if self.answers(self.old) else [f"{self.old} does not answer"]

    def is_new(self) -> List[str]:
        with self.session() as session:
            current = session.read()
            plan = csnet.plan(csnet.ManagementNetwork(**self.wanted).desired(), current)
        wrong = [] if plan.empty else [str(plan)]
        shadows = self.shadows()
        if shadows:
            wrong.append(f"in memory: {shadows}")
        return wrong or ([] if self.answers(self.new) else [f"{self.new} does not answer"])

    def apply_command(self, rollback_after: float, until: int) -> List[str]:
        return [sys.executable, "-c", APPLY, json.dumps(self.wanted), str(rollback_after), str(until)]

    def end_command(self, how: str) -> List[str]:
        return [sys.executable, "-c", END, how]

    def end(self, how: str) -> str:
        """`csnet commit` or `csnet rollback` after a process was killed."""
        environment = {"PYTHONPATH": str(PACKAGE)}
        return self.host.run(self.end_command(how), environment=environment, timeout=300).stdout.strip()

    def cut_power(self) -> None:
        self.host.reboot(power_cut=True)

    @property
    def journal(self) -> Path:
        return self.host.root / "var/lib/csnet/transaction.json"

    def session(self) -> csnet.Session:
        return csnet.Session(bus_address=self.host.bus_address)

    @contextlib.contextmanager
    def applying(self, until: int = -1, rollback_after: float = 0) -> Iterator[Apply]:
        apply = Apply(self.host, self.apply_command(rollback_after or self.patience, until), until)
        try:
            yield apply
        finally:
            if apply.process.poll() is None:
                apply.kill()
            apply.finish()

    def events(self) -> List[Tuple[str, str]]:
        """Every event of an apply that succeeds, in order. Its duration is the base of the tests' patience."""
        self.reset()
        began = time.monotonic()
        with self.applying(rollback_after=60) as apply:
            end = apply.to_end()
            assert end[1] == "committed", apply.events
            self.patience = max(self.patience, 3 * (time.monotonic() - began))
            settles(self, self.is_new)
            return [(what, outcome) for what, outcome, _ in apply.events[:-1]]


class Point(NamedTuple):
    """A moment to kill a process at: the event's number and description."""

    number: int
    what: str
    in_commit: bool  #: the commit has begun
    is_written: bool  #: and everything is on disk


def points(events: List[Tuple[str, str]]) -> List[Point]:
    """The beginning of each step, and the end; the end of a step is the same moment as the next one's beginning."""
    found = []
    in_commit = is_written = False
    for number, (what, outcome) in enumerate(events):
        in_commit = in_commit or what.startswith("write ")
        is_written = is_written or what.startswith("drop_checkpoint")
        if outcome == "begun" or number == len(events) - 1:
            found.append(Point(number, what, in_commit, is_written))
    return found


def at_each(stories: List[Story], moments: List[Point], dies: Callable[[Story, Point], None]) -> List[str]:
    """The failures at each moment, tried on as many hosts at once as there are stories."""
    free: "queue.Queue[Story]" = queue.Queue()
    for story in stories:
        free.put(story)

    def at(point: Point) -> str:
        story = free.get()
        try:
            story.reset()
            dies(story, point)
            assert not story.journal.exists(), story.journal.read_text()
            return ""
        except Exception as error:  # every moment gets a result
            return f"{point}: {type(error).__name__}: {error}"
        finally:
            free.put(story)

    with concurrent.futures.ThreadPoolExecutor(len(stories)) as pool:
        return [verdict for verdict in pool.map(at, moments) if verdict]


def pause() -> None:
    """The pause between two looks. Each look starts processes, which would take the processor from the one that they
    wait for: four hosts share one under User-Mode-Linux."""
    select.select([], [], [], 0.5)


def eventually(holds: Callable[[], bool], seconds: float = 240) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        pause()
    return True


def settles(story: Story, look: Callable[[], List[str]], seconds: float = 240) -> None:
    """Waits until nothing is wrong. Fails with the remaining differences if that takes too long."""
    end = time.monotonic() + seconds
    while True:
        wrong = look()
        if not wrong:
            return
        if time.monotonic() > end:
            log = story.host.networkmanager.log().splitlines()[-60:]
            raise AssertionError("\n".join(["; ".join(wrong), *log]))
        pause()


BRIDGE_ON_NIC: Dict[str, Any] = {
    "before": [
        "nmcli con add type ethernet con-name 'Wired connection 1' ifname eth0 ipv4.method manual "
        f"ipv4.addresses {OLD}/24 ipv6.method disabled",
        "nmcli con up 'Wired connection 1'",
    ],
    "wanted": dict(uplinks=["eth0"], vlan=VLAN, addresses=[f"{NEW}/24"], stp=False, servers=["192.168.100.2"]),
    "old": OLD,
    "new": NEW,
}
NIC_TO_BOND: Dict[str, Any] = {
    "before": [
        "nmcli con add type ethernet con-name eth0 ifname eth0 ipv4.method disabled ipv6.method disabled",
        "nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 stp no ipv4.method manual "
        f"ipv4.addresses {NEW}/24 ipv6.method disabled",
        "nmcli con add type vlan con-name eth0.100 ifname eth0.100 dev eth0 id 100 master cloudbr0",
        "nmcli con up eth0; nmcli con up eth0.100; nmcli con up cloudbr0",
    ],
    "wanted": dict(uplinks=["eth0", "eth1"], vlan=100, addresses=[f"{NEW}/24"], stp=False, servers=["192.168.100.2"],
                   bond_mode="active-backup", bond_options={"miimon": "100"}),
    "old": NEW,
    "new": NEW,
}
