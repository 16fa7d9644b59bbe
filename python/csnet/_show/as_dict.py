"""csnet.as_dict(): what the command's --json prints and the results of the Ansible modules contain."""

from __future__ import annotations

from csnet import _csnet
from csnet._csnet import Plan, Progress, Report
from csnet._errors import Error, TransactionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def as_dict(value: _csnet._Value | Error) -> dict[str, Any]:
    """A value as a dictionary of what JSON can hold, as `csnet --json` and the Ansible modules give it.

    Takes every value of csnet, and an Error. That of a Plan is its summary, the steps of a Report also have `what`, a
    text for people; any other value's is its to_dict(). docs/json.md lists the keys. Within version 1 of the JSON, keys
    may be added; none is removed or changes its meaning.

    Raises TypeError for anything else.
    """
    if isinstance(value, Error):
        return _error(value)
    if isinstance(value, Plan):
        return _plan(value)
    if isinstance(value, Report):
        return {**value.to_dict(), "steps": [_progress(step) for step in value.steps]}
    if isinstance(value, Progress):
        return _progress(value)
    if not hasattr(value, "to_dict"):
        raise TypeError(f"as_dict: {value!r} is not a value that has a dictionary")
    return value.to_dict()


def _progress(step: Progress) -> dict[str, Any]:
    return {**step.to_dict(), "what": str(step)}


def _plan(plan: Plan) -> dict[str, Any]:
    import json

    return {"pending": bool(plan), **json.loads(plan.to_json())}


def _error(error: Error) -> dict[str, Any]:
    value: dict[str, Any] = {
        "kind": error.kind.value, "subject": error.subject, "message": str(error), "hint": error.hint,
    }
    if isinstance(error, TransactionError):
        value["outcome"] = error.outcome.value
        value["left"] = [one._asdict() for one in error.left]
    problems: list[Any] = list(getattr(error, "problems", []))
    if problems:
        value["problems"] = [problem._asdict() for problem in problems]
    return value


as_dict.__module__ = "csnet"  # where users find it
