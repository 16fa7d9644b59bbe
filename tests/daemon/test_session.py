"""The C++ tests of Session, each in the same host: see session_test.cpp and threads_test.cpp."""

import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from csnet_lab import Host

_BUILD = Path(os.environ.get("CSNET_BUILD", Path(__file__).parents[2] / "build/release"))
_PROGRAM = _BUILD / "tests/daemon/daemon_tests"


def test_the_cpp_tests_pass_in_a_host(host: Host, tmp_path: Path) -> None:
    report = tmp_path / "daemon_tests.xml"
    done = host.run([str(_PROGRAM), f"--gtest_output=xml:{report}"], check=False, timeout=300)
    failed = [line for line in done.stdout.splitlines() if "FAILED" in line or "Failure" in line or "error:" in line]
    assert done.returncode == 0, "\n".join([*failed, done.stdout[-6000:], done.stderr[-6000:]])
    assert int(ElementTree.parse(report).getroot().get("tests", "0")) > 15
