"""dump(). It imports what it needs when it is called."""

from __future__ import annotations

import os

from csnet._csnet import HostState


def dump(state: HostState, path: str | os.PathLike[str] | None = None) -> str:
    """Return a network file, as text, for which load() gives `state`.

    `path`: also write the text to this file. A new file gets mode 0600, an existing one keeps its mode; csnet replaces
    the file atomically.

    The text contains only fields that the state mentions, and none of its `devices`: these are facts, not wishes.

    Raises InvalidError when csnet cannot write the file.
    """
    from csnet import network_file

    return network_file.dump(state, path)


dump.__module__ = "csnet"  # where users find it
