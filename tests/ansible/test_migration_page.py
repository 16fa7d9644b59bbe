"""docs/ansible-migration.md: the tables name every option, examples are equal, and the other module does what it says.

That module is the one of Debian's package `ansible`. The role is in no package: its table is held to csnet alone.
"""

import json
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Set

import pytest
import yaml
from ansible_collections.csnet.network.plugins.module_utils import arguments
from csnet_lab import Host
from running import ROOT, environment

PAGE = (ROOT / "docs/ansible-migration.md").read_text(encoding="utf-8")
NMCLI, ROLE = PAGE.split("\n## From ")[1:]
_MODULE = Path("/usr/lib/python3/dist-packages/ansible_collections/community/general/plugins/modules/nmcli.py")
OTHER = "community.general.nmcli"


class Row(NamedTuple):
    """Of a table: what it is there, what it is here."""

    there: List[str]
    here: List[str]


def rows(section: str) -> Iterator[Row]:
    for line in re.findall(r"^\| `.*\|$", section, re.MULTILINE):
        there, here = line.split("|")[1:3]
        yield Row(re.findall(r"`([^`]+)`", there), re.findall(r"`([^`]+)`", here))


def documented() -> Dict[str, Any]:
    text = re.search(r"^DOCUMENTATION = r'''\n(.*?)'''", _MODULE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert text
    options: Dict[str, Any] = yaml.safe_load(text[1])["options"]
    return options


def test_the_table_has_every_option_of_nmclis_module() -> None:
    options = documented()
    named = [name for row in list(rows(NMCLI))[1:] for name in row.there]
    for routes in ("routes4_extended", "routes6_extended"):
        known = {name for row in rows(NMCLI) if routes in row.there for name in row.there}
        assert known == {routes, *options[routes]["suboptions"]}
    inner = {name for name, option in options.items() if "suboptions" in option for name in option["suboptions"]}
    assert set(options) - set(named) == set(), "documented there, and not in the table"
    assert set(named) - set(options) - inner == set(), "in the table, and not documented there"
    twice = {name for name in named if named.count(name) > 1} - {"routes4_extended", "routes6_extended"} - inner
    assert twice == set()


def names(spec: Dict[str, Any], before: str = "") -> Set[str]:
    found = {before + name for name in spec}
    for name, option in spec.items():
        found |= names(option.get("options", {}), f"{before}{name}.")
    return found


def test_what_the_tables_name_here_exists() -> None:
    profile = {*names(arguments.PROFILE), "state", "rollback_after"}
    state = {*names(arguments.STATE), "purge", "prune", "rollback_after"}
    for section, known in ((NMCLI, profile), (ROLE, state)):
        table = list(rows(section))
        assert len(table) > 30 and table[0].here[0].startswith("csnet.network.")
        assert {name for row in table[1:] for name in row.here} - known == set()


def blocks(mark: str) -> List[Any]:
    found = re.findall(rf"^```yml\n# {mark}[^\n]*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [yaml.safe_load(text) for text in found]


BEFORE, AFTER = blocks("before"), blocks("after")


class Play:
    """Tasks on a host of the lab."""

    def __init__(self, host: Host, home: Path) -> None:
        self._host, self._home = host, home

    def __call__(self, tasks: List[Dict[str, Any]], *words: str) -> List[Dict[str, Any]]:
        """Each task's result."""
        playbook = self._home / "site.yaml"
        playbook.write_text(json.dumps([{"hosts": "kvm1", "gather_facts": False, "tasks": tasks}]))
        command = ["ansible-playbook", "-i", "kvm1,", "-c", "local", str(playbook), *words]
        done = self._host.run(command, environment=environment(self._home), check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        plays = json.loads(done.stdout[done.stdout.index("{"):])["plays"]
        return [task["hosts"]["kvm1"] for task in plays[0]["tasks"]]

    def other(self, **options: Any) -> Dict[str, Any]:
        """What Debian's module says; nothing comes up by it."""
        return self([{OTHER: {"state": "present", "autoconnect": False, **options}}])[0]

    def add(self, name: str, kind: str, *properties: str, autoconnect: str = "no") -> None:
        command = ["nmcli", "connection", "add", "type", kind, "con-name", name, "ifname", name.split()[-1]]
        self._host.run([*command, "autoconnect", autoconnect, *properties])

    def value(self, profile: str, *properties: str) -> List[str]:
        command = ["nmcli", "--get-values", ",".join(properties), "connection", "show", profile]
        return [line.replace("\\", "") for line in self._host.run(command).stdout.splitlines()]


@pytest.fixture
def play(host: Host, tmp_path: Path) -> Play:
    return Play(host, tmp_path)


@pytest.mark.parametrize("before, after", [pair for pair in zip(BEFORE, AFTER) if "network_connections" not in pair[0]])
def test_the_example_makes_what_the_old_one_makes(play: Play, before: List[Any], after: List[Any]) -> None:
    play(before)
    plan = play(after, "--check")[0]["plan"]
    # Whether it is up yet, and whether this kernel has VLANs and bonds, is not the question.
    steps = [step for step in plan["steps"] if step["action"] not in ("activate", "reapply", "restart")]
    if "csnet.network.management_network" in after[0]:  # which says more: it takes the others' profiles over
        assert {step["action"] for step in steps if step["name"] in ("cloudbr0", "eth0.100")} <= {"modify"}
    else:
        assert steps == []


def test_examples_are_in_pairs_and_whole(play: Play) -> None:
    assert len(BEFORE) == len(AFTER) == 4
    for tasks in AFTER:
        assert play(tasks, "--check")[0]["plan"]["pending"]


def test_what_the_page_says_of_the_defaults_that_the_module_writes(play: Play) -> None:
    play.add("br0", "bridge", "bridge.stp", "no", "ipv4.may-fail", "no", "ipv4.never-default", "yes")
    play.add("bond0", "bond", "bond.options", "mode=802.3ad")
    play.add("eth0", "ethernet", "802-3-ethernet.mtu", "1400")
    play.other(conn_name="br0", type="bridge")
    assert play.value("br0", "bridge.stp", "bridge.priority", "ipv4.may-fail", "ipv4.never-default") == [
        "yes", "128", "yes", "no"]
    play.other(conn_name="bond0", type="bond")
    assert "mode=balance-rr" in play.value("bond0", "bond.options")[0]
    play.other(conn_name="eth0", type="ethernet")
    assert play.value("eth0", "802-3-ethernet.mtu") == ["auto"]
    play.other(conn_name="port", type="bridge-slave", ifname="eth1", master="br0", mac="52:54:00:00:00:01")
    assert play.value("port", "bridge-port.hairpin-mode", "bridge-port.path-cost", "bridge-port.priority",
                      "802-3-ethernet.cloned-mac-address") == ["yes", "100", "32", "52:54:00:00:00:01"]


def test_what_the_page_says_of_a_vlan_as_a_port(play: Play) -> None:
    play.other(conn_name="br0", type="bridge")
    play.other(conn_name="eth0.100", type="vlan", vlandev="eth0", vlanid=100, master="br0", ip4="192.0.2.1/24")
    assert play.value("eth0.100", "connection.master", "ipv4.addresses") == ["", ""]


def test_what_the_page_says_of_addresses(play: Play) -> None:
    play.other(conn_name="br0", type="bridge", ip4="192.0.2.1")
    assert play.value("br0", "ipv4.addresses", "ipv4.method") == ["192.0.2.1/32", "manual"]
    assert not play.other(conn_name="br0", type="bridge", ip4=[], method4="manual")["changed"]
    assert play.value("br0", "ipv4.addresses") == ["192.0.2.1/32"]


def test_what_the_page_says_of_bringing_into_force(play: Play, host: Host) -> None:
    play.add("br0", "bridge", "ipv4.method", "manual", "ipv4.addresses", "192.0.2.1/24", "ipv6.method", "disabled")
    host.run(["nmcli", "connection", "up", "br0"])
    play.other(conn_name="br0", type="bridge", stp=False, ip4="192.0.2.2/24")
    assert play.value("br0", "ipv4.addresses") == ["192.0.2.2/24"]
    assert "192.0.2.1/24" in host.addresses("br0") and "192.0.2.2/24" not in host.addresses("br0")
    play([{"csnet.network.profile": {"type": "bridge", "name": "br0", "interface_name": "br0",
                                     "ipv4": {"method": "manual", "addresses": ["192.0.2.2/24"]}}}])
    assert "192.0.2.2/24" in host.addresses("br0") and "192.0.2.1/24" not in host.addresses("br0")


def test_csnet_finds_a_profile_by_interface_and_type(play: Play) -> None:
    play.add("Guest br0", "bridge", "bridge.stp", "no", "ipv4.method", "disabled", "ipv6.method", "disabled",
             autoconnect="yes")
    task = {"csnet.network.profile": {"type": "bridge", "name": "br0", "interface_name": "br0", "ageing_time": 100}}
    assert "modify" in [step["action"] for step in play([task])[0]["plan"]["steps"]]
    assert play.value("Guest br0", "bridge.stp", "bridge.ageing-time") == ["no", "100"]
    assert not play([task])[0]["changed"]
    play.add("Old br1", "bridge")
    task["csnet.network.profile"].update(name="br1", interface_name="br1")
    assert "add" in [step["action"] for step in play([task], "--check")[0]["plan"]["steps"]], "one was put aside"
