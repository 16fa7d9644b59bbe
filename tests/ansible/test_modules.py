"""Each module against a real NetworkManager: there, there again, only looked at, gone, and wrongly asked for."""

import subprocess
from pathlib import Path
from typing import Any, Dict, List

import pytest
import yaml
from csnet_lab import Host
from running import Ansible

MANAGEMENT: Dict[str, Any] = {"uplink": "eth0", "addresses": ["192.168.100.10/24"], "stp": False}
BRIDGE: Dict[str, Any] = {
    "type": "bridge", "name": "guest", "interface_name": "cloudbr1", "stp": False,
    "ipv4": {"method": "disabled"}, "ipv6": {"method": "disabled"},
}  # fmt: skip


@pytest.fixture
def ansible(host: Host, tmp_path: Path) -> Ansible:
    return Ansible(host, tmp_path)


def files(host: Host) -> Dict[str, str]:
    return {path.name: path.read_text() for path in host.system_connections.iterdir()}


def writes(host: Host, act: Any) -> List[str]:
    """Calls to NetworkManager, while `act` runs, that may change something."""
    reads = ("Get", "List", "Introspect", "Ping")
    call = ["busctl", "--system", "call", "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "CsnetMark"]
    found: List[str] = []
    with host.popen(["dbus-monitor", "--system"], stdout=subprocess.PIPE) as monitor:
        assert monitor.stdout is not None
        monitor.stdout.readline()  # it listens
        host.run(call, check=False)
        act()
        host.run(call, check=False)
        marks = 0
        for line in monitor.stdout:
            marks += "member=CsnetMark" in line
            if marks == 2:
                break
            member = line.rpartition("member=")[2].strip()
            is_call = line.startswith("method call") and "/org/freedesktop/NetworkManager" in line
            if marks == 1 and is_call and not member.startswith(reads):
                found.append(member)
        monitor.kill()
    return found


@pytest.mark.parametrize("commit", ["by_controller", "by_host"])
def test_management_network_is_made_once(ansible: Ansible, host: Host, commit: str) -> None:
    task = {**MANAGEMENT, "commit": commit}
    rehearsal = ansible.task("management_network", task, check=True, diff=True)
    assert rehearsal["changed"] and not files(host)
    real = ansible.task("management_network", task, diff=True)
    assert real["changed"] and real["plan"] == rehearsal["plan"] and real["diff"] == rehearsal["diff"]
    assert real["transaction"]["committed"]
    assert ("reached_at" in real) == (commit == "by_controller")
    assert "192.168.100.10/24" in host.addresses("cloudbr0")
    assert set(files(host)) == {"cloudbr0.nmconnection", "eth0.nmconnection"}

    again: List[Dict[str, Any]] = []
    assert writes(host, lambda: again.append(ansible.task("management_network", task))) == []
    assert again[0]["changed"] is False and again[0]["plan"]["steps"] == []


def test_the_counter_of_writes_sees_them(ansible: Ansible, host: Host) -> None:
    seen = writes(host, lambda: ansible.task("profile", BRIDGE))
    assert "CheckpointCreate" in seen and "AddConnection2" in seen


def test_diff_is_yaml_before_and_after(ansible: Ansible) -> None:
    ansible.task("profile", BRIDGE)
    diff = ansible.task("profile", {**BRIDGE, "ageing_time": 600}, check=True, diff=True)["diff"]
    before, after = (yaml.safe_load(diff[side]) for side in ("before", "after"))
    assert "'300'" in str(before) and "'600'" in str(after)


def test_a_profile_comes_and_goes(ansible: Ansible, host: Host) -> None:
    assert ansible.task("profile", BRIDGE)["changed"]
    assert "cloudbr1" in host.links()
    assert not ansible.task("profile", BRIDGE)["changed"]
    down = {"name": "guest", "state": "down"}
    assert ansible.task("profile", down, check=True)["changed"] and "cloudbr1" in host.links()
    assert ansible.task("profile", down)["changed"]
    assert "cloudbr1" not in host.links()
    assert not ansible.task("profile", down)["changed"]
    up = {"interface_name": "cloudbr1", "state": "up"}
    assert ansible.task("profile", up)["changed"]
    assert "cloudbr1" in host.links()
    assert not ansible.task("profile", up)["changed"]
    absent = {"name": "guest", "state": "absent"}
    assert ansible.task("profile", absent, check=True)["changed"] and files(host)
    assert ansible.task("profile", absent)["changed"]
    assert not files(host) and "cloudbr1" not in host.links()
    assert not ansible.task("profile", absent)["changed"]
    assert not ansible.task("profile", down)["changed"]


def test_up_makes_the_profile_and_activates_one_that_does_not_come_up_by_itself(ansible: Ansible, host: Host) -> None:
    quiet = {**BRIDGE, "autoconnect": False}
    assert ansible.task("profile", quiet)["changed"]
    assert "cloudbr1" not in host.links()
    assert ansible.task("profile", {**quiet, "state": "up"})["changed"]
    assert "cloudbr1" in host.links()
    assert not ansible.task("profile", {**quiet, "state": "up"})["changed"]
    failed = ansible.task("profile", {"name": "nobody", "state": "up"})
    assert failed["failed"] and failed["kind"] == "not_found"


def test_nmclis_words_are_aliases(ansible: Ansible, host: Host) -> None:
    ansible.task("profile", BRIDGE)
    task = {"type": "ethernet", "con-name": "port", "ifname": "eth1", "master": "cloudbr1",
            "port": {"type": "bridge", "path-cost": 10, "hairpin": True}}  # fmt: skip
    assert ansible.task("profile", task)["changed"]
    assert host.links()["eth1"]["master"] == "cloudbr1"
    text = files(host)["port.nmconnection"]
    assert "path-cost=10" in text and "hairpin-mode=true" in text
    assert not ansible.task("profile", task)["changed"]


def test_network_state_purges_what_it_does_not_name(ansible: Ansible, host: Host) -> None:
    ansible.task("profile", {**BRIDGE, "name": "other", "interface_name": "cloudbr2"})
    # What is not NetworkManager's own: it makes up a profile for it, which is none of ours.
    host.ip("link add name virbr0 type bridge", "link set dev virbr0 up")
    state: Dict[str, Any] = {"profiles": [BRIDGE]}
    assert ansible.task("network_state", state)["changed"]
    assert set(files(host)) == {"guest.nmconnection", "other.nmconnection"}
    purge = {**state, "purge": True}
    assert ansible.task("network_state", purge, check=True)["changed"]
    assert ansible.task("network_state", purge)["changed"]
    assert set(files(host)) == {"guest.nmconnection"}
    assert "virbr0" in host.links() and "cloudbr2" not in host.links()
    assert not ansible.task("network_state", purge)["changed"]
    # A variable that is empty by mistake.
    failed = ansible.task("network_state", {"profiles": [], "purge": True})
    assert failed["kind"] == "invalid" and files(host)


def test_info_tells_what_is_there(ansible: Ansible, host: Host) -> None:
    ansible.task("profile", BRIDGE)
    found: List[Dict[str, Any]] = []
    assert writes(host, lambda: found.append(ansible.task("info"))) == []
    (info,) = found
    assert info["changed"] is False and info["transaction"] is None and info["version"].count(".") == 2
    (profile,) = info["profiles"]
    assert profile["name"] == "guest" and profile["type"] == "bridge" and profile["stp"] is False
    bridge = next(device for device in info["devices"] if device["interface_name"] == "cloudbr1")
    assert bridge["profile"] == profile["uuid"] and bridge["persistent"] is True
    # What info gives, network_state takes.
    assert not ansible.task("network_state", {"profiles": info["profiles"]})["changed"]


def test_a_transaction_is_committed_or_rolled_back(ansible: Ansible, host: Host) -> None:
    def on_trial(address: str) -> str:
        return host.python(
            "import csnet, sys; s = csnet.Session()\n"
            "m = csnet.ManagementNetwork(uplinks=['eth0'], addresses=[sys.argv[1]], stp=False)\n"
            "print(s.apply(csnet.plan(m.desired(), s.read()), commit=False, rollback_after=60).id)", address).strip()

    assert not ansible.task("transaction", {"state": "rolled_back"})["changed"]
    id = on_trial("192.168.100.10/24")
    assert ansible.task("info")["transaction"]["id"] == id
    assert ansible.task("transaction", {"id": id, "state": "committed"}, check=True)["changed"]
    assert ansible.task("transaction", {"id": "other", "state": "committed"})["kind"] == "not_found"
    assert ansible.task("transaction", {"id": id, "state": "committed"})["changed"]
    assert files(host)
    assert ansible.task("transaction", {"id": id, "state": "committed"})["kind"] == "not_found"
    on_trial("192.168.100.11/24")
    assert ansible.task("transaction", {"state": "rolled_back"})["changed"]
    assert "192.168.100.10/24" in host.addresses("cloudbr0")


def test_a_host_that_rolls_back_gives_its_report(ansible: Ansible, host: Host) -> None:
    task = {**MANAGEMENT, "probes": [{"type": "command", "target": "false", "required": True}], "rollback_after": 1}
    failed = ansible.task("management_network", task)
    assert failed["failed"] and failed["kind"] == "rolled_back" and not failed["changed"]
    assert "'false'" in failed["msg"]
    outcomes = {step["what"]: step["outcome"] for step in failed["transaction"]["steps"]}
    assert outcomes["probe command false"] == "failed" and outcomes["roll back"] == "done"
    assert not files(host) and "cloudbr0" not in host.links()


BAD = {
    "values": ("management_network", {**MANAGEMENT, "vlan": 5000, "gateway": "x"}, ["vlan", "gateway"]),
    "keys": ("management_network", {"uplnk": "eth0", "addresses": ["10.9.0.2/33"], "commit": "x"},
             ["uplnk", "", "", "addresses[0]"]),
    "types": ("management_network", {**MANAGEMENT, "stp": "perhaps", "mtu": "big"}, ["stp", "mtu"]),
    "nested": ("network_state",
               {"profiles": [{**BRIDGE, "ipv4": {"adresses": []}, "priority": -1}], "purge": "perhaps"},
               ["profiles.ipv4.adresses", "", "profiles[0].priority"]),
    "profile": ("profile", {**BRIDGE, "type": "vlan"}, ["stp"]),
    "state": ("profile", {"state": "gone"}, ["", ""]),
    "type": ("profile", {"name": "x"}, [""]),
    "transaction": ("transaction", {"stat": "committed"}, ["stat", ""]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_all_that_is_wrong_is_one_failure(ansible: Ansible, host: Host, case: str) -> None:
    module, task, paths = BAD[case]
    failed = ansible.task(module, task)
    assert failed["failed"] and failed["kind"] == "invalid"
    assert sorted(problem["path"] for problem in failed["problems"]) == sorted(paths), failed["msg"]
    for problem in failed["problems"]:
        assert problem["message"] in failed["msg"] and problem["hint"] in failed["msg"]
    assert not files(host)


def test_a_host_without_csnet_says_what_to_install(ansible: Ansible) -> None:
    for module, task in (("management_network", MANAGEMENT), ("info", {}), ("transaction", {"state": "committed"})):
        failed = ansible.task(module, task, PYTHONPATH="")
        assert failed["failed"] and failed["missing"] == "csnet"
        assert "(csnet)" in failed["msg"] and "ansible_python_interpreter" in failed["msg"]
        assert "libnm0" in failed["hint"]


def test_a_host_without_networkmanager_says_so(ansible: Ansible, host: Host) -> None:
    host.networkmanager.stop()
    failed = ansible.task("info")
    assert failed["failed"] and failed["kind"] == "unavailable" and "NetworkManager" in failed["msg"]
