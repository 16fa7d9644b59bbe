"""add and activate under load: NetworkManager's own autoconnect and csnet's activation race for the same interfaces.

Beside busy processors, NetworkManager is stopped and continued at random moments. Whichever attempt wins, the bridge
is usable in the end.
"""

import os
import random
import signal
import subprocess
import threading
from typing import Iterator

import csnet
import pytest
from budget import SEED, budget
from csnet_lab import Host

RECIPE = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.168.100.10/24"], stp=False)


@pytest.fixture
def busy() -> Iterator[None]:
    """As many busy processes as there are processors."""
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


class Hiccups:
    """Stops a process for a moment, again and again."""

    def __init__(self, pid: int, random_: random.Random) -> None:
        self._pid, self._random = pid, random_
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(self._random.uniform(0.005, 0.1)):
            os.kill(self._pid, signal.SIGSTOP)
            self._is_over.wait(self._random.uniform(0.005, 0.15))
            os.kill(self._pid, signal.SIGCONT)


def test_what_is_added_is_usable_whoever_starts_it(host: Host, busy: None) -> None:
    random_ = random.Random(SEED)
    with csnet.Session(bus_address=host.bus_address) as session, Hiccups(host.networkmanager.pid, random_):
        for number in range(budget(5, 300)):
            uuids = session.add_all(RECIPE.desired().wanted.profiles)
            session.activate(*uuids)
            (bridge,) = [one for one in session.devices() if one.interface_name == "cloudbr0"]
            assert bridge.ports == ("eth0",) and bridge.carrier, f"CSNET_SEED={SEED} round {number}: {bridge}"
            session.remove(*uuids)
