"""The JSON Schema of the network file, from csnet's own tables: for editors, and for programs that make such files.

`python3 -m csnet.network_file.schema` prints it. It knows the form of a file; csnet.load() also
refuses a file that contradicts itself.
"""

import json
from typing import Any, Dict, Iterable, List

from csnet._enums import ProbeType
from csnet.network_file import tables
from csnet.network_file.tables import Field

ID = "https://csnet.invalid/network-file.schema.json"
#: The keys that csnet refuses a profile without, by its type.
REQUIRED = {
    "BridgeProfile": ["name", "interface_name"], "BondProfile": ["name", "interface_name"],
    "VlanProfile": ["name", "parent", "id"], "EthernetProfile": ["name"], "Probe": ["type", "target"],
}
_PATTERNS = {
    "MacAddress": r"^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$",
    "IpAddress": r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$",
    "Cidr": r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)/[0-9]{1,3}$",
    "Route": r"^ *[0-9A-Fa-f:.]+/[0-9]{1,3}( +[0-9A-Fa-f:.]+)?( +[0-9]+)? *$",
}


def schema() -> Dict[str, Any]:
    classes = [*tables.CONFIGS.values(), *tables.PORTS.values(), *tables.PROFILES.values()]
    definitions = {cls.__name__: _of_class(cls.__name__) for cls in classes}
    definitions["Probe"] = _of_class("Probe")
    definitions["ManagementNetwork"] = _management()
    definitions["Profile"] = _by_type(tables.TYPE_OF_PROFILE, tables.PROFILES)
    definitions["Port"] = _by_type(tables.TYPE_OF_PORT, tables.PORTS)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ID,
        "title": "csnet's network file",
        "description": "The wanted state of a KVM host's network.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _ref("ManagementNetwork") if name == "management" else _of_field(field)
                       for name, field in tables.fields("Request").items()},
        "definitions": definitions,
    }


def text() -> str:
    """As it is shipped."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def choices(field: Field) -> List[str]:
    """The words that are right for a key. The kernel also takes a bonding mode by its number."""
    return [*field.words, *(str(number) for number in range(len(field.words)) if field.name == "mode")]


def _ref(name: str) -> Dict[str, Any]:
    return {"$ref": f"#/definitions/{name}"}


def _object(properties: Dict[str, Any], required: Iterable[str], description: str = "") -> Dict[str, Any]:
    made: Dict[str, Any] = {"description": description} if description else {}
    made.update(type="object", additionalProperties=False, properties=properties)
    if required:
        made["required"] = list(required)
    return made


def _of_class(cls: str) -> Dict[str, Any]:
    properties = {name: _of_field(field) for name, field in tables.fields(cls).items()}
    word = next((name for kinds in (tables.PROFILES, tables.PORTS) for name, of in kinds.items()
                 if of.__name__ == cls), None)
    required = REQUIRED.get(cls, [])
    if word:
        properties = {"type": {"const": word}, **properties}
        required = ["type", *required]
    return _object(properties, required)


def _by_type(field: Field, classes: Dict[str, Any]) -> Dict[str, Any]:
    """With if and then an editor complains about one key, and not about all types at once."""
    cases = [{"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": _ref(cls.__name__)}
             for name, cls in classes.items()]
    return {"type": "object", "required": ["type"], "allOf": cases,
            "properties": {"type": {"description": field.note, "enum": list(classes)}}}


def _management() -> Dict[str, Any]:
    bond = _object({name: _of_field(field) for name, field in tables.fields("Uplink").items()}, ["ports"])
    names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    properties = {name: {"description": field.note, "oneOf": [{"type": "string"}, names, bond]}
                  if name == "uplink" else _of_field(field)
                  for name, field in tables.fields("ManagementNetwork").items()}
    return _object(properties, ["uplink", "addresses"],
                   "The recipe: NIC or bond, VLAN, bridge, static address. Its profiles come before the others.")


def _of_field(field: Field) -> Dict[str, Any]:
    made = _of_kind(field.kind, field)
    if field.words:
        made["enum"] = choices(field)
    if field.standard is not None:
        made["default"] = field.standard
    note = field.note + (f" (NetworkManager: {field.property})" if field.property else "")
    return {"description": note, **made} if "$ref" not in made else {"description": note, "allOf": [made]}


def _of_kind(kind: str, field: Field) -> Dict[str, Any]:
    if kind in ("str", "bool"):
        return {"type": "string" if kind == "str" else "boolean"}
    if kind == "int":
        least, most = field.least, field.most
        return {"type": "integer", "minimum": 0 if least is None else least,
                "maximum": 2**32 - 1 if most is None else most}
    if kind == "ProbeType":
        return {"type": "string", "enum": [one.value for one in ProbeType]}
    if kind in _PATTERNS:
        return {"type": "string", "pattern": _PATTERNS[kind]}
    if kind.startswith("list["):
        return {"type": "array", "items": _of_kind(kind[len("list["):-1], field)}
    if kind == "dict[str, str]":  # miimon: 100 needs no quotes
        return {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}
    if kind.startswith("dict["):
        made: Dict[str, Any] = {"type": "object", "additionalProperties": _of_kind("int", Field("", "int", ""))}
        return {**made, "propertyNames": {"pattern": "^(0|[1-9][0-9]*)$"}} if kind.startswith("dict[int") else made
    if kind == "BridgePort | BondPort":
        return _ref("Port")
    return _ref("Profile" if " | " in kind else kind)


if __name__ == "__main__":
    print(text(), end="")
