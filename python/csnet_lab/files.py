"""A node's own /etc, /var and /root: overlays that keep changes from the machine and end with the node."""

import os
import uuid
from pathlib import Path
from typing import List, NamedTuple, Sequence

_CHANGES = "/run/overlay"  # in the node
_MACHINE = f"{_CHANGES}/machine"  # where node-init.sh shows the machine's files while it mounts the overlays
_OWN = ("/etc", "/var", "/root")
# The databases of installed packages: without them, Ansible would install packages again.
_KEPT = ("/var/lib/dpkg", "/var/lib/rpm")
#: An environment variable: directories that remain the machine's, and writable, separated by colons. The working
#: directory is always one of them.
SHARED = "CSNET_LAB_SHARED"


class Files(NamedTuple):
    """The arguments of node-init.sh. They let it start with few processes, and so fast."""

    directories: str  #: for `mkdir -p`
    table: str  #: in the format of /etc/fstab
    binds: str  #: then to be mounted: lines of a mount option and a path that remains the machine's; or ""


def own_files(empty: Sequence[str] = ()) -> Files:
    """The mounts of a node: overlays over the machine's files, and the directories `empty`, without contents."""
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    # An overlay does not show mounts below its directory, so each of these gets its own overlay. Mounts below
    # /var/lib belong to the machine's containers: the node sees empty directories there.
    below = [path for path in mounted if path.startswith(tuple(f"{own}/" for own in _OWN))
             and not path.startswith("/var/lib/")]  # fmt: skip
    files = [path for path in dict.fromkeys(below) if Path(path).is_file()]  # containers mount /etc/hosts as a file
    overlays = [*_OWN, *(path for path in dict.fromkeys(below) if path not in files)]
    shared = _shared()
    machine = _MACHINE if files or shared or overlays != [*_OWN] else ""
    # `mount --all` skips a source that is mounted. A lab inside a lab must not share its sources with the outer one.
    source = f"lab-{uuid.uuid4().hex[:8]}"
    # Only root may set the extended attributes that overlays use by default.
    user = "" if Path("/proc/self/uid_map").read_text().split()[1] == "0" else "userxattr,"
    # sysfs shows the network namespace in which it was mounted.
    lines, directories = [f"{source} /sys sysfs defaults"], []
    for number, path in enumerate(overlays):
        new, work = f"{_CHANGES}/{number}/new", f"{_CHANGES}/{number}/work"
        directories += [new, work]
        lines.append(f"{source} {path} overlay {user}lowerdir={machine}{path},upperdir={new},workdir={work}")
    kept = [path for path in _KEPT if path.startswith(tuple(empty)) and Path(path).is_dir()]
    lines += [f"{path} {_CHANGES}/kept{path} none bind,nofail,X-mount.mkdir" for path in kept]
    lines += [f"{source} {path} tmpfs mode=755,X-mount.mkdir" for path in empty]
    lines += [f"{_CHANGES}/kept{path} {path} none bind,nofail,X-mount.mkdir" for path in kept]
    # Not in the table: `mount --all` would skip a directory that is a mount point on the machine.
    binds = [*(f"bind,ro {path}" for path in files), *(f"rbind,rw {path}" for path in shared)]
    return Files(" ".join(directories), "\n".join([*lines, ""]), machine and "\n".join([*binds, ""]))


def _shared() -> List[str]:
    """The directories that remain the machine's: a checkout may be below /root or /var, with the results of its user.

    Never a directory in /etc, and never /root, /var or a directory such as /var/log as a whole.
    """
    found = []
    for path in dict.fromkeys([*os.environ.get(SHARED, "").split(":"), os.getcwd()]):
        parts = Path(path).parts
        if len(parts) > {"/root": 2, "/var": 3}.get(str(Path(*parts[:2])), 99) and Path(path).is_dir():
            found.append(path)
    return found
