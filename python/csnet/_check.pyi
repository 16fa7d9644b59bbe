# The types, which _check.py itself does without: see there.
from typing import Callable, NamedTuple

class Check(NamedTuple):
    name: str
    passes: Callable[[], object]
    required: bool = ...
