"""load() and dump(). What they need, PyYAML above all, is imported when one of them is called."""

import os

from csnet._csnet import HostState


def load(path: "str | os.PathLike[str]") -> HostState:
    """What the network file at `path` wants; "-" is standard input. YAML or JSON: docs/network-file.md.

    The profiles of its `management` come first, then those of `profiles`.

    Raises InvalidError with every problem of the file at once, each with file:line:column, the line and a caret. Its
    attribute `problems` has them as a list of (line, column, path, message, hint); a file that cannot be read at all
    has none. Needs no daemon and no root.
    """
    from csnet import network_file

    return network_file.load(path)


def dump(state: HostState, path: "str | os.PathLike[str] | None" = None) -> str:
    """A network file, as text, that load() gives `state` for. With `path` it is written there, too.

    What is not mentioned in the state is not in the file, and `devices` are not: they are facts, not wishes. A new
    file gets mode 0600, an old one keeps its own; it is replaced in one go. Raises InvalidError when it cannot be
    written.
    """
    from csnet import network_file

    return network_file.dump(state, path)


load.__module__ = dump.__module__ = "csnet"  # where users find them
