"""The callback that writes the fleet report, in real runs of ansible-playbook.

Where a run needs hosts that end in different ways, the collection has the real callback, and modules of csnet's names
that give the results they are told to. The last test has the real ones.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Dict, List

import pytest
import report_page
import yaml
from csnet_lab import Host
from running import ROOT, environment

COLLECTION = ROOT / "python/ansible_collections/csnet/network"
_GIVES = """\
#!/usr/bin/python3
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({"give": {"type": "dict"}}, supports_check_mode=True)
give = module.params["give"] or {}
(module.fail_json if give.get("failed") else module.exit_json)(**give)
"""
PLAN = json.loads((ROOT / "tests/python/plans/bond_to_nic/plan.json").read_text())
DONE = {"changed": True, "plan": PLAN, "reached_at": "192.168.100.10", "transaction": {"id": "x", "committed": True}}
ROLLED_BACK = {"failed": True, "msg": "rolled back: nobody got through", "kind": "rolled_back", "plan": PLAN}
MOVE: Dict[str, Any] = {"csnet.network.management_network": {"give": "{{ give }}"}, "vars": {"give": DONE}}
AWAY = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}


class Runs:
    """ansible-playbook in a directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report = folder / "fleet-report.html"
        plugins = folder / "collections/ansible_collections/csnet/network/plugins"
        (plugins / "modules").mkdir(parents=True)
        for name in ("callback", "plugin_utils"):
            (plugins / name).symlink_to(COLLECTION / "plugins" / name)
        for name in ("management_network", "profile", "info"):
            (plugins / "modules" / f"{name}.py").write_text(_GIVES)
        self.environment = {
            **os.environ, **environment(folder), "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_CALLBACKS_ENABLED": "csnet.network.fleet_report", "ANSIBLE_STDOUT_CALLBACK": "default",
        }  # fmt: skip

    def play(self, hosts: Dict[str, Any], *plays: Dict[str, Any], words: Any = (), **variables: str) -> str:
        """What it said. Hosts are their variables."""
        here = {name: {"ansible_connection": "local", **(given or {})} for name, given in hosts.items()}
        (self.folder / "hosts.yaml").write_text(yaml.safe_dump({"fleet": {"hosts": here}}))
        whole = [{"hosts": "fleet", "gather_facts": False, **play} for play in plays]
        (self.folder / "site.yaml").write_text(yaml.safe_dump(whole, sort_keys=False))
        done = subprocess.run(["ansible-playbook", "-i", "hosts.yaml", "site.yaml", *words], cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**self.environment, **variables})
        return done.stdout

    def page(self) -> report_page.Page:
        return report_page.read(self.report.read_text(encoding="utf-8"))


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def hosts(count: int, **special: Any) -> Dict[str, Any]:
    return {f"kvm{number}": special.get(f"kvm{number}") for number in range(1, count + 1)}


def only(host: str, task: Dict[str, Any]) -> Dict[str, Any]:
    return {**task, "when": f"inventory_hostname == '{host}'"}


def test_a_run_that_too_many_failures_end(runs: Runs) -> None:
    tasks = [MOVE, only("kvm3", {"name": "Look for the agent", "ansible.builtin.command": "false"})]
    said = runs.play(hosts(6), {"serial": [1, 3, "100%"], "max_fail_percentage": 0, "tasks": tasks})
    page = runs.page()
    assert page.states == {"kvm3": "failed", "kvm5": "not reached", "kvm6": "not reached", "kvm1": "committed",
                           "kvm2": "committed", "kvm4": "committed"}
    assert page.hosts["kvm3"].told[0] == "Look for the agent: non-zero return code"
    assert "change ethernet 'eth0' (committed): it differs" in page.hosts["kvm3"].changes
    assert page.hosts["kvm5"].told == ["the play ended before its turn"]
    assert page.hosts["kvm1"].address == "192.168.100.10" and page.hosts["kvm1"].time
    assert f"Fleet report: {runs.report}" in said


