"""The library that sets registers for a User-Mode-Linux that knows too few of them, on a traced child."""

import ctypes
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from csnet_lab import uml

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the registers are those of x86-64")

PTRACE_TRACEME, PTRACE_CONT, PTRACE_GETREGSET, PTRACE_SETREGSET, NT_X86_XSTATE = 0, 7, 0x4204, 0x4205, 0x202
EFAULT = 14
#: The part of the state that each x86-64 processor has: FXSAVE's 512 bytes and the header, which names what follows.
SHORT = 576
#: ST0 of the x87 unit, in FXSAVE's layout.
ST0 = slice(32, 42)


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def program() -> None:
    """Set the beginning of a traced child's state, and print errno, or what the state then is."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    pid = os.fork()
    if pid == 0:
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(pid, 0)

    def regset(request: int, data: bytearray) -> int:
        buffer = (ctypes.c_char * len(data)).from_buffer(data)
        iovec = Iovec(ctypes.addressof(buffer), len(data))
        done: int = libc.ptrace(request, pid, NT_X86_XSTATE, ctypes.addressof(iovec))
        return int(iovec.length) if done == 0 else -ctypes.get_errno()

    before = bytearray(1 << 16)
    size = regset(PTRACE_GETREGSET, before)
    given = bytearray(before[:SHORT])
    given[ST0] = b"registers!"
    given[512] |= 1  # the header's bit of the x87 unit: its state is not the initial one
    given[0:2] = b"\x7f\x03"
    results = [regset(PTRACE_SETREGSET, given), regset(PTRACE_SETREGSET, given)]  # the second knows what is needed
    after = bytearray(1 << 16)
    regset(PTRACE_GETREGSET, after)
    more = regset(PTRACE_SETREGSET, before[:size + 4096]) - size
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    gone = regset(PTRACE_SETREGSET, given)
    print(size > SHORT, results, bytes(after[ST0]) == b"registers!", after[SHORT:] == before[SHORT:], more, gone)


def outcome(preload: str) -> str:
    environment = {**os.environ, "LD_PRELOAD": preload}
    return subprocess.run([sys.executable, __file__], env=environment, stdout=subprocess.PIPE, text=True,
                          check=True).stdout.strip()


def test_the_kernel_refuses_a_state_that_is_too_short() -> None:
    """Else the next test would pass without the library."""
    assert outcome("").startswith(f"True [-{EFAULT}, -{EFAULT}] False")


def test_the_beginning_is_set_and_the_rest_is_kept() -> None:
    library = uml.xstate_library()
    assert library is not None
    said = outcome(str(library))
    assert said.startswith(f"True [{SHORT}, {SHORT}] True True "), said


def test_all_else_is_the_kernels_answer() -> None:
    """More bytes than there are; no such process."""
    assert outcome(str(uml.xstate_library())).split()[-2:] == outcome("").split()[-2:] == ["0", "-3"]


def test_the_build_has_made_it() -> None:
    library = uml.xstate_library()
    build = Path(os.environ.get("CSNET_BUILD") or Path(__file__).parents[2] / "build/release")
    assert library is not None and (build / "python/csnet_lab" / library.name).exists()


if __name__ == "__main__":
    program()
