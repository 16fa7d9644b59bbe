"""The fleet report's page, from results as the modules give them: states, reasons, ranks, and hostile text as text."""

import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import csnet
import pytest
import report_page
from ansible_collections.csnet.network.plugins.plugin_utils import fleet_style
from ansible_collections.csnet.network.plugins.plugin_utils.fleet import ACTIONS, STATES, Event, Row, Step, fleet, row
from ansible_collections.csnet.network.plugins.plugin_utils.fleet_page import COLUMNS, Run, page
from hypothesis import given, settings
from hypothesis import strategies as st

Result = Dict[str, Any]

MOVE, SET, INFO = "csnet.network.management_network", "csnet.network.transaction", "csnet.network.info"
OTHER = "ansible.builtin.command"
PLAN: Result = json.loads((Path(__file__).parents[1] / "python/plans/bond_to_nic/plan.json").read_text())
RUN = Run(["site.yml"], datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc), 75.0)

DONE: Result = {"changed": True, "plan": PLAN, "reached_at": "192.168.100.10", "transaction": {"committed": True}}
AS_IT_IS: Result = {"changed": False, "plan": {"csnet": 1, "steps": [], "notes": []}}
ROLLED_BACK: Result = {
    "msg": "rolled back: no controller got through", "kind": "rolled_back", "hint": "look at the switch", "plan": PLAN,
    "transaction": {"id": "", "committed": False, "steps": [
        {"what": "activate vlan 'eth0.100'", "outcome": "done", "detail": "", "start": 0.1, "duration": 0.2},
        {"what": "TCP 192.168.100.2:8250", "outcome": "failed", "detail": "no answer", "start": 0.3, "duration": 5.0}]},
}  # fmt: skip
INVALID: Result = {"msg": "vlan: 4095 is too much; mtu: 5 is too little", "kind": "invalid", "problems": [
    {"path": "vlan", "message": "4095 is too much", "hint": "1 to 4094"},
    {"path": "mtu", "message": "5 is too little", "hint": ""}]}  # fmt: skip

INCOMPLETE = {**ROLLED_BACK, "kind": "incomplete", "outcome": "rollback_incomplete"}


def ok(result: Result, module: str = MOVE, **more: Any) -> Event:
    return Event(module, "ok", result, **more)


def bad(result: Result, module: str = MOVE, **more: Any) -> Event:
    return Event(module, "failed", result, **more)


def loop(*items: Result) -> Result:
    return {"results": [{"ansible_loop_var": "item", "item": 1, **item} for item in items], "changed": True}


@pytest.mark.parametrize("state, failed, events", [
    ("committed", False, [ok(DONE)]),
    ("would change", False, [ok({"changed": True, "plan": PLAN}, check=True)]),
    ("already as wanted", False, [ok(AS_IT_IS)]),
    ("committed", False, [ok(DONE), ok(AS_IT_IS)]),
    ("committed", False, [ok(loop(AS_IT_IS, DONE, AS_IT_IS))]),
    ("rolled back", True, [bad(ROLLED_BACK)]),
    ("failed", True, [bad(INVALID)]),
    ("failed", True, [ok(DONE), bad({"msg": "no"}, OTHER)]),
    ("failed", True, [bad(loop(DONE, {**INVALID, "failed": True}))]),
    ("rolled back", True, [bad(loop(DONE, {**ROLLED_BACK, "failed": True}))]),
    ("failed", True, [bad({**ROLLED_BACK}, OTHER)]),  # another's word for it says nothing
    ("unreachable", False, [Event("ansible.builtin.setup", "unreachable", {"msg": "no route"})]),
    ("unreachable", False, [ok(DONE), Event(OTHER, "unreachable", {"msg": "no route"})]),
    ("not reached", False, []),
    ("not reached", False, [ok({"changed": False}, INFO)]),
    ("not reached", False, [Event(MOVE, "skipped", {"changed": False}, task="Move")]),
    ("not reached", False, [bad(INVALID)]),  # rescued, and nothing else
    ("committed", False, [bad(ROLLED_BACK), ok(DONE)]),  # rescued: the second attempt
    ("failed", True, [bad(INCOMPLETE)]),
    ("failed", False, [bad(INCOMPLETE)]),  # rescued, and somebody has to look at the host
    ("rolled back", False, [bad(ROLLED_BACK)]),  # rescued, but the network is what it was
    ("rolled back", False, [ok({**ROLLED_BACK, "failed_when_result": False})]),
    ("not reached", False, [ok({**INVALID, "failed_when_result": False})]),
    ("already as wanted", False, [bad({"msg": "no"}, OTHER, ignored=True), ok(AS_IT_IS)]),
    ("failed", True, [bad({"msg": "first"}, ignored=True), bad({"msg": "second"}), ok(DONE)]),
    ("rolled back", False, [ok({"changed": True, "transaction": {"id": "x", "committed": False}}, SET)]),
    ("committed", False, [ok({"censored": "hidden", "changed": True})]),
])  # fmt: skip
def test_state(state: str, failed: bool, events: List[Event]) -> None:
    dark = any(event.outcome == "unreachable" for event in events)
    assert row("kvm1", events, failed, dark).state == state


