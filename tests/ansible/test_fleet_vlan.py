"""The management network of a fleet as the manual has it: in a VLAN. See test_fleet.py for what else can happen."""

import pytest
from budget import budget
from fleet import Fleet

from csnet_lab import Lab


# Ansible starts many processes, which User-Mode-Linux does slowly: two hosts are the fewest that move side by side.
@pytest.mark.kernel("vlan", "vlan_filtering")
@pytest.mark.timeout(1800)
def test_all_hosts_move_and_then_are_as_wanted(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Lab() as lab:
        Fleet(lab, tmp_path_factory.mktemp("controller"), count=budget(2, 12)).assert_moves_and_then_is_as_wanted()
