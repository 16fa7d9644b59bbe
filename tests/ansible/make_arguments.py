"""Makes the arguments of the collection's modules, and their documentation, from csnet's own tables.

`python3 tests/ansible/make_arguments.py` writes the files; test_collection.py fails if they are old.
"""

import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

import csnet
import yaml
from csnet.network_file import schema, tables
from csnet.network_file.tables import Field

COLLECTION = Path(__file__).resolve().parents[2] / "python/ansible_collections/csnet/network"
_MADE = "Made by tests/ansible/make_arguments.py from csnet's own tables: do not edit."
#: nmcli's other names for a field, beside the property's name with dashes.
_NMCLI = {
    "name": ["con-name"], "interface_name": ["ifname"], "controller": ["master"], "parent": ["dev"],
    "mac_address": ["mac"], "cloned_mac_address": ["cloned-mac"], "hairpin_mode": ["hairpin"],
    "ingress_priority_map": ["ingress"], "egress_priority_map": ["egress"],
}
_TYPES = {"str": "str", "bool": "bool", "int": "int"}

Options = Dict[str, Dict[str, Any]]


def options_of(cls: str) -> Options:
    """The fields of a class as options of DOCUMENTATION."""
    return {name: _option(cls, field) for name, field in tables.fields(cls).items()}


def _option(cls: str, field: Field) -> Dict[str, Any]:
    note = field.note
    made: Dict[str, Any] = {"description": [note[:1].upper() + note[1:] + "."]}
    if field.property:
        made["description"].append(f"NetworkManager's C({field.property}).")
    made.update(_type(field.kind))
    if field.words:
        made["choices"] = schema.choices(field)
    aliases = ([field.name.replace("_", "-")] if "_" in field.name else []) + _NMCLI.get(field.name, [])
    if aliases:
        made["aliases"] = aliases
    return made


def _type(kind: str) -> Dict[str, Any]:
    if kind.startswith("list["):
        inner = _type(kind[len("list["):-1])
        made = {"type": "list", "elements": inner.pop("type")}
        return {**made, **inner}
    if kind.startswith("dict["):
        return {"type": "dict"}
    if kind == "ProbeType":
        return {"type": "str", "choices": [one.value for one in csnet.ProbeType]}
    if kind in tables.CONFIGS:
        return {"type": "dict", "suboptions": options_of(kind)}
    if kind == "BridgePort | BondPort":
        return {"type": "dict", "suboptions": _by_type(tables.TYPE_OF_PORT, tables.PORTS)}
    if " | " in kind:
        return {"type": "dict", "suboptions": _by_type(tables.TYPE_OF_PROFILE, tables.PROFILES)}
    if kind == "Probe":
        probe = options_of(kind)
        for name in ("type", "target"):
            probe[name]["required"] = True
        return {"type": "dict", "suboptions": probe}
    return {"type": _TYPES.get(kind, "str")}


def _by_type(field: Field, classes: Dict[str, Any]) -> Options:
    """The options of all types in one list. Their descriptions say which type has which; csnet refuses the others."""
    found: Dict[str, List[Tuple[str, Dict[str, Any]]]] = {}
    for name, cls in classes.items():
        for key, option in options_of(cls.__name__).items():
            found.setdefault(key, []).append((name, option))
    merged: Options = {"type": {"description": [f"{field.note.capitalize()}."], "type": "str",
                                "required": True, "choices": list(classes)}}
    for key, of_types in found.items():
        notes = [option["description"] for _, option in of_types]
        merged[key] = dict(of_types[0][1])
        if len(of_types) < len(classes) or notes.count(notes[0]) < len(notes):
            merged[key]["description"] = [f"Of a {name} profile or port. {note[0]}" if classes is tables.PORTS
                                          else f"Of type {name}. {note[0]}" for (name, _), note in zip(of_types, notes)]
            merged[key]["description"] += sorted({each for note in notes for each in note[1:]})
    return merged


def documentation() -> Dict[str, Options]:
    """The options of each documentation fragment, by its name."""
    state = options_of("Request")
    del state["management"]
    management = options_of("ManagementNetwork")
    management["uplink"]["type"] = "raw"
    for name in ("uplink", "addresses"):
        management[name]["required"] = True
    return {"MANAGEMENT": management, "PROFILE": _by_type(tables.TYPE_OF_PROFILE, tables.PROFILES), "STATE": state}


