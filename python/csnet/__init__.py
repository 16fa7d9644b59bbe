"""Puts a KVM host's CloudStack management traffic on a VLAN and a bridge of its own, as NetworkManager profiles.

    import csnet

    wanted = csnet.ManagementNetwork(uplinks=["eth0"], vlan=100, bridge="cloudbr0",
                                     addresses=["192.168.100.10/24"], gateway="192.168.100.1",
                                     servers=["192.168.100.2"])
    with csnet.Session() as session:
        plan = session.plan(wanted)
        print(plan)
        session.apply(plan)

Profiles, the recipe and plans are immutable values: validate(), plan() and render() need no daemon. A Session talks to
NetworkManager. Every failure raises a subclass of csnet.Error.
"""

try:
    import csnet._csnet as _csnet  # noqa: F401
except ImportError as _error:
    from csnet._import_error import explained

    raise explained(_error) from _error

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
    Facts,
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
    Request,
    Route,
    Session,
    Step,
    Transaction,
    VlanProfile,
    __version__,
    bond_slave,
    bridge_slave,
    load,
    loads,
    plan,
    render,
    validate,
)
from csnet._enums import (
    Action,
    ErrorKind,
    LacpState,
    ProbeType,
    ProgressAction,
    ProgressOutcome,
    ProgressPhase,
    Severity,
    TransactionOutcome,
    TransactionState,
)
from csnet._errors import (
    BugError,
    ConflictError,
    Error,
    FileError,
    IncompleteError,
    InvalidError,
    Leftover,
    NotFoundError,
    Problem,
    RolledBackError,
    TransactionError,
    UnavailableError,
    UnsupportedError,
)
from csnet._errors import PermissionError as PermissionError, TimeoutError as TimeoutError  # noqa: F401  # public
from csnet._file import dump
from csnet._show.as_dict import as_dict

# Without PermissionError and TimeoutError: `from csnet import *` must not hide the builtins of these names.
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
    "Facts",
    "FileError",
    "Finding",
    "HostState",
    "IncompleteError",
    "InvalidError",
    "Ip4Config",
    "Ip6Config",
    "IpAddress",
    "LacpState",
    "Leftover",
    "Link",
    "MacAddress",
    "ManagementNetwork",
    "NotFoundError",
    "Plan",
    "PlanOptions",
    "Probe",
    "ProbeType",
    "Problem",
    "Progress",
    "ProgressAction",
    "ProgressOutcome",
    "ProgressPhase",
    "Report",
    "Request",
    "RolledBackError",
    "Route",
    "Session",
    "Severity",
    "Step",
    "Transaction",
    "TransactionError",
    "TransactionOutcome",
    "TransactionState",
    "UnavailableError",
    "UnsupportedError",
    "VlanProfile",
    "__version__",
    "as_dict",
    "bond_slave",
    "bridge_slave",
    "dump",
    "load",
    "loads",
    "plan",
    "render",
    "validate",
]
