"""The state of each host after a run, from the results of a playbook's tasks. Knows dictionaries, not Ansible.

The results come from the hosts: any of their values may be missing, or have another type than expected.
"""

from __future__ import annotations

import re
from typing import Any, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence

_COLLECTION = "csnet.network."
_READS_ONLY = _COLLECTION + "info"
_BAD = ("failed", "unreachable")

FAILED, ROLLED_BACK, UNREACHABLE = "failed", "rolled back", "unreachable"
NOT_REACHED, WOULD_CHANGE, COMMITTED, AS_WANTED = "not reached", "would change", "committed", "already as wanted"
#: From the state that most needs attention to the one that needs it least.
STATES = (FAILED, ROLLED_BACK, UNREACHABLE, NOT_REACHED, WOULD_CHANGE, COMMITTED, AS_WANTED)

#: A phrase for each action of a plan's steps.
ACTIONS = {
    "add": "add {}", "modify": "change {}", "activate": "bring up {}", "reapply": "update {} without taking it down",
    "restart": "take {} down and up again", "park": "park {}", "retire": "retire {}", "remove": "delete {}",
}
_LONGEST = 4000  # characters of a message, so that one host cannot make the page unreadable


class Event(NamedTuple):
    """The result of one task on one host."""

    module: str  # its full name
    outcome: str  # ok, failed, unreachable or skipped
    result: Mapping[str, Any]
    task: str = ""
    seconds: Optional[float] = None
    ignored: bool = False
    check: bool = False


class Step(NamedTuple):
    """A step: what it does, why, and a line for each property that it changes."""

    what: str
    why: str
    lines: List[str]


class Row(NamedTuple):
    """A host on the page."""

    host: str
    state: str
    steps: Sequence[Step] = ()
    address: str = ""
    seconds: Optional[float] = None
    reasons: Sequence[str] = ()
    notes: Sequence[str] = ()


def is_csnet(module: str) -> bool:
    return module.startswith(_COLLECTION)


def makes_state(module: str) -> bool:
    return is_csnet(module) and module != _READS_ONLY


def tells(module: str, outcome: str, result: Mapping[str, Any]) -> bool:
    """Whether fleet() needs the result: failures of any module, and successes of the modules of csnet."""
    return outcome in _BAD or makes_state(module) or is_csnet(module) and bool(result.get("msg"))


def fleet(events: Mapping[str, Sequence[Event]], expected: Iterable[str], failed: Iterable[str],
          unreachable: Iterable[str]) -> List[Row]:
    """The rows of the page, the worst first.

    expected: the hosts for which the run would have used csnet. failed, unreachable: the hosts that Ansible counts as
    such at the end, without those whose failure was ignored or rescued.
    """
    bad, dark = set(failed), set(unreachable)
    hosts = dict.fromkeys([*events, *expected])
    rows = [row(host, events.get(host, ()), host in bad, host in dark) for host in hosts]
    return sorted(rows, key=lambda each: (STATES.index(each.state), natural(each.host)))


def natural(text: str) -> List[Any]:
    """A sort key that puts kvm9 before kvm10."""
    parts = re.split("([0-9]{1,18})", text.lower())
    return [[int(part) if index % 2 else part for index, part in enumerate(parts)], text]


def row(host: str, events: Sequence[Event], failed: bool, unreachable: bool) -> Row:
    fatal = next((each for each in reversed(events) if not each.ignored and (
        each.outcome == "failed" and failed or each.outcome == "unreachable" and unreachable)), None)
    parts = [part for event in events for part in _parts(event)]
    ours = [part for part in parts if makes_state(part.event.module)]
    bad = [part for part in parts if part.outcome in _BAD]
    state = _state_of_failure(fatal) if fatal else _last(map(_state, ours))
    reasons = [reason for part in bad if part.event is fatal for reason in _reasons(part)]
    notes = [note for part in ours if part.outcome != "skipped" for note in _notes(part.result)]
    notes += ["the playbook continued after: " + _reasons(part)[0] for part in bad if part.event is not fatal]
    if state == NOT_REACHED and not notes:
        reasons = [f"skipped: {part.event.task}" for part in ours] or ["the play ended before its turn"]
    steps = [step for part in ours for step in _steps(part, state)]
    addresses = [address for address in (_text(part.result.get("reached_at")) for part in ours) if address]
    return Row(host, state, steps, addresses[-1] if addresses else "", _seconds(events, fatal),
               list(dict.fromkeys(reasons)), list(dict.fromkeys(notes)))


class _Part(NamedTuple):
    """An event, or one item of it if its task has a loop."""

    event: Event
    outcome: str
    result: Mapping[str, Any]


