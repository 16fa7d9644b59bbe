"""Reads the tests' reports, and prints the summary of a run."""

import contextlib
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

from .terminal import colour, say

_SLOWEST = 20


class Result(NamedTuple):
    """The result of a part of a layer."""

    layer: str
    passed: int
    failures: List[str]
    skipped: int
    wall: float  #: seconds
    processor: float  #: seconds, of the part and its children
    tests: Tuple[Tuple[float, str], ...] = ()  #: (seconds, name) of each


def read(layer: str, xml: Path, code: int, filtered: bool, wall: float, processor: float) -> Result:
    """Read a part's report. A part without a report, or with an exit code but no failed test, has failed itself."""
    passed, skipped, failures, cases = 0, 0, [], None
    with contextlib.suppress(OSError, ElementTree.ParseError):
        cases = list(ElementTree.parse(xml).iter("testcase"))
    for case in cases or []:
        if case.find("failure") is not None or case.find("error") is not None:
            failures.append(f"{case.get('classname')}::{case.get('name')}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    nothing_fits = filtered and code == 5 and cases == []  # 5 is pytest's code for "no test was collected"
    if cases is None or (code != 0 and not failures and not nothing_fits):
        why = f"ended with exit code {code}" if code >= 0 else "was stopped, since the whole run took too long"
        failures.append(f"the layer itself {why}" + (" and left no report" if cases is None else ""))
    tests = tuple((float(case.get("time", "0")), f"{layer}: {case.get('name')}") for case in cases or [])
    return Result(layer, passed, failures, skipped, wall, processor, tests)


def by_layer(results: List[Result]) -> List[Result]:
    """Add up the parts of each layer. The times are sums, although parts run in parallel."""
    layers: Dict[str, Result] = {}
    for part in results:
        if part.layer in layers:
            so_far = layers[part.layer]
            part = Result(part.layer, so_far.passed + part.passed, so_far.failures + part.failures,
                          so_far.skipped + part.skipped, so_far.wall + part.wall,
                          so_far.processor + part.processor, so_far.tests + part.tests)
        layers[part.layer] = part
    return list(layers.values())


def summarize(results: List[Result], seconds: float) -> int:
    """Print the slowest tests, the layers, the failures and the last line; return the exit code."""
    slowest = sorted((test for result in results for test in result.tests), reverse=True)[:_SLOWEST]
    if len(slowest) == _SLOWEST:
        say(f"\nthe {_SLOWEST} slowest tests, in seconds")
        for took, name in slowest:
            say(f"{took:8.1f}  {name[:100]}")
    layers = by_layer(results)
    say(f"\n{'layer':<10}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}{'of processor':>14}")
    for row in layers:
        line = (f"{row.layer:<10}{row.passed:>8}{len(row.failures):>8}{row.skipped:>9}{row.wall:>9.1f}"
                f"{row.processor:>14.1f}")
        say(colour("31", line) if row.failures else line)
    for line in (f"FAILED {row.layer}: {name}" for row in layers for name in row.failures):
        say(line)
    passed, skipped = sum(row.passed for row in layers), sum(row.skipped for row in layers)
    failed = sum(len(row.failures) for row in layers)
    code = 0 if passed and not failed else 1
    say(f"{int(seconds) // 60} min {int(seconds) % 60} s in all")
    say(colour("31" if code else "32", f"{passed} passed, {failed} failed, {skipped} skipped"))  # CI reads this line
    return code
