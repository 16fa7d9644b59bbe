"""Runs a command, and ends it."""

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

#: Makes a progress text from a line of a command's output; None if the line has no progress.
HowFar = Callable[[str], Optional[str]]


def reset_signals() -> None:
    """Give the children of this process the default action for every signal.

    A shell that starts ./dev in the background makes it ignore SIGINT, and children inherit that: a test that sends
    SIGINT to its child would then wait forever.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if signal.getsignal(number) == signal.SIG_IGN and number not in (signal.SIGPIPE, signal.SIGXFSZ):
            # Python ignores SIGPIPE and SIGXFSZ, and resets them for each child.
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def stop(child: "subprocess.Popen[Any]", send: Callable[[int, int], None] = os.killpg) -> None:
    """End a child: by SIGINT, so that pytest's fixtures clean up, then by stronger signals. Ctrl-C skips a wait."""
    for number, grace in ((signal.SIGINT, 20), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            send(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(grace)
            break
    with contextlib.suppress(ProcessLookupError):
        send(child.pid, signal.SIGKILL)  # for the rest of its group


def exit_code(status: int) -> int:
    """A child's exit code as a shell reports it."""
    return status if status >= 0 else 128 - status


def run(command: List[str], env: Optional[Dict[str, str]] = None, *, show: bool = True, shown: str = "",
        terminal: bool = False, how_far: Optional[HowFar] = None) -> int:
    """Run a command in the repository's root and return its exit code as a shell would.

    show: print its output; if False, only if it fails. shown: a text to print instead of a long command line.
    terminal: let it read from the terminal and handle Ctrl-C. how_far: show its progress instead of its output, unless
    `show` is set.
    """
    say(colour("2", "$ " + (shown or shlex.join(command).replace(f"{ROOT}/", ""))))
    piped = how_far is not None and not show
    with tempfile.TemporaryFile() as output:
        # In its own session unless it has the terminal: Ctrl-C then reaches the whole group once, through stop(), and a
        # User-Mode-Linux kernel cannot leave this terminal raw.
        try:
            child = subprocess.Popen(command, cwd=ROOT, env=env, stdin=None if terminal else subprocess.DEVNULL,
                                     stdout=subprocess.PIPE if piped else None if show else output,
                                     stderr=subprocess.STDOUT if piped or not show else None,
                                     start_new_session=not terminal)
        except OSError as error:
            say(f"dev: {error}")
            return 127
        before = signal.getsignal(signal.SIGINT)
        if terminal:  # the child handles Ctrl-C
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            if piped and how_far is not None:
                _follow(child, output, how_far)
            wait_for_any([child])  # unlike wait(), it does not miss Ctrl-C
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
    if code == -signal.SIGINT:  # the terminal sent it to the child
        raise KeyboardInterrupt
    return exit_code(code)


def _follow(child: "subprocess.Popen[bytes]", output: Any, how_far: HowFar) -> None:
    """Show the child's progress until its output ends, and keep the output."""
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
