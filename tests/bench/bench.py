#!/usr/bin/python3
"""Measures csnet: `./dev bench` runs every benchmark, `./dev bench NAME` one.

A benchmark NAME is a file bench_NAME.py in this directory, with a `run(options: measure.Options) -> measure.Report`.
"""

import argparse
import datetime
import importlib
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, Dict, Sequence

from measure import BUILD, ROOT, Options, Report

_HERE = Path(__file__).resolve().parent
_PAGE = ROOT / "docs/benchmarks.md"


def benchmarks() -> Dict[str, Any]:
    """The modules of the benchmarks, by name."""
    stems = [path.stem for path in sorted(_HERE.glob("bench_*.py"))]
    return {stem[len("bench_"):]: importlib.import_module(stem) for stem in stems}


def circumstances(command: str, networkmanager: str, rounds: int) -> Dict[str, str]:
    processors = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {
        "command": command,
        "date": datetime.date.today().isoformat(),
        "rounds": str(rounds),
        "machine": f"{len(os.sched_getaffinity(0))} × {processors[0] if processors else os.uname().machine}",
        "load average": f"{os.getloadavg()[0]:.1f}",
        "kernel": os.uname().release,
        "NetworkManager": networkmanager,
    }


def section(report: Report, about: Dict[str, str]) -> str:
    facts = [f"{key} {value}" for key, value in about.items() if key != "command"]
    return f"`{about['command']}`: {', '.join(facts)}.\n\n{report.markdown}"


def write_docs(page: Path, name: str, report: Report, text: str) -> None:
    """The table into the page, and the plot beside it."""
    if report.plot:
        file = page.with_suffix("") / f"{name}.svg"
        file.parent.mkdir(exist_ok=True)
        file.write_text(report.plot)
        text += f"\n\n![{name}, plotted]({file.relative_to(page.parent)})"
    write_section(page, name, text)


def write_section(page: Path, name: str, text: str) -> None:
    """Replaces what stands between the benchmark's two markers."""
    begin, end = f"<!-- begin bench {name} -->\n", f"<!-- end bench {name} -->\n"
    old = page.read_text()
    if old.count(begin) != 1 or old.count(end) != 1:
        raise SystemExit(f"{page}: the markers of '{name}' are missing: write its section first")
    page.write_text(old[: old.index(begin)] + begin + text + "\n" + old[old.index(end) :])


def main(arguments: Sequence[str]) -> int:
    known = benchmarks()
    usual = Options()
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure csnet.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run (all): {', '.join(known)}")
    parser.add_argument("--rounds", type=int, default=usual.rounds,
                        help="how often each rival runs at most (%(default)s)")  # fmt: skip
    parser.add_argument("--profiles", type=int, nargs="+", default=usual.profiles, metavar="N",
                        help="how many profiles (each benchmark has its own)")  # fmt: skip
    parser.add_argument("--write-docs", action="store_true", help="put tables and plots into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"no benchmark '{unknown[0]}': there are {', '.join(known)}")
    results = BUILD / "bench"
    results.mkdir(exist_ok=True)
    began = time.monotonic()
    for name in options.names or known:
        report = known[name].run(Options(options.rounds, tuple(options.profiles)))
        shown = [word for word in arguments if word not in (*options.names, "--write-docs")]
        about = circumstances(" ".join(["./dev", "bench", name, *shown]), report.networkmanager, options.rounds)
        text = section(report, about)
        file = results / f"{name}.json"
        file.write_text(json.dumps({"benchmark": name, **about, "results": report.data}, indent=1) + "\n")
        print(f"{text}\n\n{file}, after {time.monotonic() - began:.0f} s\n", flush=True)
        if options.write_docs:
            write_docs(_PAGE, name, report, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