def test_a_canary_that_is_unreachable(runs: Runs) -> None:
    runs.play(hosts(3, kvm1=AWAY), {"serial": [1, "100%"], "max_fail_percentage": 0, "tasks": [MOVE]})
    page = runs.page()
    assert page.states == {"kvm1": "unreachable", "kvm2": "not reached", "kvm3": "not reached"}
    assert "127.0.0.1" in page.hosts["kvm1"].told[0]


def test_a_run_that_ends_before_csnets_play(runs: Runs) -> None:
    """Also where csnet is in a role that is included, and so not known yet."""
    fails = {"hosts": "localhost", "tasks": [{"name": "Prepare", "ansible.builtin.fail": {"msg": "no key"}}]}
    runs.play(hosts(2), fails, {"tasks": [MOVE]})
    states = {"localhost": "failed", "kvm1": "not reached", "kvm2": "not reached"}
    assert runs.page().states == states
    assert runs.page().hosts["localhost"].told == ["Prepare: no key"]
    runs.report.unlink()
    (runs.folder / "move.yaml").write_text(yaml.safe_dump([MOVE]))
    include = {"tasks": [{"ansible.builtin.include_tasks": "move.yaml"}]}
    runs.play(hosts(2), fails, include)
    assert runs.page().states == states
    runs.play(hosts(2), include)
    assert runs.page().states == {"kvm1": "committed", "kvm2": "committed"}


def test_what_is_rescued_ignored_skipped_hidden_or_in_a_loop(runs: Runs) -> None:
    name = "csnet.network.management_network"
    rescue = {"block": [{name: {"give": ROLLED_BACK}}], "rescue": [{name: {"give": DONE}}]}
    secret = {name: {"give": {**DONE, "reached_at": "s3cret"}}, "no_log": True}
    told = {name: {"give": {"failed": True, "msg": "s3cret"}}, "no_log": True, "name": "Hide"}
    ignored = {name: {"give": {"failed": True, "msg": "not here"}}, "ignore_errors": True}
    loop = {"csnet.network.profile": {"give": "{{ item }}"}, "loop": [{"changed": False}, DONE]}
    same, back = {name: {"give": {"changed": False}}}, {name: {"give": ROLLED_BACK}}
    always = {"block": [{"ansible.builtin.fail": {"msg": "first"}}], "always": [ignored]}
    each: List[Dict[str, Any]] = [rescue, secret, told, ignored, loop, same, back, MOVE, always]
    tasks = [only(f"kvm{number}", task) for number, task in enumerate(each, 1)]
    runs.play(hosts(10, kvm8=AWAY), {"tasks": tasks})
    page = runs.page()
    assert page.states == {
        "kvm1": "committed", "kvm2": "committed", "kvm3": "failed", "kvm4": "not reached", "kvm5": "committed",
        "kvm6": "already as wanted", "kvm7": "rolled back", "kvm8": "unreachable",
        "kvm9": "failed", "kvm10": "not reached"}
    assert page.hosts["kvm1"].told[-1] == "the playbook continued after: rolled back: nobody got through"
    assert page.hosts["kvm2"].told == ["a result is hidden (no_log)"]
    assert page.hosts["kvm3"].told[0] == "Hide: its result is hidden (no_log)"
    assert page.hosts["kvm4"].told == ["the playbook continued after: not here"]
    assert page.hosts["kvm9"].told == ["ansible.builtin.fail: first", "the playbook continued after: not here"]
    assert page.hosts["kvm10"].told[0] == f"skipped: {name}"
    assert "s3cret" not in runs.report.read_text(encoding="utf-8")


def test_check_mode_and_a_module_by_its_short_name(runs: Runs) -> None:
    tasks = [{"management_network": {"give": {"changed": True, "plan": PLAN}}}]
    runs.play(hosts(2), {"collections": ["csnet.network"], "tasks": tasks}, words=["--check"])
    page = runs.page()
    assert page.states == {"kvm1": "would change", "kvm2": "would change"}
    assert page.about.endswith(" Check mode: 2 hosts would change.")


