"""A test that hangs ends as that test's failure, and the others go on.

pytest-timeout raises an exception in a test when its limit is over. That cannot end C++ code that does not return to
Python, nor a clean-up that hangs after the limit. So the process ends a minute later; xdist then reports the test as
failed, and goes on with another process.
"""

import faulthandler
import os
from typing import Generator

import pytest

GRACE = float(os.environ.get("CSNET_TEST_GRACE", "60"))
_STDERR = os.dup(2)  # pytest captures what comes to 2 while a test runs


def _end_process(item: pytest.Item) -> Generator[None, None, None]:
    marker = item.get_closest_marker("timeout")
    limit = float(marker.args[0] if marker else item.config.getini("timeout"))
    faulthandler.dump_traceback_later(limit + GRACE, exit=True, file=_STDERR)
    yield
    faulthandler.cancel_dump_traceback_later()


# Armed for each phase, since pytest disarms it when a phase fails.
pytest_runtest_setup = pytest.hookimpl(hookwrapper=True, tryfirst=True)(_end_process)
pytest_runtest_call = pytest.hookimpl(hookwrapper=True, tryfirst=True)(_end_process)
pytest_runtest_teardown = pytest.hookimpl(hookwrapper=True, tryfirst=True)(_end_process)
