"""Reads a fleet report as a browser does, and strictly: bad HTML is an error."""

from typing import Any, Dict, List, NamedTuple

import html5lib

COLUMNS = ("host", "state", "changes", "address", "time", "told")


class Host(NamedTuple):
    """A row of the page, as text."""

    state: str
    changes: str
    address: str
    time: str
    told: List[str]
    ranks: List[int]


class Page(NamedTuple):
    title: str
    about: str
    labels: List[str]
    heads: List[str]
    hosts: Dict[str, Host]
    tree: Any

    @property
    def states(self) -> Dict[str, str]:
        return {name: host.state for name, host in self.hosts.items()}


def read(content: str) -> Page:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)
    return Page(text(tree.find("head/title")), text(tree.find("body/header/p")),
                [text(each) for each in tree.iter("label")], [text(each) for each in tree.find(".//thead/tr")],
                {text(row[0]): host(row) for row in tree.find(".//tbody")}, tree)


def host(row: Any) -> Host:
    assert [cell.tag for cell in row] == ["th", "td", "td", "td", "td", "td"]
    state, changes, address, time = (text(cell) for cell in row[1:5])
    assert row.get("class") == state.replace(" ", "-")
    return Host(state, changes, address, time, [text(each) for each in row[5]],
                [int(rank) for rank in row.get("data-ranks").split()])


def text(element: Any) -> str:
    return "".join(element.itertext())


def tags(tree: Any) -> List[str]:
    """Every element with the names of its attributes: what hostile text must not change."""
    return [" ".join([str(each.tag), *sorted(each.keys())]) for each in tree.iter()]
