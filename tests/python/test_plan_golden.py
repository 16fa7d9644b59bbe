"""Golden plans: plans/NAME holds a host, what is wanted of it, and the plan, as text and as JSON.

Read a plan as the operator whose host it could cut off. CSNET_UPDATE_GOLDEN=1 writes the plans anew.
"""

import difflib
import json
import os
from pathlib import Path
from typing import Dict

import csnet
import pytest
from plan_states import load_current, load_wanted

_PLANS = Path(__file__).parent / "plans"
_NAMES = sorted(path.name for path in _PLANS.iterdir())


def _made(folder: Path) -> Dict[str, str]:
    current = load_current(folder / "current.yaml")
    try:
        wanted = load_wanted(folder / "desired.yaml")
        plan = wanted.plan(current)
    except csnet.Error as error:
        return {"error.txt": f"{error.kind.name}: {error}\n" + "".join(f"  hint: {error.hint}\n" if error.hint else "")}
    assert wanted.plan(current) == plan
    return {"plan.txt": f"{plan}\n", "plan.json": f"{plan.to_json()}\n"}


@pytest.mark.parametrize("name", _NAMES)
def test_the_plan_is_as_it_was_read_and_approved(name: str) -> None:
    folder = _PLANS / name
    made = _made(folder)
    if os.environ.get("CSNET_UPDATE_GOLDEN"):
        for old in ("plan.txt", "plan.json", "error.txt"):
            (folder / old).unlink(missing_ok=True)
        for file, text in made.items():
            (folder / file).write_text(text, encoding="utf-8")
    golden = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix != ".yaml"}
    difference = [line for file in sorted({*golden, *made}) for line in difflib.unified_diff(
        golden.get(file, "").splitlines(), made.get(file, "").splitlines(), f"golden {file}", f"now {file}",
        lineterm="")]
    assert golden == made, f"{name}: CSNET_UPDATE_GOLDEN=1 accepts this\n" + "\n".join(difference)


def test_every_kind_of_step_is_in_a_golden_plan() -> None:
    plans = [json.loads(path.read_text(encoding="utf-8")) for path in _PLANS.glob("*/plan.json")]
    actions = {step["action"] for plan in plans for step in plan["steps"]}
    assert actions == {action.name for action in csnet.Action}
    assert len(_NAMES) >= 40
