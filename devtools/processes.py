"""Running a command, and ending it."""

import contextlib
import os
import selectors
import shlex
import signal
import subprocess
import tempfile
import time
from typing import Any, Callable, Dict, List, Optional

from csnet_lab.process import wait_for_any

from . import ROOT
from .terminal import Progress, colour, say

#: Makes of a line of a command's output the text that tells how far it is; None: the line says nothing of that.
HowFar = Callable[[str], Optional[str]]


def reset_signals() -> None:
    """Give the children of this process the default action for every signal.

    A shell that starts ./dev in the background makes it ignore SIGINT, which children inherit: a test that sends its
    child SIGINT would then wait for ever.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if signal.getsignal(number) == signal.SIG_IGN and number not in (signal.SIGPIPE, signal.SIGXFSZ):
            # Python itself ignores these two, and resets them for each child.
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def stop(child: "subprocess.Popen[Any]", send: Callable[[int, int], None] = os.killpg) -> None:
    """End a child: politely first, so that pytest's fixtures can clean up; a second Ctrl-C moves on at once."""
    for number, grace in ((signal.SIGINT, 20), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            send(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(grace)
            break
    with contextlib.suppress(ProcessLookupError):
        send(child.pid, signal.SIGKILL)  # for what is left of its group


def exit_code(status: int) -> int:
    """A child's return code as a shell has it."""
    return status if status >= 0 else 128 - status


def run(command: List[str], env: Optional[Dict[str, str]] = None, *, show: bool = True, shown: str = "",
        terminal: bool = False, how_far: Optional[HowFar] = None) -> int:
    """Run a command in the repository's root and return its exit code as a shell would.

    show=False: its output appears only if it fails. shown: printed instead of a very long command.
    terminal: it may talk with the user, and gets Ctrl-C from the terminal itself.
    how_far: show its progress instead of its output; without `show` the output appears only if it fails.
    """
    say(colour("2", "$ " + (shown or shlex.join(command).replace(f"{ROOT}/", ""))))
    piped = how_far is not None and not show
    with tempfile.TemporaryFile() as output:
        # A session of its own unless it has the terminal: Ctrl-C then reaches the whole group once, through stop(), and
        # a User-Mode-Linux kernel that sets up its console cannot leave this terminal raw.
        try:
            child = subprocess.Popen(command, cwd=ROOT, env=env, stdin=None if terminal else subprocess.DEVNULL,
                                     stdout=subprocess.PIPE if piped else None if show else output,
                                     stderr=subprocess.STDOUT if piped or not show else None,
                                     start_new_session=not terminal)
        except OSError as error:
            say(f"dev: {error}")
            return 127
        before = signal.getsignal(signal.SIGINT)
        if terminal:  # Ctrl-C is the child's to handle while it has the terminal
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            if piped and how_far is not None:
                _follow(child, output, how_far)
            wait_for_any([child])  # unlike wait(), it never misses Ctrl-C
            code = child.wait()
        except BaseException:
            stop(child, os.kill if terminal else os.killpg)
            raise
        finally:
            signal.signal(signal.SIGINT, before)
        if code != 0 and not show:
            output.seek(0)
            lines = output.read().decode(errors="replace").rstrip().splitlines()
            say("\n".join(line for line in lines if how_far is None or how_far(line) is None))
    if code == -signal.SIGINT:  # the terminal told the child
        raise KeyboardInterrupt
    return exit_code(code)


def _follow(child: "subprocess.Popen[bytes]", output: Any, how_far: HowFar) -> None:
    """Show how far the child is until its output ends, and keep the output."""
    assert child.stdout is not None
    started = time.monotonic()
    text, rest = "", b""
    with Progress() as progress, selectors.DefaultSelector() as selector, child.stdout:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=1):
                data = os.read(child.stdout.fileno(), 65536)
                if not data:
                    return
                output.write(data)
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    text = how_far(line.decode(errors="replace")) or text
            progress.show(f"{time.monotonic() - started:4.0f} s  {text}")
