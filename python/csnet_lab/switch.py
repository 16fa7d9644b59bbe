"""The wire: a switch, and the cables to it."""

import json
import subprocess
from typing import Dict, List, Optional, Sequence, Tuple

from . import kernel
from .errors import CommandError
from .host import Host, Nic
from .node import Node

_BRIDGE = "switch"


class Switch(Node):
    """A VLAN-filtering bridge in a namespace of its own. Without the kernel feature it is a plain bridge."""

    def __init__(self, name: str = "switch") -> None:
        super().__init__(name)
        self.filters_vlans = kernel.can("vlan_filtering")
        # The switch has no address and says nothing of its own that a capture would show.
        self.run(["sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"])
        vlans = "vlan_filtering 1" if self.filters_vlans else ""
        self.ip(
            f"link add name {_BRIDGE} type bridge stp_state 0 forward_delay 0 mcast_snooping 0 {vlans}",
            f"link set dev {_BRIDGE} up",
        )

    def trunk(self, port: str, tagged: Sequence[int] = (), native: Optional[int] = 1) -> None:
        """Make a link of the switch a port with these tagged VLANs, and `native` untagged (None: no untagged)."""
        self.ip(f"link set dev {port} master {_BRIDGE} up")
        if not self.filters_vlans:
            if tagged or native != 1:
                kernel.require("vlan_filtering")
            return
        commands: List[str] = [f"vlan add dev {port} vid {vid}" for vid in tagged]
        if native != 1:  # the bridge gave every port VLAN 1
            commands.append(f"vlan del dev {port} vid 1")
        if native not in (None, 1):
            commands.append(f"vlan add dev {port} vid {native} pvid untagged")
        if commands:
            self.run(["bridge", "-batch", "-"], input="\n".join(commands) + "\n")

    def bond(self, name: str, ports: Sequence[str]) -> None:
        """Bundle links of the switch by LACP; the bundle's name then goes to `trunk()`."""
        kernel.require("bond")
        self.ip(
            f"link add name {name} type bond mode 802.3ad miimon 100 lacp_rate fast",
            *(f"link set dev {port} down" for port in ports),  # no bond takes a link that is up
            *(f"link set dev {port} master {name}" for port in ports),
            *(f"link set dev {port} up" for port in ports),
        )

    def carry(self, port: str, vlan: int, wanted: bool) -> None:
        """Carry a VLAN tagged at a port, or no longer."""
        kernel.require("vlan_filtering")
        self.run(["bridge", "vlan", "add" if wanted else "del", "dev", port, "vid", str(vlan)])

    def vlans(self) -> Dict[str, Tuple[List[int], Optional[int]]]:
        """By port: what it carries tagged, and untagged."""
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
        """The LACP bundle that a port is in, or nothing."""
        controller: str = self.links()[port].get("master", "")
        return "" if controller == _BRIDGE else controller


def connect(node: Node, nic: str, mac: str, peer: Node, port: str, peer_mac: str) -> None:
    """A cable: a veth pair between two nodes, up on the peer's side only."""
    # From out here, as a pid of a node means nothing in another. Both ends are born in their nodes, so that
    # no name has to be free out here.
    command = f"ip link add name {port} address {peer_mac} netns {peer.pid} up type veth"
    command += f" peer name {nic} address {mac} netns {node.pid}"
    made = subprocess.run(command.split(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise CommandError("lab", command.split(), made.returncode, made.stdout, made.stderr)
    if isinstance(node, Host):
        node.nics[nic] = Nic(nic, mac, peer, port)
