"""A Session without NetworkManager: what it refuses, and that Ctrl-C gets out. The rest is in tests/daemon."""

import datetime
import os
import pickle
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import csnet
import pytest


@pytest.fixture
def silent_bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus that accepts connections and never answers."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "bus"))
        listening.listen()
        yield f"unix:path={tmp_path}/bus"


def interrupt_after(seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


def test_no_bus_is_unavailable() -> None:
    with pytest.raises(csnet.UnavailableError) as error:
        csnet.Session(bus_address="unix:path=/nonexistent")
    assert error.value.kind is csnet.ErrorKind.unavailable
    assert error.value.hint
    assert str(error.value).startswith(error.value.subject + ": ")


def test_a_bus_that_never_answers_is_a_timeout(silent_bus: str) -> None:
    begin = time.monotonic()
    with pytest.raises(csnet.TimeoutError):
        csnet.Session(bus_address=silent_bus, request_timeout=0.3)
    with pytest.raises(csnet.TimeoutError):
        csnet.Session(bus_address=silent_bus, request_timeout=datetime.timedelta(milliseconds=300))
    assert 0.6 <= time.monotonic() - begin < 5


def test_ctrl_c_gets_out_of_a_session_that_waits_within_200_ms(silent_bus: str) -> None:
    interrupted = 0.0

    def note_the_time(*_: Any) -> None:
        nonlocal interrupted
        interrupted = time.monotonic()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note_the_time)
    try:
        sent = time.monotonic() + 0.3
        timer = interrupt_after(0.3)
        with pytest.raises(KeyboardInterrupt):
            csnet.Session(bus_address=silent_bus)
        assert time.monotonic() - sent < 0.5  # 200 ms, and a slow machine's timer
        assert time.monotonic() - interrupted < 0.2
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_run_while_a_session_waits(silent_bus: str) -> None:
    turns = 0
    done = threading.Event()

    def count() -> None:
        nonlocal turns
        while not done.wait(0.01):
            turns += 1

    thread = threading.Thread(target=count)
    thread.start()
    with pytest.raises(csnet.TimeoutError):
        csnet.Session(bus_address=silent_bus, request_timeout=0.5)
    done.set()
    thread.join()
    assert turns > 10


def test_sessions_wait_side_by_side_in_threads(silent_bus: str) -> None:
    def wait() -> None:
        with pytest.raises(csnet.TimeoutError):
            csnet.Session(bus_address=silent_bus, request_timeout=0.5)

    begin = time.monotonic()
    threads = [threading.Thread(target=wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begin < 3


def test_a_session_that_failed_leaves_no_descriptor_behind(silent_bus: str) -> None:
    def fail() -> None:
        with pytest.raises(csnet.Error):
            csnet.Session(bus_address=silent_bus, request_timeout=0.01)
        with pytest.raises(csnet.Error):
            csnet.Session(bus_address="unix:path=/nonexistent")

    fail()  # GLib keeps a few for itself
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        fail()
    deadline = time.monotonic() + 5  # its worker thread closes them a little later
    while len(os.listdir("/proc/self/fd")) > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(os.listdir("/proc/self/fd")) <= before


@pytest.mark.parametrize("timeout", [0, -1.0, float("nan"), float("inf"), 10**400, datetime.timedelta(0)])
def test_a_timeout_that_is_no_time_is_invalid(timeout: Any) -> None:
    with pytest.raises(csnet.InvalidError, match="^Session.request_timeout: .* is not a time"):
        csnet.Session(bus_address="unix:path=/nonexistent", request_timeout=timeout)


@pytest.mark.parametrize("timeout", [True, "25", None])
def test_a_timeout_of_another_type_is_refused(timeout: Any) -> None:
    with pytest.raises(TypeError, match="^Session.request_timeout: .* is not a number of seconds or "):
        csnet.Session(request_timeout=timeout)


def test_a_bus_address_is_a_str() -> None:
    with pytest.raises(TypeError, match="^Session.bus_address: 5 is not a str"):
        csnet.Session(bus_address=5)  # type: ignore[arg-type]
    with pytest.raises(csnet.Error):
        csnet.Session(bus_address="no address at all")


def test_the_class_cannot_be_pickled_into_a_session() -> None:
    assert pickle.loads(pickle.dumps(csnet.Session)) is csnet.Session
    with pytest.raises(TypeError):
        type("Mine", (csnet.Session,), {})
