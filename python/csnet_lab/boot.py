"""Streams, which connects this process to a command under a kernel that the lab boots for it."""

import contextlib
import ctypes
import math
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import tty
from pathlib import Path
from typing import Optional, Sequence

from .process import children, wait_for_readable

_PR_SET_PDEATHSIG = 1
# Variables that are meaningless under the booted kernel.
_NOT_PASSED = ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "SSH_AUTH_SOCK", "TMPDIR", "XDG_RUNTIME_DIR")


class Streams:
    """Pipes between this process's standard streams and those of a command under a booted kernel.

    The kernel gets the descriptors `keys`, `sizes` (a line "ROWS COLUMNS" each time that the terminal changes its
    size), `output`, `errors`, `status` and `log`, which is its console. They are pipes, because a kernel would make
    this process's own descriptors non-blocking, and with them those of its caller.
    """

    def __init__(self) -> None:
        self.interactive = sys.stdin.isatty() and sys.stdout.isatty()
        self.keys, self._to_keys = os.pipe()
        # A socket: qemu does not read from a pipe that it inherits.
        self.sizes, self._to_sizes = (each.detach() for each in socket.socketpair())
        self._output, self.output = os.pipe()
        self._errors, self.errors = os.pipe()
        self._status, self.status = os.pipe()
        self.log = os.memfd_create("console")
        self._reported = b""
        #: The kernel has reported that it has started.
        self.started = False
        self.given = (self.keys, self.sizes, self.output, self.errors, self.status, self.log)

    def attend(
        self, process: "subprocess.Popen[str]", script: str = "", patience: Optional[float] = None
    ) -> Optional[int]:
        """Pass on the command's input and output, and end the kernel when it has reported the command's status.

        process: the process that boots the kernel. script: the text for its standard input.
        patience: the seconds within which the kernel must report that it has started; None: it does not report that.

        The numbers of bytes that the command has written to its output and errors may follow the status; then this
        waits for so many bytes. Returns the status, or None if the kernel ended before the command, or did not start
        in time.
        """
        for descriptor in self.given[:-1]:
            os.close(descriptor)
        pumps = [_Pump(self._output, 1), _Pump(self._errors, 2)]
        restore_terminal = termios.tcgetattr(0) if self.interactive else None
        handlers = {number: signal.signal(number, _exit) for number in (signal.SIGTERM, signal.SIGHUP)}
        if self.interactive:
            handlers[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, self._tell_size)
        try:
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError), process.stdin:  # if it breaks, the log has the reason
                    process.stdin.write(script)
            if patience is not None:
                self.started = bool(self._report(None if patience == math.inf else patience))
                if not self.started:
                    return None
            if self.interactive:
                tty.setraw(0)
                _Pump(0, self._to_keys)
            status, *sizes = self._report().split() or [""]
            for pump, size in zip(pumps, sizes):
                pump.wait_for(int(size))
        finally:
            for first_process in children(process.pid) or [process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(first_process, signal.SIGKILL)
            process.wait()  # its child, if any, was PID 1 of a namespace, all of whose processes end with it
            for pump in pumps:
                pump.join()
            for descriptor in (self._output, self._errors, self._status, self._to_sizes):
                os.close(descriptor)
            if restore_terminal is not None:
                termios.tcsetattr(0, termios.TCSADRAIN, restore_terminal)
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return int(status) if status else None

    def _report(self, timeout: Optional[float] = None) -> str:
        """The kernel's next line; "" if the kernel has ended, or writes none within `timeout` seconds."""
        while b"\n" not in self._reported:
            if not wait_for_readable([self._status], timeout):
                return ""
            data = os.read(self._status, 4096)
            if not data:
                return ""
            self._reported += data
        line, _, self._reported = self._reported.partition(b"\n")
        return line.decode()

    def _tell_size(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError):  # the kernel has ended
            os.write(self._to_sizes, f"{_size()}\n".encode())

    def console(self) -> str:
        """The text that the console has so far."""
        return os.pread(self.log, os.fstat(self.log).st_size, 0).decode(errors="replace")

    def keep_console(self, kernel: str) -> str:
        """Write the console to a file for the user, and return its path."""
        descriptor, path = tempfile.mkstemp(prefix=f"csnet-{kernel}-console-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self.console())
        return path

    def script(self, command: Sequence[str], visible: Sequence[Path]) -> str:
        """Assignments and a function in bash for the first process under the kernel."""
        variables = [f"{key}={value}" for key, value in os.environ.items() if key not in _NOT_PASSED]
        terminal = ""
        if self.interactive:
            terminal = _size()
        return (
            f"visible=({shlex.join(map(str, visible))})\n"
            f"directory={shlex.quote(os.getcwd())}\n"
            f"terminal={shlex.quote(terminal)}\n"
            f'run_command() {{ cd "$directory" 2>&8 && "$@" env -i {shlex.join([*variables, *command])} 2>&8 8>&-; }}\n'
        )


def _size() -> str:
    """Rows and columns of the terminal."""
    size = os.get_terminal_size()
    return f"{size.lines} {size.columns}"


def end_with_parent() -> None:
    """Let this process end with its parent. To be called between fork and exec."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _exit(number: int, _: object) -> None:
    sys.exit(128 + number)


class _Pump(threading.Thread):
    """A thread that copies from a descriptor to another, without buffering, until the source ends."""

    def __init__(self, source: int, sink: int) -> None:
        super().__init__(daemon=True)
        self._source, self._sink = source, sink
        self._passed = 0
        self._ended = False
        self._changed = threading.Condition()
        self.start()

    def run(self) -> None:
        while data := os.read(self._source, 65536):
            self._write(data)
            with self._changed:
                self._passed += len(data)
                self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()

    def wait_for(self, size: int) -> None:
        """Wait until `size` bytes have been copied, or the source has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._passed >= size or self._ended)

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._sink, data) :]
        except BrokenPipeError:
            pass  # the reader has ended; the command must not block
