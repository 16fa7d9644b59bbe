"""A host: a node with NICs, a system bus and a NetworkManager of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Optional

from .capture import Capture
from .errors import LabError
from .network_manager import NetworkManager
from .node import NO_PRELOAD, Node
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
    """A network card: one end of a cable whose other end, `port`, is in the node `peer`."""

    name: str
    mac: str
    peer: Node
    port: str


class Host(Node):
    """A host as a NetworkManager user meets it. `Lab.host()` makes one with cables and a started daemon.

    `root` is the file tree that the bus and NetworkManager run in, say what debootstrap made of another release; the
    default is the environment variable CSNET_LAB_ROOT, or "/". Commands of `run()` come from "/" in any case, and find
    the same bus, `/run` and `/etc/NetworkManager`.
    `config` is added to NetworkManager's configuration, `environment` to the daemon's environment.
    """

    def __init__(
        self,
        name: str = "host",
        *,
        root: str = "",
        config: str = "",
        environment: Optional[Mapping[str, str]] = None,
        log_level: str = "INFO",
    ) -> None:
        self.tree = root or os.environ.get("CSNET_LAB_ROOT", "/")
        self.daemon_environment = {**NO_PRELOAD, **(environment or {})}
        self.log_level = log_level
        self.nics: Dict[str, Nic] = {}
        self._config = config
        self._relay: Optional[Process] = None
        # The whole of /var/lib: a program under test finds nothing there that it would take for its own state.
        super().__init__(name, ["host", self.tree], empty=["/etc/NetworkManager", "/var/lib"])
        self.networkmanager = NetworkManager(self)
        self._write_config()

    @staticmethod
    def bundle_name(host: str) -> str:
        """What the switch calls the LACP bundle of a host's NICs."""
        return f"{host}-lag"[-15:]

    @property
    def bus_address(self) -> str:
        """The host's system bus, to be used from outside the host.

        A relay in the host stands between: NetworkManager refuses a caller whose pid it cannot look up, and a pid of
        out here means nothing in there.
        """
        if self._relay is None:
            sockets = ["/run/dbus/from_outside", "/run/dbus/system_bus_socket"]
            self._relay = self.popen([sys.executable, str(_RELAY), *sockets], stdout=subprocess.PIPE)
            assert self._relay.stdout is not None
            if self._relay.stdout.readline() != "ready\n":
                raise LabError(f"{self.name}: the relay to its bus did not start")
        return f"unix:path={self.root}/run/dbus/from_outside"

    @property
    def bus_socket(self) -> str:
        """The address of the bus itself, seen from outside: good for looking, NetworkManager grants it no changes."""
        return f"unix:path={self.root}/run/dbus/system_bus_socket"

    @property
    def system_connections(self) -> Path:
        """The directory of keyfiles, to be used from outside the host."""
        return self.root / "etc/NetworkManager/system-connections"

    def environment(self, additions: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
        bus = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/run/dbus/system_bus_socket"}
        return super().environment({**bus, **(additions or {})})

    def capture(self, interface: str, filter: str = "") -> Capture:
        """Watch the frames on an interface that match a tcpdump filter, for the length of a `with`."""
        return Capture(self, interface, filter)

    def unplug(self, nic: str) -> None:
        """Take the carrier from a NIC, as if its cable were pulled."""
        self.nics[nic].peer.ip(f"link set dev {self.nics[nic].port} down")

    def plug(self, nic: str) -> None:
        """Give a NIC its carrier."""
        self.nics[nic].peer.ip(f"link set dev {self.nics[nic].port} up")

    def reboot(self, *, power_cut: bool = False, wait_for_startup: bool = True, timeout: float = 30) -> None:
        """What a reboot leaves: files on disk and bare NICs. Then NetworkManager starts.

        With `power_cut` NetworkManager is killed instead of asked to stop. The bus and the host's other processes
        live on, and so do sysctls and nftables rules.
        """
        if power_cut:
            self.networkmanager.kill()
        else:
            self.networkmanager.stop()
        self._reset_links()
        _empty(self.root / "run/NetworkManager")
        self.networkmanager.start(wait_for_startup=wait_for_startup, timeout=timeout)

    def reset(self) -> None:
        """Back to a host that was just installed: no profiles, no state, bare NICs, a fresh NetworkManager.

        Starting anew is as fast as deleting profiles one by one, and leaves no checkpoint or blocked device behind.
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
        # One by one and forgivingly: deleting a VLAN's parent deletes the VLAN, and tunnels' own links stay.
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
    """Delete what is in a directory, and keep the directory: it may be a mount."""
    if not directory.exists():
        return
    for entry in directory.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
