"""Processes inside a node's namespaces, and how to wait for whichever of several ends first."""

import contextlib
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import List, Optional, Sequence


def children(pid: int) -> List[int]:
    """The processes that `pid` (a process with one thread) has started and not yet reaped."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


class Process(subprocess.Popen[str]):
    """A command in a node. Signals reach the command and not the `nsenter` that waits for it out here."""

    @property
    def inner_pid(self) -> Optional[int]:
        """The command's pid as seen from outside, or None when it has ended."""
        while self.poll() is None:
            found = children(self.pid)
            if found:
                return found[0]
            time.sleep(0.001)  # nsenter is about to fork, within a few ms; the kernel has no event to wait for
        return None

    def send_signal(self, sig: int) -> None:
        pid = self.inner_pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)
                if sig in (signal.SIGKILL, signal.SIGCONT):
                    self.wake()

    def wake(self) -> None:
        """nsenter stops itself with a command that is stopped, and would then never see its end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGCONT)

    def finish(self) -> None:
        """Wait for its end, and close the pipes to it."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.wait()


def wait_for_any(processes: Sequence["subprocess.Popen[str]"], timeout: float) -> bool:
    """Sleep until one of the processes has ended; False when none has after `timeout` seconds."""
    poller = select.poll()
    descriptors = []
    deadline = time.monotonic() + timeout
    try:
        for process in processes:
            if process.poll() is not None:
                return True
            descriptors.append(os.pidfd_open(process.pid))
            poller.register(descriptors[-1], select.POLLIN)
        return bool(poller.poll(max(0.0, deadline - time.monotonic()) * 1000))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
