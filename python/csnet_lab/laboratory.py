"""Lab, which makes nodes, cables them, and ends them together."""

import subprocess
import time
from types import TracebackType
from typing import List, Optional, Sequence, Type, TypeVar

from . import kernel
from .errors import CommandError, LabError
from .host import Host
from .management_server import ManagementServer
from .node import Node
from .switch import End, Switch, connect

AnyNode = TypeVar("AnyNode", bound=Node)


class Lab:
    """A set of nodes that ends with its `with` block, or with this process, however that ends.

    Names must be unique within a lab. The order in which nodes are made determines their MAC addresses.
    """

    def __init__(self) -> None:
        self.nodes: List[Node] = []
        self._loose_ends: Optional[Node] = None

    @property
    def hosts(self) -> List[Host]:
        return [node for node in self.nodes if isinstance(node, Host)]

    def switch(self, name: str = "switch") -> Switch:
        """Make a switch: a VLAN-filtering bridge in its own namespace."""
        return self._add(Switch(name))

    def management_server(
        self,
        switch: Switch,
        vlan: Optional[int] = None,
        address: str = "192.168.100.2/24",
        *,
        name: str = "server",
        ports: Sequence[int] = (8250,),
    ) -> ManagementServer:
        """Make a management server on an access port of the switch.

        vlan: its VLAN; None: the untagged one. address: its address, with prefix length. ports: the TCP ports on which
        it accepts connections.
        """
        server = self._add(ManagementServer(name, address))
        self._cable(server, 0, "eth0", switch)
        switch.trunk(_port(server, "eth0"), native=vlan or 1)
        nodad = " nodad" if ":" in address else ""  # without it, no program could bind to the address for two seconds
        server.ip("link set dev eth0 up", f"address add {address} dev eth0{nodad}")
        server.listen(*ports)
        return server

    def host(
        self,
        name: str = "host",
        nics: Sequence[str] = ("eth0",),
        switch: Optional[Switch] = None,
        *,
        trunk: Sequence[int] = (),
        lacp: bool = False,
        physical: Sequence[str] = (),
        config: str = "",
        start: bool = True,
    ) -> Host:
        """Make a host, cable its NICs to the switch, and start its NetworkManager.

        nics: the names of its NICs.
        switch: without one, the NICs have a carrier but no peer.
        trunk: the VLANs that each port of the switch carries tagged; it carries VLAN 1 untagged.
        lacp: whether the switch bundles the ports.
        physical: names for further NICs, which are the virtual machine's two e1000e on one cable, for tests of what a
            veth cannot do. Host.nics does not contain them, and Host.reset() does not change them.
        config: additions to NetworkManager's configuration.
        start: whether to start NetworkManager.
        """
        host = self._add(Host(name, config=config))
        for number, nic in enumerate(nics):
            self._cable(host, number, nic, switch or self._nowhere())
        ports = [_port(host, nic) for nic in nics]
        if switch is not None:
            if lacp:
                switch.bond(host.bundle_name(name), ports)
                ports = [host.bundle_name(name)]
            for port in ports:
                switch.trunk(port, trunk)
        for nic in physical:
            _move(nic, host)
        if start:
            host.networkmanager.start()
        return host

    def close(self) -> None:
        """End all nodes. Returns when all of their processes have ended."""
        for node in self.nodes:
            node._drop_lifeline()  # all nodes end in parallel
        while self.nodes:
            self.nodes.pop().close()

    def __enter__(self) -> "Lab":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def _add(self, node: AnyNode) -> AnyNode:
        if any(node.name == other.name for other in self.nodes):
            node.close()
            raise LabError(f"the lab already has a node {node.name}: give the new one another name")
        self.nodes.append(node)
        return node

    def _nowhere(self) -> Node:
        if self._loose_ends is None:
            self._loose_ends = self._add(Node("nowhere"))
        return self._loose_ends

    def _cable(self, node: Node, number: int, nic: str, peer: Node) -> None:
        of_node = f"{self.nodes.index(node):02x}:{number:02x}"
        connect(End(node, nic, f"52:54:00:00:{of_node}"), End(peer, _port(node, nic), f"52:54:00:01:{of_node}"))


def _move(nic: str, host: Host) -> None:
    # The kernel returns the NICs of an ended host some time later, without an event to wait for: hence a bounded poll.
    deadline = time.monotonic() + 10
    while not (spare := kernel.spare_nics()):
        if time.monotonic() > deadline:
            raise LabError(f"{host.name}: the virtual machine has no unused NIC for {nic}")
        time.sleep(0.02)
    command = ["ip", "link", "set", "dev", spare[0], "name", nic, "netns", str(host.pid)]
    moved = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if moved.returncode != 0:
        raise CommandError("lab", command, moved.returncode, moved.stdout, moved.stderr)


def _port(node: Node, nic: str) -> str:
    """The interface at the other end of a NIC's cable: the last 15 characters, the kernel's limit, of NODE-NIC."""
    return f"{node.name}-{nic}"[-15:]
