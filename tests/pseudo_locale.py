"""The way back from the texts of the preset `pseudo`, whose Latin letters are Cyrillic ones (rule R19).

The library makes every text for people in that alphabet, and code that reads one back no longer works. A test reads
the output of csnet with `plain()`, at one place for each kind of output, and expects the usual words.
"""

import os
from typing import Any

ACTIVE = os.environ.get("CSNET_PRESET") == "pseudo"
_BACK = {capital + number: letter + number for capital, letter in ((0x410, ord("A")), (0x430, ord("a")))
         for number in range(26)}


def plain(value: Any) -> Any:
    """A text, or what json.loads() gives, in Latin letters; as it is in every other build."""
    if not ACTIVE:
        return value
    if isinstance(value, str):
        return value.translate(_BACK)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    return value
