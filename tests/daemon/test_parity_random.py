"""Random profiles and changes: csnet and nmcli make the same of them.

CSNET_SEED=17 CSNET_CASES=2000 pytest tests/daemon/test_parity_random.py tries others than the usual 500 cases. A case
that fails is made smaller, step by step and field by field, before it is shown, in the words of nmcli_lines.yaml.

Each case starts as a list of Steps with plain values. `Case`s are spelled from it twice, independently: for csnet as a
constructor's arguments, for nmcli through the table of properties in nmcli_lines.yaml.
"""
import os
import shlex
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

import pytest
from parity import Parity, Verdict, parity
from parity_table import Case, fields_that_nmcli_has, load_table
from parity_values import DEFAULTS, PORTS, Values

SEED = int(os.environ.get("CSNET_SEED", "1"))
CASES = int(os.environ.get("CSNET_CASES", "500"))

PROPERTIES, _ = load_table()
_NMCLI_TYPES = {"BridgeProfile": "bridge", "VlanProfile": "vlan", "BondProfile": "bond", "EthernetProfile": "ethernet"}
# for a new VLAN nmcli wants these by their short names
_REQUIRED = {"VlanProfile": {"parent": "dev", "id": "id"}}
# Properties that csnet has no fields for, and must not change.
_FOREIGN = [
    "connection.metered yes", "connection.lldp enable", "ipv4.dns-priority 10", "ipv6.ip6-privacy 2",
    "ipv4.ignore-auto-dns yes", "ipv6.addr-gen-mode eui64", "ipv4.dhcp-timeout 5", "connection.mdns yes",
    "ipv4.dns-options ndots:2", "connection.auth-retries 3", "ethtool.feature-gro off", "ethtool.ring-rx 4096",
]
_failed: List[int] = []  # the first ten are made smaller, which takes seconds
_FOREIGN_OF_PORTS = [line for line in _FOREIGN if not line.startswith("ip")]


class Step(NamedTuple):
    """One `add` (which is None) or `modify`. Ports are under "port" as (class, fields), IP under "ipv4" and "ipv6"."""

    kind: str
    fields: Dict[str, Any]
    which: Optional[str] = None


class Spec(NamedTuple):
    """`given` makes controllers, and with `foreign` nmcli makes the first profile in both worlds."""

    number: int
    given: List[str]
    steps: List[Step]
    foreign: List[str]

    def case(self) -> Case:
        given, steps = list(self.given), self.steps
        if self.foreign:
            given.append(nmcli_line(steps, 0) + " " + " ".join(self.foreign))
        skip = 1 if self.foreign else 0
        return Case(
            title=f"seed {SEED}, case {self.number}",
            given=given,
            nmcli=[nmcli_line(steps, at) for at in range(skip, len(steps))],
            csnet=[csnet_statement(step) for step in steps[skip:]],
        )

    def smaller(self) -> "Iterator[Spec]":
        """This case without one step, one field, one field of a field, or one foreign property."""
        for at in range(len(self.foreign)):
            yield self._replace(foreign=self.foreign[:at] + self.foreign[at + 1:])
        for at in range(len(self.steps) - 1, 0, -1):
            yield self._replace(steps=self.steps[:at] + self.steps[at + 1:])
        for at, step in enumerate(self.steps):
            for fields in _without_one(step.fields):
                if step.which is None and not {"name", "interface_name"} <= fields.keys():
                    continue
                if "port" in fields and "controller" in step.fields and "controller" not in fields:
                    continue
                yield self._replace(steps=[*self.steps[:at], step._replace(fields=fields), *self.steps[at + 1:]])
        if self.given:
            yield self._replace(given=[])


def _without_one(fields: Dict[str, Any]) -> "Iterator[Dict[str, Any]]":
    for key, value in fields.items():
        yield {name: other for name, other in fields.items() if name != key}
        if isinstance(value, tuple):
            for smaller in _without_one(value[1]):
                yield {**fields, key: (value[0], smaller)}
        elif isinstance(value, dict):
            for smaller in _without_one(value):
                yield {**fields, key: smaller}
        elif isinstance(value, list):
            for at in range(len(value)):
                yield {**fields, key: value[:at] + value[at + 1:]}


