"""YAML as a tree in which everything knows its place.

PyYAML reads the events; what they mean is decided here and in values.py, not by YAML 1.1's rules, for which 12:30:45 is
a number, `no` is false and 0100 is 64. JSON is read as the YAML that it (nearly) is.
"""

import re
from typing import Any, Dict, Iterator, List, Optional, Tuple

import yaml

from csnet.network_file.problems import Problems, Source, Stop, quote

_yaml: Any = yaml  # its types know no parse()
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
DEEPEST = 16
MOST_NODES = 50_000
#: How many values aliases may stand for, in all. A file with more is an attack.
MOST_ALIASED = 10_000
_TEXT_TAG = "tag:yaml.org,2002:str"
_NULL = frozenset(["", "~", "null", "Null", "NULL"])
_SURROGATES = re.compile(r"\\\\|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


class Node:
    """`kind` is "text", "list" or "map"; `plain` is text without quotes, in which 100 may be a number."""

    __slots__ = ("kind", "place", "text", "plain", "items", "size")

    def __init__(self, kind: str, place: Tuple[int, int], text: str = "", plain: bool = False) -> None:
        self.kind = kind
        self.place = place
        self.text = text
        self.plain = plain
        self.items: List[Node] = []  # of a map: key, value, key, value, …
        self.size = 1

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULL

    def pairs(self) -> "Iterator[Tuple[Node, Node]]":
        return zip(self.items[::2], self.items[1::2])

    def __str__(self) -> str:
        """As messages call it."""
        if self.kind == "text":
            return quote(self.text)
        return "a list" if self.kind == "list" else "a mapping"


def compose(source: Source, problems: Problems) -> Node:
    """The one document of the file. Raises Stop when there is none that can be read."""
    text = _from_json(source, problems)
    try:
        root = _Composer(problems).compose(_yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        raise _syntax(source, problems, error) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        raise problems.fatal(source.place(position), f"this is no YAML: {str(error).splitlines()[0]}") from None
    except (ValueError, OverflowError) as error:  # PyYAML's, of an escape that is no character
        raise problems.fatal((1, 1), f"this is no YAML: {error}") from None
    if root is None or root.is_null:
        raise problems.fatal((1, 1), "the file is empty", "write what is wanted; `profiles: []` wants nothing")
    return root


def _from_json(source: Source, problems: Problems) -> str:
    """JSON with what YAML does not take written otherwise: tabs between the values, and pairs of escapes."""
    text = source.text
    is_named_so = source.name.endswith(".json")
    if not is_named_so and not text.lstrip().startswith("{"):
        return text

    import json  # most files are YAML

    def refuse(constant: str) -> Any:
        raise json.JSONDecodeError(f"{constant} is not JSON", text, text.find(constant))

    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=refuse)
    except json.JSONDecodeError as error:
        if is_named_so and text.strip():
            raise problems.fatal(source.place(error.pos), f"this is no JSON: {error.msg}",
                                 "YAML may be easier to write: name the file .yaml") from None
        return text
    except RecursionError:
        return text  # which is too deep, and that is said of YAML and JSON alike

    def joined(pair: "re.Match[str]") -> str:
        if pair[1] is None:
            return pair[0]
        return f"\\U{0x10000 + (int(pair[1], 16) - 0xd800) * 0x400 + int(pair[2], 16) - 0xdc00:08x}"

    return _SURROGATES.sub(joined, text.replace("\t", " "))


def _syntax(source: Source, problems: Problems, error: "yaml.MarkedYAMLError") -> Stop:
    mark = error.problem_mark or error.context_mark
    if mark and error.context_mark and not "".join(source.lines[mark.line:])[mark.column:].strip():
        mark = error.context_mark  # what is not closed, rather than the end of the file
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    message = str(error.problem or error.context or "it cannot be read")
    at = _at(source, place)
    hint = ""
    if at.startswith("\t") or "\t" in message:
        message, hint = "a tab", "YAML is indented with spaces"
    elif "cannot start any token" in message:
        message, hint = f"nothing can begin with {at[:1]}", 'write the value in quotes: "…"'
    elif "mapping values are not allowed" in message:
        hint = "a ': ' inside of a value needs quotes around it; else the indentation is wrong"
    elif "unexpected end of stream" in message:
        hint = "a quote is missing"
    elif re.search("expected (':'|<block end>|key|'-')", message):
        hint = "look at this line's indentation, and for a missing ':' or quote above it"
    elif "expected ',' or" in message:
        hint = "look for a missing comma or bracket"
    return problems.fatal(place, f"this is no YAML: {message}", hint)


def _at(source: Source, place: Tuple[int, int]) -> str:
    return source.lines[place[0] - 1][place[1] - 1:] if place[0] <= len(source.lines) else ""


class _Composer:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._anchors: Dict[str, Optional[Node]] = {}  # None: its value is not complete yet
        self._open: List[Tuple[Node, Optional[str]]] = []
        self._root: Optional[Node] = None
        self._nodes = 0
        self._aliased = 0

    def compose(self, events: Any) -> Optional[Node]:
        for event in events:
            place = (event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml.AliasEvent):
                self._put(self._alias(event.anchor, place))
            elif isinstance(event, yaml.ScalarEvent):
                plain = not event.style and event.tag != _TEXT_TAG
                self._begin(Node("text", place, event.value, plain), event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(Node("map" if isinstance(event, yaml.MappingStartEvent) else "list", place), event)
            elif isinstance(event, yaml.CollectionEndEvent):
                node, anchor = self._open.pop()
                self._put(node)
                if anchor:
                    self._anchors[anchor] = node
            elif isinstance(event, yaml.DocumentStartEvent) and self._root:
                raise self._problems.fatal(place, "a second document begins here", "take the '---' out")
        return self._root

    def _begin(self, node: Node, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._problems.fatal(node.place, f"more than {MOST_NODES} values", "this is no network file")
        if event.tag not in (None, "!", _TEXT_TAG):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._problems.fatal(node.place, f"the tag {quote(tag)} is not allowed", "leave it out")
        if node.kind == "text":
            if event.anchor:
                self._anchors[event.anchor] = node
            self._put(node)
            return
        if len(self._open) >= DEEPEST:
            raise self._problems.fatal(node.place, f"nested deeper than {DEEPEST} levels", "no network file is")
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append((node, event.anchor))

    def _alias(self, name: str, place: Tuple[int, int]) -> Node:
        if name not in self._anchors:
            raise self._problems.fatal(place, f"no anchor &{name} stands above",
                                       f"a value that begins with * needs quotes: \"*{name}\"")
        node = self._anchors[name]
        if node is None:
            raise self._problems.fatal(place, f"the alias *{name} is inside of what it stands for", "write it out")
        self._aliased += node.size
        if self._aliased > MOST_ALIASED:
            raise self._problems.fatal(place, f"aliases stand for more than {MOST_ALIASED} values", "write them out")
        return node

    def _put(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1][0]
        parent.items.append(node)
        parent.size += node.size
