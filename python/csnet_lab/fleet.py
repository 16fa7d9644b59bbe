"""Fleet, a lab of hosts that are set up already, and of a controller from which Ansible reaches them by real SSH.

    host1 … hostN     eth0: 10.0.0.11 … (VLAN 1, untagged) by the profile "Wired connection 1"; VLAN 100 is trunked
    controller        10.0.0.2 in VLAN 1, 192.168.100.3 in VLAN 100
    server            192.168.100.2 and .1 (the gateway) in VLAN 100, listens on TCP port 8250

Without VLANs, both networks are untagged on the same wire.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Collection, Dict, Mapping, Optional

from .host import Host
from .laboratory import Lab
from .node import Node
from .sshd import Sshd, make_key, move_root
from .switch import End, connect

WIRED = "Wired connection 1"
VLAN = 100
SERVER, GATEWAY = "192.168.100.2", "192.168.100.1"
PORT = 8250
#: The home of the controller's user by default, in the controller's own /run.
HOME = Path("/run/root")

_PROFILE = """\
[connection]
id={name}
uuid={uuid}
type=ethernet
interface-name=eth0

[ipv4]
method=manual
address1={address}
"""


class Fleet:
    """Hosts, the switch, and the controller. It ends with its lab.

    packages: the directory in which the hosts find the Python package csnet.
    home: the home of the controller's user, as the controller sees it. It has an ssh key, the hosts' keys, and
        inventory.yml, which lists the hosts in the group kvm_hosts.
    count: the number of hosts.
    vlan: the VLAN of the management network; None: it is untagged.
    """

    def __init__(
        self, lab: Lab, packages: Path, home: Path = HOME, count: int = 12, vlan: Optional[int] = VLAN
    ) -> None:
        self.home = home
        self.vlan = vlan
        self.switch = lab.switch()
        self.server = lab.management_server(self.switch, vlan, f"{SERVER}/24", ports=[PORT])
        self.server.ip(f"address add {GATEWAY}/24 dev eth0")
        self.controller = Node("controller")
        lab.nodes.append(self.controller)
        self._cable_controller()
        #: By name, in order.
        self.hosts: Dict[str, Host] = {}
        self._sshds: Dict[str, Sshd] = {}
        key = self._settle_controller()
        for number in range(1, count + 1):
            name = f"host{number}"
            host = lab.host(name, switch=self.switch, trunk=[vlan] if vlan else [], start=False)
            self.hosts[name] = host
            self.write_profile(host)
            # All daemons start in parallel, and the loop below waits for them: starting is mostly waiting.
            host.networkmanager.start(wait_for_startup=False)
            self._sshds[name] = Sshd(host, [key], variables={"PYTHONPATH": str(packages)})
            self._sshds[name].start()
        for host in self.hosts.values():
            wait_for_startup(host)
        self._write_names()
        self.write_inventory()

    # --- addresses and files ---

    def number(self, name: str) -> int:
        return int(name[len("host") :])

    def first_address(self, name: str) -> str:
        """A host's address before it moves. The controller knows its key by this address and by its name."""
        return f"10.0.0.{10 + self.number(name)}"

    def new_address(self, name: str) -> str:
        return f"192.168.100.{10 + self.number(name)}"

    def write_inventory(self, moved: Collection[str] = (), **variables: Mapping[str, Any]) -> None:
        """Write inventory.yml: each host at its first address, those in `moved` at the new one.

        `variables`: further variables, by host.
        """
        hosts: Dict[str, Dict[str, Any]] = {}
        for name in self.hosts:
            first = self.first_address(name)
            hosts[name] = {"ansible_host": first, "number": self.number(name),
                           "management_address": self.new_address(name), **variables.get(name, {})}
            if name in moved:  # the controller knows its key by the old address
                alias = f"-o HostKeyAlias={first}"
                hosts[name].update(ansible_host=self.new_address(name), ansible_ssh_common_args=alias)
        group = {"hosts": hosts, "vars": {"ansible_user": "root", "ansible_python_interpreter": "/usr/bin/python3"}}
        self.file("inventory.yml").write_text(json.dumps({"kvm_hosts": group}, indent=2))  # JSON is YAML

    def file(self, name: str) -> Path:
        """A file in the controller's home, as seen from outside."""
        return self.controller.root / str(self.home).lstrip("/") / name

    def write_profile(self, host: Host) -> None:
        """Write the profile that a host has from its installation."""
        number = self.number(host.name)
        file = host.system_connections / f"{WIRED}.nmconnection"
        file.touch(mode=0o600)
        uuid = f"00000000-0000-4000-8000-{number:012d}"
        file.write_text(_PROFILE.format(name=WIRED, uuid=uuid, address=f"{self.first_address(host.name)}/24"))

    def set_defaults(self, packages: Path) -> None:
        """Let Ansible find the inventory and the collection csnet.network on the controller without an ansible.cfg.

        Looks for the collection beside the packages, as in a build tree, and where `cmake --install` puts it.
        """
        (self.controller.root / "etc/ansible").mkdir(exist_ok=True)
        shutil.copy(self.file("inventory.yml"), self.controller.root / "etc/ansible/hosts")
        for place in (packages, *(parent / "share/ansible/collections" for parent in packages.parents)):
            collections = place / "ansible_collections/csnet"
            if collections.is_dir():
                self.file(".ansible/collections/ansible_collections").mkdir(parents=True)
                self.file(".ansible/collections/ansible_collections/csnet").symlink_to(collections)
                break

    # --- making it ---

    def _cable_controller(self) -> None:
        lines = []
        networks = {"10.0.0.2/24": 1, "192.168.100.3/24": self.vlan or 1}
        for number, native in enumerate(dict.fromkeys(networks.values())):
            mac = f"52:54:00:0{{}}:cc:0{number}"
            port = f"controller-eth{number}"
            connect(End(self.controller, f"eth{number}", mac.format(0)), End(self.switch, port, mac.format(1)))
            self.switch.trunk(port, native=native)
            lines += [f"link set dev eth{number} up"]
            lines += [f"address add {address} dev eth{number}" for address, vlan in networks.items() if vlan == native]
        self.controller.ip(*lines)

    def _settle_controller(self) -> str:
        """Make the home with an ssh key, and return the public key."""
        move_root(self.controller, self.home)
        self.file(".ssh").mkdir(mode=0o700)
        return make_key(self.controller, self.home / ".ssh/id_ed25519")

    def _write_names(self) -> None:
        known = [f"{self.first_address(name)},{name} {sshd.public_key}\n" for name, sshd in self._sshds.items()]
        self.file(".ssh/known_hosts").write_text("".join(known))
        names = [f"{self.first_address(name)} {name}\n" for name in self.hosts]
        for node in (self.controller, *self.hosts.values()):
            with open(node.root / "etc/hosts", "a", encoding="utf-8") as hosts:
                hosts.writelines(names)


def wait_for_startup(host: Host, timeout: int = 60) -> None:
    host.run(["nm-online", "--wait-for-startup", "--quiet", f"--timeout={timeout}"], timeout=timeout + 5)
