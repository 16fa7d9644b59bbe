"""Which folder of the C++ sources may include what: CONTRIBUTING's table of the rooms, for ./dev lint.

CMake holds most of it by include paths. This also refuses circles, and a room above the rest that knows too much.
"""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

from . import ROOT

_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
_PUBLIC = "csnet/"  # <csnet/…>, which every room may include
_SOURCES = "libcsnet/src"

#: Headers outside of the project that not every room may include, and the name by which ROOMS allows them.
LIBRARIES = {
    "json": ["nlohmann/*"],
    "glib": ["glib.h", "glib-object.h", "glib/*", "gio/*", "gobject/*"],
    "libnm": ["NetworkManager.h", "nm-*.h", "libnm/*"],
    "kernel": ["linux/*", "net/*", "netpacket/*", "netinet/*", "sys/socket.h", "sys/ioctl.h", "ifaddrs.h"],
    "yaml": ["yaml.h"],
    "python": ["Python.h", "pybind11/*"],
}


class Room(NamedTuple):
    rooms: Tuple[str, ...] = ()  #: the rooms below it whose headers it may include
    libraries: Tuple[str, ...] = ()  #: of LIBRARIES


_MODEL = ("model/values", "model/validate", "model/recipe", "model/plan")
_ENGINE = (*_MODEL, "dbus", "nm", "host")
#: Folders below libcsnet/src, or of the whole tree. A room includes its own headers, and those of the rooms named.
ROOMS = {
    "libcsnet/include/csnet": Room(),
    "model/values": Room(libraries=("json",)),
    "model/validate": Room(_MODEL[:1], ("json",)),
    "model/recipe": Room(_MODEL[:1], ("json",)),
    "model/plan": Room(_MODEL[:1], ("json",)),
    "dbus": Room(libraries=("glib",)),
    "nm": Room(("dbus",), ("glib", "libnm")),
    "host": Room(libraries=("kernel",)),
    "transaction": Room(_ENGINE, ("json", "kernel")),
    "session": Room((*_ENGINE, "transaction")),
    "network_file": Room(libraries=("yaml",)),
    "bindings": Room(libraries=("python",)),
    "tests/daemon": Room(),
}


class Include(NamedTuple):
    """One #include line of a room's source."""

    place: str  #: "libcsnet/src/nm/client.hpp:3"
    room: str
    header: str
    of: str  #: the room whose header it is; "" for one outside of the project


def problems(root: Path = ROOT) -> List[str]:
    """List the faults of the includes of the sources below `root`, one line each; none when all is well."""
    includes = list(_includes(root))
    found = sorted({f"{include.place}: {include.room} has no row in devtools/rooms.py"
                    for include in includes if include.room not in ROOMS})
    found += [f"{include.place}: {include.room} may not include {include.header}"
              for include in includes if include.room in ROOMS and not _is_allowed(include)]
    edges: Dict[str, Set[str]] = {}
    for include in includes:
        if include.of not in ("", include.room):
            edges.setdefault(include.room, set()).add(include.of)
    return found + [f"a circle of includes: {' → '.join(circle)}" for circle in _circles(edges)]


def _includes(root: Path) -> Iterator[Include]:
    folders = {name: root / (name if (root / name).is_dir() else f"{_SOURCES}/{name}") for name in ROOMS}
    # Also folders that have no row.
    for path in sorted((root / _SOURCES).rglob("*.[ch]pp")):
        folders.setdefault(path.parent.relative_to(root / _SOURCES).as_posix(), path.parent)
    of_folder = {folder: room for room, folder in folders.items()}
    for room, folder in folders.items():
        for source in sorted(folder.glob("*.[ch]pp")):
            text = source.read_text()
            for found in _INCLUDE.finditer(text):
                line = text.count("\n", 0, found.start(1)) + 1
                header = found[1]
                yield Include(f"{source.relative_to(root)}:{line}", room, header,
                              _room_of(header, folder, root, of_folder))


def _room_of(header: str, folder: Path, root: Path, of_folder: Dict[Path, str]) -> str:
    """The room that has the header, as the compiler finds it: beside the source, from src, or by an include path."""
    for path in [folder / header, root / _SOURCES / header, root / "libcsnet/include" / header]:
        if path.is_file() and path.parent in of_folder:
            return of_folder[path.parent]
    return next((room for other, room in of_folder.items() if (other / header).is_file()), "")


def _is_allowed(include: Include) -> bool:
    if include.header.startswith(_PUBLIC) or include.of == include.room:
        return True
    room = ROOMS[include.room]
    if include.of:
        return include.of in room.rooms
    library = next((name for name, patterns in LIBRARIES.items()
                    if any(fnmatch(include.header, pattern) for pattern in patterns)), "")
    return not library or library in room.libraries


def _circles(edges: Dict[str, Set[str]]) -> List[List[str]]:
    """Each circle once, from its first room in the alphabet back to it."""
    found: List[List[str]] = []

    def walk(path: List[str]) -> None:
        for room in sorted(edges.get(path[-1], ())):
            if room == path[0]:
                found.append([*path, room])
            elif room > path[0] and room not in path:
                walk([*path, room])

    for room in sorted(edges):
        walk([room])
    return found
