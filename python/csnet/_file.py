"""dump(). What it needs is imported when it is called."""

import os

from csnet._csnet import HostState


def dump(state: HostState, path: "str | os.PathLike[str] | None" = None) -> str:
    """A network file, as text, that load() gives `state` for. With `path` it is written there, too.

    What is not mentioned in the state is not in the file, and `devices` are not: they are facts, not wishes. A new
    file gets mode 0600, an old one keeps its own; it is replaced in one go. Raises InvalidError when it cannot be
    written.
    """
    from csnet import network_file

    return network_file.dump(state, path)


dump.__module__ = "csnet"  # where users find it