def _parts(event: Event) -> Iterator[_Part]:
    items = [_dict(item) for item in _list(event.result.get("results"))]
    if not any("ansible_loop_var" in item for item in items):
        yield _Part(event, _outcome(event, event.outcome, event.result), event.result)
    else:
        for item in items:
            outcome = next((word for word in ("unreachable", "failed", "skipped") if item.get(word)), "ok")
            yield _Part(event, _outcome(event, outcome, item), item)


def _outcome(event: Event, outcome: str, result: Mapping[str, Any]) -> str:
    """`outcome`, or "failed" if `failed_when` hid a failure: csnet's modules return `msg` only if they fail."""
    return "failed" if outcome == "ok" and is_csnet(event.module) and result.get("msg") else outcome


def _state(part: _Part) -> str:
    """The state of the host that a part shows; "" if it shows none."""
    result = part.result
    if part.outcome == "failed" and result.get("kind") == "rolled_back":
        return ROLLED_BACK
    if part.outcome == "failed" and result.get("kind") == "incomplete":
        return FAILED  # even if the playbook continued: an operator must look at the host
    if part.outcome != "ok":
        return ""
    if not result.get("changed"):
        return AS_WANTED
    if part.event.check:
        return WOULD_CHANGE
    return ROLLED_BACK if _dict(result.get("transaction")).get("committed") is False else COMMITTED


def _last(states: Iterable[str]) -> str:
    shown = [state for state in states if state]
    changed = [state for state in shown if state != AS_WANTED]
    return changed[-1] if changed else shown[-1] if shown else NOT_REACHED


def _state_of_failure(event: Event) -> str:
    if event.outcome == "unreachable":
        return UNREACHABLE
    failures = {_state(part) for part in _parts(event) if part.outcome == "failed"}
    return ROLLED_BACK if makes_state(event.module) and failures == {ROLLED_BACK} else FAILED


def _reasons(part: _Part) -> List[str]:
    event, result = part.event, part.result
    if "censored" in result:
        return [f"{event.task or event.module}: its result is hidden (no_log)"]
    message = _text(result.get("msg"))
    if not message or not is_csnet(event.module):
        return [f"{event.task or event.module}: {message or 'counted as failed'}"]
    problems = [_dict(problem) for problem in _list(result.get("problems"))]
    # `msg` is a list of all problems, so it is shown only without them.
    told = [_joined(": ", problem.get("path"), problem.get("message")) for problem in problems if problem] or [message]
    told += [f"hint: {_text(of['hint'])}" for of in [*problems, result] if of.get("hint")]
    for step in map(_dict, _list(_dict(result.get("transaction")).get("steps"))):
        if step.get("outcome") == "failed":
            told.append("on the host: " + _joined(": ", step.get("what"), step.get("detail")))
    return told


def _notes(result: Mapping[str, Any]) -> Iterator[str]:
    """Those of the plan, by their fields. The result's `warnings` repeat them as sentences, which Ansible shows."""
    for note in map(_dict, _list(_dict(result.get("plan")).get("notes"))):
        told = _joined(": ", note.get("severity"), note.get("subject"), note.get("field"), note.get("message"))
        yield _joined("; hint: ", told, note.get("hint"))
    if "censored" in result:
        yield "a result is hidden (no_log)"


def _steps(part: _Part, state: str) -> Iterator[Step]:
    """The steps; each with the outcome of its task if that is not the state of the host."""
    own = _state(part)
    for step in map(_dict, _list(_dict(part.result.get("plan")).get("steps"))):
        action, subject = _text(step.get("action")), _text(step.get("subject"))
        what = ACTIONS[action].format(subject) if action in ACTIONS else f"{action} {subject}"
        what += f" ({own})" if own not in ("", state) else ""
        lines = [_change(action, change) for change in map(_dict, _list(step.get("changes")))]
        if step.get("interrupts_traffic"):
            lines.insert(0, "traffic stops: " + _text(step["interrupts"]))
        yield Step(what, _text(step.get("why")), lines)


def _change(action: str, change: Mapping[str, Any]) -> str:
    name, before, after = (_text(change.get(key)) for key in ("property", "before", "after"))
    if action == "add" and not before:
        return f"{name}: {after or '(none)'}"
    return f"{name}: {before or '(none)'} → {after or '(none)'}"


def _seconds(events: Sequence[Event], fatal: Optional[Event]) -> Optional[float]:
    """How long csnet's tasks took, as the controller measured it; else that of the failed task."""
    spent = [event.seconds for event in events if is_csnet(event.module) and event.seconds is not None]
    return sum(spent) if spent else fatal.seconds if fatal else None


def _joined(separator: str, *parts: Any) -> str:
    return separator.join(text for text in map(_text, parts) if text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = str(value).strip()
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []
