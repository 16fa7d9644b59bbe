"""Golden messages: network_files/bad/NAME.yaml holds a mistake or several, NAME.yaml.txt what csnet says.

Read a message as somebody who has never seen the code. CSNET_UPDATE_GOLDEN=1 writes them anew.
"""

import difflib
import os
import re
from pathlib import Path

import csnet
import pytest
from pseudo_locale import plain

_FILES = Path(__file__).parent / "network_files"
_BAD = sorted(path for path in (_FILES / "bad").iterdir() if path.suffix != ".txt")


def name_of(path: Path) -> str:
    return path.name


def message(path: Path) -> csnet.FileError:
    with pytest.raises(csnet.FileError) as caught:
        csnet.loads(path.read_bytes(), path.name)
    return caught.value


@pytest.mark.parametrize("path", _BAD, ids=name_of)
def test_the_message_is_as_it_was_read_and_approved(path: Path) -> None:
    error = message(path)
    now = plain(f"{error}\n" + (f"  hint: {error.hint}\n" if error.hint else ""))
    golden = path.with_name(path.name + ".txt")
    if os.environ.get("CSNET_UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8")
    difference = difflib.unified_diff(expected.splitlines(), now.splitlines(), "golden", "now", lineterm="")
    assert expected == now, f"{path.name}: CSNET_UPDATE_GOLDEN=1 accepts this\n" + "\n".join(difference)


@pytest.mark.parametrize("path", _BAD, ids=name_of)
def test_the_problems_are_there_as_data_in_the_files_order(path: Path) -> None:
    error = message(path)
    assert error.problems and list(error.problems) == sorted(error.problems)
    assert isinstance(error, csnet.InvalidError)
    lines = re.split("\r\n|[\r\n\u2028]", path.read_bytes().decode("utf-8-sig", "replace"))
    for problem in error.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert f"{path.name}:{problem.line}:{problem.column}: " in str(error)
        assert problem.message and "\n" not in problem.message
    if len(error.problems) > 1:
        assert f"{len(error.problems)} problems" in str(error)


def test_every_golden_message_has_its_file() -> None:
    golden = {path.stem for path in (_FILES / "bad").glob("*.txt")}
    assert golden == {path.name for path in _BAD}
    assert len(_BAD) >= 60


def test_the_example_of_the_design() -> None:
    error = message(_FILES / "bad/vlan_too_large.yaml")
    assert str(error).splitlines()[0] == (
        "vlan_too_large.yaml:7:11: management.vlan: 4095 is not a VLAN id (1 to 4094)")
