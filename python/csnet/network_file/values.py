"""From nodes to csnet's values. Everything that has not the right form is said at once."""

import difflib
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Set, Tuple, Type

from csnet import _csnet
from csnet.network_file import tables
from csnet.network_file.nodes import Node
from csnet.network_file.problems import Problems, quote
from csnet.network_file.scalars import NOUNS, Wrong, scalar
from csnet.network_file.tables import Field

Place = Tuple[int, int]
Keys = Dict[str, Tuple[Node, Node]]


#: nmcli's, and this library's own.
_OLD_WORDS = {"con_name": "name", "ifname": "interface_name", "dev": "parent", "master": "controller", "ip4": "ipv4",
              "ip6": "ipv6", "gw4": "gateway", "gw6": "gateway6", "uplinks": "uplink"}


class Contents(NamedTuple):
    """What a file says."""

    management: Optional[_csnet.ManagementNetwork]
    profiles: List[Any]
    remove: List[str]
    probes: List[_csnet.Probe]


class Reader:
    """`places` tells afterwards where a value stands: "profiles[0].ipv4.gateway"."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.places: Dict[str, Place] = {}
        self._given: Dict[str, Set[str]] = {}  # the keys of each mapping
        self._meant: Set[str] = set()

    def contents(self, root: Node) -> Contents:
        known = {"management": Field("management", "management", True, ""), **tables.fields("HostState")}
        given = self._object(root, "", known, "the file")
        return Contents(given.get("management"), given.get("profiles", []), given.get("remove", []),
                        given.get("probes", []))

    # ------------------------------------------------------------------------------------------------- mappings

    def _keys(self, node: Node, path: str) -> Keys:
        """Each key once; what `<<` merges in comes after the node's own keys, and does not count beside one of them."""
        found: Keys = {}
        merged: List[Node] = []
        for key, value in node.pairs():
            if key.kind != "text":
                self._problems.add(key.place, path, f"a key is {key}, and must be a word", "is a ':' too many?")
            elif key.text == "<<" and key.plain:
                merged += value.items if value.kind == "list" else [value]
            elif key.text in found:
                first = found[key.text][0].place[0]
                self._problems.add(key.place, join(path, key.text), f"is there twice, first in line {first}",
                                   "leave one of the two out")
            else:
                found[key.text] = key, value
        for other in merged:
            if other.kind == "map":
                for name, pair in self._keys(other, path).items():
                    found.setdefault(name, pair)
            else:
                self._problems.add(other.place, join(path, "<<"), f"is {other}, and must be a mapping",
                                   "name an anchor: <<: *anchor")
        return found

    def _object(self, node: Node, path: str, known: Dict[str, Field], what: str) -> Dict[str, Any]:
        """The fields that are given, and right."""
        self.places.setdefault(path, node.place)
        if node.kind != "map":
            names = ", ".join(known)
            self._problems.add(node.place, path, f"{what} is {node}, and must be a mapping", f"its keys are {names}")
            return {}
        found = {}
        keys = self._keys(node, path)
        self._given[path] = set(keys)
        for name, (key, value) in keys.items():
            here = join(path, name)
            if name not in known:
                self._unknown(key, here, known, what)
            elif value.is_null:
                self._problems.add(key.place, here, "has no value", "write one, or leave the key out")
            else:
                self.places[here] = value.place
                try:
                    found[name] = self._value(value, here, known[name])
                except Wrong as wrong:
                    self._problems.add(value.place, here, str(wrong), wrong.hint)
        return found

    def _unknown(self, key: Node, path: str, known: Iterable[str], what: str) -> None:
        if what == "the file" and key.text in tables.COMING:
            self._problems.add(key.place, path, "is not yet something that csnet does", "leave it out")
            return
        word = key.text[:40].lower().replace("-", "_")
        near = [_OLD_WORDS[word]] if _OLD_WORDS.get(word, "") in known else difflib.get_close_matches(word, known, 1)
        self._meant.update(path[:-len(key.text)] + each for each in near if path.endswith(key.text))
        elsewhere: Tuple[str, ...] = ()
        if what.endswith(" profile"):
            elsewhere = tables.owners(key.text, tables.PROFILES)
        hint = f"did you mean '{near[0]}'?" if near else f"its keys are {', '.join(known)}"
        if elsewhere:
            hint = f"it is a key of: {', '.join(elsewhere)}"
        elif what == "the file" and key.text in tables.fields("BridgeProfile"):
            hint = "indent it, if it belongs to the line above; " + hint
        self._problems.add(key.place, path, f"{what} has no such key", hint)

    # --------------------------------------------------------------------------------------------------- values

    def _value(self, node: Node, path: str, field: Field) -> Any:
        """Raises Wrong, or says what is wrong inside."""
        kind = field.kind
        if kind in NOUNS:
            return scalar(node, field)
        if kind.startswith("dict["):
            return self._dict(node, path, field)
        if kind.startswith("list["):
            return self._list(node, path, field)
        if kind == "uplink":
            return self._uplink(node, path)
        if kind == "management":
            return self._management(node, path)
        if kind in tables.CONFIGS:
            return self._make(tables.CONFIGS[kind], self._object(node, path, tables.fields(kind), field.name))
        if kind == "Probe":
            given = self._required(node, path, tables.fields(kind), "a probe", "type", "target")
            return self._make(_csnet.Probe, given)
        if kind == "BridgePort | BondPort":
            return self._typed(node, path, tables.PORTS, tables.TYPE_OF_PORT, "port")
        return self._typed(node, path, tables.PROFILES, tables.TYPE_OF_PROFILE, "profile")

    def _dict(self, node: Node, path: str, field: Field) -> Dict[Any, Any]:
        if node.kind != "map":
            raise Wrong(f"is {node}, and must be a mapping", "write {key: value}; {} is empty")
        of_key, of_value = field.kind[len("dict["):-1].split(", ")
        found = {}
        for name, (key, value) in self._keys(node, path).items():
            here = join(path, name)
            self.places[here] = key.place
            place = key.place
            try:
                # JSON knows no other keys than text.
                number = Node("text", key.place, key.text, True) if of_key == "int" else key
                made = scalar(number, Field("key", of_key, False, ""))
                if value.is_null:
                    raise Wrong("has no value", "write one, or leave the key out")
                place = value.place
                found[made] = scalar(value, Field("value", of_value, False, ""))
            except Wrong as wrong:
                self._problems.add(place, here, str(wrong), wrong.hint)
        return found

    def _list(self, node: Node, path: str, field: Field) -> List[Any]:
        of_item = field.kind[len("list["):-1]
        if node.kind != "list":
            hint = "write [] for an empty list"
            if node.kind == "text" and of_item in NOUNS:
                hint = f"write it in brackets: {field.name}: [{node.text[:60]}]"
            elif node.kind == "map":
                hint = "begin each with '- '"
            raise Wrong(f"is {node}, and must be a list", hint)
        found = []
        for index, item in enumerate(node.items):
            here = f"{path}[{index}]"
            self.places[here] = item.place
            try:
                if item.is_null:
                    raise Wrong("has no value", "write one, or take it out of the list")
                found.append(self._value(item, here, field._replace(kind=of_item)))
            except Wrong as wrong:
                self._problems.add(item.place, here, str(wrong), wrong.hint)
        return found

    def _required(self, node: Node, path: str, known: Dict[str, Field], what: str, *names: str) -> Dict[str, Any]:
        found = self._object(node, path, known, what)
        for name in names:
            # A key that is nearly it has been complained of.
            if node.kind == "map" and name not in self._given[path] and join(path, name) not in self._meant:
                note = tables.note_of(known[name])
                self._problems.add(self.places[path], path, f"'{name}' is missing", f"{name}: {note}")
        return found

    def _typed(self, node: Node, path: str, classes: Dict[str, Type[Any]], field: Field, noun: str) -> Any:
        """A profile or a port, whose keys depend on its `type`."""
        if node.kind != "map":
            raise Wrong(f"is {node}, and must be a mapping", f"write {{type: {next(iter(classes))}, …}}")
        self.places[path] = node.place
        pair = self._keys(node, path).get("type")
        words = ", ".join(classes)
        if pair is None:
            raise Wrong(f"the {noun} has no type", f"write type: and one of {words}")
        word = pair[1]
        if word.kind != "text" or word.text not in classes:
            near = difflib.get_close_matches(word.text[:40], classes, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"use one of {words}"
            self._problems.add(word.place, join(path, "type"), f"{word} is no type of {noun}", hint)
            return None
        cls = classes[word.text]
        known = {"type": field._replace(kind="str"), **tables.fields(cls.__name__)}
        given = self._object(node, path, known, f"{'an' if word.text[0] == 'e' else 'a'} {word.text} {noun}")
        given.pop("type", None)
        return self._make(cls, given)

    def _management(self, node: Node, path: str) -> Optional[_csnet.ManagementNetwork]:
        known = {"uplink": tables.UPLINK, **tables.fields("ManagementNetwork")}
        given = self._required(node, path, known, "management", "uplink", "addresses")
        given.update(given.pop("uplink", {}))
        return _csnet.ManagementNetwork(**given)

    def _uplink(self, node: Node, path: str) -> Dict[str, Any]:
        if node.kind == "text":
            return {"uplinks": [scalar(node, Field("uplink", "str", False, ""))]}
        if node.kind == "list":
            return {"uplinks": self._list(node, path, Field("uplink", "list[str]", False, ""))}
        known = {name: field for name, (_, field) in tables.UPLINK_KEYS.items()}
        given = self._required(node, path, known, "uplink", "ports")
        made = {tables.UPLINK_KEYS[name][0]: value for name, value in given.items()}
        made.setdefault("bond", "bond0")
        if made.get("bond_mode", "802.3ad") not in ("802.3ad", "4"):  # lacp_rate belongs to that mode alone
            made.setdefault("bond_options", {"miimon": "100"})
        return made

    @staticmethod
    def _make(cls: Type[Any], given: Dict[str, Any]) -> Any:
        return cls(**given)


def join(path: str, key: str) -> str:
    """The path of a key: "profiles[0].ipv4". Short, and in one line."""
    name = key if key.isidentifier() or key.replace("-", "_").isidentifier() else quote(key)[1:-1] or "''"
    name = name if len(name) <= 60 else name[:60] + "…"
    return f"{path}.{name}" if path else name
