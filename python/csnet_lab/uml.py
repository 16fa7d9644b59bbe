"""Running one command under a User-Mode-Linux kernel that is booted for it and gone with it."""

import contextlib
import ctypes
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import termios
import threading
import tty
from pathlib import Path
from typing import Sequence

from .errors import LabError
from .process import children

_INIT = Path(__file__).with_name("uml-init.sh")
_PR_SET_PDEATHSIG = 1
# What only makes sense outside.
_NOT_PASSED = ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "SSH_AUTH_SOCK", "TMPDIR", "XDG_RUNTIME_DIR")
# A mount namespace for the kernel: its memory file, its control sockets and the command are on a tmpfs there.
# No exec of the kernel: as PID 1 of its pid namespace it would get no signals of its own.
_BOOT = """\
mount -t tmpfs -o mode=755,size=100% tmpfs /run && mkdir /run/lab /run/uml && cat > /run/lab/command || exit
"$@" < /dev/null
exit $?
"""


def available() -> bool:
    return shutil.which("linux.uml") is not None


def run(command: Sequence[str], memory: str = "1G", visible: Sequence[Path] = ()) -> int:
    """Run a command under User-Mode-Linux, in this directory and environment; its output is passed on as it comes.

    Its standard input is this one's if that is a terminal, and else empty. Of /tmp it sees this directory and what is
    `visible`. Returns its exit status.
    """
    if not available():
        raise LabError("there is no linux.uml", "apt install user-mode-linux kmod")
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    # Pipes, because the kernel would switch this process's own descriptors to non-blocking, and its caller's with them.
    keys, to_keys = os.pipe()
    output, errors, status = os.pipe(), os.pipe(), os.pipe()
    log = os.memfd_create("uml-console")
    given = [keys, output[1], errors[1], status[1], log]
    kernel = [
        "linux.uml", f"mem={memory}", "quiet", "rootfstype=hostfs", "rootflags=/", "rw", f"init={_INIT}",
        "uml_dir=/run/uml", "con=null", f"con0=null,fd:{log}",
        f"con1=fd:{keys},fd:{output[1]}" if interactive else f"con1=null,fd:{output[1]}",
        f"con2=null,fd:{errors[1]}", f"con3=null,fd:{status[1]}",
    ]  # fmt: skip
    process = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", _BOOT, "sh", *kernel],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        env={**os.environ, "TMPDIR": "/run/uml"},
        pass_fds=given,
        start_new_session=True,
        preexec_fn=_before_boot,
        text=True,
    )
    for descriptor in given[:-1]:
        os.close(descriptor)
    pumps = [_pump(output[0], 1), _pump(errors[0], 2)]
    restore_terminal = termios.tcgetattr(0) if interactive else None
    handlers = {number: signal.signal(number, _exit) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin as script:  # broken: the log will say why
            script.write(_script(command, interactive, visible))
        if interactive:
            tty.setraw(0)
            _pump(0, to_keys)
        answer = os.read(status[0], 16)
    finally:
        for first_process in children(process.pid) or [process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(first_process, signal.SIGKILL)
        process.wait()  # its child was PID 1 of a namespace, so now everything in that is gone
        for pump in pumps:
            pump.join()
        if restore_terminal is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, restore_terminal)
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if not answer:
        console = os.pread(log, os.fstat(log).st_size, 0).decode(errors="replace")
        raise LabError(f"the User-Mode-Linux kernel ended before the command did:\n{console}")
    return int(answer)


def _script(command: Sequence[str], interactive: bool, visible: Sequence[Path]) -> str:
    variables = [f"{key}={value}" for key, value in os.environ.items() if key not in _NOT_PASSED]
    terminal = ""
    if interactive:
        size = os.get_terminal_size()
        terminal = f"rows {size.lines} cols {size.columns}"
    return (
        f"visible=({shlex.join(map(str, visible))})\n"
        f"directory={shlex.quote(os.getcwd())}\n"
        f"terminal={shlex.quote(terminal)}\n"
        f'run_command() {{ cd "$directory" 2>&8 && "$@" env -i {shlex.join([*variables, *command])} 2>&8 8>&-; }}\n'
    )


def _exit(number: int, _: object) -> None:
    sys.exit(128 + number)


def _pump(source: int, sink: int) -> threading.Thread:
    """Pass on what comes, as it comes, until the source ends."""

    def pump() -> None:
        while data := os.read(source, 65536):
            try:
                while data:
                    data = data[os.write(sink, data) :]
            except BrokenPipeError:
                pass  # nobody reads any more; the command shall not hang for it

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    return thread


def _before_boot() -> None:
    # unshare hands the death signal on to the kernel, by --kill-child
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # User-Mode-Linux and its processes run by turns. On one CPU and ahead of others that is up to three times as fast
    # on a machine with other work to do.
    os.sched_setaffinity(0, {random.choice(sorted(os.sched_getaffinity(0)))})
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
