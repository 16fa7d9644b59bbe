"""Traces, for tests that a lab leaves nothing behind on the machine."""

import os
import select
import time
from pathlib import Path
from typing import Dict, Iterable, Set

#: The environment variable. A test must set it to a unique value before it starts processes to be traced.
MARK = "CSNET_LAB_TRACE"


class Traces:
    """Finds what this process's labs have left. An environment variable marks the process's descendants, since other
    processes may run labs at the same time.
    """

    def __init__(self) -> None:
        self._mark = f"{MARK}={os.environ[MARK]}".encode()
        self._before = self._others()

    def left(self) -> Set[str]:
        """The processes, files, mounts and links that were not there when this object was made."""
        processes = {f"process {pid}: {command}" for pid, command in self.processes().items()}
        return processes | (self._others() - self._before)

    def assert_none(self) -> None:
        # PID 1 of the machine reaps orphans at any time, without an event to wait for: hence a bounded poll.
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
                continue  # the process has just ended
        return found

    def _others(self) -> Set[str]:
        found = {f"mount {line.split()[4]}" for line in Path("/proc/self/mountinfo").read_text().splitlines()}
        found |= {f"link {name}" for name in os.listdir("/sys/class/net")}
        uml = Path.home() / ".uml"  # the default directory of User-Mode-Linux's control sockets
        places = (Path(os.environ["TMPDIR"]), uml, *map(Path, ("/run", "/dev/shm", "/etc/NetworkManager")))
        return found | {f"file {path}" for place in places for path in place.glob("*")}


def wait_for_end_of(pidfds: Iterable[int]) -> None:
    for pidfd in pidfds:
        assert select.select([pidfd], [], [], 10)[0], "a process of the lab has not ended"
        os.close(pidfd)