def specification(options: Options) -> Options:
    """The options as an argument_spec."""
    made: Options = {}
    for name, option in options.items():
        made[name] = {key: value for key, value in option.items() if key not in ("description", "suboptions")}
        if "suboptions" in option:
            made[name]["options"] = specification(option["suboptions"])
    return made


def role() -> Dict[str, Any]:
    """The role's argument_specs.yml."""
    fields = {**documentation()["MANAGEMENT"], **documentation()["STATE"]}
    own: Options = {
        "kvm_host_network": {
            "description": ["The wanted network: the keys of csnet's network file, with those of its management at the"
                            " top."], "type": "dict", "required": True, "options": _without_aliases(fields)},
        "kvm_host_packages": {"description": ["The packages that csnet needs; by default those of the distribution."],
                              "type": "list", "elements": "str"},
        "kvm_host_csnet_packages": {"description": ["The packages of csnet: names in a repository of yours, or files on"
                                                    " the host."], "type": "list", "elements": "str", "default": []},
        "kvm_host_network_file": {"description": ["The path of the network file on the host. Empty: do not keep it."],
                                  "type": "str", "default": "/etc/csnet/network.yaml"},
        "kvm_host_commit": {"description": ["As commit of csnet.network.management_network."], "type": "str",
                            "choices": ["by_controller", "by_host"], "default": "by_controller"},
        "kvm_host_rollback_after": {"description": ["Seconds for the probes and the controller."], "type": "float",
                                    "default": 60},
        "kvm_host_prune": {"description": ["Delete profiles that would be retired."], "type": "bool",
                           "default": False},
        "kvm_host_guest_vlans": {"description": ["The zone's guest VLANs, for a warning."], "type": "str",
                                 "default": ""},
    }
    summary = "Management traffic on a VLAN and a bridge of its own"
    text = ["Installs csnet, checks the host, moves the traffic in one transaction, and verifies the network."]
    return {"argument_specs": {"main": {"short_description": summary, "description": text, "options": own}}}


def _without_aliases(options: Options) -> Options:
    """The options without aliases: the role passes on only their own names."""
    found: Options = {}
    for name, option in options.items():
        found[name] = {key: value for key, value in option.items() if key not in ("aliases", "suboptions")}
        if "suboptions" in option:
            found[name]["options"] = _without_aliases(option["suboptions"])
    return found


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True  # Ansible does not read anchors here

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # ansible-lint wants indented lists


def _yaml(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True)
    return text


def _python(value: Any, indent: int = 0) -> str:
    """A value as Python source, on one line if that is short enough."""
    text = repr(value).replace("'", '"')
    if len(text) + indent < 100:
        return text
    if isinstance(value, list):
        return "[\n" + "".join(f'{" " * indent}    {_python(each)},\n' for each in value) + " " * indent + "]"
    inner = "".join(f'{" " * indent}    "{key}": {_python(of, indent + 4)},\n' for key, of in value.items())
    return f"{{\n{inner}{' ' * indent}}}"


def files() -> Dict[Path, str]:
    documents = documentation()
    header = f'"""{{}}\n\n{_MADE}\n"""\n\nfrom __future__ import absolute_import, division, print_function\n\n' \
             "__metaclass__ = type\n"
    fragments = header.format("The options that come from csnet's fields.") + "\n\nclass ModuleDocFragment:\n"
    arguments = header.format("The arguments that come from csnet's fields.")
    for name, options in documents.items():
        text = _yaml({"options": options})
        body = "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())
        fragments += f'    {name} = r"""\n{body}    """\n\n'
        arguments += f"\n{name} = {_python(specification(options))}\n"
    # PROFILE appears once more inside STATE: write its name there.
    again = _python(specification(documents["PROFILE"]), 8)
    assert arguments.count(again) == 1
    arguments = arguments.replace(again, "PROFILE")
    return {COLLECTION / "plugins/doc_fragments/fields.py": fragments.rstrip("\n") + "\n",
            COLLECTION / "plugins/module_utils/arguments.py": arguments,
            COLLECTION / "roles/kvm_host/meta/argument_specs.yml": f"---\n# {_MADE}\n{_yaml(role())}"}


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.exit(0)
