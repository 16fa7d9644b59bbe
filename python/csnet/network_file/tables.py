"""The file's keys: those of csnet's classes, from the tables of the C++ part, and the few that are the file's own."""

import re
from functools import lru_cache
from typing import Any, Dict, NamedTuple, Optional, Tuple, Type

from csnet import _csnet
from csnet._enums import ProbeType

PROFILES: Dict[str, Type[Any]] = {
    "bridge": _csnet.BridgeProfile,
    "vlan": _csnet.VlanProfile,
    "bond": _csnet.BondProfile,
    "ethernet": _csnet.EthernetProfile,
}
PORTS: Dict[str, Type[Any]] = {"bridge": _csnet.BridgePort, "bond": _csnet.BondPort}
CONFIGS: Dict[str, Type[Any]] = {"Ip4Config": _csnet.Ip4Config, "Ip6Config": _csnet.Ip6Config}
PROBES = tuple(one.value for one in ProbeType)
TYPE_OF = {cls.__name__: name for name, cls in PROFILES.items()}
#: Of the classes' fields, those that no file has: a host's facts, and what `uplink` says otherwise.
_NOT_IN_FILES = {
    "HostState": {"devices"},
    "ManagementNetwork": {"uplinks", "bond", "bond_mode", "bond_options"},
}
#: Words that csnet will know one day.
COMING = ("firewall", "tuning", "agent")


class Field(NamedTuple):
    """`kind` is the C++ part's name of the type, "list[Cidr]"; `optional`: None is "not mentioned"."""

    name: str
    kind: str
    optional: bool
    written_for_python: str
    property: str = ""
    least: Optional[int] = None
    most: Optional[int] = None
    standard: Any = None


UPLINK = Field("uplink", "uplink", False,
               "the NIC (step 1); a list of NICs, which become an LACP bond; or {bond, ports, mode, options}")
#: Of a bond that is the uplink: the key, and ManagementNetwork's name of it.
UPLINK_KEYS: Dict[str, Tuple[str, Field]] = {
    "bond": ("bond", Field("bond", "str", True, "the bond's interface; default bond0")),
    "ports": ("uplinks", Field("ports", "list[str]", False, "the NICs")),
    "mode": ("bond_mode", Field("mode", "str", True, "the bond's mode; default 802.3ad (LACP)")),
    "options": ("bond_options", Field(
        "options", "dict[str, str]", True,
        "the kernel's bonding options; default {lacp_rate: fast, miimon: 100}, and in another mode than 802.3ad "
        "{miimon: 100}")),
}
TYPE_OF_PROFILE = Field("type", "type", False, "bridge, vlan, bond or ethernet")
TYPE_OF_PORT = Field("type", "type", False, "bridge or bond: what the controller is")


@lru_cache(maxsize=None)
def fields(cls: str) -> Dict[str, Field]:
    """The keys of a mapping that is an object of this class, without `type` and `uplink`, in the class's order."""
    hidden = _NOT_IN_FILES.get(cls, set())
    found = {}
    for name, kind, note, prop, least, most, standard in _csnet._fields_of(cls):
        if name not in hidden:
            optional = kind.endswith(" | None")
            bare = kind[:-len(" | None")] if optional else kind
            found[name] = Field(name, bare, optional, note, prop, least, most, standard)
    return found


def note_of(field: Field) -> str:
    """What the field is, in YAML's words."""
    note = field.written_for_python
    for pattern, text in (("None", "left out"), ("True", "true"), ("False", "false"),
                          ("BridgePort", "{type: bridge, …}"), ("BondPort", "{type: bond, …}")):
        note = re.sub(rf"\b{pattern}\b", text, note)
    return re.sub(r"'([^' ]+)'", r"\1", note)


def owners(key: str, classes: Dict[str, Type[Any]]) -> Tuple[str, ...]:
    """The types that have this key: for "stp belongs to bridge"."""
    return tuple(name for name, cls in classes.items() if key in fields(cls.__name__))
