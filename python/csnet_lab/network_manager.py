"""The NetworkManager of a host: starts, stops and kills it, and keeps its log."""

import math
import os
import signal
import subprocess
from typing import List, Optional

from .errors import LabError
from .node import NO_PRELOAD, Node
from .process import Process, wait_for_any

BUS_SOCKET = "/run/dbus/system_bus_socket"


class NetworkManager:
    """The daemon of one host. A test may start and stop it any number of times.

    node: the host. tree: the root directory in which the daemon runs.
    """

    def __init__(self, node: Node, tree: str) -> None:
        self._node = node
        self._tree = tree
        self._process: Optional[Process] = None
        self._pid: Optional[int] = None
        self._log = os.fdopen(os.memfd_create(f"{node.name}-NetworkManager"), "rb")
        self._last_log = ""

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The daemon's pid as seen from outside the host. Raises LabError if it does not run."""
        if not self.running or self._pid is None:
            raise LabError(f"{self._node.name}: NetworkManager does not run")
        return self._pid

    def start(self, *, wait_for_startup: bool = True, timeout: float = 30) -> None:
        """Start the daemon. Returns when it owns its bus name and has finished its startup.

        During its startup NetworkManager activates the profiles that autoconnect; one that waits for DHCP takes 45 s.
        wait_for_startup: if False, return when the daemon owns its bus name. timeout: seconds, by default 30.
        Raises LabError, with the daemon's log, when the daemon is not ready in time.
        """
        if self.running:
            return
        self._process = self._node.popen(
            self._command(), environment=NO_PRELOAD, stdout=self._log, stderr=self._log
        )
        # Both waiters wait for signals of the bus, and do not poll.
        if wait_for_startup:
            waiter = ["nm-online", "--wait-for-startup", "--quiet", f"--timeout={math.ceil(timeout)}"]
        else:
            waiter = ["gdbus", "wait", "--system", f"--timeout={math.ceil(timeout)}", "org.freedesktop.NetworkManager"]
        self._wait_with(self._process, waiter, timeout)
        self._pid = self._process.inner_pid

    def stop(self, timeout: float = 20) -> None:
        """Ask the daemon to end, as systemd does. The interfaces stay configured."""
        self._end(signal.SIGTERM, timeout)

    def kill(self) -> None:
        """Kill the daemon by SIGKILL, as a crash or the out-of-memory killer does."""
        self._end(signal.SIGKILL, 20)

    def pause(self) -> None:
        """Stop the daemon by SIGSTOP, so that it does not answer until resume()."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def restart(self, timeout: float = 30) -> None:
        self.stop()
        self.start(timeout=timeout)

    def log(self) -> str:
        """The log of the daemon since the lab made the host, over all starts."""
        if self._log.closed:
            return self._last_log
        # pread(): the daemon shares this descriptor's position, and its writing moves it.
        return os.pread(self._log.fileno(), os.fstat(self._log.fileno()).st_size, 0).decode(errors="replace")

    def close_log(self) -> None:
        """Close the log after the host has ended. log() still returns its contents."""
        self._last_log = self.log()
        self._log.close()

    def _command(self) -> List[str]:
        # --debug makes NetworkManager log to standard error. It does not change the level.
        command = ["NetworkManager", "--debug", "--log-level", "INFO"]
        return command if self._tree == "/" else ["chroot", self._tree, *command]

    def _wait_with(self, daemon: Process, waiter: List[str], timeout: float) -> None:
        bus = {**os.environ, **NO_PRELOAD, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._node.root}{BUS_SOCKET}"}
        quiet = subprocess.DEVNULL
        with subprocess.Popen(waiter, env=bus, stdin=quiet, stdout=quiet, start_new_session=True, text=True) as waiting:
            try:
                wait_for_any([daemon, waiting], timeout)
                if waiting.poll() == 0:
                    return
            finally:
                waiting.kill()
        status = daemon.poll()
        if status is None:
            self.kill()
        why = "was not ready in time" if status is None else f"ended with {status}"
        raise LabError(f"{self._node.name}: NetworkManager {why}. Its log:\n{self.log()}")

    def _end(self, sig: int, timeout: float) -> None:
        if self._process is None:
            return
        self._process.send_signal(sig)
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise LabError(
                f"{self._node.name}: NetworkManager did not end within {timeout:g} s. Its log:\n{self.log()}"
            ) from None
        finally:
            self._process = self._pid = None
