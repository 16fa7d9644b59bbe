"""Reads nmcli_lines.yaml: nmcli lines with the csnet expressions that do the same. Needs neither csnet nor a daemon."""
import ast
import re
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Set, Tuple

import yaml

TABLE = Path(__file__).with_name("nmcli_lines.yaml")
Properties = Dict[str, Dict[str, str]]


class Case(NamedTuple):
    """A row of the table: `given` (nmcli lines, run in both worlds), then `nmcli` here and `csnet` there."""

    title: str
    nmcli: Sequence[str]
    csnet: Sequence[str]
    given: Sequence[str] = ()
    refused: bool = False  # both must refuse the last line
    stricter: str = ""  # why csnet must refuse the last line, which nmcli accepts

    def __str__(self) -> str:
        blocks = [("given", self.given), ("nmcli", self.nmcli), ("csnet", self.csnet)]
        return "\n".join(
            [f"- title: {self.title}"] + (["  refused: true"] if self.refused else [])
            + ([f"  stricter: {self.stricter}"] if self.stricter else [])
            + [f"  {key}: |\n    " + "\n    ".join(lines) for key, lines in blocks if lines])


class Group(NamedTuple):
    title: str
    cases: Sequence[Case]


def load_table(path: Path = TABLE) -> Tuple[Properties, List[Group]]:
    """The table's nmcli property for each csnet field, and its groups of cases."""
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups = []
    for group in table["groups"]:
        cases = [
            Case(
                title=entry["title"],
                nmcli=_shell_lines(entry["nmcli"]),
                csnet=_statements(entry["csnet"]),
                given=_shell_lines(entry.get("given", "")),
                refused=entry.get("refused", False),
                stricter=entry.get("stricter", ""),
            )
            for entry in group["lines"]
        ]
        groups.append(Group(group["title"], cases))
    return table["properties"], groups


def _shell_lines(text: str) -> List[str]:
    return [line.strip() for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]


def _statements(text: str) -> List[str]:
    """Python's statements, each on one line."""
    return [re.sub(r"\s*\n\s*", " ", ast.get_source_segment(text, node) or "") for node in ast.parse(text).body]


def fields_that_nmcli_has(properties: Properties) -> Set[Tuple[str, str]]:
    """("BridgeProfile", "stp") and so on: every field of the table that has a property."""
    every = properties["every profile"]
    found = set()
    for kind, own in properties.items():
        if kind != "every profile":
            names = {**every, **own} if kind.endswith("Profile") else own
            found |= {(kind, name) for name, prop in names.items() if prop}
    return found
