# The types of _check.py, which does without typing: see there.
from typing import Callable, NamedTuple

class Check(NamedTuple):
    name: str
    passes: Callable[[], object]
    required: bool = ...
