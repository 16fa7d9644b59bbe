"""csnet does exactly what nmcli does, for every line of nmcli_lines.yaml."""
import ast
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Set, Tuple

import pytest
from parity import Parity, parity
from parity_table import Case, fields_that_nmcli_has, load_table

import csnet

PROPERTIES, GROUPS = load_table()
CASES = [case for group in GROUPS for case in group.cases]
_TYPES = [kind for kind in PROPERTIES if kind != "every profile"]


@pytest.fixture(scope="module")
def one() -> Iterator[Parity]:
    with parity() as running:
        yield running


@pytest.mark.parametrize("case", [
    pytest.param(case, id=f"{group.title}: {case.title}") for group in GROUPS for case in group.cases
])
def test_csnet_makes_what_nmcli_makes_of(case: Case, one: Parity) -> None:
    verdict = one.compare(case)
    if verdict.diff:
        pytest.fail(f"{case}\n\n{verdict}", pytrace=False)


def test_a_difference_is_seen(one: Parity) -> None:
    """Every kind of difference: a field, a default, a name, one profile more, an answer."""
    nmcli = ["nmcli con add type bridge con-name br0 ifname br0 bridge.stp no"]
    right = "host.add(BridgeProfile(name='br0', interface_name='br0', stp=False))"
    assert one.compare(Case("the same", nmcli, [right])).diff == ""
    for wrong, seen in {
        right.replace("stp=False", "stp=True"): "-  stp=false",
        right.replace(", stp=False", ""): "-  D-Bus bridge.stp = b False",
        right.replace("name='br0'", "name='br1'", 1): "+profile 1: br1.nmconnection",
        right + ", host.add(BridgeProfile(name='br1', interface_name='br1'))": "+profile 2: br1.nmconnection",
        right.replace("'br0', stp", "'not a name', stp"): "+refused",
        right.replace("stp=False", "stp=False, ipv4=Ip4Config(route_metric=5)"): "+  D-Bus ipv4.route-metric = x 5",
    }.items():
        assert seen in one.compare(Case("different", nmcli, [wrong])).diff.splitlines()


def test_both_refusing_is_a_failure_where_the_table_does_not_say_so(one: Parity) -> None:
    case = Case("no interface", ["nmcli con add type bridge con-name br0 ifname 'no name'"],
                ["host.add(BridgeProfile(name='br0', interface_name='no name'))"], refused=True)
    assert one.compare(case).diff == ""
    assert "answer should have been 'done'" in one.compare(case._replace(refused=False)).diff


def test_ipv6_dad_timeout_which_nmcli_does_not_know_is_all_that_changes(one: Parity) -> None:
    nmcli = ["nmcli con add type bridge con-name br0 ifname br0"]
    mentioned = "host.add(BridgeProfile(name='br0', interface_name='br0', ipv6=Ip6Config(dad_timeout=200)))"
    diff = one.compare(Case("IPv6 duplicates", nmcli, [mentioned])).diff.splitlines()
    changed = [line for line in diff[2:] if line[0] in "+-"]
    assert changed == ["+  dad-timeout=200", "+  D-Bus ipv6.dad-timeout = i 200"]


def test_the_table_names_every_field_of_csnet() -> None:
    for kind in _TYPES:
        common = PROPERTIES["every profile"] if kind.endswith("Profile") else {}
        assert {*common, *PROPERTIES[kind]} == set(getattr(csnet, kind).__match_args__), kind


def test_every_field_of_every_type_occurs_in_the_table() -> None:
    seen = mentioned(statement for case in CASES if not case.refused and not case.stricter for statement in case.csnet)
    assert sorted(fields_that_nmcli_has(PROPERTIES) - seen) == []


def mentioned(statements: Iterable[str]) -> Set[Tuple[str, str]]:
    """("BridgeProfile", "stp") for each BridgeProfile(stp=…)."""
    calls = (node for statement in statements for node in ast.walk(ast.parse(statement)) if isinstance(node, ast.Call))
    return {(call.func.id, keyword.arg) for call in calls if isinstance(call.func, ast.Name)
            for keyword in call.keywords if keyword.arg}


def test_the_table_has_at_least_90_lines_under_unique_titles() -> None:
    assert len([case for case in CASES if not case.stricter]) >= 90
    titles: Dict[str, List[str]] = {}
    for group in GROUPS:
        for case in group.cases:
            titles.setdefault(f"{group.title}: {case.title}", []).append(case.title)
    assert [title for title, those in titles.items() if len(those) > 1] == []


def test_the_manuals_lines_come_first_and_are_literally_its_own() -> None:
    assert [line for case in GROUPS[0].cases[:2] for line in case.nmcli] + list(GROUPS[0].cases[4].nmcli) == [
        "nmcli con add type bridge con-name cloudbr0 ifname cloudbr0",
        "nmcli con add type bridge-slave con-name eth0.100 ifname eth0.100 master cloudbr0",
        "nmcli con mod cloudbr0 ipv4.addresses 192.168.100.10/24 ipv4.method manual",
    ]


def test_the_page_of_the_docs_is_up_to_date() -> None:
    script = Path(__file__).with_name("parity_docs.py")
    check = subprocess.run([sys.executable, str(script), "--check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True)
    assert check.returncode == 0, check.stdout
