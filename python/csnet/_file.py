"""load() and dump(). Each imports PyYAML and the rest that it needs when it is called."""

from __future__ import annotations

import os

from csnet._csnet import HostState


def load(path: str | os.PathLike[str]) -> HostState:
    """Read a network file, YAML or JSON, and return the HostState that it wants. Needs no daemon and no root.

    `path`: the file; "-" is standard input. docs/network-file.md describes its contents.

    The profiles of the file's `management` come first, then those of its `profiles`.

    Raises InvalidError with every problem of the file at once, each with file:line:column, the line and a caret. Its
    attribute `problems` lists them as (line, column, path, message, hint); it is empty when csnet cannot read the file
    at all.
    """
    from csnet import network_file

    return network_file.load(path)


def dump(state: HostState, path: str | os.PathLike[str] | None = None) -> str:
    """Return a network file, as text, for which load() gives `state`.

    `path`: also write the text to this file. A new file gets mode 0600, an existing one keeps its mode; csnet replaces
    the file atomically.

    The text contains only fields that the state mentions, and none of its `devices`: these are facts, not wishes.

    Raises InvalidError when csnet cannot write the file.
    """
    from csnet import network_file

    return network_file.dump(state, path)


load.__module__ = dump.__module__ = "csnet"  # where users find them
