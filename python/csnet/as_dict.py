"""Values for programs: what the command's --json and Ansible's results have in common. docs/json.md has the keys."""

from __future__ import annotations  # so that typing, which is slow to import, is for checkers alone

import csnet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def report_as_dict(report: csnet.Report) -> dict[str, Any]:
    return {"id": report.id, "committed": report.committed, "steps": [step_as_dict(step) for step in report.steps]}


def step_as_dict(step: csnet.Progress) -> dict[str, Any]:
    return {"phase": step.phase.value, "action": step.action.value, "subject": step.subject, "what": str(step),
            "outcome": step.outcome.value, "detail": step.detail, "start": step.start, "duration": step.duration}


def plan_as_dict(plan: csnet.Plan) -> dict[str, Any]:
    import json

    return {"pending": bool(plan), **json.loads(plan.to_json())}


def transaction_as_dict(one: csnet.Transaction) -> dict[str, Any]:
    return {"id": one.id, "state": one.state.value, "holder": one.holder, "left": one.left, "profiles": one.profiles}


def device_as_dict(device: csnet.Device) -> dict[str, Any]:
    return {
        "interface_name": device.interface_name, "type": device.type, "state": device.state,
        "mac_address": None if device.mac_address is None else str(device.mac_address), "mtu": device.mtu,
        "carrier": device.carrier, "controller": device.controller, "ports": device.ports, "profile": device.profile,
        "addresses": [str(address) for address in device.addresses], "persistent": device.persistent,
    }


def error_as_dict(error: csnet.Error) -> dict[str, Any]:
    value: dict[str, Any] = {
        "kind": error.kind.value, "subject": error.subject, "message": str(error), "hint": error.hint,
    }
    if isinstance(error, csnet.TransactionError):
        value["outcome"] = error.outcome.value
        value["left"] = [one._asdict() for one in error.left]
    problems: list[Any] = list(getattr(error, "problems", []))
    if problems:
        value["problems"] = [problem._asdict() for problem in problems]
    return value
