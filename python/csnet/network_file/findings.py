"""What validate() finds, at the place in the file that it is about."""

import re
from typing import Dict, List, NamedTuple, Optional, Set, Tuple

from csnet import _csnet
from csnet._enums import Severity
from csnet.network_file import tables
from csnet.network_file.problems import Problems, Stop
from csnet.network_file.values import Contents, Place

_HEAD = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z_]+)?)(:| ) ?(.+)", re.DOTALL)
#: Where a finding begins with no field's name.
_ABOUT: List[Tuple[str, str]] = [
    (r"no uplink|uplink '", "uplink"),
    (r"no address|IPv6 alone", "addresses"),
    (r"'.*' is the uplink and the bridge", "bridge"),
    (r"is a port without", "port"),
    (r"is a port with an IP", "ipv4 ipv6"),
    (r"is its own controller|is a (bridge|bond) port, and", "controller"),
    (r"is its own parent", "parent"),
    (r"lies on itself", "controller parent"),
    (r"address .* is that of", "ipv4.addresses ipv6.addresses"),
    (r".* is VLAN \d+ of", "id"),
    (r".* comes up on ", "interface_name"),
    (r"options hold the mode", "options.mode"),
]
#: The key of `management` that a field of a profile comes from. What is not here comes from none, or from the same.
_OF_MANAGEMENT: Dict[str, Dict[str, str]] = {
    "bridge": {
        "name": "bridge", "interface_name": "bridge", "ipv4.addresses": "addresses", "ipv6.addresses": "addresses",
        "ipv4.gateway": "gateway", "ipv6.gateway": "gateway6", "ipv4.dns": "dns", "ipv6.dns": "dns",
        "ipv4.dns_search": "dns_search", "controller": "bridge",
    },
    "bond": {"interface_name": "uplink.bond", "name": "uplink.bond", "mode": "uplink.mode", "options": "uplink.options",
             "controller": "bridge"},
    "vlan": {"interface_name": "vlan", "name": "vlan", "id": "vlan", "parent": "uplink", "controller": "bridge"},
    "ethernet": {"interface_name": "uplink", "name": "uplink", "controller": "bridge"},
    "probe": {"interface_name": "bridge", "target": "gateway"},
    "": {"bond": "uplink.bond", "bond_mode": "uplink.mode", "bond_options": "uplink.options"},
}
_PYTHON = re.compile(r"\b([a-z_0-9]+)=('([^']*)'|\[[^\]]*\]|True|False)")


class _Owner(NamedTuple):
    """What in the file a finding's subject stands for: the path, and what its fields are called there."""

    path: str
    alone: List[_csnet.Finding]
    renamed: Optional[Dict[str, str]]


def refuse_invalid(contents: Contents, places: Dict[str, Place], problems: Problems) -> _csnet.HostState:
    """The state, when it is right. Otherwise its errors are among the problems, and Stop is raised."""
    state = _csnet.HostState(profiles=contents.profiles, remove=contents.remove, probes=contents.probes)
    network = contents.management
    owners: Dict[str, List[_Owner]] = {}
    of_network: List[_csnet.Finding] = []
    if network is not None:
        of_network = _errors(_csnet.validate(network))
        if not of_network:
            made = network.desired()
            for profile in made.profiles:
                owners.setdefault(_subject(profile), []).append(_owner_in_management(profile.type))
            state = state.replace(profiles=made.profiles + state.profiles, probes=made.probes + state.probes)
    for index, profile in enumerate(contents.profiles):
        alone = _errors(_csnet.validate(_csnet.HostState(profiles=[profile])))
        owners.setdefault(_subject(profile), []).append(_Owner(f"profiles[{index}]", alone, None))
    for index, which in enumerate(contents.remove):
        owners.setdefault(f"remove '{which}'", []).append(_Owner(f"remove[{index}]", [], None))
    for index, probe in enumerate(contents.probes):
        owners.setdefault(f"probe '{probe.type} {probe.target}'", []).append(
            _Owner(f"probes[{index}]", [], {"port": "target"}))

    findings = _errors(_csnet.validate(state))
    if not findings and not of_network:
        return state
    placer = _Placer(places, problems)
    for finding in of_network:
        kind = finding.subject.split(" ")[0]
        placer.add(finding, _owner_in_management("" if kind == "management" else kind))
    for finding in findings:
        placer.add(finding, _owner_of(finding, owners))
    raise Stop


