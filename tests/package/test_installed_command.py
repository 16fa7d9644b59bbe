"""The installed command: the package that it runs, its man pages, and what a shell completes."""

import re
import shlex
from pathlib import Path
from typing import Any, Iterator, List

import pexpect  # type: ignore[import]
import pytest
from installed import clean_environment, run, run_until, site

import csnet
from csnet.cli import COMMANDS

NAMES = [f"csnet-{name}" for name in COMMANDS]
READY = "READY> "


def command(prefix: Path) -> str:
    return str(prefix / "bin/csnet")


def test_it_works_from_anywhere(prefix: Path, tmp_path: Path, network_file: Path) -> None:
    assert run([command(prefix), "--version"], tmp_path) == f"csnet {csnet.__version__}\n"
    assert all(name in run([command(prefix), "--help"], tmp_path) for name in COMMANDS)
    rendered = run([command(prefix), "render", str(network_file)], tmp_path)
    assert "id=eth0.100" in rendered and "parent=eth0" in rendered
    run_until(2, [command(prefix), "rendr"], tmp_path)


def test_a_link_to_it_works(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "csnet").symlink_to(command(prefix))
    assert run([str(tmp_path / "csnet"), "--version"], tmp_path) == f"csnet {csnet.__version__}\n"


def test_it_runs_its_own_package_and_no_other(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "csnet.py").write_text("raise SystemExit('another csnet')\n")
    (tmp_path / "argparse.py").write_text("raise SystemExit('another argparse')\n")
    version = run([command(prefix), "--version"], tmp_path, PYTHONPATH=str(tmp_path))
    assert version == f"csnet {csnet.__version__}\n"


def test_as_a_module_it_is_the_same(prefix: Path, tmp_path: Path) -> None:
    module = ["/usr/bin/python3", "-m", "csnet"]
    assert run([*module, "--version"], tmp_path, PYTHONPATH=str(site(prefix))) == f"csnet {csnet.__version__}\n"


def test_it_loads_no_more_than_it_needs(prefix: Path, tmp_path: Path) -> None:
    count = f"import sys, runpy; sys.argv = ['csnet', '--help']\ntry: runpy.run_path({command(prefix)!r})\n" \
            "except SystemExit: pass\nprint('MODULES', *sys.modules)"
    loaded = run(["/usr/bin/python3", "-I", "-c", count], tmp_path).rpartition("MODULES ")[2].split()
    assert "csnet.cli" in loaded
    assert {"pkg_resources", "importlib.metadata", "yaml", "rich", "jsonschema", "csnet_lab"} & set(loaded) == set()


@pytest.mark.parametrize("name", ["csnet", *NAMES])
def test_man_pages_are_well_formed(prefix: Path, tmp_path: Path, name: str) -> None:
    page = str(prefix / f"share/man/man1/{name}.1")
    assert run(["groff", "-man", "-ww", "-Kutf8", "-Tutf8", "-z", page], tmp_path) == ""
    complaints = run(["sh", "-c", f"mandoc -Tlint -W warning {shlex.quote(page)} || true"], tmp_path).splitlines()
    # A date would differ from one build to the next.
    assert [line for line in complaints if "missing date" not in line] == []


@pytest.mark.parametrize("name", NAMES)
def test_man_pages_have_every_option_of_the_help(prefix: Path, tmp_path: Path, name: str) -> None:
    helped = run([command(prefix), name.partition("-")[2], "--help"], tmp_path, COLUMNS="200")
    pages = "".join(run(["mandoc", "-Tutf8", str(prefix / f"share/man/man1/{page}.1")], tmp_path)
                    for page in ("csnet", name))
    text = re.sub(".\b", "", pages)  # without overstrikes
    options = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", helped.partition("examples:")[0])
    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)] == []
    assert "EXAMPLES" in text and "EXIT STATUS" in text


def test_groff_complains_of_a_broken_page(tmp_path: Path) -> None:
    (tmp_path / "bad.1").write_text(".TH BAD 1\n.SH NAME\nbad \\- \\[nosuchglyph]\n.NOSUCH\n")
    done = run(["sh", "-c", "groff -man -ww -Kutf8 -Tutf8 -z bad.1 2>&1"], tmp_path)
    assert "NOSUCH" in done


# --- completion

_COMPLETE = r"""
. "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMP_TYPE=9
_csnet csnet
printf '%s\n' "${COMPREPLY[@]}"
"""


def in_bash(prefix: Path, line: str, cwd: Path, path: str) -> List[str]:
    script = str(prefix / "share/bash-completion/completions/csnet")
    return run(["bash", "--norc", "-c", _COMPLETE, "bash", script, line], cwd, PATH=f"{path}:/usr/bin:/bin").split()


def test_bash_is_told_commands_options_and_files(prefix: Path, tmp_path: Path, network_file: Path) -> None:
    def complete(line: str) -> List[str]:
        return in_bash(prefix, line, tmp_path, str(prefix / "bin"))

    assert set(COMMANDS) <= set(complete("csnet "))
    assert complete("csnet pl") == ["plan"]
    assert complete("csnet plan --che") == ["--check"]
    assert complete(f"csnet plan {network_file.name[:3]}") == [network_file.name]


def test_bash_stays_calm_without_argcomplete(prefix: Path, tmp_path: Path) -> None:
    fake = tmp_path / "bin/csnet"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho no such module: argcomplete >&2\necho noise\nexit 1\n")
    fake.chmod(0o755)
    assert in_bash(prefix, "csnet pl", tmp_path, str(fake.parent)) == []


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest, prefix: Path, tmp_path: Path, network_file: Path) -> Iterator[Any]:
    """An interactive shell that has been set up as its manual says."""
    start, setup = {
        "bash": (["--norc", "--noprofile"], f". {prefix}/share/bash-completion/completions/csnet"),
        "zsh": (["-f"], f"fpath=({prefix}/share/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -D"),
    }[request.param]
    environment = clean_environment(PATH=f"{prefix}/bin:/usr/bin:/bin", TERM="dumb", PS1="", HOME=str(tmp_path))
    child = pexpect.spawn(request.param, start, env=environment, cwd=str(tmp_path), encoding="utf-8", timeout=20)
    child.sendline(setup)
    child.sendline(f"PS1='{READY[:3]}''{READY[3:]}'")
    child.expect_exact(READY)
    yield child
    child.close(force=True)


@pytest.mark.parametrize("typed, completed", [
    ("csnet rol", "csnet rollback"),
    ("csnet plan --chec", "csnet plan --check"),
    ("csnet plan --check netw", "csnet plan --check network.yaml"),
])
def test_the_tab_key_completes(shell: Any, typed: str, completed: str) -> None:
    shell.send(f"{typed}\t")
    shell.send("\x01echo \n")  # to the line's beginning, and have it printed instead
    shell.expect(rf"[\r\n]{completed}\r\n")
