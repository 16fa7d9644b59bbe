"""The documentation tells the truth: its examples run and print what they say, and what it names is there."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Set

import findings_page
import pytest
from pages import PAGES, ROOT, Block, anchors, blocks, in_backquotes, links, prose

from csnet_lab import Host, kernel

BUILD = Path(os.environ.get("CSNET_BUILD") or ROOT / "build/release")
_PATH = re.compile(r"(libcsnet|bindings|python|tests|docs|examples|cmake)/[\w./*-]*|\w+\.(md|toml)")


def of_page(page: Path) -> str:
    return str(page.relative_to(ROOT))


def for_this_kernel(text: str) -> str:
    """Untagged, where the kernel has no VLANs. Under `lab run` it is as it stands on the page."""
    return re.sub(r"\.vlan = 100, |vlan=100, ", "", text) if kernel.missing("vlan") else text


def check(block: Block, printed: str, host: Host) -> None:
    if block.output:
        assert printed == block.output, f"{block} prints something else"
    elif "activate" in block.text or "apply" in block.text:
        assert "192.168.100.10/24" in host.addresses("cloudbr0")


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_runs_and_prints_what_the_page_says(block: Block, host: Host) -> None:
    # What a page shows the output of needs no VLAN in the kernel.
    check(block, host.python(block.text if block.output else for_this_kernel(block.text)), host)


def test_python_is_typed(tmp_path: Path) -> None:
    """As a user's own program would be checked, by mypy --strict."""
    for number, block in enumerate(blocks("python")):
        (tmp_path / f"block{number}.py").write_text(f"# {block}\n{block.text}")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "--config-file", ""]
    done = subprocess.run([*command, *map(str, sorted(tmp_path.glob("*.py")))], stdout=subprocess.PIPE, text=True,
                          env=dict(os.environ, MYPYPATH=str(BUILD / "python")))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("block", blocks("cpp"), ids=str)
def test_cpp_compiles_and_runs(block: Block, host: Host, tmp_path: Path) -> None:
    source, program = tmp_path / "example.cpp", tmp_path / "example"
    source.write_text(for_this_kernel(block.text))
    library = BUILD / "libcsnet"
    command = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/libcsnet/include", str(source),
               "-o", str(program), f"-L{library}", f"-Wl,-rpath,{library}", "-lcsnet", "-lfmt"]
    compiler = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert compiler.returncode == 0, f"{block}\n{compiler.stdout}"
    check(block, host.run([str(program)]).stdout, host)


@pytest.mark.parametrize("block", blocks("cmake"), ids=str)
def test_cmake_configures(block: Block, tmp_path: Path) -> None:
    (tmp_path / "csnet").symlink_to(ROOT)
    (tmp_path / "CMakeLists.txt").write_text(block.text)
    (tmp_path / "my_tool.cpp").write_text("int main() {}\n")
    prefix = tmp_path / "prefix"  # what find_package(csnet) finds
    subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(prefix)], stdout=subprocess.DEVNULL, check=True)
    command = ["cmake", "-G", "Ninja", "-S", str(tmp_path), "-B", str(tmp_path / "build")]
    command += [f"-DCMAKE_PREFIX_PATH={prefix}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"{block}\n{done.stdout}"


def test_there_are_examples_of_each_language() -> None:
    for language, least in {"python": 8, "cpp": 1, "cmake": 1}.items():
        assert len(list(blocks(language))) >= least, language
    assert len([block for block in blocks("python") if block.output]) >= 4


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        if re.match(r"\w+:", path):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or ROOT not in [target, *target.parents]:
            dead.append(link)
        elif anchor and anchor not in anchors(target):
            dead.append(f"{link}: no such heading")
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_paths_that_are_named_exist(page: Path) -> None:
    named = [code for code in in_backquotes(page) if _PATH.fullmatch(code)]
    assert [path for path in named if not list(ROOT.glob(path))] == []


def _help(*command: str) -> str:
    return subprocess.run([sys.executable, str(ROOT / "dev"), *command], stdout=subprocess.PIPE, text=True, check=True,
                          env=dict(os.environ, COLUMNS="200")).stdout


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_commands_of_dev_exist(page: Path) -> None:
    named = re.findall(r"\./dev +([a-z]+)((?: +--?[a-z-]+)*)", page.read_text(encoding="utf-8"))
    known = set(re.findall(r"^    (\w+) ", _help("help"), re.MULTILINE))
    assert "test" in known
    assert {name for name, _ in named} - known == set()
    for name, flags in named:
        if flags and name != "bench":  # which hands its arguments on
            known_flags: Set[str] = set(re.findall(r"--?[a-z][a-z-]*", _help(name, "-h")))
            assert set(flags.split()) - known_flags == set()


def test_rules_are_numbered_and_only_these_are_cited() -> None:
    rules = re.findall(r"^- \*\*(R\d+)\.\*\*", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rules == [f"R{number + 1}" for number in range(len(rules))]
    assert rules
    cited = {rule for page in PAGES for rule in re.findall(r"\bR\d+\b", prose(page))}
    assert cited <= set(rules)


def test_numbers_that_the_readme_boasts_of() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    daemon = ROOT / "tests/daemon"
    lines, cases = map(int, re.findall(r"more than (\d+) nmcli lines and (\d+) random cases", readme)[0])
    table = (ROOT / "docs/nmcli-to-csnet.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\| .* \| `nmcli", table, re.MULTILINE)) > lines
    assert f'"CSNET_CASES", "{cases}"' in (daemon / "test_parity_random.py").read_text(encoding="utf-8")


def test_the_findings_are_those_of_the_library() -> None:
    shown = findings_page.PAGE.read_text(encoding="utf-8")
    assert shown == findings_page.page(), "PYTHONPATH=build/release/python python3 tests/docs/findings_page.py"
