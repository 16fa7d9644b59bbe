"""A fleet: hosts that somebody else has set up, and a controller from which Ansible reaches them by real SSH.

    host1 … hostN     eth0: 10.0.0.11 … (VLAN 1, untagged) by the profile "Wired connection 1"; VLAN 100 is trunked
    controller        10.0.0.2 in VLAN 1, 192.168.100.3 in VLAN 100
    server            192.168.100.2 and .1 (the gateway) in VLAN 100, listens on TCP port 8250
"""

import json
import subprocess
from pathlib import Path
from typing import Any, Collection, Dict, List, Mapping, NamedTuple, Optional, Sequence

import csnet
from csnet_lab import Host, Lab, LabError, Node, Process
from csnet_lab.sshd import Sshd, make_key, move_root
from csnet_lab.switch import connect
from running import COLLECTIONS

WIRED = "Wired connection 1"
VLAN = 100
SERVER, GATEWAY = "192.168.100.2", "192.168.100.1"
PORT = 8250

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

# Pipelining, since a file transfer for each task would take as long as the task. What is not here is Ansible's default.
_CONFIG = """\
[defaults]
inventory = {home}/inventory.yml
collections_path = {collections}
callback_plugins = {callbacks}
callbacks_enabled = recorder
forks = {forks}
host_key_checking = True
interpreter_python = /usr/bin/python3
local_tmp = {home}/.ansible/tmp
remote_tmp = /run/ansible
nocows = True
nocolor = True
retry_files_enabled = False

[connection]
pipelining = True
"""


class Result(NamedTuple):
    """What a task said of a host."""

    host: str
    task: str
    action: str
    status: str  #: ok, failed, ignored, unreachable or skipped
    result: Dict[str, Any]


class Run(NamedTuple):
    """What ansible-playbook did."""

    returncode: int
    stdout: str
    stderr: str
    results: List[Result]

    def of(self, action: str) -> Dict[str, Result]:
        """The last result of a module, by host."""
        return {one.host: one for one in self.results if one.action == action}

    @property
    def story(self) -> str:
        return f"ansible-playbook ended with {self.returncode}\n{self.stdout}\n{self.stderr}"


