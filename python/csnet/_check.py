"""A probe of the caller's own, in Python."""

from collections import namedtuple  # not typing: it takes as long as all else that csnet imports


class Check(namedtuple("Check", ["name", "passes", "required"], defaults=[False])):
    """Something of the caller's own that Session.apply() asks before the change and after it.

    `passes` is called in the thread that called apply(), again and again until it is true or the time is over; it
    should return within a second or two. What it raises rolls back. `required`: must pass after the change even if it
    did not before.
    """

    __module__ = "csnet"
    __slots__ = ()
