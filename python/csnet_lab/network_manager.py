"""The NetworkManager of a host: started, stopped, killed, and what it logged."""

import math
import os
import signal
import subprocess
from typing import TYPE_CHECKING, List, Optional

from .errors import LabError
from .node import NO_PRELOAD
from .process import Process, wait_for_any

if TYPE_CHECKING:
    from .host import Host


class NetworkManager:
    """The daemon of one host. `start()` and `stop()` may alternate as often as a test likes."""

    def __init__(self, host: "Host") -> None:
        self._host = host
        self._process: Optional[Process] = None
        self._pid: Optional[int] = None
        self._log = os.fdopen(os.memfd_create(f"{host.name}-NetworkManager"), "rb")
        self._last_log = ""

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its pid as seen from outside the host."""
        if not self.running or self._pid is None:
            raise LabError(f"{self._host.name}: NetworkManager does not run")
        return self._pid

    def start(self, *, wait_for_startup: bool = True, timeout: float = 30) -> None:
        """Start it, and return when it owns its bus name and has finished startup.

        Startup includes activating the profiles that autoconnect; one that waits for DHCP takes its 45 s.
        With `wait_for_startup=False` it returns when the bus name is owned.
        """
        if self.running:
            return
        self._process = self._host.popen(
            self._command(), environment=self._host.daemon_environment, stdout=self._log, stderr=self._log
        )
        # Both sleep until the bus tells them.
        if wait_for_startup:
            waiter = ["nm-online", "--wait-for-startup", "--quiet", f"--timeout={math.ceil(timeout)}"]
        else:
            waiter = ["gdbus", "wait", "--system", f"--timeout={math.ceil(timeout)}", "org.freedesktop.NetworkManager"]
        self._wait_with(self._process, waiter, timeout)
        self._pid = self._process.inner_pid

    def stop(self, timeout: float = 20) -> None:
        """Ask it to end, as systemd would; the interfaces stay configured."""
        self._end(signal.SIGTERM, timeout)

    def kill(self) -> None:
        """SIGKILL: what a crash or the out-of-memory killer does."""
        self._end(signal.SIGKILL, 20)

    def pause(self) -> None:
        """SIGSTOP: it lives, and answers nothing until `resume()`."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def restart(self, timeout: float = 30) -> None:
        self.stop()
        self.start(timeout=timeout)

    def log(self) -> str:
        """All that it has logged since the host was made, over all its starts."""
        if self._log.closed:
            return self._last_log
        # pread, since the daemon's writing moves the position that it shares with this descriptor
        return os.pread(self._log.fileno(), os.fstat(self._log.fileno()).st_size, 0).decode(errors="replace")

    def close_log(self) -> None:
        """To be called when the host has ended; `log()` still has what was logged."""
        self._last_log = self.log()
        self._log.close()

    def _command(self) -> List[str]:
        # --debug means: log to standard error. It changes no level.
        command = ["NetworkManager", "--debug", "--log-level", self._host.log_level]
        return command if self._host.tree == "/" else ["chroot", self._host.tree, *command]

    def _wait_with(self, daemon: Process, waiter: List[str], timeout: float) -> None:
        bus = {**os.environ, **NO_PRELOAD, "DBUS_SYSTEM_BUS_ADDRESS": self._host.bus_socket}
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
        why = "did not get ready in time" if status is None else f"ended with {status}"
        raise LabError(f"{self._host.name}: NetworkManager {why}. Its log:\n{self.log()}")

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
                f"{self._host.name}: NetworkManager did not end within {timeout:g} s. Its log:\n{self.log()}"
            ) from None
        finally:
            self._process = self._pid = None
