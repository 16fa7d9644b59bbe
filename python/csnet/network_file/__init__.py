"""The network file: what a host's network is wanted to be, as YAML or JSON. csnet.load() and csnet.dump() call it."""

from csnet._csnet import HostState
from csnet.network_file.findings import refuse_invalid
from csnet.network_file.nodes import compose
from csnet.network_file.problems import FileError, Problem, Problems, Stop
from csnet.network_file.text import Path, decode, read
from csnet.network_file.values import Reader
from csnet.network_file.writing import dump

__all__ = ["FileError", "Problem", "dump", "load", "loads"]


def load(path: Path) -> HostState:
    """See csnet.load()."""
    name, data = read(path)
    return loads(data, name)


def loads(data: bytes, name: str = "<text>") -> HostState:
    """What load() makes of a file with these bytes. `name` is for its messages."""
    source = decode(name, data)
    problems = Problems(source)
    reader = Reader(problems)
    try:
        contents = reader.contents(compose(source, problems))
        if not problems.all:
            return refuse_invalid(contents, reader.places, problems)
    except Stop:
        pass
    raise problems.error()
