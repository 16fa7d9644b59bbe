"""C++ programs that find the installed library as the documentation says."""

import shlex
from pathlib import Path
from typing import List

import pytest
from installed import ROOT, run, run_until

import csnet

PROGRAM = """\
#include <csnet/csnet.hpp>
#include <fmt/core.h>
int main() try {
  const csnet::ManagementNetwork wanted{.uplinks = {"eth0"}, .vlan = 100, .addresses = {"192.168.100.10/24"}};
  fmt::print("{}", csnet::render(wanted.desired().wanted.profiles.at(1)));
  static_cast<void>(csnet::render(csnet::VlanProfile{}));
} catch (const csnet::Error& error) {
  fmt::print("refused\\n");
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "my_tool.cpp").write_text(PROGRAM)
    return tmp_path


def check(printed: str) -> None:
    assert "id=eth0.100" in printed and printed.endswith("refused\n"), printed


def build(project: Path, prefix: Path, text: str, code: int = 0) -> None:
    (project / "CMakeLists.txt").write_text(text)
    flags = [f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror"]
    run_until(code, ["cmake", "-G", "Ninja", "-S", ".", "-B", "build", *flags], project)
    if code == 0:
        run(["cmake", "--build", "build"], project)


def documented() -> str:
    page = (ROOT / "docs/installing.md").read_text(encoding="utf-8")
    return page.partition("```cmake\n")[2].partition("```")[0]


def needed(program: Path) -> List[str]:
    return [line for line in run(["readelf", "-d", str(program)], program.parent).splitlines() if "NEEDED" in line]


def test_find_package_as_the_page_shows_it(project: Path, prefix: Path) -> None:
    assert "find_package(csnet" in documented()
    build(project, prefix, documented())
    check(run([str(project / "build/my_tool")], project))
    assert any("libcsnet.so" in line for line in needed(project / "build/my_tool"))


def test_find_package_gives_the_static_library(project: Path, prefix: Path) -> None:
    text = documented().replace("csnet::csnet", "csnet::static").replace("REQUIRED", "REQUIRED COMPONENTS static")
    build(project, prefix, text)
    check(run([str(project / "build/my_tool")], project))
    assert not any("libcsnet" in line for line in needed(project / "build/my_tool"))


@pytest.mark.parametrize("version, code", [("0.0", 1), ("0.2", 1), ("1", 1), (csnet.__version__, 0)])
def test_find_package_takes_its_own_minor_version_alone(project: Path, prefix: Path, version: str, code: int) -> None:
    build(project, prefix, f"cmake_minimum_required(VERSION 3.22)\nproject(none LANGUAGES CXX)\n"
                           f"find_package(csnet {version} REQUIRED)\n", code)


@pytest.mark.parametrize("static", [False, True], ids=["shared", "static"])
def test_pkg_config(project: Path, prefix: Path, static: bool) -> None:
    where = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    assert run(["pkg-config", "--modversion", "csnet"], project, **where).strip() == csnet.__version__
    asked = ["pkg-config", "--cflags", "--libs", *["--static"] * static, "csnet", "fmt"]
    flags = shlex.split(run(asked, project, **where))
    if static:
        flags = ["-l:libcsnet.a" if flag == "-lcsnet" else flag for flag in flags]
    run(["g++", "-std=c++20", "my_tool.cpp", *flags, "-o", "my_tool"], project)
    check(run([str(project / "my_tool")], project, LD_LIBRARY_PATH="" if static else str(prefix / "lib")))
    assert static != any("libcsnet" in line for line in needed(project / "my_tool"))


def test_the_library_has_no_libfmt_and_shows_none(project: Path, prefix: Path) -> None:
    library = prefix / "lib/libcsnet.so"
    assert not [line for line in needed(library) if "fmt" in line]
    symbols = run(["nm", "--dynamic", "--demangle", str(library)], project).splitlines()
    assert any("::Session::apply" in line for line in symbols)
    assert [line for line in symbols if "fmt::" in line] == []


def test_a_program_without_libfmt_prints_values(project: Path, prefix: Path) -> None:
    """By fmt's headers alone; the same way a program links another version of fmt than csnet was built with."""
    flags = run(["pkg-config", "--cflags", "--libs", "csnet"], project, PKG_CONFIG_PATH=str(prefix / "lib/pkgconfig"))
    assert "fmt" not in flags
    run(["g++", "-std=c++20", "-DFMT_HEADER_ONLY", "my_tool.cpp", *shlex.split(flags), "-o", "my_tool"], project)
    check(run([str(project / "my_tool")], project, LD_LIBRARY_PATH=str(prefix / "lib")))
    assert not any("fmt" in line for line in needed(project / "my_tool"))


def test_pkg_config_shows_nothing_of_glib(project: Path, prefix: Path) -> None:
    flags = run(["pkg-config", "--cflags", "csnet"], project, PKG_CONFIG_PATH=str(prefix / "lib/pkgconfig"))
    assert "glib" not in flags and "libnm" not in flags
