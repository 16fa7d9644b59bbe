"""`csnet sandbox` where there are VLANs and bonds: a file is applied in the surroundings that it describes."""

import os
import subprocess
import sys
from pathlib import Path

import csnet
import pytest

pytestmark = pytest.mark.kernel

VLAN = """\
management:
  uplink: {uplink}
  vlan: 250
  bridge: cloudbr0
  addresses: [10.1.2.10/24]
  gateway: 10.1.2.1
  servers: [10.1.2.3]
  stp: false
"""
BOND = "{bond: bond0, ports: [enp1s0, enp2s0], mode: 802.3ad, options: {miimon: 100, lacp_rate: fast}}"


def sandbox(directory: Path, uplink: str, script: str) -> "subprocess.CompletedProcess[str]":
    (directory / "network.yaml").write_text(VLAN.replace("{uplink}", uplink))
    command = [sys.executable, "-m", "csnet", "sandbox", "--file", "network.yaml", "--", "sh", "-c", script]
    environment = {**os.environ, "PYTHONPATH": str(Path(csnet.__file__).absolute().parents[1])}
    return subprocess.run(command, cwd=directory, env=environment, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def test_a_vlan_is_carried_until_it_is_not(tmp_path: Path) -> None:
    done = sandbox(tmp_path, "enp1s0", """
        switch
        csnet apply --yes --quiet network.yaml || exit
        ping -q -c 1 -W 5 10.1.2.3 > /dev/null && echo reached
        switch untrunk enp1s0 250
        ping -q -c 1 -W 1 10.1.2.3 > /dev/null || echo cut off
        switch trunk enp1s0 250
        ping -q -c 1 -W 5 10.1.2.1 > /dev/null && echo mended""")
    assert done.stdout == ("host1   enp1s0      up    VLAN 250 tagged, VLAN 1 untagged\n"
                           "server  eth0        up    VLAN 250 untagged\n"
                           "reached\ncut off\nmended\n"), done.stderr
    assert done.returncode == 0


def test_a_bond_finds_its_partner_and_can_lose_it(tmp_path: Path) -> None:
    done = sandbox(tmp_path, BOND, """
        csnet apply --yes --quiet network.yaml || exit
        switch down enp1s0
        ping -q -c 1 -w 10 10.1.2.3 > /dev/null && echo reached
        switch unlacp enp1s0 enp2s0
        switch
        switch lacp enp1s0 enp2s0
        switch""")
    apart = "VLAN 250 tagged, VLAN 1 untagged"
    assert done.stdout.splitlines()[0] == "reached", done.stderr
    assert done.stdout.splitlines()[2] == f"host1   enp2s0      up    {apart}"
    assert done.stdout.splitlines()[5] == f"host1   enp2s0      up    {apart}; LACP bundle host1-lag"