def test_why_it_failed() -> None:
    def reasons(event: Event) -> List[str]:
        return list(row("kvm1", [event], True, True).reasons)

    assert reasons(bad(ROLLED_BACK)) == ["rolled back: no controller got through", "hint: look at the switch",
                                         "on the host: TCP 192.168.100.2:8250: no answer"]
    assert reasons(bad(INVALID)) == ["vlan: 4095 is too much", "mtu: 5 is too little", "hint: 1 to 4094"]
    assert reasons(bad({"msg": "non-zero return code"}, OTHER, task="Look")) == ["Look: non-zero return code"]
    assert reasons(bad(AS_IT_IS, task="A second plan is empty")) == ["A second plan is empty: counted as failed"]
    assert reasons(bad({"censored": "hidden", "msg": "secret"}, task="Look")) == ["Look: its result is hidden (no_log)"]
    assert reasons(bad(loop(DONE, {"failed": True, "msg": "a"}, {"failed": True, "msg": "b"}))) == ["a", "b"]
    assert row("kvm1", [], False, False).reasons == ["the play ended before its turn"]
    assert row("kvm1", [bad(INVALID)], False, False).reasons == [], "it was rescued, and had its turn"
    rescued, fatal, afterwards = bad({"msg": "a"}), bad({"msg": "b"}), bad({"msg": "c"}, ignored=True)
    assert row("kvm1", [rescued, fatal, afterwards], True, False).reasons == ["b"]
    skipped = Event(MOVE, "skipped", {}, task="Move")
    assert row("kvm1", [skipped], False, False).reasons == ["skipped: Move"]


def test_what_to_know() -> None:
    note = PLAN["notes"][0]
    result = {**DONE, "warnings": ["the note, in other words", "of Ansible"]}
    notes = row("kvm1", [bad({"msg": "no"}, OTHER, task="Look", ignored=True), ok(result)], False, False).notes
    assert notes == [f"info: {note['subject']}: {note['field']}: {note['message']}; hint: {note['hint']}",
                     "the playbook continued after: Look: no"]
    assert row("kvm1", [ok({"censored": "hidden", "changed": True})], False, False).notes == [
        "a result is hidden (no_log)"]
    assert row("kvm1", [ok(INVALID)], False, False).notes == ["the playbook continued after: vlan: 4095 is too much"]


def test_changes_in_plain_words() -> None:
    assert set(ACTIONS) == {action.value for action in csnet.Action}
    steps = row("kvm1", [ok(DONE)], False, False).steps
    assert [step.what for step in steps] == [
        "change ethernet 'eth0'", "add vlan 'eth0.100'", "bring up ethernet 'eth0'", "park vlan 'bond0.100'",
        "bring up vlan 'eth0.100'", "retire vlan 'bond0.100'"]
    assert steps[0] == Step("change ethernet 'eth0'", "it differs from what is wanted", [
        "controller: bond0 → (none)", "port: bond → (none)", "ipv4.method: (none) → disabled",
        "ipv6.method: (none) → disabled"])
    assert steps[1].lines[-1] == "id: 100"
    assert steps[2].lines == ["traffic stops: eth0 leaves bond0"]


def test_changes_say_what_became_of_them_where_the_state_does_not() -> None:
    def first(*events: Event) -> str:
        return row("kvm1", events, events[-1].outcome == "failed", False).steps[0].what

    assert first(ok(DONE), bad({"msg": "no"}, OTHER)) == "change ethernet 'eth0' (committed)"
    assert first(bad(ROLLED_BACK), ok(AS_IT_IS)) == first(bad(ROLLED_BACK)) == "change ethernet 'eth0'"
    assert first(bad(ROLLED_BACK), ok(DONE)) == "change ethernet 'eth0' (rolled back)"


