"""The release build, installed into a prefix of its own."""

from pathlib import Path

import pytest
from installed import install


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What nothing but `cmake --install --prefix` has touched. Never installed there: programs write bytecode only."""
    path = tmp_path_factory.mktemp("package") / "prefix"
    install(path)
    return path


@pytest.fixture
def network_file(tmp_path: Path) -> Path:
    path = tmp_path / "network.yaml"
    path.write_text("management: {uplink: eth0, vlan: 100, addresses: [192.168.100.10/24], gateway: 192.168.100.1}\n")
    return path
