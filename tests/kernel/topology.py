"""The base of the kernel tests: the topology, and questions to it."""

import contextlib
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

import csnet
from csnet_lab import Capture, Host, Lab, LabError, Node, kernel
from csnet_lab.switch import End, connect

ROOT = Path(__file__).resolve().parents[2]
#: None if the running kernel has no VLANs: tests without the marker `kernel` are untagged there.
VLAN = None if kernel.missing("vlan", "vlan_filtering") else 100
#: The bridge's port.
PORT = f"eth0.{VLAN}" if VLAN else "eth0"
#: The recipe that most tests begin with; without STP, as that takes 30 s.
RECIPE = csnet.ManagementNetwork(
    uplinks=["eth0"], vlan=VLAN, addresses=["192.168.100.10/24"], gateway="192.168.100.1", stp=False
)
BUILD = Path(os.environ.get("CSNET_BUILD") or ROOT / "build/release")
CPP_EXAMPLE = BUILD / "examples/management_network"
PYTHON_EXAMPLE = ROOT / "examples/management_network.py"

ADDRESS = "192.168.100.10"
SERVER = "192.168.100.2"
JUMBO = 9000


class Picture:
    """A host, a switch and a management server. With several NICs the switch bundles them by LACP."""

    def __init__(self, lab: Lab, nics: Sequence[str], vlan: Optional[int] = VLAN) -> None:
        self.switch = lab.switch()
        self.server = lab.management_server(self.switch, vlan=vlan, address=f"{SERVER}/24")
        trunk = [] if vlan is None else [vlan]
        self.host: Host = lab.host("host", nics, self.switch, trunk=trunk, lacp=len(nics) > 1)

    def session(self) -> csnet.Session:
        return csnet.Session(bus_address=self.host.bus_address)

    def allow_jumbo_frames(self) -> None:
        """Every link but the host's own: those are csnet's to set."""
        ports = [link for link in self.switch.links() if link not in ("lo", "switch")]
        self.switch.ip(*(f"link set dev {port} mtu {JUMBO}" for port in ports))
        self.server.ip(f"link set dev eth0 mtu {JUMBO}")

    @contextlib.contextmanager
    def capture(self, filter: str = "") -> Iterator["Frames"]:
        """Captures the frames on all of the host's NICs together: a bond may use either."""
        with contextlib.ExitStack() as stack:
            yield Frames([stack.enter_context(self.host.capture(nic, filter)) for nic in self.host.nics])

    @contextlib.contextmanager
    def guest(self, address: str, bridge: str = "cloudbr0") -> Iterator[Node]:
        """A VM from the host's point of view: a tap in the bridge, here the end of a cable to another node."""
        with Node("guest") as guest:
            connect(End(guest, "eth0", "52:54:00:00:aa:01"), End(self.host, "vnet0", "52:54:00:00:aa:02"))
            guest.ip("link set dev eth0 up", f"address add {address} dev eth0")
            self.host.ip(f"link set dev vnet0 master {bridge} up")
            yield guest


class Frames:
    """The frames of several captures."""

    def __init__(self, captures: List[Capture]) -> None:
        self._captures = captures

    @property
    def lines(self) -> List[str]:
        return [line for capture in self._captures for line in capture.lines]

    def expect(self, pattern: str, timeout: float = 10) -> str:
        """A line that matches. Call it within the `with`: tcpdump prints a frame some time after it has passed."""
        end = time.monotonic() + timeout
        while True:
            for capture in self._captures:  # by turns, as only the bond knows which NIC it takes
                with contextlib.suppress(LabError):
                    return capture.wait_for(pattern, timeout=0.1)[0]
            if time.monotonic() > end:
                raise AssertionError(f"no frame matches {pattern!r}:\n" + "\n".join(self.lines))


def run_example(host: Host, language: str, *arguments: str) -> str:
    """Run the example in the host, as an operator would, and return what it said."""
    if language == "C++":
        command = [str(CPP_EXAMPLE), *arguments]
    else:
        command = [sys.executable, str(PYTHON_EXAMPLE), *arguments[0].split(",")]
    # The package that these tests use: sys.path may hold its source first, without the built module.
    package = Path(csnet.__file__).parents[1]
    return host.run(command, environment={"PYTHONPATH": str(package)}).stdout


class BondState:
    """The LACP state in /proc/net/bonding."""

    def __init__(self, host: Host) -> None:
        self.text = host.run(["cat", "/proc/net/bonding/bond0"]).stdout
        of_bond, *ports = self.text.split("\nSlave Interface: ")
        partner = re.search(r"Partner Mac Address: (\S+)", of_bond)
        self.partner = partner.group(1) if partner else ""
        self.aggregators = [number for port in ports for number in re.findall(r"(?m)^Aggregator ID: (\d+)", port)]
        # The port's own state and its partner's, of each port.
        self._states = [int(state) for port in ports for state in re.findall(r"port state: (\d+)", port)]

    @property
    def is_up(self) -> bool:
        """Both ends of every port are in sync, collect and distribute; before, frames get lost for seconds."""
        ready = 0x08 | 0x10 | 0x20
        states = len(self._states) == 2 * len(self.aggregators) and all(one & ready == ready for one in self._states)
        return states and len(set(self.aggregators)) == 1


def wait_for_lacp(host: Host, most: int = 60) -> None:
    """Look again with each LACP frame (one a second on each cable, both ways) until it is negotiated."""
    with host.capture(next(iter(host.nics)), "ether proto 0x8809") as capture:
        for count in range(1, most + 1):
            state = BondState(host)
            if state.is_up:
                return
            capture.wait_for(count)
    raise LabError(f"LACP did not come up within {most} frames:\n{state.text}")


def bridge_ports(host: Host) -> Dict[str, Dict[str, Any]]:
    """The ports of all bridges by name, as `bridge -json link` has them."""
    links = json.loads(host.run(["bridge", "-json", "link"]).stdout or "[]")
    return {link["ifname"]: link for link in links}


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Waits until it holds, and returns whether it did: for changes that take the kernel or the daemon some time. Each
    look is a round trip."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
    return True


def flag(link: Dict[str, Any], name: str) -> bool:
    """Whether an interface of links() has a flag, say "LOWER_UP": its carrier."""
    return name in link["flags"]
