"""The topology in a box: a host, its cables, a switch with VLAN 100, and the management server behind it."""

from typing import Iterator

import pytest
from topology import Picture

from csnet_lab import Lab


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: waits for what the kernel takes 30 s for")


@pytest.fixture(scope="module")
def _one_nic() -> Iterator[Picture]:
    with Lab() as lab:
        yield Picture(lab, ["eth0"])


@pytest.fixture
def picture(_one_nic: Picture) -> Picture:
    """A host as if just installed, whose eth0 is trunked; one for all tests of a module."""
    _one_nic.host.reset()
    return _one_nic
