"""What the running kernel can do, found out by trying in a network namespace that is thrown away."""

import functools
import subprocess
from typing import Tuple

from .errors import LabError

_PARENT = "ip link add name parent type veth peer name other && "
_TRIALS = {
    "vlan": _PARENT + "ip link add link parent name trial type vlan id 2",
    "bond": "ip link add name trial type bond",
    "vlan_filtering": "ip link add name trial type bridge vlan_filtering 1",
    "dummy": "ip link add name trial type dummy",
    "macvlan": _PARENT + "ip link add link parent name trial type macvlan",
    "nftables": "nft add table trial",
}
#: What the whole picture (VLANs, LACP, the switch) takes.
NEEDED = ("vlan", "bond", "vlan_filtering")


@functools.lru_cache(maxsize=None)
def can(feature: str) -> bool:
    """Whether the kernel (and the user) can make a "vlan", "bond", "vlan_filtering" bridge, "dummy", …"""
    trial = ["unshare", "--net", "sh", "-c", _TRIALS[feature]]
    return subprocess.run(trial, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def missing(*features: str) -> Tuple[str, ...]:
    """Those of the features (without any: of all that are needed) that the kernel lacks."""
    return tuple(feature for feature in features or NEEDED if not can(feature))


def require(*features: str) -> None:
    """Raise LabError, which says what to do, unless the kernel has the features."""
    lacks = missing(*features)
    if lacks:
        raise LabError(
            f"this kernel has no {', '.join(lacks)}; run under one that does: python3 -m csnet_lab run -- COMMAND"
        )
