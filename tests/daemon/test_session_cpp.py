"""The C++ tests of Session, each in a host as if just installed: see session_test.cpp and threads_test.cpp."""

import pytest
from googletest import Program

from csnet_lab import Host

DAEMON_TESTS = Program("daemon/daemon_tests")


@pytest.mark.parametrize("name", DAEMON_TESTS.tests())
def test_cpp(host: Host, name: str) -> None:
    done = host.run(DAEMON_TESTS.command(name), check=False, timeout=300)
    DAEMON_TESTS.judge(done.returncode, done.stdout + done.stderr)


def test_none_is_missing() -> None:
    assert len(DAEMON_TESTS.tests()) > 15
