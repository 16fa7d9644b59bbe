"""A finding says by its fields what a program must know: which check, which value, which field."""

import re
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import csnet
from csnet import _csnet
from hypothesis import given
from hypothesis import strategies as st
from strategies import values

_ROOT = Path(__file__).parents[2]
_KINDS = dict(_csnet._finding_kinds())
_PART = re.compile(r"([a-z0-9_]+)((?:\[\d+\])?)(?:\.(.*))?", re.DOTALL)


def value_at(of: Any, path: str) -> Any:
    """What is at a path like "ipv4.addresses[1]"; an error when there is no such field or element."""
    if isinstance(of, dict):
        return {str(key): value for key, value in of.items()}.get(path)  # an option that validate() misses is not there
    match = _PART.fullmatch(path)
    assert match, path
    name, index, rest = match.groups()
    found = getattr(of, name)
    if index:
        found = found[int(index[1:-1])]
    return value_at(found, rest) if rest else found


def assert_says_where(finding: csnet.Finding, of: Any) -> None:
    assert finding.id in _KINDS, finding
    assert finding.message and "\n" not in finding.id, finding
    if finding.item:
        of = value_at(of, finding.item)
    if finding.field:
        value_at(of, finding.field)
    assert str(finding) == ": ".join(filter(None, (finding.subject, finding.field, finding.message)))


@given(values(csnet.Request))
def test_a_finding_of_a_request_names_a_value_and_a_field_of_it(request: csnet.Request) -> None:
    for finding in csnet.validate(request):
        assert finding.item.startswith(("profiles[", "remove[", "probes[")), finding
        assert_says_where(finding, request.wanted if finding.item.startswith("profiles[") else request)


@given(values(csnet.Facts))
def test_a_finding_of_facts_names_a_device(facts: csnet.Facts) -> None:
    for finding in csnet.validate(facts):
        assert finding.item.startswith("devices["), finding
        assert_says_where(finding, facts)


@given(values(csnet.ManagementNetwork))
def test_a_finding_of_a_recipe_names_a_field_of_the_recipe(network: csnet.ManagementNetwork) -> None:
    for finding in csnet.validate(network):
        assert finding.item == ""
        assert finding.field.partition(".")[0].partition("[")[0] in network.__match_args__, finding
        assert_says_where(finding, network)


def literals() -> Iterator[Tuple[str, str]]:
    """Words of the sources that look like ids."""
    for pattern in ("libcsnet/src/model/**/*.cpp", "python/csnet/_show/*.py"):
        for path in sorted(_ROOT.glob(pattern)):
            for word in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', path.read_text(encoding="utf-8")):
                yield word, path.name


def test_every_id_is_kebab_case_and_some_check_finds_it() -> None:
    used = {word for word, _ in literals()}
    assert [id for id in _KINDS if id not in used] == []
    assert [id for id in _KINDS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id)] == []
    assert len(_KINDS) == len(_csnet._finding_kinds())


@given(st.lists(st.sampled_from(["eth0", "eth1", "bond0", ""]), max_size=4))
def test_what_is_wrong_with_an_uplink_is_said_once(uplinks: List[str]) -> None:
    found = csnet.validate(csnet.ManagementNetwork(uplinks=uplinks, addresses=["192.168.100.10/24"], vlan=100))
    errors = [finding.field for finding in found if finding.severity is csnet.Severity.error]
    assert len(errors) == len(set(errors)), found
