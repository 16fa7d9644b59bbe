"""./dev: what a change touches, parts that run side by side, tests that hang, signals that its caller ignores."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from devtools import english, layers, lint, packages, rooms  # noqa: E402
from devtools.results import Result  # noqa: E402
from devtools.schedule import Job, run_jobs  # noqa: E402

from csnet_lab import Node  # noqa: E402

_HANGING = """
import ctypes, time, pytest

@pytest.mark.timeout(1)
def test_in_python() -> None:
    while True: pass

@pytest.mark.timeout(1)
def test_in_c_that_keeps_the_interpreter() -> None:
    ctypes.PyDLL(None).pthread_join(ctypes.c_void_p(ctypes.PyDLL(None).pthread_self()), None)
    lock = ctypes.create_string_buffer(256)
    ctypes.PyDLL(None).pthread_mutex_lock(lock)
    ctypes.PyDLL(None).pthread_mutex_lock(lock)

@pytest.mark.timeout(1)
def test_in_its_clean_up_too(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: time.sleep(10000))
    time.sleep(10000)

def test_that_comes_after_them() -> None:
    pass
"""


def job(folder: Path, name: str, command: List[str], environment: Optional[Dict[str, str]] = None) -> Job:
    xml, log = folder / f"{name}.xml", folder / f"{name}.log"
    return Job(name, name, command, {**os.environ, **(environment or {})}, xml, log)


def pytest_job(folder: Path, name: str, text: str) -> Job:
    """The tests of a text, run as ./dev runs a part, with the limits of tests/conftest.py."""
    (folder / f"test_{name}.py").write_text(text)
    (folder / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    part = layers.Part("lab", name, 1, files=(f"test_{name}.py",))
    command = layers.command_of(part, "release", [], folder / f"{name}.xml")
    command = [word.replace("tests/lab/", f"{folder}/") for word in command]
    path = os.pathsep.join([str(ROOT / "tests"), *filter(None, sys.path)])
    return job(folder, name, [*command, f"--rootdir={folder}", f"--confcutdir={folder}", "-c",
                              str(folder / "pyproject.toml")], {"PYTHONPATH": path, "CSNET_TEST_GRACE": "1"})


def test_a_test_that_hangs_fails_alone_and_the_others_go_on(tmp_path: Path) -> None:
    (result,) = run_jobs([pytest_job(tmp_path, "hanging", _HANGING)], 1, 100)
    log = (tmp_path / "hanging.log").read_text()
    assert result.passed == 1, log
    failed = {name.rpartition("::")[2] for name in result.failures}
    assert failed >= {"test_in_python", "test_in_its_clean_up_too"}, log
    assert any("in_c_that_keeps" in name for name in result.failures), log


def test_parts_run_side_by_side_and_each_is_judged(tmp_path: Path) -> None:
    meeting = tmp_path / "meeting"
    os.mkfifo(meeting)
    # Neither ends before the other has begun: opening a FIFO waits for its other end.
    jobs = [pytest_job(tmp_path, "one", f"def test_one(): open({str(meeting)!r}, 'w').close()\n"),
            pytest_job(tmp_path, "two", f"def test_two(): open({str(meeting)!r}).close()\n"),
            pytest_job(tmp_path, "red", "def test_three(): assert False\n"),
            job(tmp_path, "dead", ["sh", "-c", "exit 3"])]
    results = {result.layer: result for result in run_jobs(jobs, 2, 100)}
    assert (results["one"].passed, results["two"].passed) == (1, 1)
    assert [name.rpartition("::")[2] for name in results["red"].failures] == ["test_three"]
    assert results["dead"].failures == ["the layer itself ended with exit code 3 and left no report"]


def test_one_lab_kernel_runs_at_a_time(tmp_path: Path) -> None:
    meeting, native_has_run = tmp_path / "meeting", tmp_path / "native-has-run"
    os.mkfifo(meeting)
    # The first ends when the native one, last in the queue, has come; the second fails if it starts before that.
    first = job(tmp_path, "first", ["sh", "-c", f"cat {meeting}"])._replace(lab_kernel=True)
    second = job(tmp_path, "second", ["test", "-e", str(native_has_run)])._replace(lab_kernel=True)
    native = job(tmp_path, "native", ["sh", "-c", f"touch {native_has_run} && : > {meeting}"])
    results = run_jobs([first, second, native], 2, 60)
    assert {result.failures[0] for result in results} == {"the layer itself ended with exit code 0 and left no report"}


def test_a_run_that_takes_too_long_ends_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [job(tmp_path, "endless", ["sleep", "10000"]), job(tmp_path, "next", ["true"])]
    endless, other = run_jobs(jobs, 1, 0.5)
    assert "took too long" in endless.failures[0] and "no time left" in other.failures[0]


def test_an_ignored_sigint_reaches_the_children_of_dev(tmp_path: Path) -> None:
    """As in the background of a shell without job control."""
    program = ("import sys; sys.path.insert(0, sys.argv[1])\n"
               "from devtools.processes import reset_signals; reset_signals()\n"
               "import subprocess; subprocess.run(['grep', 'Sig[BI]', '/proc/self/status'])")

    def ignore() -> None:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])

    said = subprocess.run([sys.executable, "-c", program, str(ROOT)], preexec_fn=ignore, stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    states = dict(line.split(":\t") for line in said.splitlines())
    assert {name: int(value, 16) for name, value in states.items()} == {"SigBlk": 0, "SigIgn": 0}


# --- --since ---


def test_every_file_touches_what_its_room_is_for() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    unknown = [path for path in listed.splitlines()
               if next(pattern for pattern, _ in layers.TOUCHED if layers.matches(path, pattern)) == "*"
               and path not in ("CMakeLists.txt", "CMakePresets.json", "pyproject.toml")
               and not path.startswith("cmake/")]
    assert unknown == []
    everything = set(layers.LAYERS)
    for path, touched in {"libcsnet/src/dbus/bus.cpp": everything, "tests/unit/plan_test.cpp": {"unit"},
                          "docs/benchmarks.md": {"docs", "bench", "package"}, "tests/conftest.py": everything,
                          "a file in no room": everything, ".clang-tidy": set()}.items():
        assert layers.layers_touched_by([path]) == touched, path
    assert "unit" not in layers.layers_touched_by(["python/csnet_lab/uml.py"])
    assert "ansible" in layers.layers_touched_by(["python/ansible_collections/csnet/network/roles/x/tasks/main.yml"])


def test_since_knows_changed_new_and_deleted_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "ROOT", tmp_path)

    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, stdout=subprocess.DEVNULL, check=True)

    git("init")
    for name in ("changed", "deleted", "moved", "same", "committed"):
        (tmp_path / name).write_text(name)
    git("add", ".")
    git("commit", "-m", "first")
    (tmp_path / "committed").write_text("other")
    git("commit", "-am", "second")
    (tmp_path / "changed").write_text("other")
    (tmp_path / "deleted").unlink()
    (tmp_path / "moved").rename(tmp_path / "ä new name")
    assert layers.paths_changed_since("HEAD~1") == ["changed", "committed", "deleted", "moved", "ä new name"]
    with pytest.raises(ValueError, match="nowhere"):
        layers.paths_changed_since("nowhere")


def test_no_source_is_too_long() -> None:
    assert lint.too_long() == []


# Of each file: its text, and the words that are refused, with their lines.
_ENGLISH: Dict[str, Tuple[str, List[str]]] = {
    "README.md": ("""# Who may die when