class Playing(NamedTuple):
    """A playbook that is running."""

    process: Process
    record: Path

    def results(self) -> List[Result]:
        """Those that there are by now."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return [Result(**json.loads(line)) for line in lines]

    def wait(self, timeout: float) -> Run:
        try:
            stdout, stderr = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as late:
            self.process.kill()
            said = (late.stdout or b"").decode(errors="replace")
            raise LabError(f"ansible-playbook took over {timeout:g} s\n{said}") from None
        return Run(self.process.returncode, stdout, stderr, self.results())


class Fleet:
    """Hosts, the wire, and the controller. It ends with its lab. `home` is the directory of the controller's user."""

    def __init__(self, lab: Lab, home: Path, count: int = 12) -> None:
        self.home = home
        self.switch = lab.switch()
        self.server = lab.management_server(self.switch, VLAN, f"{SERVER}/24", ports=[PORT])
        self.server.ip(f"address add {GATEWAY}/24 dev eth0")
        self.controller = Node("controller")
        lab.nodes.append(self.controller)
        self._cable_controller()
        self.runs = 0  #: of Ansible, by now
        #: By name, in order.
        self.hosts: Dict[str, Host] = {}
        self._sshds: Dict[str, Sshd] = {}
        key = self._settle_controller()
        modules = {"PYTHONPATH": str(Path(csnet.__file__).absolute().parents[1])}
        for number in range(1, count + 1):
            name = f"host{number}"
            host = lab.host(name, switch=self.switch, trunk=[VLAN], start=False)
            self.hosts[name] = host
            self._write_profile(host)
            # Started at once, waited for below: they take the same time to start, and mostly wait.
            host.networkmanager.start(wait_for_startup=False)
            self._sshds[name] = Sshd(host, [key], variables=modules)
            self._sshds[name].start()
        for host in self.hosts.values():
            wait_for_startup(host)
        self._write_files(count)

    # --- what is where ---

    def number(self, name: str) -> int:
        return int(name[len("host"):])

    def first_address(self, name: str) -> str:
        """Where a host is at the beginning; its key is known under this address alone."""
        return f"10.0.0.{10 + self.number(name)}"

    def new_address(self, name: str) -> str:
        return f"192.168.100.{10 + self.number(name)}"

    # --- Ansible ---

    def start(self, command: Sequence[str], environment: Optional[Mapping[str, str]] = None) -> Playing:
        """Start a command of Ansible's on the controller."""
        self.runs += 1
        record = self.home / f"results-{self.runs}.jsonl"
        own = {"HOME": str(self.home), "ANSIBLE_CONFIG": str(self.home / "ansible.cfg"), "CSNET_RECORD": str(record),
               "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
        process = self.controller.popen(command, environment={**own, **(environment or {})}, cwd=self.home,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return Playing(process, record)

    def start_playbook(self, playbook: str, *arguments: str) -> Playing:
        """A playbook by its path or its name in a collection, or as its text."""
        if "\n" in playbook:
            path = self.home / "playbook.yml"
            path.write_text(playbook)
            playbook = str(path)
        return self.start(["ansible-playbook", playbook, *arguments])

    def playbook(self, playbook: str, *arguments: str, check: bool = True, timeout: float = 300) -> Run:
        """Run a playbook to its end. Raises LabError when it fails, unless `check` is False."""
        run = self.start_playbook(playbook, *arguments).wait(timeout)
        if check and run.returncode != 0:
            raise LabError(run.story)
        return run

    def kill_controller(self) -> None:
        """kill -9 of all that runs on the controller: Ansible, its forks, and the connections that it keeps open."""
        self.controller.run(["sh", "-c", "kill -9 -1"], check=False)

    def write_inventory(self, moved: Collection[str] = (), **variables: Mapping[str, Any]) -> None:
        """Each host at its first address, those of `moved` at their new one; `variables` are of single hosts."""
        hosts: Dict[str, Dict[str, Any]] = {}
        for name in self.hosts:
            first = self.first_address(name)
            hosts[name] = {"ansible_host": first, "number": self.number(name), **variables.get(name, {})}
            if name in moved:  # its key is known by the old address alone
                alias = f"-o HostKeyAlias={first}"
                hosts[name].update(ansible_host=self.new_address(name), ansible_ssh_common_args=alias)
        # JSON is YAML
        (self.home / "inventory.yml").write_text(json.dumps({"kvm_hosts": {"hosts": hosts}}, indent=2))

    # --- the hosts ---

    def is_moved(self, name: str) -> bool:
        """Whether a host is at its new address."""
        links = self.hosts[name].links()
        return "cloudbr0" in links and f"{self.new_address(name)}/24" in self.hosts[name].addresses("cloudbr0")

    def reset(self, *names: str) -> None:
        """These hosts (without any: all) as they were at the beginning, and the switch's ports too."""
        chosen = [self.hosts[name] for name in names or self.hosts]
        for host in chosen:
            host.run(["rm", "-rf", "/var/lib/csnet", "/run/csnet"])
            self.carry(host.name)
            host.reset()
            self._write_profile(host)
            host.run(["nmcli", "connection", "load", f"/etc/NetworkManager/system-connections/{WIRED}.nmconnection"])
        for host in chosen:
            host.run(["nmcli", "--wait", "20", "connection", "up", WIRED])
        self.write_inventory()

    def carry(self, name: str, wanted: bool = True) -> None:
        """Whether the switch's port to a host carries the management VLAN."""
        self.switch.carry(self.hosts[name].nics["eth0"].port, VLAN, wanted)

    # --- making it ---

    def _cable_controller(self) -> None:
        lines = []
        for number, address in enumerate(("10.0.0.2/24", "192.168.100.3/24")):
            mac = f"52:54:00:0{{}}:cc:0{number}"
            port = f"controller-eth{number}"
            connect(self.controller, f"eth{number}", mac.format(0), self.switch, port, mac.format(1))
            self.switch.trunk(port, native=VLAN if number else 1)
            lines += [f"link set dev eth{number} up", f"address add {address} dev eth{number}"]
        self.controller.ip(*lines)

    def _settle_controller(self) -> str:
        """A home with a key; returns the key's public part."""
        move_root(self.controller, self.home)
        (self.home / ".ssh").mkdir(mode=0o700)
        return make_key(self.controller, self.home / ".ssh/id_ed25519")

    def _write_files(self, forks: int) -> None:
        known = [f"{self.first_address(name)} {sshd.public_key}\n" for name, sshd in self._sshds.items()]
        (self.home / ".ssh/known_hosts").write_text("".join(known))
        self.write_inventory()
        callbacks = Path(__file__).with_name("callback_plugins")
        config = _CONFIG.format(home=self.home, collections=COLLECTIONS, callbacks=callbacks, forks=forks)
        (self.home / "ansible.cfg").write_text(config)

    def _write_profile(self, host: Host) -> None:
        number = self.number(host.name)
        file = host.system_connections / f"{WIRED}.nmconnection"
        file.touch(mode=0o600)
        uuid = f"00000000-0000-4000-8000-{number:012d}"
        file.write_text(_PROFILE.format(name=WIRED, uuid=uuid, address=f"{self.first_address(host.name)}/24"))


def wait_for_startup(host: Host, timeout: int = 60) -> None:
    host.run(["nm-online", "--wait-for-startup", "--quiet", f"--timeout={timeout}"], timeout=timeout + 5)
