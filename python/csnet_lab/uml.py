"""Running one command under a User-Mode-Linux kernel that is booted for it and gone with it."""

import contextlib
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Sequence

from .boot import Streams, end_with_parent
from .errors import LabError

REMEDY = "apt install user-mode-linux kmod"
_INIT = Path(__file__).with_name("uml-init.sh")
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
        raise LabError("there is no linux.uml", REMEDY)
    streams = Streams()
    kernel = [
        "linux.uml", f"mem={memory}", "quiet", "rootfstype=hostfs", "rootflags=/", "rw", f"init={_INIT}",
        "uml_dir=/run/uml", "con=null", f"con0=null,fd:{streams.log}",
        f"con1=fd:{streams.keys},fd:{streams.output}" if streams.interactive else f"con1=null,fd:{streams.output}",
        f"con2=null,fd:{streams.errors}", f"con3=null,fd:{streams.status}",
    ]  # fmt: skip
    process = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", _BOOT, "sh", *kernel],
        stdin=subprocess.PIPE,
        stdout=streams.log,
        stderr=streams.log,
        env={**os.environ, "TMPDIR": "/run/uml"},
        pass_fds=streams.given,
        start_new_session=True,
        preexec_fn=_before_boot,
        text=True,
    )
    status = streams.attend(process, streams.script(command, visible))
    if status is None:
        raise LabError(f"the User-Mode-Linux kernel ended before the command did:\n{streams.console()}")
    return status


def _before_boot() -> None:
    # unshare hands the death signal on to the kernel, by --kill-child
    end_with_parent()
    # User-Mode-Linux and its processes run by turns. On one CPU and ahead of others that is up to three times as fast
    # on a machine with other work to do.
    os.sched_setaffinity(0, {random.choice(sorted(os.sched_getaffinity(0)))})
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
