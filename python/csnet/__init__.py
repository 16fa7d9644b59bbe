"""A KVM host's CloudStack management traffic on a VLAN and a bridge of its own, as NetworkManager profiles.

    import csnet

    wanted = csnet.ManagementNetwork(uplinks=["eth0"], vlan=100, bridge="cloudbr0",
                                     addresses=["192.168.100.10/24"], gateway="192.168.100.1",
                                     servers=["192.168.100.2"])
    with csnet.Session() as session:
        plan = session.plan(wanted.desired())
        print(plan)
        session.apply(plan)

Profiles, the recipe and plans are immutable values: validate(), plan() and render() need no daemon, a Session talks to
NetworkManager. What fails raises a subclass of csnet.Error.
"""

from csnet._check import Check
from csnet._csnet import (
    AGENT_PORT,
    BondPort,
    BondProfile,
    BridgePort,
    BridgeProfile,
    Change,
    Cidr,
    Device,
    EthernetProfile,
    Finding,
    HostState,
    Ip4Config,
    Ip6Config,
    IpAddress,
    Link,
    MacAddress,
    ManagementNetwork,
    Plan,
    PlanOptions,
    Probe,
    Progress,
    Report,
    Route,
    Session,
    Step,
    Transaction,
    VlanProfile,
    __version__,
    bond_slave,
    bridge_slave,
    plan,
    render,
    validate,
)
from csnet._enums import Action, ErrorKind, Severity
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
from csnet._file import dump, load

__all__ = [
    "AGENT_PORT",
    "Action",
    "BondPort",
    "BondProfile",
    "BridgePort",
    "BridgeProfile",
    "BugError",
    "Change",
    "Check",
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
    "Link",
    "MacAddress",
    "ManagementNetwork",
    "NotFoundError",
    "PermissionError",
    "Plan",
    "PlanOptions",
    "Probe",
    "Progress",
    "Report",
    "RolledBackError",
    "Route",
    "Session",
    "Severity",
    "Step",
    "TimeoutError",
    "Transaction",
    "UnavailableError",
    "UnsupportedError",
    "VlanProfile",
    "__version__",
    "bond_slave",
    "bridge_slave",
    "dump",
    "load",
    "plan",
    "render",
    "validate",
]
