"""The keys of the network file, from the tables that csnet.load() reads by."""

from functools import lru_cache
from typing import Any, Dict, NamedTuple, Optional, Sequence, Type

from csnet import _csnet

PROFILES: Dict[str, Type[Any]] = {
    "bridge": _csnet.BridgeProfile,
    "vlan": _csnet.VlanProfile,
    "bond": _csnet.BondProfile,
    "ethernet": _csnet.EthernetProfile,
}
PORTS: Dict[str, Type[Any]] = {"bridge": _csnet.BridgePort, "bond": _csnet.BondPort}
CONFIGS: Dict[str, Type[Any]] = {"Ip4Config": _csnet.Ip4Config, "Ip6Config": _csnet.Ip6Config}


class Field(NamedTuple):
    """A key. `kind` is the name of its type, "list[Cidr]"; `note` says in the file's words what it is;
    `words` are the only values that are right, where there are any."""

    name: str
    kind: str
    note: str
    property: str = ""
    least: Optional[int] = None
    most: Optional[int] = None
    standard: Any = None
    words: Sequence[str] = ()


TYPE_OF_PROFILE = Field("type", "type", "bridge, vlan, bond or ethernet")
TYPE_OF_PORT = Field("type", "type", "bridge or bond: what the controller is")


@lru_cache(maxsize=None)
def fields(cls: str) -> Dict[str, Field]:
    """The keys of a mapping that is an object of this class, without the `type` of profiles and ports.

    "Request" is the file itself, "Uplink" is `management.uplink` where that is a mapping.
    """
    return {row[0]: Field(*row) for row in _csnet._file_keys(cls)}
