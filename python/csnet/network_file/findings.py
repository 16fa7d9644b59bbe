"""What validate() finds, at the place in the file that it is about."""

from typing import Dict, Iterable, List, NamedTuple, Optional, Set

from csnet import _csnet
from csnet._enums import Severity
from csnet.network_file.problems import Problems, Stop
from csnet.network_file.values import Contents, Place, join

#: Fields whose keys are anybody's words: what comes after the dot is one of them.
_WITH_KEYS = ("options", "coalesce", "ingress_priority_map", "egress_priority_map")
#: What the recipe's fields are called in the file.
_IN_MANAGEMENT = {"uplinks": "uplink.ports", "bond": "uplink.bond", "bond_mode": "uplink.mode",
                  "bond_options": "uplink.options"}


class _Owner(NamedTuple):
    """What in the file an item of the state comes from."""

    path: str
    made: "Optional[_csnet._Profile]" = None  #: by the recipe; its fields are the recipe's under other names


def refuse_invalid(contents: Contents, places: Dict[str, Place], problems: Problems) -> _csnet.HostState:
    """The state, when it is right. Otherwise its errors are among the problems, and Stop is raised."""
    network = contents.management
    of_network = [] if network is None else _errors(_csnet.validate(network))
    made = _csnet.HostState() if network is None or of_network else network.desired()
    state = _csnet.HostState(profiles=[*made.profiles, *contents.profiles], remove=contents.remove,
                             probes=[*made.probes, *contents.probes])
    findings = _errors(_csnet.validate(state))
    if not findings and not of_network:
        return state

    placer = _Placer(places, problems)
    for finding in of_network:
        placer.add_of_management(finding, finding.field)
    owners = _owners(contents, made)
    for finding in findings:
        owner = owners[finding.item]
        if owner.path == "management":
            field = finding.field
            if network is not None and owner.made is not None:
                field = _csnet._recipe_field(network, owner.made, field)
            placer.add_of_management(finding, field)
        else:
            placer.add(finding, owner.path)
    raise Stop


def _owners(contents: Contents, made: _csnet.HostState) -> Dict[str, _Owner]:
    """By the items of the state: first what the recipe makes, then what the file holds itself."""
    profiles = [*(_Owner("management", profile) for profile in made.profiles),
                *(_Owner(f"profiles[{index}]") for index in range(len(contents.profiles)))]
    probes = [*(_Owner("management") for _ in made.probes),
              *(_Owner(f"probes[{index}]") for index in range(len(contents.probes)))]
    remove = [_Owner(f"remove[{index}]") for index in range(len(contents.remove))]
    return {f"{name}[{index}]": owner for name, owners in (("profiles", profiles), ("probes", probes),
                                                           ("remove", remove))
            for index, owner in enumerate(owners)}


def _errors(findings: Iterable[_csnet.Finding]) -> List[_csnet.Finding]:
    return [finding for finding in findings if finding.severity is Severity.error]


class _Placer:
    def __init__(self, places: Dict[str, Place], problems: Problems) -> None:
        self._places = places
        self._problems = problems
        self._used: Set[Place] = set()

    def add(self, finding: _csnet.Finding, path: str) -> None:
        head, _, key = finding.field.partition(".")
        if head in _WITH_KEYS and key:
            path = join(f"{path}.{head}", key)
        elif finding.field:
            path = f"{path}.{finding.field}"
        self._add(finding, path)

    def add_of_management(self, finding: _csnet.Finding, field: str) -> None:
        """Of what is wrong with one key the first says it: the others follow from it."""
        bare = field.partition("[")[0].partition(".")[0]
        key, rest = _IN_MANAGEMENT.get(bare, bare), field[len(bare):]
        if key.startswith("uplink.") and f"management.{key}" not in self._places:
            key = "uplink"  # the NIC, or a list of NICs
        path = f"management.{key}{rest}" if field else "management"
        if key == "uplink" and path not in self._places:
            path = "management.uplink"
        place = self._nearest(path)
        if place not in self._used:
            self._used.add(place)
            self._add(finding, path)

    def _add(self, finding: _csnet.Finding, path: str) -> None:
        message = finding.message
        if finding.id == "missing" and path not in self._places:
            message = "is missing"  # rather than empty
        self._problems.add(self._nearest(path), path, message, finding.hint)

    def _nearest(self, path: str) -> Place:
        while path and path not in self._places:
            path = path[:max(path.rfind("."), path.rfind("["), 0)]  # a key may hold either: it ends in any case
        return self._places.get(path, (1, 1))
