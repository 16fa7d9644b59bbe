"""A KVM host's CloudStack management traffic on a VLAN and a bridge of its own, as NetworkManager profiles.

    import csnet

    wanted = csnet.ManagementNetwork(uplinks=["eth0"], vlan=100, bridge="cloudbr0",
                                     addresses=["192.168.100.10/24"], gateway="192.168.100.1",
                                     servers=["192.168.100.2"])
    with csnet.Session() as session:
        session.add_all(wanted.desired().profiles)

Profiles and the recipe are immutable values: validate() and render() need no daemon, a Session talks to
NetworkManager. What fails raises a subclass of csnet.Error.
"""

from csnet._csnet import (
    BondPort,
    BondProfile,
    BridgePort,
    BridgeProfile,
    Cidr,
    Device,
    EthernetProfile,
    Finding,
    HostState,
    Ip4Config,
    Ip6Config,
    IpAddress,
    MacAddress,
    ManagementNetwork,
    Route,
    Session,
    VlanProfile,
    __version__,
    bond_slave,
    bridge_slave,
    render,
    validate,
)
from csnet._enums import ErrorKind, Severity
from csnet._errors import (
    BugError,
    ConflictError,
    Error,
    InvalidError,
    NotFoundError,
    PermissionError,
    RolledBackError,
    TimeoutError,
    UnavailableError,
    UnsupportedError,
)

__all__ = [
    "BondPort",
    "BondProfile",
    "BridgePort",
    "BridgeProfile",
    "BugError",
    "Cidr",
    "ConflictError",
    "Device",
    "Error",
    "ErrorKind",
    "EthernetProfile",
    "Finding",
    "HostState",
    "InvalidError",
    "Ip4Config",
    "Ip6Config",
    "IpAddress",
    "MacAddress",
    "ManagementNetwork",
    "NotFoundError",
    "PermissionError",
    "RolledBackError",
    "Route",
    "Session",
    "Severity",
    "TimeoutError",
    "UnavailableError",
    "UnsupportedError",
    "VlanProfile",
    "__version__",
    "bond_slave",
    "bridge_slave",
    "render",
    "validate",
]
