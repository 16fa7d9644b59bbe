"""dump(). It imports what it needs when it is called."""

from __future__ import annotations

import os

from csnet._csnet import HostState, Request


def dump(what: HostState | Request, path: str | os.PathLike[str] | None = None) -> str:
    """Return a network file, as text, for which load() gives this request, or a request for this state.

    `path`: also write the text to this file. A new file gets mode 0600, an existing one keeps its mode; csnet replaces
    the file atomically.

    The text contains only fields that the value mentions.

    Raises InvalidError when csnet cannot write the file.
    """
    from csnet import network_file

    if not isinstance(what, (HostState, Request)):
        raise TypeError(f"dump: {what!r} is not a HostState or Request")
    return network_file.dump(what, path)


dump.__module__ = "csnet"  # where users find it
