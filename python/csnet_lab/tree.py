"""python3 -m csnet_lab.tree 1.52|1.58 [--outer-daemon] -- COMMAND    run a command in a Debian with this NetworkManager

The other Debian is a file tree, build/trees/SUITE, which debootstrap makes once. The command sees the sources at the
same path as here, with build/nm-1.52 as their build directory. The running kernel and the network are this machine's;
all else is the other Debian's.
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Optional

from .errors import LabError

#: The Debian suite with each version of NetworkManager. Unstable gets newer versions: make() then fails, and this table
#: must be updated.
SUITES = {"1.52": "trixie", "1.58": "sid"}

SOURCE = Path(__file__).resolve().parents[2]
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NOT_PASSED = ("PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "TMPDIR")
# policy-rc.d keeps services from starting, as the tree has no init. apt installs NetworkManager, and ./dev the other
# packages for the tests, since debootstrap does not understand virtual packages.
# /opt/outer/bin comes first in PATH with --outer-daemon: a newer nmcli cannot talk to an older daemon.
_MAKE = """\
set -eu
debootstrap --variant=minbase --include=python3 "$1" "$2"
mkdir -p "$2/opt/outer/bin"
printf '#!/bin/sh\\nexit 101\\n' > "$2/usr/sbin/policy-rc.d"
printf '#!/bin/sh\\nexec chroot /mnt nmcli "$@"\\n' > "$2/opt/outer/bin/nmcli"
chmod +x "$2/usr/sbin/policy-rc.d" "$2/opt/outer/bin/nmcli"
mount -t proc proc "$2/proc"
DEBIAN_FRONTEND=noninteractive chroot "$2" apt-get -y --no-install-recommends install network-manager
chroot "$2" apt-get clean
umount "$2/proc"
"""
# Run in a mount namespace, which ends with its last process and takes the mounts with it.
# pivot_root and not chroot: a process that enters the namespace, as those of the lab do, gets the namespace's root.
_ENTER = """\
set -eu
tree=$1 source=$2 build=$3 outer=$4 directory=$PWD
shift 4
mount --bind "$tree" "$tree"
cd "$tree"
for each in proc sys dev; do mount --rbind /$each $each; done
for each in run tmp; do mount -t tmpfs -o mode=1777 tmpfs $each; done
mkdir -p "$build" ".$source"
mount --bind "$source" ".$source"
mount --bind "$build" ".$source/build"
cat /etc/resolv.conf > etc/resolv.conf
pivot_root . mnt
[ "$outer" = yes ] || umount --lazy /mnt
cd "$directory"
exec "$@"
"""


def path_of(version: str) -> Path:
    return SOURCE / "build/trees" / SUITES[version]


def make(version: str) -> Path:
    """Return the path of the tree with this NetworkManager, and make the tree if it does not exist.

    Making it takes minutes and, with the packages for the tests, a gigabyte. Raises LabError.
    """
    if os.geteuid() != 0:
        raise LabError("needs root, to make the tree of another Debian")
    tree = path_of(version)
    with _alone(tree):
        if not tree.exists():
            print(f"making {tree} by debootstrap", file=sys.stderr, flush=True)
            unfinished = tree.with_name(f"{tree.name}.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            command = ["unshare", "--mount", "sh", "-c", _MAKE, "sh", SUITES[version], str(unfinished)]
            with open(f"{tree}.log", "wb") as log:
                made = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
            if made.returncode != 0:
                raise LabError(f"debootstrap failed: see {log.name}")
            unfinished.rename(tree)
    found = _installed(tree)
    if not found.startswith(f"{version}."):
        why = "update SUITES in csnet_lab/tree.py, and ./dev"
        raise LabError(f"{tree} has NetworkManager {found}, not {version}", why)
    return tree


def enter(version: str, command: List[str], *, outer_daemon: bool = False) -> None:
    """Execute the command in the tree, in place of this process.

    outer_daemon: let the lab's hosts in the tree run this machine's NetworkManager.
    """
    tree = make(version)
    environment = {key: value for key, value in os.environ.items() if key not in _NOT_PASSED}
    environment.update(PATH=_PATH, CSNET_NETWORKMANAGER=version)
    if outer_daemon:
        environment.update(PATH=f"/opt/outer/bin:{_PATH}", CSNET_LAB_ROOT="/mnt")
    arguments = [str(tree), str(SOURCE), str(SOURCE / f"build/nm-{version}"), "yes" if outer_daemon else "no"]
    os.execvpe("unshare", ["unshare", "--mount", "sh", "-c", _ENTER, "sh", *arguments, *command], environment)


def main(arguments: Optional[List[str]] = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    # argparse would remove a "--" from the command, too
    at = given.index("--") if "--" in given else len(given)
    as_written = argparse.RawDescriptionHelpFormatter
    usage = f"%(prog)s [-h] [--outer-daemon] {'|'.join(SUITES)} -- COMMAND"
    parser = argparse.ArgumentParser(
        prog="csnet_lab.tree", usage=usage, description=__doc__, formatter_class=as_written
    )
    parser.add_argument("version", choices=SUITES)
    parser.add_argument("--outer-daemon", action="store_true", help="the lab's hosts run this machine's NetworkManager")
    options, command = parser.parse_args(given[:at]), given[at + 1 :]
    if not command:
        parser.error("-- COMMAND is missing")
    try:
        enter(options.version, command, outer_daemon=options.outer_daemon)
    except LabError as error:
        print(f"lab: {error}" + (f"\n  hint: {error.hint}" if error.hint else ""), file=sys.stderr)
    return 1


@contextlib.contextmanager
def _alone(tree: Path) -> Iterator[None]:
    """A lock, so that one of several processes makes the tree."""
    tree.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{tree}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _installed(tree: Path) -> str:
    query = ["dpkg-query", f"--root={tree}", "-W", "-f", "${Version}", "network-manager"]
    return subprocess.run(query, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
