"""Check, a probe that the caller writes in Python."""

from __future__ import annotations

from collections import namedtuple  # not typing: importing it takes as long as importing the rest of csnet


class Check(namedtuple("Check", ["name", "passes", "required"], defaults=[False])):
    """A test that the caller writes in Python; Session.apply() runs it before the change and after it.

    name: what progress and error messages call the check.
    passes: a function without arguments. Session.apply() calls it in the thread that called apply(), again and again,
        until it returns a true value or the time is over. It should return within two seconds. An exception that it
        raises rolls the transaction back.
    required: the check must pass after the change even if it did not pass before. Default: False.
    """

    __module__ = "csnet"
    __slots__ = ()
