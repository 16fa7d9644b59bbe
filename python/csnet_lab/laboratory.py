"""The lab: makes nodes, cables them, and ends them together."""

import subprocess
import time
from types import TracebackType
from typing import List, Mapping, Optional, Sequence, Type, TypeVar

from . import kernel
from .errors import CommandError, LabError
from .host import Host
from .management_server import ManagementServer
from .node import Node
from .switch import Switch, connect

AnyNode = TypeVar("AnyNode", bound=Node)


class Lab:
    """Everything made by one lab ends with its `with` block, or with this process, however that ends.

    Names must be unique within a lab. MACs follow from the order in which nodes are made.
    """

    def __init__(self) -> None:
        self.nodes: List[Node] = []
        self._loose_ends: Optional[Node] = None

    @property
    def hosts(self) -> List[Host]:
        return [node for node in self.nodes if isinstance(node, Host)]

    def switch(self, name: str = "switch") -> Switch:
        """A VLAN-filtering bridge in a namespace of its own."""
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
        """A server on an access port of the switch, in a VLAN (None: the switch's untagged one)."""
        server = self._add(ManagementServer(name, address))
        self._cable(server, 0, "eth0", switch)
        switch.trunk(_port(server, "eth0"), native=vlan or 1)
        nodad = " nodad" if ":" in address else ""  # else nothing could be bound to it for a second or two
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
        native: Optional[int] = 1,
        lacp: bool = False,
        physical: Sequence[str] = (),
        root: str = "",
        config: str = "",
        environment: Optional[Mapping[str, str]] = None,
        log_level: str = "INFO",
        start: bool = True,
    ) -> Host:
        """A host, its NICs cabled to the switch, its NetworkManager started unless `start` is False.

        Each port of the switch carries the VLANs of `trunk` tagged and `native` untagged; with `lacp` the switch
        bundles the ports. Without a switch the NICs have a carrier and lead nowhere.
        `physical` names more NICs: those of the virtual machine, two e1000e on one cable, for what a veth cannot do.
        The host's `nics` are without them, and `reset()` leaves them as they are.
        For the rest see `Host`.
        """
        host = self._add(Host(name, root=root, config=config, environment=environment, log_level=log_level))
        for number, nic in enumerate(nics):
            self._cable(host, number, nic, switch or self._nowhere())
        ports = [_port(host, nic) for nic in nics]
        if switch is not None:
            if lacp:
                switch.bond(host.bundle_name(name), ports)
                ports = [host.bundle_name(name)]
            for port in ports:
                switch.trunk(port, trunk, native)
        for nic in physical:
            _move(nic, host)
        if start:
            host.networkmanager.start()
        return host

    def close(self) -> None:
        """End all nodes. Returns when their processes are gone."""
        for node in self.nodes:
            node._drop_lifeline()  # all at once, then wait for each
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
            raise LabError(f"the lab has a {node.name} already: give the new one another name")
        self.nodes.append(node)
        return node

    def _nowhere(self) -> Node:
        if self._loose_ends is None:
            self._loose_ends = self._add(Node("nowhere"))
        return self._loose_ends

    def _cable(self, node: Node, number: int, nic: str, peer: Node) -> None:
        of_node = f"{self.nodes.index(node):02x}:{number:02x}"
        connect(node, nic, f"52:54:00:00:{of_node}", peer, _port(node, nic), f"52:54:00:01:{of_node}")


def _move(nic: str, host: Host) -> None:
    # The kernel hands back the NICs of a host that has ended when it likes, and tells nobody: hence a bounded poll.
    deadline = time.monotonic() + 10
    while not (spare := kernel.spare_nics()):
        if time.monotonic() > deadline:
            raise LabError(f"{host.name}: the virtual machine has no NIC to spare for {nic}")
        time.sleep(0.02)
    command = ["ip", "link", "set", "dev", spare[0], "name", nic, "netns", str(host.pid)]
    moved = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if moved.returncode != 0:
        raise CommandError("lab", command, moved.returncode, moved.stdout, moved.stderr)


def _port(node: Node, nic: str) -> str:
    """The far end of a NIC's cable. The kernel takes 15 characters; the end of the name tells more."""
    return f"{node.name}-{nic}"[-15:]
