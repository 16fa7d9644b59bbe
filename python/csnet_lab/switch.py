"""Switch, and connect(), which makes a cable between two nodes."""

import json
import subprocess
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import kernel
from .errors import CommandError
from .host import Host, Nic
from .node import Node

_BRIDGE = "switch"


class Switch(Node):
    """A VLAN-filtering bridge in its own namespace; a plain bridge if the kernel cannot filter VLANs."""

    def __init__(self, name: str = "switch") -> None:
        super().__init__(name)
        self.filters_vlans = kernel.can("vlan_filtering")
        # Without IPv6, the switch sends no frames of its own that a capture would show.
        self.run(["sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"])
        vlans = "vlan_filtering 1" if self.filters_vlans else ""
        self.ip(
            f"link add name {_BRIDGE} type bridge stp_state 0 forward_delay 0 mcast_snooping 0 {vlans}",
            f"link set dev {_BRIDGE} up",
        )

    def trunk(self, port: str, tagged: Sequence[int] = (), native: Optional[int] = 1) -> None:
        """Make a link of the switch a port that carries VLANs `tagged`, and VLAN `native` untagged (None: none)."""
        self.ip(f"link set dev {port} master {_BRIDGE} up")
        if not self.filters_vlans:
            if tagged or native != 1:
                kernel.require("vlan_filtering")
            return
        commands: List[str] = [f"vlan add dev {port} vid {vid}" for vid in tagged]
        if native != 1:  # the kernel puts every new port into VLAN 1
            commands.append(f"vlan del dev {port} vid 1")
        if native not in (None, 1):
            commands.append(f"vlan add dev {port} vid {native} pvid untagged")
        if commands:
            self.run(["bridge", "-batch", "-"], input="\n".join(commands) + "\n")

    def bond(self, name: str, ports: Sequence[str]) -> None:
        """Bundle links of the switch by LACP. `name` is the bundle's link, for trunk()."""
        kernel.require("bond")
        self.ip(
            f"link add name {name} type bond mode 802.3ad miimon 100 lacp_rate fast",
            *(f"link set dev {port} down" for port in ports),  # a bond refuses a link that is up
            *(f"link set dev {port} master {name}" for port in ports),
            *(f"link set dev {port} up" for port in ports),
        )

    def carry(self, port: str, vlan: int, wanted: bool) -> None:
        """Start or stop carrying a VLAN tagged at a port."""
        kernel.require("vlan_filtering")
        self.run(["bridge", "vlan", "add" if wanted else "del", "dev", port, "vid", str(vlan)])

    def vlans(self) -> Dict[str, Tuple[List[int], Optional[int]]]:
        """The VLANs of each port: those that it carries tagged, and the untagged one or None."""
        if not self.filters_vlans:
            return {name: ([], 1) for name in self.links()}
        found = {}
        for port in json.loads(self.run(["bridge", "-json", "vlan", "show"]).stdout or "[]"):
            tagged: List[int] = []
            untagged: Optional[int] = None
            for vlan in port["vlans"]:
                if "Egress Untagged" in vlan.get("flags", []):
                    untagged = vlan["vlan"]
                else:
                    tagged += range(vlan["vlan"], vlan.get("vlanEnd", vlan["vlan"]) + 1)
            found[port["ifname"]] = (tagged, untagged)
        return found

    def bundle_of(self, port: str) -> str:
        """The LACP bundle of a port; "" if it is in none."""
        controller: str = self.links()[port].get("master", "")
        return "" if controller == _BRIDGE else controller


class End(NamedTuple):
    """An end of a cable: an interface of a node."""

    node: Node
    name: str
    mac: str


def connect(nic: End, port: End) -> None:
    """Make a cable between two nodes: a veth pair of which only `port` is up."""
    # Made outside the nodes, since one node does not know the pids of another. The kernel creates both ends in their
    # nodes, so their names may be in use outside.
    command = f"ip link add name {port.name} address {port.mac} netns {port.node.pid} up type veth"
    command += f" peer name {nic.name} address {nic.mac} netns {nic.node.pid}"
    made = subprocess.run(command.split(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise CommandError("lab", command.split(), made.returncode, made.stdout, made.stderr)
    if isinstance(nic.node, Host):
        nic.node.nics[nic.name] = Nic(nic.name, nic.mac, port.node, port.name)
