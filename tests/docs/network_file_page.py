"""Makes the reference in docs/network-file.md from the tables that load() uses. Run it after a change to them."""

from pathlib import Path
from typing import Iterator, List

from csnet.network_file import tables
from csnet.network_file.tables import Field

PAGE = Path(__file__).resolve().parents[2] / "docs/network-file.md"
_MARK = "<!-- below: made by tests/docs/network_file_page.py -->\n"
_KINDS = {
    "str": "text", "bool": "true or false", "int": "number", "MacAddress": "Ethernet address", "IpAddress": "address",
    "Cidr": "address/prefix", "Route": "route", "Ip4Config": "mapping", "Ip6Config": "mapping",
    "BridgePort | BondPort": "mapping", "Uplink": "text, list or mapping", "type": "word",
    "ProbeType": "word",
}


def _kind(kind: str) -> str:
    if kind.startswith("list["):
        return f"list: {_KINDS[kind[len('list['):-1]]}"
    if kind.startswith("dict["):
        key, value = kind[len("dict["):-1].split(", ")
        return f"mapping: {_KINDS[key]} → {_KINDS[value]}"
    return _KINDS[kind]


def _row(field: Field) -> str:
    kind = _kind(field.kind)
    words = field.words
    if field.least is not None:
        kind += f", {field.least} to {field.most}"
    note = field.note
    if words and not all(word in note for word in words):
        note += f" ({', '.join(words)})"
    prop = f"`{field.property}`" if field.property else ""
    return f"| `{field.name}` | {kind} | {note} | {prop} |".replace("|  |", "| |")


def _table(title: str, text: str, fields: List[Field]) -> Iterator[str]:
    yield f"\n### {title}\n"
    yield from [f"{text}\n"] if text else []
    yield "| key | value | meaning | NetworkManager's property |"
    yield "|---|---|---|---|"
    yield from (_row(field) for field in fields)


def reference() -> str:
    def own(cls: str) -> List[Field]:
        return list(tables.fields(cls).values())

    every = [name for name in tables.fields("BridgeProfile")
             if all(name in tables.fields(cls.__name__) for cls in tables.PROFILES.values())
             and name != "mac_address"]
    lines: List[str] = ["\n## Every key"]
    lines += _table("management", "`uplink` and `addresses` are required.",
                    own("ManagementNetwork"))
    lines += _table("management.uplink, as a bond", "`ports` is required.", own("Uplink"))
    lines += _table("profiles[…]", "The keys of every type.", [tables.TYPE_OF_PROFILE, *(
        tables.fields("BridgeProfile")[name] for name in every)])
    for name, cls in tables.PROFILES.items():
        lines += _table(f"profiles[…] of type {name}", "",
                        [field for field in own(cls.__name__) if field.name not in every])
    lines += _table("profiles[…].ipv4", "", own("Ip4Config"))
    lines += _table("profiles[…].ipv6", "", own("Ip6Config"))
    for name, cls in tables.PORTS.items():
        lines += _table(f"profiles[…].port of type {name}", "", [tables.TYPE_OF_PORT, *own(cls.__name__)])
    lines += _table("probes[…]", "`type` and `target` are required.", own("Probe"))
    return "\n".join(lines) + "\n"


def page() -> str:
    by_hand = PAGE.read_text(encoding="utf-8").split(_MARK)[0]
    return by_hand + _MARK + reference()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
