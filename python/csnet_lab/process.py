"""Process, a command in a node's namespaces, and waiting for the first of several processes to end."""

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
    """The children, not yet reaped, of the process `pid`, which has one thread."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


class Process(subprocess.Popen[str]):
    """A command in a node. Signals go to the command, not to the nsenter outside that waits for it."""

    @property
    def inner_pid(self) -> Optional[int]:
        """The command's pid as seen from outside; None if it has ended."""
        while self.poll() is None:
            found = children(self.pid)
            if found:
                return found[0]
            time.sleep(0.001)  # nsenter forks within a few ms; the kernel has no event to wait for
        return None

    def send_signal(self, sig: int) -> None:
        pid = self.inner_pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)
                if sig in (signal.SIGKILL, signal.SIGCONT):
                    self.wake()

    def wake(self) -> None:
        """Continue nsenter, which stops itself when its command is stopped, and would not see the command end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGCONT)

    def finish(self) -> None:
        """Close the pipes to the command, and wait for its end."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.wait()


def wait_for_any(processes: Sequence["subprocess.Popen[Any]"], timeout: Optional[float] = None) -> bool:
    """Wait until one of the processes has ended. Returns False if none has after `timeout` seconds.

    Signal handlers run meanwhile, unlike in Popen.wait(): see wait_for_readable().
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
    """Wait until one of the descriptors can be read. Returns False if none can after `timeout` seconds.

    Signal handlers run meanwhile. Python runs them between its own instructions, so the handler of a signal that comes
    just before the system call would run after the call, perhaps hours later. Therefore each signal makes a further
    descriptor readable, for which this function waits, too.
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
    """A descriptor that any signal makes readable; none outside the main thread, in which all handlers run."""
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
