"""Prints a Picture as a tree, from the wire up."""


from __future__ import annotations

from collections.abc import Iterator
from csnet.cli.output import Output
from csnet._show.picture import MARKS, Interface, Picture

_STATES = {"up": "green", "no carrier": "red", "down": "dim"}
_MARKS = {"in memory": "yellow", "not at boot": "yellow", "on trial": "cyan", "in the file": "green",
          "not as the file": "yellow"}


class _Tree:
    def __init__(self, picture: Picture, out: Output) -> None:
        self.out = out
        self.of_name = {one.name: one for one in picture.interfaces}
        self.uppers: dict[str, list[Interface]] = {}
        for one in picture.interfaces:
            for lower in one.lowers:
                self.uppers.setdefault(lower, []).append(one)
            if one.layer == "guest" and one.controller:
                self.uppers.setdefault(one.controller, []).append(one)
        self.drawn: set[str] = set()

    def roots(self) -> Iterator[list[Interface]]:
        """NICs, those of a bond together, and all other interfaces that have no lower interface."""
        taken: set[str] = set()
        for one in self.of_name.values():
            if one.name in taken or one.lowers or (one.layer == "guest" and one.controller in self.of_name):
                continue
            group = [other for other in self.of_name.values() if other.controller == one.controller
                     and not other.lowers and other.layer == "nic" and self._is_bond(one.controller)]
            taken.update(other.name for other in group)
            yield group or [one]
        # The rest are in a circle: each lies on itself, by way of others.
        yield from ([one] for one in self.of_name.values() if one.name not in self.drawn)

    def _is_bond(self, name: str) -> bool:
        return name in self.of_name and self.of_name[name].layer == "bond"

    def lines(self, group: list[Interface]) -> Iterator[str]:
        many = len(group) > 1
        for number, one in enumerate(group):
            self.drawn.add(one.name)
            lead = ("┌─ " if number == 0 else "├─ ") if many else ""
            yield from self._interface(one, lead, "│  " if many or self.uppers.get(one.name) else "   ")
        first = group[0]
        if many:  # the bond is above all of its ports; draw what else lies on a port beside the bond
            bond = self.of_name[first.controller]
            others = [upper for one in group for upper in self.uppers.get(one.name, []) if upper is not bond]
            yield from self._above([*others, bond], [], "")
        else:
            yield from self._above(self.uppers.get(first.name, []), self._addresses(first), "")

    def _above(self, uppers: list[Interface], addresses: list[str], indent: str) -> Iterator[str]:
        last = len(addresses) + len(uppers) - 1
        for number, address in enumerate(addresses):
            yield f"{indent}{'└─' if number == last else '├─'} {address}"
        for number, one in enumerate(uppers, len(addresses)):
            corner, rest = ("└─ ", "   ") if number == last else ("├─ ", "│  ")
            if one.name in self.drawn:
                yield f"{indent}{corner}{one.name}, see above"
                continue
            self.drawn.add(one.name)
            above, here = self.uppers.get(one.name, []), self._addresses(one)
            yield from self._interface(one, indent + corner, indent + rest + ("│  " if above or here else "   "))
            yield from self._above(above, here, indent + rest)

    def _interface(self, one: Interface, lead: str, below: str) -> Iterator[str]:
        style = self.out.style
        facts = [one.title, *one.facts, *([str(one.mac_address)] if one.mac_address and one.layer != "guest" else [])]
        facts += [one.as_port] if one.as_port and (one.layer == "guest" or one.as_port not in _FINE) else []
        text = "  ".join(style(fact, _STATES[fact]) if fact in _STATES else fact for fact in facts)
        marks = "".join("  " + style(f"[{mark}]", _MARKS.get(mark, "dim")) for mark in one.marks)
        profile = one.profile.name if one.profile and one.profile.name != one.name else ""
        named = f"  {style(repr(profile), 'dim')}" if profile else ""
        yield f"{lead}{style(one.name, 'bold')}  {text}{named}{marks}"
        for finding in one.disagreements:
            yield f"{below}{style('! ' + finding.message, 'yellow')}"
            yield f"{below}  {style(finding.hint, 'dim')}"

    def _addresses(self, one: Interface) -> list[str]:
        return [self.out.style(address, "cyan") for address in one.shown_addresses]


_FINE = ("forwarding",)  # the usual state of a port, not worth printing


def tree(picture: Picture, out: Output) -> Iterator[str]:
    """The lines of the tree."""
    drawing = _Tree(picture, out)
    for number, group in enumerate(drawing.roots()):
        if number:
            yield ""
        yield from drawing.lines(group)


def notes(picture: Picture, out: Output) -> Iterator[str]:
    """The lines below the tree: the open transaction, inactive profiles, the meaning of the marks."""
    one = picture.transaction
    if one:
        left = f", NetworkManager rolls it back in {one.left:.0f} s" if one.left else ""
        yield out.style(f"transaction {one.id}: {one.state.value}{left}", "yellow", "bold")
        if one.holder:
            yield f"  {one.holder}"
        yield f"  csnet commit {one.id} makes it permanent, csnet rollback {one.id} undoes it"
    if picture.unused:
        yield out.style("inactive profiles:", "bold")
        for profile in picture.unused:
            off = "" if profile.autoconnect is not False else "  [not at boot]"
            yield f"  {profile.type} {profile.name!r}  {profile.interface_name or 'any interface'}{off}"
    used: list[tuple[str, str]] = [
        (mark, meaning) for mark, meaning in MARKS.items() if any(mark in one.marks for one in picture.interfaces)]
    width = max((len(mark) for mark, _ in used), default=0)
    for mark, meaning in used:
        yield out.style(f"[{mark}]{' ' * (width - len(mark))}  {meaning}", "dim")
