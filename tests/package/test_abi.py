"""What holds a program and the library together, and what tells that they do not fit."""

import re
import resource
import shutil
import sys
from pathlib import Path
from typing import Callable

import pytest
from installed import ROOT, run, run_until

sys.path.insert(0, str(ROOT))
from devtools import abi  # noqa: E402

HEADERS = ROOT / abi.HEADERS
PROGRAM = """\
#include <csnet/render.hpp>
int main() { return csnet::render(csnet::BridgeProfile{.name = "b", .interface_name = "b"}).empty() ? 1 : 0; }
"""


def changed(folder: Path, header: str, change: Callable[[str], str]) -> Path:
    """The public headers, one of them changed."""
    shutil.copytree(HEADERS, folder)
    path = folder / "csnet" / header
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    return folder


def test_a_program_of_another_minor_version_does_not_link(tmp_path: Path, prefix: Path) -> None:
    (tmp_path / "program.cpp").write_text(PROGRAM)
    other = changed(tmp_path / "other", "api.hpp", lambda text: re.sub(r"CSNET_ABI v\w+", "CSNET_ABI v9_9", text))
    command = ["g++", "-std=c++20", "program.cpp", f"-L{prefix / 'lib'}", "-lcsnet", "-o", "program"]
    run_until(1, [*command, "-I", str(other)], tmp_path)
    run([*command, "-I", str(prefix / "include")], tmp_path)
    run([str(tmp_path / "program")], tmp_path, LD_LIBRARY_PATH=str(prefix / "lib"))


def test_all_that_the_headers_offer_is_in_the_versions_namespace() -> None:
    for header in HEADERS.glob("csnet/*.hpp"):
        opened = re.findall(r"^namespace csnet\S* .*", header.read_text(encoding="utf-8"), re.M)
        assert set(opened) <= {"namespace csnet::inline CSNET_ABI {"}, header


@pytest.mark.skipif(shutil.which("abidiff") is None, reason="Debian's abigail-tools are not installed")
def test_abidiff_tells_a_changed_type(tmp_path: Path) -> None:
    """What `./dev abi` says."""
    one = abi.layouts(HEADERS, tmp_path / "one")
    assert abi.compare(one, one) == (True, "")
    member = "  bool carrier = false;\n"
    headers = changed(tmp_path / "headers", "facts.hpp",
                      lambda text: text.replace(member, f"{member}  int more = 0;\n", 1))
    same, text = abi.compare(one, abi.layouts(headers, tmp_path / "other"))
    assert not same
    assert "'struct csnet::Device'" in text and "'int more'" in text and "csnet::Link" not in text


def test_the_umbrella_header_is_light(tmp_path: Path) -> None:
    """Measured in lines, since the time depends on what else the machine does; it is printed.

    Whatever is heavy has a header of its own: fmt, <chrono>, <functional>, <memory> and <stop_token>.
    """
    def compile_empty(header: str, *options: str) -> str:
        (tmp_path / "empty.cpp").write_text(f"#include <{header}>\nint main() {{}}\n")
        return run(["g++", "-std=c++20", "-O0", *options, "-I", str(HEADERS), "empty.cpp"], tmp_path)

    light, strings = (compile_empty(header, "-E", "-P").count("\n") for header in ("csnet/csnet.hpp", "string"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    compile_empty("csnet/csnet.hpp", "-c")
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    print(f"csnet.hpp: {light} lines in {seconds:.2f} s; <string>: {strings} lines")
    assert light < 2 * strings
