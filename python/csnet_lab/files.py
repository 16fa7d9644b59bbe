"""A node's own /etc, /var and /root: what is written there does not reach the machine, and ends with the node."""

import os
import uuid
from pathlib import Path
from typing import List, NamedTuple, Sequence

_CHANGES = "/run/overlay"  # of the node
_MACHINE = f"{_CHANGES}/machine"  # where node-init.sh has the machine's files while the overlays are mounted
_OWN = ("/etc", "/var", "/root")
# What is installed, for Ansible: it would install again what it does not find there.
_KEPT = ("/var/lib/dpkg", "/var/lib/rpm")
#: Directories that stay the machine's, and writable, separated as in PATH. The working directory is one of them.
SHARED = "CSNET_LAB_SHARED"


class Files(NamedTuple):
    """What node-init.sh makes of its own, with few processes, since a node's start is to be fast."""

    directories: str  #: for `mkdir -p`
    table: str  #: as /etc/fstab
    binds: str  #: after these: lines of mount's option and a path, for what is the machine's; empty: nothing is


def own_files(empty: Sequence[str] = ()) -> Files:
    """Overlays over the machine's files, and `empty` directories."""
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    # An overlay does not show what is mounted below its directory: each such mount gets an overlay of its own. Those
    # below /var/lib are the containers' of this machine: their directories stay empty.
    below = [path for path in mounted if path.startswith(tuple(f"{own}/" for own in _OWN))
             and not path.startswith("/var/lib/")]  # fmt: skip
    files = [path for path in dict.fromkeys(below) if Path(path).is_file()]  # as containers have /etc/hosts
    overlays = [*_OWN, *(path for path in dict.fromkeys(below) if path not in files)]
    shared = _shared()
    machine = _MACHINE if files or shared or overlays != [*_OWN] else ""
    # `mount --all` leaves out what it takes for mounted already: in a lab in a lab, that would be the outer one's.
    source = f"lab-{uuid.uuid4().hex[:8]}"
    # An ordinary user may not set the attributes that root's overlays use.
    user = "" if Path("/proc/self/uid_map").read_text().split()[1] == "0" else "userxattr,"
    lines, directories = [f"{source} /sys sysfs defaults"], []  # it shows the network namespace it was mounted in
    for number, path in enumerate(overlays):
        new, work = f"{_CHANGES}/{number}/new", f"{_CHANGES}/{number}/work"
        directories += [new, work]
        lines.append(f"{source} {path} overlay {user}lowerdir={machine}{path},upperdir={new},workdir={work}")
    kept = [path for path in _KEPT if path.startswith(tuple(empty)) and Path(path).is_dir()]
    lines += [f"{path} {_CHANGES}/kept{path} none bind,nofail,X-mount.mkdir" for path in kept]
    lines += [f"{source} {path} tmpfs mode=755,X-mount.mkdir" for path in empty]
    lines += [f"{_CHANGES}/kept{path} {path} none bind,nofail,X-mount.mkdir" for path in kept]
    # Not in the table: `mount --all` would take a directory that is a mount on the machine for mounted.
    binds = [*(f"bind,ro {path}" for path in files), *(f"rbind,rw {path}" for path in shared)]
    return Files(" ".join(directories), "\n".join([*lines, ""]), machine and "\n".join([*binds, ""]))


def _shared() -> List[str]:
    """A checkout may be below /root or /var, and its users keep results there.

    Nothing in /etc is shared, and not /root, /var or /var/log as a whole.
    """
    found = []
    for path in dict.fromkeys([*os.environ.get(SHARED, "").split(":"), os.getcwd()]):
        parts = Path(path).parts
        if len(parts) > {"/root": 2, "/var": 3}.get(str(Path(*parts[:2])), 99) and Path(path).is_dir():
            found.append(path)
    return found
