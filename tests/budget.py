"""The number of cases of a randomised test: a usual budget, and a large one for `./dev test --thorough`."""

import os
from typing import TypeVar

THOROUGH = bool(os.environ.get("CSNET_THOROUGH"))
#: ./dev derives it from the commit, so that each commit tries other cases and a failure can be repeated.
SEED = int(os.environ.get("CSNET_SEED", "1"))

Number = TypeVar("Number", int, float)


def budget(usual: Number, thorough: Number) -> Number:
    return thorough if THOROUGH else usual