def test_it_was_reached_where_it_was_last() -> None:
    events = [ok(DONE), ok({**DONE, "reached_at": "kvm1.example.net"}), ok(AS_IT_IS)]
    assert row("kvm1", events, False, False).address == "kvm1.example.net"


def test_time_is_that_of_csnets_tasks_or_of_the_one_that_failed() -> None:
    def seconds(*events: Event) -> Optional[float]:
        return row("kvm1", events, True, False).seconds

    assert seconds(ok(DONE, seconds=2.0), bad({}, OTHER, seconds=50.0), ok(AS_IT_IS, seconds=0.5)) == 2.5
    assert seconds(bad({}, OTHER, seconds=50.0)) == 50.0
    assert seconds() is None


def a_fleet() -> List[Row]:
    events = {
        "kvm10": [ok({**DONE, "reached_at": "192.168.100.10"}, seconds=9.5)],
        "kvm9": [ok({**DONE, "reached_at": "192.168.100.9"}, seconds=10.5)],
        "KVM2": [ok({**DONE, "reached_at": "fd00::a"}, seconds=100.0)],
        "kvm1": [ok({**AS_IT_IS, "reached_at": "fd00::10"}, seconds=0.04)],
        "kvm3": [bad(ROLLED_BACK, seconds=65.0)],
        "kvm4": [bad({"msg": "no"}, OTHER, task="Look")],
    }  # fmt: skip
    return fleet(events, ["kvm1", "kvm11"], {"kvm3", "kvm4"}, set())


def test_the_page_shows_what_wants_a_look_first() -> None:
    shown = report_page.read(page(a_fleet(), RUN))
    assert list(shown.hosts) == ["kvm4", "kvm3", "kvm11", "KVM2", "kvm9", "kvm10", "kvm1"]
    assert shown.title == ("7 hosts: 1 failed, 1 rolled back, 1 not reached, 3 committed, 1 already as wanted")
    assert shown.labels == ["7 all", "1 failed", "1 rolled back", "1 not reached", "3 committed", "1 already as wanted"]
    assert shown.about == "site.yml, 2026-01-02 03:04 UTC, 1 min 15 s."
    host = shown.hosts["kvm3"]
    assert (host.state, host.address, host.time) == ("rolled back", "", "1 min 5 s")
    assert host.changes.startswith("6 stepschange ethernet 'eth0': it differs from what is wanted\n  controller: bond0")
    assert host.told[0] == "rolled back: no controller got through"
    assert shown.hosts["KVM2"].address == "fd00::a"


@pytest.mark.parametrize("column, order", [
    ("Host", ["kvm1", "KVM2", "kvm3", "kvm4", "kvm9", "kvm10", "kvm11"]),
    ("State", ["kvm4", "kvm3", "kvm11", "KVM2", "kvm9", "kvm10", "kvm1"]),
    ("Changes", ["kvm3", "KVM2", "kvm9", "kvm10", "kvm4", "kvm11", "kvm1"]),
    ("Reached at", ["kvm9", "kvm10", "KVM2", "kvm1", "kvm4", "kvm3", "kvm11"]),
    ("Time", ["kvm1", "kvm10", "kvm9", "kvm3", "KVM2", "kvm4", "kvm11"]),
    ("Reasons and notes", ["KVM2", "kvm9", "kvm10", "kvm4", "kvm3", "kvm11", "kvm1"]),
])  # fmt: skip
def test_ranks_sort_each_column(column: str, order: List[str]) -> None:
    shown = report_page.read(page(a_fleet(), RUN))
    at = shown.heads.index(column)
    ranks: Dict[str, int] = {name: host.ranks[at] for name, host in shown.hosts.items()}
    assert sorted(ranks, key=lambda name: ranks[name]) == order
    assert set(ranks.values()) == set(range(len(set(ranks.values())))), "the same value has the same rank"