## What is this?
What is this for? Read on. Whose it is,
is another question.
- Whoever reads `somebody` and `any more`
| a key | What it holds |
> What the manual says
<!-- below: made by a program -->
Somebody
""", ["1: 'Who'", "3: 'Whose'", "5: 'Whoever'", "6: 'What'"]),
    "examples/a.cpp": ("""// The port comes up by
// itself. There is no other. It is no longer down.
const char* kNote = "is no "
    "number";  ///< What it says.
const char kQuote = '"';  /* no one's any more */
""", ["2: 'by itself'", "3: 'is no'", "4: 'What'", "5: 'any more'"]),
    "devtools/a.py": ('''"""Right.

What runs is said of itself.
"""
x = what(f"{x} is somebody's")  # of csnet's
''', ["3: 'What'", "3: 'of itself'", "5: 'somebody'", "5: 'of csnet's'"]),
    "docs/a.cmake": ("# What follows\nset(x y)  # are no files\n", ["1: 'What'", "2: 'are no'"]),
    "docs/adr/1.md": ("What was decided stays.\n", []),
    "elsewhere.md": ("What is not clean yet.\n", []),
}


def test_bad_english_is_found_in_every_kind_of_file(tmp_path: Path) -> None:
    for name, (text, _) in _ENGLISH.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run("git init -q && git add .", shell=True, cwd=tmp_path, check=True)
    found = sorted(complaint.rpartition(": ")[0] for complaint in english.bad_english(tmp_path))
    assert found == sorted(f"{name}:{place}" for name, (_, places) in _ENGLISH.items() for place in places)


def test_clean_files_have_no_bad_english() -> None:
    assert english.bad_english() == []


def test_the_modules_of_the_tests_have_names_of_their_own() -> None:
    """The folders of the tests, python/ and the installed modules are one namespace: a name must mean one module."""
    paths = [path for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    outside = [entry for entry in sys.path if entry and not Path(entry).resolve().is_relative_to(ROOT / "tests")]
    taken = Counter(path.stem for path in paths)
    doubled = sorted(str(path.relative_to(ROOT)) for path in paths if taken[path.stem] > 1)
    foreign = sorted(name for name in taken if PathFinder.find_spec(name, outside))
    assert (doubled, foreign) == ([], [])
# --- who includes whom ---


def write_sources(root: Path, **includes: str) -> None:
    """A header for each room, "model_plan" for model/plan, with one line."""
    for room, line in includes.items():
        header = root / "libcsnet/src" / room.replace("_", "/") / f"of_{room}.hpp"
        header.parent.mkdir(parents=True, exist_ok=True)
        header.write_text(f"#pragma once\n\n{line}\n")


def test_no_room_includes_what_it_may_not() -> None:
    assert rooms.problems() == []


def test_an_include_that_the_table_does_not_allow_is_named(tmp_path: Path) -> None:
    write_sources(tmp_path, host='#include "nm/of_nm.hpp"', nm="#include <gio/gio.h>",
                  dbus="#include <NetworkManager.h>", model_plan='#include "of_model_values.hpp"',
                  model_values="#include <csnet/profile.hpp>", attic="#include <string>")
    assert rooms.problems(tmp_path) == [
        "libcsnet/src/attic/of_attic.hpp:3: attic has no row in devtools/rooms.py",
        "libcsnet/src/dbus/of_dbus.hpp:3: dbus may not include NetworkManager.h",
        "libcsnet/src/host/of_host.hpp:3: host may not include nm/of_nm.hpp"]


def test_a_circle_of_includes_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sources(tmp_path, dbus='#include "nm/of_nm.hpp"', nm='#include "host/of_host.hpp"',
                  host='#include "dbus/of_dbus.hpp"')
    # Even where the table allows each of them.
    monkeypatch.setattr(rooms, "ROOMS", {"dbus": rooms.Room(("nm",)), "nm": rooms.Room(("host",)),
                                         "host": rooms.Room(("dbus",))})
    assert rooms.problems(tmp_path) == ["a circle of includes: dbus → nm → host → dbus"]


def test_the_table_has_the_rooms_of_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    documented = set()
    for name in re.findall(r"^\| `([^`]+)`", text.partition("## The rooms")[2].partition("\n## ")[0], re.MULTILINE):
        head, _, choices = name.partition("{")
        documented |= {head + choice for choice in choices.rstrip("}").split(",")} if choices else {name}
    documented = {name for name in documented if name.startswith("libcsnet/")}
    assert {name.replace("libcsnet/src/", "") for name in documented} == set(rooms.ROOMS) - {"bindings", "tests/daemon"}


# --- what is installed ---


def test_the_demo_installs_no_tool_of_the_tests() -> None:
    demo = set(packages.names("build", "lab"))
    for tool in ("ansible", "ansible-lint", "openssh-server", "zsh", "mypy", "python3-pytest", "python3-hypothesis",
                 "libgtest-dev", "libbenchmark-dev", "valgrind"):
        assert tool not in demo and tool in packages.names("test"), tool


def test_a_package_whose_script_prints_is_installed(tmp_path: Path) -> None:
    control = tmp_path / "package/DEBIAN"
    control.mkdir(parents=True, mode=0o755)
    (control / "control").write_text("Package: csnet-talker\nVersion: 1\nArchitecture: all\nMaintainer: csnet\n"
                                     "Description: prints a word as it is installed\n")
    (control / "postinst").write_text("#!/bin/sh\nset -e\necho a word\n")
    (control / "postinst").chmod(0o755)
    subprocess.run(["dpkg-deb", "--build", "package", "talker.deb"], cwd=tmp_path, check=True)
    install = f"""
import sys
sys.path.append({str(ROOT)!r})
from devtools import packages
packages.PACKAGES["talker"] = {str(tmp_path / "talker.deb")!r}
packages.install("talker")
print(packages.missing(["csnet-talker"]))
"""
    # A node's /var is its own, so the machine has no such package afterwards.
    with Node("node") as node:
        done = node.run([sys.executable, "-c", install], check=False)
    assert done.returncode == 0 and done.stdout.endswith("[]\n"), done


def test_results_of_parts_add_up() -> None:
    from devtools.results import by_layer

    one = Result("kernel", 1, ["a"], 2, 10.0, 5.0)
    (sum_of_both,) = by_layer([one, Result("kernel", 3, ["b"], 0, 1.0, 1.0)])
    assert sum_of_both == Result("kernel", 4, ["a", "b"], 2, 11.0, 6.0)


def test_progress_is_a_line_now_and_then_without_a_terminal(capsys: pytest.CaptureFixture[str],
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    from devtools import terminal

    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with terminal.Progress() as progress:
        for second in range(25):
            now[0] = 100.0 + second
            progress.show(f"{second} of 25 built")
    assert capsys.readouterr().out == "  10 of 25 built\n  20 of 25 built\n"
