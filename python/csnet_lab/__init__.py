"""A lab of hosts in network namespaces, each with a real NetworkManager, and of a switch and a management server.

    with Lab() as lab:
        switch = lab.switch()
        server = lab.management_server(switch, vlan=100, address="192.168.100.2/24")
        host = lab.host("host", nics=["eth0"], switch=switch, trunk=[100])
        print(host.run(["nmcli", "device"]).stdout)

The switch needs VLANs in the kernel. If the running kernel has none, `python3 -m csnet_lab run -- COMMAND` runs a
command under another one: User-Mode-Linux, or Debian's stock kernel in a virtual machine.
"""

from .capture import Capture
from .errors import CommandError, LabError
from .host import Host, Nic
from .laboratory import Lab
from .management_server import ManagementServer
from .network_manager import NetworkManager
from .node import Node
from .process import Process
from .switch import Switch

__all__ = [
    "Capture",
    "CommandError",
    "Host",
    "Lab",
    "LabError",
    "ManagementServer",
    "NetworkManager",
    "Nic",
    "Node",
    "Process",
    "Switch",
]