# ------------------------------------------------------------------------------------------------ spelled for csnet

def csnet_statement(step: Step) -> str:
    value = f"{step.kind}({_arguments(step.fields)})"
    return f"host.add({value})" if step.which is None else f"host.modify({step.which!r}, {value})"


def _arguments(fields: Dict[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(name, value)}" for name, value in fields.items())


def _literal(name: str, value: Any) -> str:
    if name == "port":
        return f"{value[0]}({_arguments(value[1])})"
    if name in ("ipv4", "ipv6"):
        return f"Ip{name[-1]}Config({_arguments(value)})"
    return repr(value)


# ------------------------------------------------------------------------------------------------ spelled for nmcli

def nmcli_line(steps: List[Step], at: int) -> str:
    step = steps[at]
    before = [each.fields for each in steps[:at]]
    words = _add(step) if step.which is None else ["nmcli", "con", "mod", step.which, *_changed_controller(step.fields)]
    skip = {"name", "interface_name", "controller"} if step.which is None else {"controller"}
    skip.update(_REQUIRED.get(step.kind, ()) if step.which is None else ())
    for name, value in step.fields.items():
        if name in skip:
            continue
        if name in ("ipv4", "ipv6"):
            words += _properties(f"Ip{name[-1]}Config", value)
        elif name == "port":
            words += _properties(value[0], value[1])
        elif name == "coalesce":
            words += _coalesce(value, before)
        elif name not in ("mode", "options", "reset"):
            words += _properties(step.kind, {name: value})
    if step.kind == "BondProfile":
        words += _bond(step.fields, before)
    return shlex.join(words + _reset(step, before))


def _add(step: Step) -> List[str]:
    fields = step.fields
    words = ["nmcli", "con", "add", "type", _NMCLI_TYPES[step.kind], "con-name", fields["name"]]
    if "interface_name" in fields:
        words += ["ifname", fields["interface_name"]]
    for name, word in _REQUIRED.get(step.kind, {}).items():
        words += [word, str(fields[name])] if name in fields else []
    if "controller" in fields:
        words += ["master", fields["controller"]]
        words += ["slave-type", PORTS[fields["port"][0]]] if "port" in fields else []
        # the other way to say it, for every second name
        if step.kind == "EthernetProfile" and "port" in fields and len(fields["name"]) % 2:
            words = [f"{PORTS[fields['port'][0]]}-slave" if word == "ethernet" else word for word in words[:-2]]
    return words


def _changed_controller(fields: Dict[str, Any]) -> List[str]:
    if "controller" not in fields:
        return []
    words = ["connection.master", fields["controller"]]
    if not fields["controller"]:
        return [*words, "connection.slave-type", ""]
    # In this order: nmcli adds the port's setting only when a property follows `connection.slave-type`, or at the next
    # `con mod`; csnet always does.
    return ["connection.slave-type", PORTS[fields["port"][0]], *words] if "port" in fields else words


def _properties(kind: str, fields: Dict[str, Any]) -> List[str]:
    words = []
    for name, value in fields.items():
        prop = PROPERTIES[kind].get(name) or PROPERTIES["every profile"][name]
        words += [prop, _word(value)]
    return words


def _reset(step: Step, before: List[Dict[str, Any]]) -> List[str]:
    """The default of each field that `reset` names, given explicitly."""
    words: List[str] = []
    for path in step.fields.get("reset", []):
        part, _, inner = path.partition(".")
        if path == "controller":
            words += ["connection.master", "", "connection.slave-type", ""]
        elif path == "coalesce":
            words += _coalesce({}, before)
        elif path == "mode":
            words += ["+" + PROPERTIES["BondProfile"]["options"], "mode=balance-rr"]
        elif path == "options":
            mode = _last([*before, step.fields], "mode", "balance-rr")
            words += [PROPERTIES["BondProfile"]["options"], f"mode={mode}"]
        else:
            kind = step.kind
            if inner:
                kind = _last(before, "port", None)[0] if part == "port" else f"Ip{part[-1]}Config"
            name = inner or path
            words += _properties(kind, {name: DEFAULTS[kind].get(name) or DEFAULTS["every profile"].get(name, "")})
    return words


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ",".join(f"{key}:{each}" for key, each in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _last(before: List[Dict[str, Any]], name: str, otherwise: Any) -> Any:
    for fields in reversed(before):
        if name in fields or name in fields.get("reset", []):
            return fields.get(name, otherwise)
    return otherwise


def _coalesce(value: Dict[str, int], before: List[Dict[str, Any]]) -> List[str]:
    """nmcli sets each parameter separately: old ones that are no longer wanted must be cleared one by one."""
    prefix = PROPERTIES["EthernetProfile"]["coalesce"]
    words = []
    for name in [*_last(before, "coalesce", {}), *value]:
        words += [prefix + name, str(value.get(name, ""))]
    return words


def _bond(fields: Dict[str, Any], before: List[Dict[str, Any]]) -> List[str]:
    if "mode" not in fields and "options" not in fields:
        return []
    prop = PROPERTIES["BondProfile"]["options"]
    if "options" not in fields and before:
        return [f"+{prop}", f"mode={fields['mode']}"]  # the options remain
    mode = fields.get("mode", _last(before, "mode", "balance-rr"))
    options = "".join(f",{name}=" + each.replace(",", "\\,") for name, each in fields.get("options", {}).items())
    return [prop, f"mode={mode}{options}"]


# --------------------------------------------------------------------------------------------------------- the tests

def make_spec(number: int) -> Spec:
    values = Values(f"{SEED}/{number}")
    kind, first, changes = values.profile()
    steps = [Step(kind, first)]
    name = first["name"]
    for fields in changes:
        by_uuid = values.chance(0.3) and repr(name) == f"'{name}'"
        steps.append(Step(kind, fields, which=f"<uuid of {name}>" if by_uuid else name))
        if len(shlex.split(nmcli_line(steps, len(steps) - 1))) == 4:  # "nmcli con mod NAME" and nothing to change
            steps.pop()
        name = fields.get("name", name)
    foreign: List[str] = []
    if len(steps) > 1 and values.chance(0.4):
        foreign = values.some(_FOREIGN_OF_PORTS if "controller" in first else _FOREIGN, 3)
        foreign = [line for line in foreign if not (kind == "VlanProfile" and line.startswith("ethtool"))]
    return Spec(number, values.given, steps, foreign)


@pytest.fixture(scope="module")
def one() -> Iterator[Parity]:
    with parity() as running:
        yield running


@pytest.mark.parametrize("number", range(CASES), ids=lambda number: f"seed {SEED} case {number}")
def test_csnet_makes_what_nmcli_makes_of(number: int, one: Parity) -> None:
    spec = make_spec(number)
    if (verdict := one.compare(spec.case())).diff:
        _failed.append(number)
        smallest = (shrunk(spec, verdict, one) if len(_failed) <= 10 else spec).case()
        pytest.fail(f"{smallest}\n\n{one.compare(smallest)}", pytrace=False)


def shrunk(spec: Spec, found: Verdict, one: Parity) -> Spec:
    """The smallest case like this with the same answers that still differs."""
    for _ in range(40):
        for smaller in spec.smaller():
            try:
                case = smaller.case()
            except (KeyError, IndexError):  # a step needs one that was left out
                continue
            verdict = one.compare(case)
            if verdict.diff and (verdict.answer, verdict.by_csnet) == (found.answer, found.by_csnet):
                spec = smaller
                break
        else:
            break
    return spec


def test_every_field_occurs_in_the_random_cases(capsys: "pytest.CaptureFixture[str]") -> None:
    seen = set()

    def look(kind: str, fields: Dict[str, Any]) -> None:
        for name, value in fields.items():
            if name == "port":
                look(*value)
            elif name in ("ipv4", "ipv6"):
                look(f"Ip{name[-1]}Config", value)
            seen.add((kind, name))

    for number in range(CASES):
        for step in make_spec(number).steps:
            look(step.kind, step.fields)
    with capsys.disabled():
        print(f" [{CASES} random cases, CSNET_SEED={SEED}]", end="")
    assert sorted(fields_that_nmcli_has(PROPERTIES) - seen) == []