def _owner_in_management(kind: str) -> _Owner:
    return _Owner("management", [], _OF_MANAGEMENT.get(kind, {}))


def _errors(findings: List[_csnet.Finding]) -> List[_csnet.Finding]:
    return [finding for finding in findings if finding.severity is Severity.error]


def _subject(profile: "_csnet._Profile") -> str:
    return f"{profile.type} '{profile.name}'"


def _owner_of(finding: _csnet.Finding, owners: Dict[str, List[_Owner]]) -> _Owner:
    """Of several profiles of one name, the one that has it alone, too; what lies between two is said of the later."""
    found = owners.get(finding.subject, [_Owner("", [], None)])
    for owner in found:
        if finding in owner.alone:
            owner.alone.remove(finding)
            return owner
    return found[-1]


class _Placer:
    def __init__(self, places: Dict[str, Place], problems: Problems) -> None:
        self._places = places
        self._problems = problems
        self._used: Set[Place] = set()

    def add(self, finding: _csnet.Finding, owner: _Owner) -> None:
        fields, message = _fields(finding.evidence)
        if owner.renamed is not None:
            fields = [_renamed(field, owner.renamed) for field in fields]
        paths = [f"{owner.path}.{field}" if owner.path else field for field in fields] or [owner.path]
        path = self._item(next((each for each in paths if each in self._places), paths[0]), finding.evidence)
        place = self._nearest(path)
        if owner.path == "management":
            # Of what the recipe makes, the first word on a key says it: the others follow from it.
            if place in self._used or path in ("management.ipv4.method", "management.ipv6.method"):
                return
            self._used.add(place)
        if message == "is empty" and path not in self._places:
            message = "is missing"
        hint = _PYTHON.sub(_as_yaml, finding.remedy)
        for port in ("Bridge", "Bond"):
            hint = hint.replace(f"give it a {port}Port", f"write port: {{type: {port.lower()}}}")
        self._problems.add(place, path, message, hint)

    def _item(self, path: str, evidence: str) -> str:
        """The item of a list that the message quotes, if it quotes one."""
        quoted = {part for word in evidence.split() for part in (word.strip("',"), word.rstrip(":").strip("'"))}
        for each in self._places:
            text = self._text(each) if each.startswith(f"{path}[") else ""
            if text and not quoted.isdisjoint({text, text.split("/")[0]}):
                return each
        return path

    def _text(self, path: str) -> str:
        line, column = self._places[path]
        found = re.match(r"""["']?([^"',\]\s#]+)""", self._problems.source.lines[line - 1][column - 1:])
        return found[1] if found else "\n"

    def _nearest(self, path: str) -> Place:
        while path and path not in self._places:
            path = path[:max(path.rfind("."), path.rfind("["), 0)]  # a key may hold either: it ends in any case
        return self._places.get(path, (1, 1))


def _fields(evidence: str) -> Tuple[List[str], str]:
    """The fields that it may be about, and what is said of them."""
    for pattern, fields in _ABOUT:
        if re.match(pattern, evidence):
            return fields.split(" "), evidence
    match = _HEAD.fullmatch(evidence)
    if match is None:
        return [], evidence
    field, _, rest = match.groups()
    if field in ("option", "coalesce") and rest.startswith("'"):
        return [f"{'options' if field == 'option' else field}.{rest.split(chr(39))[1]}"], evidence
    if field.endswith("_priority_map"):
        return [f"{field}.{rest.split(':')[0]}"], rest.split(": ", 1)[-1]
    if not _is_field(field):
        return [], evidence
    rest = re.sub(r"^('[^']*'): is ", r"\1 is ", rest)
    return [field], evidence if rest.startswith("and ") else rest


def _is_field(field: str) -> bool:
    classes = [cls.__name__ for cls in tables.PROFILES.values()]
    return any(field.split(".")[0] in tables.fields(cls) for cls in [*classes, "ManagementNetwork", "Probe"])


def _renamed(field: str, names: Dict[str, str]) -> str:
    head, dot, rest = field.partition(".")
    return names.get(field) or names.get(head, head) + dot + rest


def _as_yaml(python: "re.Match[str]") -> str:
    key, value, text = python.groups()
    return f"{key}: {text if text is not None else value.lower() if value[0] in 'TF' else value.replace(chr(39), '')}"
