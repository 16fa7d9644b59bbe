"""The features of the running kernel, found by trials, and of the kernels that csnet_lab boots for a command.

The running kernel is called "own", User-Mode-Linux "uml", and Debian's stock kernel in a virtual machine "vm".
"""

import functools
import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Collection, Dict, List, Optional, Tuple

from . import uml, vm
from .errors import LabError

_PARENT = "ip link add name parent type veth peer name other && "
# Commands, run in new namespaces, that succeed if the kernel has the feature.
_TRIALS = {
    "vlan": _PARENT + "ip link add link parent name trial type vlan id 2",
    "bond": "ip link add name trial type bond",
    "vlan_filtering": "ip link add name trial type bridge vlan_filtering 1",
    "dummy": "ip link add name trial type dummy",
    "macvlan": _PARENT + "ip link add link parent name trial type macvlan",
    "inet": "nft 'add table inet trial; add chain inet trial input { type filter hook input priority 0; }'",
}
#: The features that the whole lab needs: VLANs, LACP, the switch.
NEEDED = ("vlan", "bond", "vlan_filtering")
#: All features. "inet" is the family of nftables, "coalesce" a NIC whose rx-usecs can be set.
FEATURES = (*_TRIALS, "coalesce")
KERNELS = ("own", "uml", "vm")
_BOOTED: Dict[str, ModuleType] = {"uml": uml, "vm": vm}
_LACKING: Dict[str, Tuple[str, ...]] = {"uml": ("inet", "coalesce"), "vm": ()}
#: An environment variable of a command under a booted kernel: the features of the kernel outside.
OUTSIDE = "CSNET_LAB_KERNEL_OUTSIDE"


def running() -> str:
    """The kernel, of KERNELS, that runs this process."""
    if "csnet_lab=vm" in Path("/proc/cmdline").read_text().split():
        return "vm"
    return "uml" if "User Mode Linux" in Path("/proc/cpuinfo").read_text() else "own"


@functools.lru_cache(maxsize=None)
def can(feature: str) -> bool:
    """Whether the running kernel has the feature, of FEATURES, and lets this user use it."""
    if feature == "coalesce":
        # A trial would change a NIC, so only the virtual machine's own NICs count.
        return running() == "vm"
    if feature == "inet" and shutil.which("nft") is None:
        raise LabError("cannot test for nftables without the program nft", "apt install nftables")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    trial = ["unshare", *user, "--net", "sh", "-c", _TRIALS[feature]]
    return subprocess.run(trial, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def missing(*features: str) -> Tuple[str, ...]:
    """Those of `features`, by default of NEEDED, that the running kernel lacks."""
    return tuple(feature for feature in features or NEEDED if not can(feature))


def require(*features: str) -> None:
    """Raise LabError, with the command to run instead, unless the running kernel has the features."""
    lacks = missing(*features)
    if lacks:
        needs = "" if set(lacks) <= set(NEEDED) else f" --needs {','.join(features or NEEDED)}"
        run = f"python3 -m csnet_lab run{needs} -- COMMAND"
        raise LabError(f"this kernel has no {', '.join(lacks)}; run under one that does: {run}")


def choose(*features: str, own: Optional[Collection[str]] = None) -> str:
    """The first of KERNELS that has `features`, by default NEEDED, and can be started here.

    own: the features of the kernel outside, for a process under a booted one. Default: those of the running kernel.
    Raises LabError if no kernel has the features.
    """
    wanted = features or NEEDED
    lacking: List[str] = [one for one in wanted if one not in own] if own is not None else list(missing(*wanted))
    if not lacking:
        return "own"
    capable = [name for name in ("uml", "vm") if not set(wanted) & set(_LACKING[name])]
    for name in capable:
        if _BOOTED[name].available():
            return name
    others = "; or: ".join(_BOOTED[name].REMEDY for name in capable)
    raise LabError(
        f"this kernel has no {', '.join(lacking)}, and the lab cannot boot another one here",
        f"as root: modprobe 8021q bonding; or: {others} (Debian, Ubuntu)",
    )


def spare_nics() -> List[str]:
    """The virtual machine's own NICs (e1000e, on one cable) that no host of the lab uses."""
    require("coalesce")
    return sorted(path.parent.name for path in Path("/sys/class/net").glob("*/device"))


def run(name: str, command: List[str], memory: str, visible: Collection[Path] = ()) -> int:
    """Run a command under "uml" or "vm", and return its exit status. Raises LabError."""
    known = [feature for feature in FEATURES if feature != "inet" or shutil.which("nft")]
    outside = ",".join(feature for feature in known if can(feature))
    status: int = _BOOTED[name].run(["env", f"{OUTSIDE}={outside}", *command], memory, sorted(visible))
    return status
