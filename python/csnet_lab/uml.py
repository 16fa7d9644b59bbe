"""Runs one command under a User-Mode-Linux kernel, which the lab boots for it and ends with it."""

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
#: Patterns of the console of a kernel that failed to start, each with the reason and what to do.
_REASONS = (
    (r"ptrace set fp regs failed", "this processor has more registers than User-Mode-Linux knows, and csnet's library "
     "for that is not built", "apt install gcc, or install csnet, which contains the library"),
    (r"Too few physical memory|Failed to allocate",
     "it has too little memory", "give it more: CSNET_LAB_MEMORY=1G"),
    (r"Unable to (create|map|mmap)|physical memory file|No space left",
     "this machine could not give it its memory", "free some memory, or give it less: CSNET_LAB_MEMORY=512M"),
    (r"(?i)ptrace.*(not permitted|errno = 1\b)", "this machine refuses ptrace",
     "in a container: docker run --cap-add=SYS_PTRACE --security-opt seccomp=unconfined; else: sysctl "
     "kernel.yama.ptrace_scope=1"),
    (r"unshare: .*", "this machine refuses namespaces",
     "in a container: start it with --privileged; else see /proc/sys/user/max_*_namespaces"),
)  # fmt: skip
# The kernel's memory file, its control sockets and the command are on a tmpfs in its own mount namespace.
# No exec of the kernel: as PID 1 of its pid namespace, it would not get the signals that it sends to itself.
_BOOT = """\
mount -t tmpfs -o mode=755,size=100% tmpfs /run && mkdir /run/lab /run/uml && cat > /run/lab/command || exit
"$@" < /dev/null
exit $?
"""


def available() -> bool:
    return shutil.which("linux.uml") is not None


def xstate_library() -> Optional[Path]:
    """The library that linux.uml needs on a processor with a large extended state (see xstate.c), or None.

    The build puts it beside this module. In a source tree that is not built yet, this function compiles it.
    """
    built = Path(__file__).with_name("libcsnet_xstate.so")
    if built.exists() or platform.machine() != "x86_64":
        return built if built.exists() else None
    made = Path(__file__).resolve().parents[2] / "build/libcsnet_xstate.so"
    with contextlib.suppress(OSError, subprocess.CalledProcessError):  # no compiler, or no permission to write there
        if not made.exists() or made.stat().st_mtime < _XSTATE.stat().st_mtime:
            made.parent.mkdir(exist_ok=True)
            unfinished = made.with_name(f"{made.name}.{os.getpid()}")
            command = ["cc", "-O2", "-shared", "-fPIC", "-o", str(unfinished), str(_XSTATE)]
            subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            unfinished.rename(made)
        return made
    return None


def check(memory: str = "128M") -> None:
    """Boot User-Mode-Linux once, which takes a second or two. Raises LabError if it does not start here."""
    run(["true"], memory)


def run(command: Sequence[str], memory: str = "1G", visible: Sequence[Path] = ()) -> int:
    """Run a command under User-Mode-Linux, in this directory and environment, and return its exit status.

    The command's standard input is this process's if that is a terminal, and empty otherwise. Its output is passed on
    without buffering. In /tmp it sees only this directory and the paths `visible`. Raises LabError.
    """
    if not available():
        raise LabError("this machine has no linux.uml", REMEDY)
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
    """The error, with the reason and the file that has the console."""
    for pattern, reason, remedy in _REASONS:
        if re.search(pattern, console):
            break
    else:
        panic = re.search(r"Kernel panic - not syncing: (.*)", console)
        lines = [line for line in console.splitlines() if line.strip()]
        reason = panic.group(1) if panic else lines[-1].strip() if lines else "its console is empty"
        remedy = "read its console; or let this kernel have VLANs and bonds: modprobe 8021q bonding"
    return LabError(f"User-Mode-Linux ended before the command did: {reason} (its console: {file})", remedy)


def _claim_processor() -> Tuple[int, socket.socket]:
    """A processor that no other User-Mode-Linux of a lab has claimed; any one if all are claimed.

    The claim is a name in the abstract socket namespace, which ends with the returned socket.
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
    # unshare passes the death signal on to the kernel, by --kill-child
    end_with_parent()
    # User-Mode-Linux and its processes run in turns. On a busy machine they are up to three times as fast when they
    # have one processor and a higher priority.
    os.sched_setaffinity(0, {processor})
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
