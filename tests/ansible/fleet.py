"""The lab's fleet, and Ansible on its controller with a record of each result."""

import json
import subprocess
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from csnet_lab import Lab, LabError, Process, fleet, kernel
from csnet_lab.fleet import WIRED
from running import COLLECTIONS, PACKAGE

MODULE = "csnet.network.management_network"
#: Moves each host to the management network, in a VLAN or untagged.
MOVE = f"""
- hosts: all
  gather_facts: false
  tasks:
    - {MODULE}:
        uplink: eth0
        vlan: "{{{{ vlan | default(omit) }}}}"
        bridge: cloudbr0
        addresses: ["192.168.100.{{{{ 10 + number }}}}/24"]
        gateway: 192.168.100.1
        servers: [192.168.100.2]
        stp: false
        # In User-Mode-Linux all hosts and the controller share one processor: what takes 5 s elsewhere takes a minute.
        rollback_after: "{{{{ patience | default(600) }}}}"
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
RUN_SECONDS = 1500
#: Of the management network; None, untagged, where the running kernel has no VLANs.
VLAN = None if kernel.missing("vlan", "vlan_filtering") else fleet.VLAN
#: By name: content and mtime_ns.
Files = Dict[str, Tuple[str, int]]

_ALL_CARRIED = "add table bridge lab; delete table bridge lab"
# Of the wire that both networks share, some ports carry the first one alone.
_CUT_OFF = _ALL_CARRIED + """
table bridge lab {{
  chain forward {{
    type filter hook forward priority 0
    iifname {{ {ports} }} ip saddr 192.168.100.0/24 drop
    iifname {{ {ports} }} arp saddr ip 192.168.100.0/24 drop
    oifname {{ {ports} }} ip daddr 192.168.100.0/24 drop
  }}
}}
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


class Fleet(fleet.Fleet):
    """One whose controller runs playbooks and records their results. `home` is a directory of this machine."""

    def __init__(self, lab: Lab, home: Path, count: int = 12, vlan: Optional[int] = VLAN) -> None:
        super().__init__(lab, PACKAGE, home, count, vlan)
        self.runs = 0  #: of Ansible, by now
        self._cut_off: Set[str] = set()
        callbacks = Path(__file__).with_name("callback_plugins")
        config = _CONFIG.format(home=home, collections=COLLECTIONS, callbacks=callbacks, forks=count)
        (home / "ansible.cfg").write_text(config)

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

    def start_move(self, *arguments: str) -> Playing:
        """All hosts shall go over to the management network."""
        return self.start_playbook(MOVE, *self._vlan, *arguments)

    def move(self, check: bool = True) -> Run:
        """The same, to its end. Raises LabError when it fails, unless `check` is False."""
        return self.playbook(MOVE, *self._vlan, check=check, timeout=RUN_SECONDS)

    @property
    def _vlan(self) -> List[str]:
        return ["--extra-vars", json.dumps({"vlan": self.vlan})] if self.vlan else []

    def kill_controller(self) -> None:
        """kill -9 of all that runs on the controller: Ansible, its forks, and the connections that it keeps open."""
        self.controller.run(["sh", "-c", "kill -9 -1"], check=False)

    # --- the hosts ---

    def files(self) -> Dict[str, Files]:
        """The profiles on each host's disk: what is in them, and when it was written."""
        return {
            name: {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in host.system_connections.iterdir()}
            for name, host in self.hosts.items()
        }

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
            self.write_profile(host)
            host.run(["nmcli", "connection", "load", f"/etc/NetworkManager/system-connections/{WIRED}.nmconnection"])
        for host in chosen:
            host.run(["nmcli", "--wait", "20", "connection", "up", WIRED])
        self.write_inventory()

    def carry(self, name: str, wanted: bool = True) -> None:
        """Whether the switch's port to a host carries the management network."""
        port = self.hosts[name].nics["eth0"].port
        if self.vlan:
            self.switch.carry(port, self.vlan, wanted)
        elif (name in self._cut_off) == wanted:
            self._cut_off ^= {name}
            ports = ", ".join(self.hosts[each].nics["eth0"].port for each in sorted(self._cut_off))
            self.switch.run(["nft", "-f", "-"], input=_CUT_OFF.format(ports=ports) if ports else _ALL_CARRIED)

    # --- what a run must have done ---

    def assert_moved(self, *names: str) -> None:
        expected = {"cloudbr0.nmconnection", "eth0.nmconnection"}
        expected |= {f"eth0.{self.vlan}.nmconnection"} if self.vlan else set()
        on_disk = self.files()
        for name in names:
            assert expected <= set(on_disk[name]), name
            assert self.is_moved(name), name
            self.controller.ping(self.new_address(name))

    def assert_moves_and_then_is_as_wanted(self) -> None:
        """All hosts move; a second run finds them where they are now, and changes nothing."""
        first = self.move()
        assert changed(first) == dict.fromkeys(self.hosts, True)
        for name, one in first.of(MODULE).items():
            assert one.result["transaction"]["committed"] is True
            assert one.result["reached_at"] == self.new_address(name)
        self.assert_moved(*self.hosts)

        before = self.files()
        self.write_inventory(moved=self.hosts)
        second = self.move()
        assert changed(second) == dict.fromkeys(self.hosts, False)
        assert not any(one.result["plan"]["steps"] for one in second.of(MODULE).values())
        assert self.files() == before


def changed(run: Run) -> Dict[str, bool]:
    return {name: one.result["changed"] for name, one in run.of(MODULE).items()}
