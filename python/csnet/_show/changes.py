"""The differences between two pictures, before a plan and after it. Pure."""


from __future__ import annotations

from collections.abc import Iterable
import csnet
from csnet._show.picture import Interface, Picture

#: By key_of(): a word, "added", "changed" or "removed", and the differences.
Marks = dict[str, tuple[str, list[str]]]


def key_of(interface: str, address: str = "") -> str:
    """The key of an interface, or of an address on it, in the marks and in a drawing's layout."""
    return f"{interface} {address}" if address else interface


def changes_of(plan: csnet.Plan, before: Picture, then: Picture) -> tuple[Marks, Marks]:
    """The marks for the picture before the plan, and those for the picture after it."""
    was: Marks = {}
    will: Marks = {}
    written = {step.item.uuid: step.changes for step in plan.steps if step.action is csnet.Action.modify}
    names = dict.fromkeys(one.name for picture in (before, then) for one in picture.interfaces)
    for name in names:
        old, new = before.find(name), then.find(name)
        if old is None or new is None:
            (will if new else was)[name] = ("added" if new else "removed", [])
        else:
            seen = dict(_differences(old, new))
            how = list(seen.values())
            how += [f"{one.property}: {_or_none(one.before)} → {_or_none(one.after)}"
                    for one in written.get(new.profile.uuid if new.profile else "", []) if one.property not in seen]
            if how:
                was[name], will[name] = ("changed", []), ("changed", how)
        old_addresses, new_addresses = (one.shown_addresses if one else [] for one in (old, new))
        for address in set(old_addresses) ^ set(new_addresses):
            marks, word = (was, "removed") if address in old_addresses else (will, "added")
            marks[key_of(name, address)] = (word, [])
    return was, will


def _differences(old: Interface, new: Interface) -> Iterable[tuple[str, str]]:
    """(property, difference) of each property that a picture shows; named as in Change.property if it is there."""
    for word, one, other in (("title", old.title, new.title), ("controller", old.controller, new.controller),
                             ("mtu", old.mtu, new.mtu), ("lies on", old.lowers, new.lowers),
                             ("stp", old.link and old.link.stp, new.link and new.link.stp)):
        if one == other or (word == "lies on" and old.layer != "vlan"):
            continue
        one, other = (", ".join(each) if isinstance(each, tuple) else each for each in (one, other))
        yield word, f"{other}, was {one}" if word == "title" else f"{word}: {_or_none(one)} → {_or_none(other)}"


def _or_none(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if value not in ("", None) else "(none)"
