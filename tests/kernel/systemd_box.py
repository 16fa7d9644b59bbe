"""A host of the lab that boots with systemd: dbus, NetworkManager and csnet-recover.service by their own units."""

import contextlib
import os
import select
import shlex
import subprocess
import sys
from pathlib import Path
from typing import IO, Dict, Iterator

import csnet
from csnet_lab import Host, LabError

ROOT = Path(__file__).parents[2]
PACKAGE = Path(csnet.__file__).parents[1]
_UNIT = ROOT / "cmake/csnet-recover.service.in"
#: The target of a box's boot, and the boot's last unit, which reports through a pipe.
_UNITS = {
    "box.target": """
[Unit]
DefaultDependencies=no
AllowIsolate=yes
Requires=dbus.service
Wants=NetworkManager.service csnet-recover.service cloudstack-agent.service network-online.target booted.service
""",
    # The agent must find a host that is wholly old or wholly new.
    "cloudstack-agent.service": """
[Unit]
After=network-online.target
[Service]
Type=oneshot
ExecStart=/usr/bin/test ! -e /var/lib/csnet/transaction.json
""",
    "booted.service": """
[Unit]
After=csnet-recover.service cloudstack-agent.service NetworkManager.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'for unit in csnet-recover cloudstack-agent; do \
  for property in ConditionResult Result ExecMainStatus; do \
  echo $unit.$property=$(systemctl show $unit --property=$property --value); done; done > {pipe}'
""",
}
#: PID 1 of the box: a /run of its own, cgroups below one that is removed afterwards, and none of the machine's units
#: that would touch more than the network.
_INIT = """
set -e
mkdir -p /run/cgroup
mountpoint -q /run/cgroup || mount -t cgroup2 cgroup2 /run/cgroup
mkdir /run/cgroup/{name}
echo $$ > /run/cgroup/{name}/cgroup.procs
exec unshare --mount --pid --cgroup --fork --kill-child --mount-proc env container=csnet sh -ec '
  for folder in /lib/systemd/system/*.wants /etc/systemd/system/*.wants; do
    [ -L "$folder" ] || mount -t tmpfs -o ro,size=4k tmpfs "$folder"
  done
  mount -t tmpfs tmpfs /tmp
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/systemd/system
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  cp {units}/* /run/systemd/system
  exec /lib/systemd/systemd --system --unit=box.target --log-target=console --show-status=no'
"""


@contextlib.contextmanager
def booted(host: Host, seconds: float = 120) -> Iterator[Dict[str, str]]:
    """Boots; gives the units' properties, "csnet-recover.Result": "success", when the boot is over.

    Afterwards the power is cut. The host's own NetworkManager must not be running meanwhile.
    """
    shared = host.root / "var/lib"
    units, pipe = Path("/var/lib/units"), Path("/var/lib/booted")
    here = shared / "units"
    here.mkdir(exist_ok=True)
    command = f"/usr/bin/env PYTHONPATH={shlex.quote(str(PACKAGE))} {sys.executable} -m csnet"
    (here / "csnet-recover.service").write_text(_UNIT.read_text().replace("@csnet_command@", command))
    for name, text in _UNITS.items():
        (here / name).write_text(text.replace("{pipe}", str(pipe)))
    host.run(["mkfifo", str(pipe)])
    box = f"box-{host.pid}"
    script = _INIT.replace("{name}", box).replace("{units}", str(units))
    output = subprocess.PIPE
    try:
        with host.popen(["sh", "-c", script], stdout=output, stderr=subprocess.STDOUT) as systemd:
            # Opened for writing as well, so that it opens at once and never ends.
            with open(shared / "booted", "r+b", buffering=0) as told:
                try:
                    yield _properties(told, seconds)
                finally:
                    _end(host.root / "run/cgroup" / box)
                    systemd.wait()
    finally:
        (shared / "booted").unlink()


def _end(cgroup: Path) -> None:
    """Kills every process of the box at once, and removes it."""
    with open(cgroup / "cgroup.events", "rb", buffering=0) as events:
        (cgroup / "cgroup.kill").write_text("1")
        changes = select.poll()
        changes.register(events, select.POLLPRI)
        while b"populated 1" in events.read():
            changes.poll()
            events.seek(0)
    for folder, _, _ in os.walk(cgroup, topdown=False):
        os.rmdir(folder)


def _properties(told: IO[bytes], seconds: float) -> Dict[str, str]:
    text = b""
    while text.count(b"\n") < 6:
        if not select.select([told], [], [], seconds)[0]:
            raise LabError(f"the box did not boot within {seconds} s: {text!r}")
        text += told.read(4096)
    return dict(line.split("=", 1) for line in text.decode().splitlines())
