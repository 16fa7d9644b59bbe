"""One value of the file as the type that its key has. Whether it is right for a host, validate() says later."""

import difflib
import re
from typing import Any, Callable, Dict

from csnet import _csnet
from csnet._errors import Error
from csnet.network_file.nodes import Node
from csnet.network_file.problems import quote
from csnet.network_file.tables import PROBES, Field, note_of

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?[0-9][0-9_.]*([eE][-+]?[0-9]+)?|0[xXoObB][0-9a-fA-F]+")
_MOST_DIGITS = 20
_UINT32 = 2**32 - 1
_ADDRESSES: Dict[str, Callable[[str], Any]] = {
    "MacAddress": _csnet.MacAddress, "IpAddress": _csnet.IpAddress, "Cidr": _csnet.Cidr, "Route": _csnet.Route,
}
#: What a kind is called, and what one looks like.
NOUNS = {
    "str": ("text", ""),
    "bool": ("true or false", ""),
    "int": ("a number", ""),
    "MacAddress": ("an Ethernet address", "52:54:00:12:34:56"),
    "IpAddress": ("an IP address", "192.168.100.1"),
    "Cidr": ("an address with its prefix", "192.168.100.10/24"),
    "ProbeType": ("text", ""),
    "Route": ("a route", "10.0.0.0/8 192.168.100.1"),
}


class Wrong(Exception):
    """What is wrong with a value: message and hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def scalar(node: Node, field: Field) -> Any:
    """Raises Wrong."""
    noun, example = NOUNS[field.kind]
    if node.kind != "text":
        raise Wrong(f"is {node}, and must be {noun}", f"write one: {example}" if example else "")
    if field.kind == "bool":
        return _boolean(node)
    if field.kind == "int":
        return _integer(node, field)
    if "\0" in node.text:
        raise Wrong("holds a null character")
    if field.kind == "str":
        return node.text
    if field.kind == "ProbeType":
        if node.text not in PROBES:
            near = difflib.get_close_matches(node.text[:40], PROBES, 1)
            raise Wrong(f"csnet has no type {quote(node.text)}",
                        f"did you mean {quote(near[0])}?" if near else f"use one of: {', '.join(PROBES)}")
        return node.text
    try:
        return _ADDRESSES[field.kind](node.text)
    except Error as error:
        raise Wrong(f"{quote(node.text)} {error.message}", error.hint) from None


def _boolean(node: Node) -> bool:
    word = node.text.lower()
    if word in _BOOLEANS and node.plain:
        return _BOOLEANS[word]
    if word in _BOOLEANS:
        raise Wrong(f"{node} is text, and must be true or false", "take the quotes away")
    raise Wrong(f"{node} is neither true nor false")


def _integer(node: Node, field: Field) -> int:
    text = node.text
    if not node.plain and _INTEGER.fullmatch(text):
        raise Wrong(f"{node} is text, and must be a number", "take the quotes away")
    if not _INTEGER.fullmatch(text):
        if re.fullmatch(r"-?0[0-9]+", text):
            raise Wrong(f"{text[:40]} is octal to some programs", f"write {(text.lstrip('-0') or '0')[:40]}")
        if _NUMBER.fullmatch(text):
            raise Wrong(f"{text[:40]} is not a whole number", "write it with digits alone")
        raise Wrong(f"{node} is not a number", "")
    least = 0 if field.least is None else field.least
    most = _UINT32 if field.most is None else field.most
    number = int(text) if len(text) <= _MOST_DIGITS else None
    if number is None or not least <= number <= most:
        shown = text if number is not None else f"{text[:_MOST_DIGITS]}…"
        if (least, most) == (1, 4094):
            raise Wrong(f"{shown} is not a VLAN id (1 to 4094)")
        note = note_of(field)
        raise Wrong(f"{shown} is out of range ({least} to {most})", f"{field.name}: {note}" if note else "")
    return number