def test_each_state_has_its_colour_and_its_filter() -> None:
    assert len(COLUMNS) == len(report_page.COLUMNS)
    for name in (state.replace(" ", "-") for state in STATES):
        assert f"#{name}:checked~main tbody tr:not(.{name}){{display:none}}" in fleet_style.STYLE
        assert len(re.findall(rf"--{name}:#", fleet_style.STYLE)) == 2, "one for light pages, one for dark ones"


def test_the_page_loads_nothing() -> None:
    content = page(a_fleet(), RUN)
    tree = report_page.read(content).tree
    attributes = {name for each in tree.iter() for name in each.keys()}
    assert not attributes & {"src", "href", "srcset", "style", "onclick", "action", "data"}
    assert "url(" not in content and "@import" not in content and "http://" not in content
    policy = [each.get("content") for each in tree.iter("meta") if each.get("http-equiv")]
    assert len(policy) == 1 and policy[0].startswith("default-src 'none'") and "unsafe" not in policy[0]


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</td></tr></table>", "' onmouseover='a",
           "</style></script><!--", "&lt;b&gt;&amp;", "{{ lookup('pipe', 'id') }}", "{0.__class__}", "%s%(a)s",
           "a\tb\nc"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    def build(evil: str) -> report_page.Page:
        change = dict.fromkeys(("property", "before", "after"), evil)
        step: Result = {**dict.fromkeys(("action", "subject", "why", "interrupts"), evil), "changes": [change],
                        "interrupts_traffic": True}
        notes = [dict.fromkeys(("severity", "subject", "message", "hint"), evil)]
        report = [{"what": evil, "outcome": "failed", "detail": evil}]
        result = {"msg": evil, "hint": evil, "reached_at": evil, "plan": {"steps": [step], "notes": notes},
                  "warnings": [f"warns {evil}"], "transaction": {"steps": report}}
        invalid = {"problems": [dict.fromkeys(("path", "message", "hint"), evil)]}
        events = [bad(invalid, ignored=True), bad({"msg": evil}, OTHER, task=evil, ignored=True), bad(result)]
        return report_page.read(page(fleet({evil: events}, [], [evil], []), Run([evil], RUN.began, 1.0)))

    harmless, shown = build("MARK"), build(text)
    assert [tag for tag in report_page.tags(shown.tree) if tag != "wbr"] == report_page.tags(harmless.tree)
    assert report_page.text(shown.tree).count(text) == report_page.text(harmless.tree).count("MARK") >= 20
    assert list(shown.hosts) == [text]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[31mb", "a\u202eb", "a\udc80b", "a\u2066b", "a\x85b"])
def test_what_is_not_text_is_shown_as_such(text: str) -> None:
    content = page([Row(text, "failed", reasons=[text])], RUN)
    content.encode("utf-8")
    assert list(report_page.read(content).hosts)[0].startswith("a\ufffd")


_ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                         lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
                             ["plan", "steps", "notes", "changes", "results", "transaction", "msg", "hint", "problems",
                              "kind", "warnings", "reached_at", "action", "subject", "message", "ansible_loop_var",
                              "failed", "changed", "outcome"]), inner, max_size=6), max_leaves=25)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["plan", "results", "transaction", "msg", "problems", "warnings", "reached_at",
                                        "changed", "kind", "hint"]), _ANYTHING), st.sampled_from(["ok", "failed"]))
def test_a_host_can_say_anything(result: Result, outcome: str) -> None:
    rows = fleet({"kvm1": [Event(MOVE, outcome, result, seconds=1.0)]}, [], ["kvm1"], [])
    assert list(report_page.read(page(rows, RUN)).hosts) == ["kvm1"]


def test_a_message_of_megabytes_does_not_make_a_page_of_megabytes() -> None:
    rows = fleet({"kvm1": [bad({"msg": "x" * 5_000_000, "plan": PLAN})]}, [], ["kvm1"], [])
    assert len(page(rows, RUN)) < 30_000


def test_a_host_costs_a_few_elements() -> None:
    """What 5,000 hosts need of a browser. Measured in Chromium: 0.7 s to open, 0.2 s to sort."""
    def elements(rows: Sequence[Row]) -> int:
        return len(list(report_page.read(page(rows, RUN)).tree.iter()))

    rows = [row(f"kvm{number}", [ok(DONE)], False, False) for number in range(20)]
    assert (elements(rows) - elements(rows[:10])) / 10 < 30
    assert len(page(rows, RUN)) - len(page(rows[:10], RUN)) < 20_000
