"""Processes inside a node's namespaces, and how to wait for whichever of several ends first."""

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence


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


def wait_for_any(processes: Sequence["subprocess.Popen[Any]"], timeout: Optional[float] = None) -> bool:
    """Wait until one of the processes has ended; False when none has after `timeout` seconds.

    The handlers of signals run meanwhile, unlike in `Popen.wait()`: see wait_for_readable().
    """
    descriptors: List[int] = []
    try:
        for process in processes:
            if process.poll() is not None:
                return True
            descriptors.append(os.pidfd_open(process.pid))
        return wait_for_readable(descriptors, timeout)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def wait_for_readable(descriptors: Sequence[int], timeout: Optional[float] = None) -> bool:
    """Wait until one of the descriptors can be read; False when none can after `timeout` seconds.

    The handlers of signals run meanwhile. Python runs them between its own instructions: a signal that comes after the
    last of these and before the system call would have to wait for the call's end, which may be hours away. So each
    signal makes a descriptor readable that is waited for, too.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    with _woken_by_signals() as woken:
        poller = select.poll()
        for descriptor in (*descriptors, *woken):
            poller.register(descriptor, select.POLLIN)
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
            ready = {descriptor for descriptor, _ in poller.poll(left)}
            if not ready or not ready.isdisjoint(descriptors):
                return bool(ready)
            os.read(woken[0], 4096)


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[Sequence[int]]:
    """A descriptor that any signal makes readable. Handlers run in the main thread alone: there is none for others."""
    if threading.current_thread() is not threading.main_thread():
        yield ()
        return
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield (reader,)
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)
