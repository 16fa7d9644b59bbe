"""What a lab could leave behind on the machine, for tests that it leaves nothing."""

import os
import select
import time
from pathlib import Path
from typing import Dict, Iterable, Set

#: The environment variable; it must have a value of its own before anything to be traced is started.
MARK = "CSNET_LAB_TRACE"


class Traces:
    """Marks this process's descendants by an environment variable, since others may run labs at the same time."""

    def __init__(self) -> None:
        self._mark = f"{MARK}={os.environ[MARK]}".encode()
        self._before = self._others()

    def left(self) -> Set[str]:
        """Processes, files, mounts and links that were not there before."""
        processes = {f"process {pid}: {command}" for pid, command in self.processes().items()}
        return processes | (self._others() - self._before)

    def assert_none(self) -> None:
        # Orphans are reaped by PID 1 of the machine, which tells nobody when: hence a bounded poll.
        deadline = time.monotonic() + 5
        while self.left() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.left() == set()

    def processes(self) -> Dict[int, str]:
        """The descendants of this process by pid, with their command lines."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if self._mark in (process / "environ").read_bytes().split(b"\0"):
                    found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue  # it has just ended
        return found

    def _others(self) -> Set[str]:
        found = {f"mount {line.split()[4]}" for line in Path("/proc/self/mountinfo").read_text().splitlines()}
        found |= {f"link {name}" for name in os.listdir("/sys/class/net")}
        uml = Path.home() / ".uml"  # where User-Mode-Linux puts control sockets if nobody tells it
        places = (Path(os.environ["TMPDIR"]), uml, *map(Path, ("/run", "/dev/shm", "/etc/NetworkManager")))
        return found | {f"file {path}" for place in places for path in place.glob("*")}


def wait_for_end_of(pidfds: Iterable[int]) -> None:
    for pidfd in pidfds:
        assert select.select([pidfd], [], [], 10)[0], "a process of the lab lives on"
        os.close(pidfd)
