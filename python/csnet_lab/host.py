"""Host, a node with NICs, its own system bus and its own NetworkManager."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Optional

from .capture import Capture
from .errors import LabError
from .network_manager import BUS_SOCKET, NetworkManager
from .node import Node
from .process import Process

_RELAY = Path(__file__).with_name("relay.py")

_CONFIG = """\
[main]
plugins=keyfile
no-auto-default=*
dns=none
auth-polkit=root-only
hostname-mode=none
"""


class Nic(NamedTuple):
    """A NIC: one end of a cable. The other end is the interface `port` in the node `peer`."""

    name: str
    mac: str
    peer: Node
    port: str


class Host(Node):
    """A host as a user of NetworkManager sees it. Lab.host() makes one with cables and a running NetworkManager.

    config: additions to NetworkManager's configuration.

    The environment variable CSNET_LAB_ROOT names the file tree in which the bus and NetworkManager run, for example one
    that debootstrap made of another release. The commands of run() always come from "/", and see the bus, /run and
    /etc/NetworkManager of the host.
    """

    def __init__(self, name: str = "host", *, config: str = "") -> None:
        self.tree = os.environ.get("CSNET_LAB_ROOT", "/")
        self.nics: Dict[str, Nic] = {}
        self._config = config
        self._relay: Optional[Process] = None
        # With an empty /var/lib, no program under test finds state of the machine there.
        super().__init__(name, ["host", self.tree], empty=["/etc/NetworkManager", "/var/lib"])
        self.networkmanager = NetworkManager(self, self.tree)
        self._write_config()

    @staticmethod
    def bundle_name(host: str) -> str:
        """The switch's name for the LACP bundle of a host's NICs."""
        return f"{host}-lag"[-15:]

    @property
    def bus_address(self) -> str:
        """The address of the host's system bus for callers outside the host.

        A relay in the host passes the messages on: NetworkManager refuses a caller whose pid it cannot look up, and
        pids outside the host are unknown inside it.
        """
        if self._relay is None:
            sockets = ["/run/dbus/from_outside", BUS_SOCKET]
            self._relay = self.popen([sys.executable, str(_RELAY), *sockets], stdout=subprocess.PIPE)
            assert self._relay.stdout is not None
            if self._relay.stdout.readline() != "ready\n":
                raise LabError(f"{self.name}: the relay to the host's bus did not start")
        return f"unix:path={self.root}/run/dbus/from_outside"

    @property
    def bus_socket(self) -> str:
        """The address of the bus itself as seen from outside. NetworkManager lets its callers read, not change."""
        return f"unix:path={self.root}{BUS_SOCKET}"

    @property
    def system_connections(self) -> Path:
        """The directory of keyfiles as seen from outside the host."""
        return self.root / "etc/NetworkManager/system-connections"

    def environment(self, additions: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
        bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={BUS_SOCKET}"}
        return super().environment({**bus, **(additions or {})})

    def capture(self, interface: str, filter: str = "") -> Capture:
        """Watch the frames on an interface that match a tcpdump filter, inside a `with` block."""
        return Capture(self, interface, filter)

    def unplug(self, nic: str) -> None:
        """Take the carrier from a NIC, as pulling its cable does."""
        self.nics[nic].peer.ip(f"link set dev {self.nics[nic].port} down")

    def plug(self, nic: str) -> None:
        """Give a NIC its carrier again."""
        self.nics[nic].peer.ip(f"link set dev {self.nics[nic].port} up")

    def reboot(self, *, power_cut: bool = False, wait_for_startup: bool = True, timeout: float = 30) -> None:
        """Keep what a reboot keeps, files on disk and bare NICs, and start NetworkManager.

        power_cut: kill NetworkManager instead of asking it to stop. For the other arguments see NetworkManager.start().

        Unlike in a real reboot, the bus and the host's other processes go on, and sysctls and nftables rules remain.
        """
        if power_cut:
            self.networkmanager.kill()
        else:
            self.networkmanager.stop()
        self._reset_links()
        _empty(self.root / "run/NetworkManager")
        self.networkmanager.start(wait_for_startup=wait_for_startup, timeout=timeout)

    def reset(self) -> None:
        """Make the host as if just installed: no profiles, no state, bare NICs, a new NetworkManager process.

        A new process is as fast as deleting the profiles one by one, and leaves no checkpoint and no blocked device.
        """
        self.networkmanager.kill()
        self._reset_links()
        for directory in ("run/NetworkManager", "var/lib/NetworkManager", "etc/NetworkManager"):
            _empty(self.root / directory)
        self._write_config()
        self.networkmanager.start()

    def close(self) -> None:
        super().close()
        self.networkmanager.close_log()

    def _write_config(self) -> None:
        directory = self.root / "etc/NetworkManager"
        self.system_connections.mkdir(mode=0o700, exist_ok=True)
        (directory / "conf.d").mkdir(exist_ok=True)
        (directory / "NetworkManager.conf").write_text(_CONFIG)
        if self._config:
            (directory / "conf.d/lab.conf").write_text(self._config)

    def _reset_links(self) -> None:
        virtual = [name for name in self.links() if name != "lo" and name not in self.nics]
        # One by one, ignoring errors: deleting a VLAN's parent deletes the VLAN, and the kernel keeps its tunnel links.
        for name in virtual:
            self.run(["ip", "link", "delete", "dev", name], check=False)
        lines: List[str] = []
        for nic in self.nics.values():
            lines += [
                f"link set dev {nic.name} down",
                f"address flush dev {nic.name}",
                f"link set dev {nic.name} nomaster address {nic.mac} mtu 1500",
            ]
            self.plug(nic.name)
        self.ip(*lines)


def _empty(directory: Path) -> None:
    """Delete the contents of a directory, and keep the directory, which may be a mount point."""
    if not directory.exists():
        return
    for entry in directory.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