def test_hosts_that_have_no_csnet_yet(runs: Runs) -> None:
    """As the role does in check mode, where it installs nothing."""
    missing = {"give": {"failed": True, "msg": "no module named csnet", "missing": "csnet"}}
    looks = {"csnet.network.info": missing, "register": "found", "failed_when": False}
    (runs.folder / "move.yaml").write_text(yaml.safe_dump([MOVE]))
    moves = {"ansible.builtin.include_tasks": "move.yaml", "when": "found.missing is not defined"}
    runs.play(hosts(1), {"tasks": [looks, moves]}, words=["--check"])
    assert runs.page().states == {"kvm1": "not reached"}
    assert runs.page().hosts["kvm1"].told == ["the playbook continued after: no module named csnet"]


@pytest.mark.parametrize("configured, variables", [
    ("out/report.html", {}),
    ("elsewhere.html", {"CSNET_FLEET_REPORT": "out/report.html"}),
])  # fmt: skip
def test_the_path(runs: Runs, configured: str, variables: Dict[str, str]) -> None:
    (runs.folder / "ansible.cfg").write_text(f"[callback_fleet_report]\npath = {configured}\n")
    report = runs.folder / "out/report.html"
    report.parent.mkdir()
    report.write_text("of yesterday")
    runs.play(hosts(1), {"tasks": [MOVE]}, **variables)
    assert "<title>1 host: 1 committed</title>" in report.read_text()
    assert os.listdir(report.parent) == ["report.html"] and not list(runs.folder.glob("*.html"))


def test_a_path_that_cannot_be_written_is_a_warning(runs: Runs) -> None:
    said = runs.play(hosts(1), {"tasks": [MOVE]}, CSNET_FLEET_REPORT=str(runs.folder / "nowhere/report.html"))
    assert "cannot write the fleet report: " in said and "No such file or directory" in said.replace("\n", " ")
    assert "failed=0" in said


@pytest.mark.parametrize("tasks, words", [
    ([{"ansible.builtin.command": "false"}], []),
    ([{"csnet.network.info": {"give": {"changed": False}}}], []),
    ([MOVE, {"ansible.builtin.command": "true", "tags": "other"}], ["--tags", "other"]),
])  # fmt: skip
def test_a_run_without_csnet_writes_none(runs: Runs, tasks: List[Any], words: List[str]) -> None:
    assert "PLAY RECAP" in runs.play(hosts(1), {"tasks": tasks}, words=words)
    assert not runs.report.exists()


def test_its_documentation_names_the_option() -> None:
    command = ["ansible-doc", "-t", "callback", "-j", "csnet.network.fleet_report"]
    done = subprocess.run(command, env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "python")}, check=True,
                          stdout=subprocess.PIPE)
    path = json.loads(done.stdout)["csnet.network.fleet_report"]["doc"]["options"]["path"]
    assert path["default"] == "./fleet-report.html" and path["env"][0]["name"] == "CSNET_FLEET_REPORT"


def test_with_the_real_modules(host: Host, tmp_path: Path) -> None:
    wanted = {"uplink": "eth0", "addresses": ["192.168.100.10/24"], "stp": True}
    playbook = [{"hosts": "kvm1", "gather_facts": False, "tasks": [{"csnet.network.management_network": wanted}]}]
    (tmp_path / "site.yaml").write_text(json.dumps(playbook))
    command = ["ansible-playbook", "-i", "kvm1,", "-c", "local", "--check", str(tmp_path / "site.yaml")]
    report = tmp_path / "report.html"
    done = host.run(command, check=False, environment={
        **environment(tmp_path), "ANSIBLE_CALLBACKS_ENABLED": "csnet.network.fleet_report",
        "CSNET_FLEET_REPORT": str(report)})
    assert report.exists(), done.stdout + done.stderr
    shown = report_page.read(report.read_text(encoding="utf-8")).hosts["kvm1"]
    assert shown.state == "would change"
    assert "add bridge 'cloudbr0': no profile makes cloudbr0 yet\n  name: cloudbr0" in shown.changes
    assert any("STP is on" in each for each in shown.told)
