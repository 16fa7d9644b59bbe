"""How the command prints a plan: the text of str(plan), in colours that follow from the plan's fields."""

import argparse
import contextlib
import io
import re
from pathlib import Path

import csnet
import pytest
from csnet.cli.output import Output
from plan_states import load_current, load_wanted

_PLANS = Path(__file__).parent / "plans"
_MADE = sorted(path.name for path in _PLANS.iterdir() if (path / "plan.txt").exists())
_COLOURS = {"1": "bold", "31": "red", "32": "green", "33": "yellow"}
_OF_ACTION = {csnet.Action.add: "green", csnet.Action.modify: "yellow", csnet.Action.retire: "yellow",
              csnet.Action.remove: "red"}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _printed(plan: csnet.Plan, monkeypatch: pytest.MonkeyPatch, no_color: bool = False) -> str:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    options = argparse.Namespace(json=False, quiet=False, verbose=False, command="plan", no_color=no_color)
    with contextlib.redirect_stdout(_Terminal()) as screen:
        Output(options).plan(plan)
    return screen.getvalue()


def _coloured(printed: str) -> "list[tuple[str, str]]":
    """(colour, text) of each part that has one."""
    return [(_COLOURS[code], text) for code, text in re.findall(r"\033\[(\d+)m(.*?)\033\[0m", printed, re.DOTALL)]


@pytest.mark.parametrize("name", _MADE)
def test_a_coloured_plan_is_its_text_with_colour_codes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = load_wanted(_PLANS / name / "desired.yaml").plan(load_current(_PLANS / name / "current.yaml"))
    printed = _printed(plan, monkeypatch)
    assert printed != f"{plan}\n"
    assert re.sub(r"\033\[\d+m", "", printed) == f"{plan}\n"
    assert _printed(plan, monkeypatch, no_color=True) == f"{plan}\n"


@pytest.mark.parametrize("action", list(csnet.Action))
def test_a_step_has_the_colour_of_its_action_whatever_it_says(
        action: csnet.Action, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "- + ~\nwarning: traffic stops:\n  - remove"
    step = csnet.Step(action=action, item=csnet.BridgeProfile(name=words), why=words,
                      changes=[csnet.Change(property="warning", before="+", after="-")])
    [_, *coloured] = _coloured(_printed(csnet.Plan(steps=[step]), monkeypatch))
    assert [colour for colour, _ in coloured] == ([_OF_ACTION[action]] if action in _OF_ACTION else [])


@pytest.mark.parametrize("says", ["warning: + no", "traffic stops: no", "error"])
def test_what_an_operator_must_see_is_yellow_whatever_it_says(says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    step = csnet.Step(action=csnet.Action.activate, interrupts=says, interrupts_traffic=True)
    notes = [csnet.Finding(severity=severity, subject=says, message=says, hint=says)
             for severity in (csnet.Severity.info, csnet.Severity.warning)]
    [_, stops, info, warning] = _coloured(_printed(csnet.Plan(steps=[step], notes=notes), monkeypatch))
    assert stops == ("yellow", f"      traffic stops: {says}")
    assert (info[0], warning[0]) == ("bold", "yellow")
