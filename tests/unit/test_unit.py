"""The C++ tests of the model and the converters, each in its own process, so that one that hangs fails alone."""

import pytest
from googletest import Program

UNIT_TESTS = Program("unit/unit_tests")


@pytest.mark.parametrize("name", UNIT_TESTS.tests())
def test_cpp(name: str) -> None:
    UNIT_TESTS.passes(name)


def test_none_is_missing() -> None:
    assert len(UNIT_TESTS.tests()) > 100
