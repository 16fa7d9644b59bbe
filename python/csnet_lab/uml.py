"""Running one command under a User-Mode-Linux kernel that is booted for it and gone with it."""

import contextlib
import functools
import os
import platform
import random
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Optional, Sequence, Tuple

from .boot import Streams, end_with_parent
from .errors import LabError

REMEDY = "apt install user-mode-linux kmod"
_INIT = Path(__file__).with_name("uml-init.sh")
_XSTATE = Path(__file__).with_name("xstate.c")
#: By what the console says of a start that failed: the reason, and what to do.
_REASONS = (
    (r"ptrace set fp regs failed", "this processor has more registers than User-Mode-Linux knows, and csnet's library "
     "for that is not built", "apt install gcc, or install csnet: it brings the library along"),
    (r"Too few physical memory|Failed to allocate",
     "it was given too little memory", "give it more: CSNET_LAB_MEMORY=1G"),
    (r"Unable to (create|map|mmap)|physical memory file|No space left",
     "it did not get its memory", "free some memory, or give it less: CSNET_LAB_MEMORY=512M"),
    (r"(?i)ptrace.*(not permitted|errno = 1\b)", "this machine refuses ptrace",
     "in a container: docker run --cap-add=SYS_PTRACE --security-opt seccomp=unconfined; else: sysctl "
     "kernel.yama.ptrace_scope=1"),
    (r"unshare: .*", "this machine refuses namespaces",
     "in a container: start it with --privileged; else see /proc/sys/user/max_*_namespaces"),
)  # fmt: skip
# A mount namespace for the kernel: its memory file, its control sockets and the command are on a tmpfs there.
# No exec of the kernel: as PID 1 of its pid namespace it would get no signals of its own.
_BOOT = """\
mount -t tmpfs -o mode=755,size=100% tmpfs /run && mkdir /run/lab /run/uml && cat > /run/lab/command || exit
"$@" < /dev/null
exit $?
"""


def available() -> bool:
    return shutil.which("linux.uml") is not None


def xstate_library() -> Optional[Path]:
    """The library that linux.uml needs on a processor with a large extended state (see xstate.c), or None.

    The build puts it beside this module. In the source tree, which may not be built yet, it is made here.
    """
    built = Path(__file__).with_name("libcsnet_xstate.so")
    if built.exists() or platform.machine() != "x86_64":
        return built if built.exists() else None
    made = Path(__file__).resolve().parents[2] / "build/libcsnet_xstate.so"
    with contextlib.suppress(OSError, subprocess.CalledProcessError):  # no compiler, or no right to write there
        if not made.exists() or made.stat().st_mtime < _XSTATE.stat().st_mtime:
            made.parent.mkdir(exist_ok=True)
            unfinished = made.with_name(f"{made.name}.{os.getpid()}")
            command = ["cc", "-O2", "-shared", "-fPIC", "-o", str(unfinished), str(_XSTATE)]
            subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            unfinished.rename(made)
        return made
    return None


def check(memory: str = "128M") -> None:
    """Find out by a boot, which takes a second or two, whether User-Mode-Linux starts here. Raises LabError if not."""
    run(["true"], memory)


def run(command: Sequence[str], memory: str = "1G", visible: Sequence[Path] = ()) -> int:
    """Run a command under User-Mode-Linux, in this directory and environment; its output is passed on as it comes.

    Its standard input is this one's if that is a terminal, and else empty. Of /tmp it sees this directory and what is
    `visible`. Returns its exit status.
    """
    if not available():
        raise LabError("linux.uml is missing", REMEDY)
    streams = Streams()
    kernel = [
        "linux.uml", f"mem={memory}", "quiet", "rootfstype=hostfs", "rootflags=/", "rw", f"init={_INIT}",
        "uml_dir=/run/uml", "con=null", f"con0=null,fd:{streams.log}",
        f"con1=fd:{streams.keys},fd:{streams.output}" if streams.interactive else f"con1=null,fd:{streams.output}",
        f"con2=null,fd:{streams.errors}", f"con3=null,fd:{streams.status}", f"con4=fd:{streams.sizes},null",
    ]  # fmt: skip
    processor, claim = _claim_processor()
    process = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", _BOOT, "sh", *kernel],
        stdin=subprocess.PIPE,
        stdout=streams.log,
        stderr=streams.log,
        env={**os.environ, "TMPDIR": "/run/uml", "LD_PRELOAD": str(xstate_library() or "")},
        pass_fds=streams.given,
        start_new_session=True,
        preexec_fn=functools.partial(_before_boot, processor),
        text=True,
    )
    with claim:
        status = streams.attend(process, streams.script(command, visible))
    if status is None:
        raise _failure(streams.console(), streams.keep_console("uml"))
    return status


def _failure(console: str, file: str) -> LabError:
    """One sentence with the reason, and where the console is to be read."""
    for pattern, reason, remedy in _REASONS:
        if re.search(pattern, console):
            break
    else:
        panic = re.search(r"Kernel panic - not syncing: (.*)", console)
        lines = [line for line in console.splitlines() if line.strip()]
        reason = panic.group(1) if panic else lines[-1].strip() if lines else "it said nothing"
        remedy = "read its console; the lab also runs on a kernel with VLANs: modprobe 8021q bonding"
    return LabError(f"User-Mode-Linux ended before the command did: {reason} (its console: {file})", remedy)


def _claim_processor() -> Tuple[int, socket.socket]:
    """A processor that no other User-Mode-Linux of the lab has claimed, or any when all are claimed.

    The claim, a name in the abstract namespace, ends with the socket or with this process.
    """
    processors = sorted(os.sched_getaffinity(0))
    random.shuffle(processors)
    claim = socket.socket(socket.AF_UNIX)
    for processor in processors:
        with contextlib.suppress(OSError):
            claim.bind(f"\0csnet-lab-processor-{processor}")
            return processor, claim
    return processors[0], claim


def _before_boot(processor: int) -> None:
    # unshare hands the death signal on to the kernel, by --kill-child
    end_with_parent()
    # User-Mode-Linux and its processes run by turns. On one processor and ahead of others that is up to three times as
    # fast on a machine with other work to do.
    os.sched_setaffinity(0, {processor})
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
