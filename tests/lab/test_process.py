"""Waiting, and the signals that come meanwhile."""

import os
import signal
from typing import Callable, Iterator, Tuple

import pytest

from csnet_lab.process import wait_for_readable


def _write(descriptor: int) -> None:
    os.write(descriptor, b".")


@pytest.fixture
def pesterer() -> Iterator[Tuple[int, Callable[[], None]]]:
    """A descriptor that SIGUSR1 makes readable by a handler, and what has another process send that signal."""
    readable, writable = os.pipe()
    orders, give = os.pipe()
    before = signal.signal(signal.SIGUSR1, lambda *_: _write(writable))
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(give)
        while os.read(orders, 1):
            os.kill(parent, signal.SIGUSR1)
        os._exit(0)
    os.close(orders)
    try:
        yield readable, lambda: _write(give)
    finally:
        os.close(give)
        os.waitpid(pid, 0)
        signal.signal(signal.SIGUSR1, before)
        os.close(readable)
        os.close(writable)


def test_no_signal_has_to_wait_for_the_end_of_a_wait(pesterer: Tuple[int, Callable[[], None]]) -> None:
    """With select.select() alone 4 of 20,000 had to, when this was written."""
    readable, pester = pesterer
    late = 0
    for number in range(20_000):
        pester()
        for _ in range(number * 7 % 3000):  # so that the signal comes now before the wait begins, now after
            pass
        late += not wait_for_readable([readable], 0.5)
        os.read(readable, 1)
    assert late == 0
