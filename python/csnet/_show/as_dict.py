"""csnet.as_dict(): what the command's --json prints and the results of the Ansible modules contain."""

from __future__ import annotations

from csnet._csnet import (
    BondProfile,
    BridgeProfile,
    Device,
    EthernetProfile,
    Plan,
    Progress,
    Report,
    Transaction,
    VlanProfile,
)
from csnet._errors import Error, TransactionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Union

    Profile = Union[BridgeProfile, VlanProfile, BondProfile, EthernetProfile]
    Value = Union[Plan, Report, Progress, Transaction, Device, Error, Profile]


def as_dict(value: Value) -> dict[str, Any]:
    """A value as a dictionary of what JSON can hold, as `csnet --json` and the Ansible modules give it.

    Takes a Plan, Report, Progress, Transaction, Device, Error or profile. docs/json.md lists the keys of a plan, a
    report, its steps and an error; a profile has those of the network file. Within version 1 of the JSON, keys may be
    added; none is removed or changes its meaning.

    Raises TypeError for any other value.
    """
    if isinstance(value, Error):
        return _error(value)
    make = _OF_TYPE.get(type(value))
    if make is None:
        raise TypeError(f"as_dict: {value!r} is not a value that has a dictionary")
    return make(value)


def _report(report: Report) -> dict[str, Any]:
    return {"id": report.id, "committed": report.committed, "steps": [_progress(step) for step in report.steps]}


def _progress(step: Progress) -> dict[str, Any]:
    return {"phase": step.phase.value, "action": step.action.value, "subject": step.subject, "what": str(step),
            "outcome": step.outcome.value, "detail": step.detail, "start": step.start, "duration": step.duration}


def _plan(plan: Plan) -> dict[str, Any]:
    import json

    return {"pending": bool(plan), **json.loads(plan.to_json())}


def _transaction(one: Transaction) -> dict[str, Any]:
    return {"id": one.id, "state": one.state.value, "holder": one.holder, "left": one.left, "profiles": one.profiles}


def _device(device: Device) -> dict[str, Any]:
    return {
        "interface_name": device.interface_name, "type": device.type, "state": device.state,
        "mac_address": None if device.mac_address is None else str(device.mac_address), "mtu": device.mtu,
        "carrier": device.carrier, "controller": device.controller, "ports": device.ports, "profile": device.profile,
        "addresses": [str(address) for address in device.addresses], "persistent": device.persistent,
    }


def _profile(profile: Profile) -> dict[str, Any]:
    from csnet.network_file.writing import profile_as_dict

    return profile_as_dict(profile)


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


_OF_TYPE: dict[type, Callable[[Any], dict[str, Any]]] = {
    Plan: _plan, Report: _report, Progress: _progress, Transaction: _transaction, Device: _device,
    BridgeProfile: _profile, VlanProfile: _profile, BondProfile: _profile, EthernetProfile: _profile,
}
as_dict.__module__ = "csnet"  # where users find it
