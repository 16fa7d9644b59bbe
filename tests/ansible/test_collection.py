"""The collection as Ansible's own tools see it: docs, sanity, lint; and its role on one host."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List

import make_arguments
import pytest
import yaml
from csnet_lab import Host, Lab
from running import COLLECTIONS, ROOT, environment

COLLECTION = ROOT / "python/ansible_collections/csnet/network"
MODULES = sorted(path.stem for path in (COLLECTION / "plugins/modules").glob("*.py"))
#: Of `ansible-test sanity`, what needs nothing from the network. import, pep8, pylint, runtime-metadata,
#: validate-modules and yamllint want a venv; the last two are run here with Debian's own packages.
SANITY = (
    "action-plugin-docs compile empty-init future-import-boilerplate ignores line-endings metaclass-boilerplate"
    " no-assert no-basestring no-dict-iteritems no-dict-iterkeys no-dict-itervalues no-get-exception"
    " no-illegal-filenames no-main-display no-smart-quotes no-unicode-literals replace-urlopen shebang symlinks"
    " use-argspec-type-path use-compat-six"
).split()
TEST_TOOLS = Path("/usr/lib/python3/dist-packages/ansible_test/_util/controller/sanity")


def run(words: List[str], home: Path, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, **environment(home), "NO_COLOR": "1", **variables}
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The collection where ansible-test wants it: in a directory ansible_collections, with git."""
    copy = tmp_path / "ansible_collections/csnet/network"
    shutil.copytree(COLLECTION, copy, ignore=shutil.ignore_patterns("__pycache__", ".ansible"))
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=copy, check=True)
    return copy


def test_what_is_made_of_csnets_tables_is_current() -> None:
    for path, text in make_arguments.files().items():
        assert path.read_text() == text, f"run tests/ansible/make_arguments.py: {path} is old"


@pytest.mark.parametrize("module", MODULES)
def test_ansible_doc_shows_the_module_with_everything_that_it_returns(module: str, tmp_path: Path) -> None:
    name = f"csnet.network.{module}"
    shown = run(["ansible-doc", "-t", "module", name], tmp_path, tmp_path)
    assert shown.returncode == 0 and "EXAMPLES" in shown.stdout and "RETURN VALUES" in shown.stdout, shown.stderr
    docs = json.loads(run(["ansible-doc", "-t", "module", "--json", name], tmp_path, tmp_path).stdout)[name]
    for option in docs["doc"]["options"].values():
        assert option["description"] and option["type"]
    for value in docs["return"].values():
        assert value["description"] and value["type"] and value["returned"]
    tasks = yaml.safe_load(docs["examples"])
    for task in tasks:
        (own,) = [key for key in task if key.startswith(("csnet.", "ansible."))]
        if own == name:
            options = {n for o, d in docs["doc"]["options"].items() for n in (o, *d.get("aliases", []))}
            assert set(task[own] or {}) <= options


def test_ansible_doc_shows_the_role_and_the_callback(tmp_path: Path) -> None:
    words = ["ansible-doc", "-t", "role", "-r", str(COLLECTION / "roles"), "csnet.network.kvm_host"]
    role = run(words, tmp_path, tmp_path)
    assert "kvm_host_network" in role.stdout, role.stderr
    callback = run(["ansible-doc", "-t", "callback", "csnet.network.fleet_report"], tmp_path, tmp_path)
    assert callback.returncode == 0 and "path" in callback.stdout, callback.stderr


def test_ansible_test_sanity_passes(copied: Path, tmp_path: Path) -> None:
    tests = [word for name in SANITY for word in ("--test", name)]
    done = run(["ansible-test", "sanity", "--python", f"3.{sys.version_info.minor}", *tests], tmp_path, copied)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_docs_say_what_the_modules_take(copied: Path, tmp_path: Path) -> None:
    # As `ansible-test sanity --test validate-modules` calls it, which would first fetch what Debian has, too.
    folder = TEST_TOOLS / "validate-modules"
    words = ["/usr/bin/python3", str(folder / "validate.py"), "--format", "json", "--collection",
             "ansible_collections/csnet/network", "--collection-version", "0.1.0"]  # fmt: skip
    words += [f"plugins/modules/{name}.py" for name in MODULES]
    path = f"{folder}:{tmp_path}:{environment(tmp_path)['PYTHONPATH']}"
    found: Dict[str, Dict[str, List[Dict[str, str]]]] = json.loads(run(words, tmp_path, copied, PYTHONPATH=path).stdout)
    # csnet is Apache-2.0, as tests/sanity/ignore-*.txt tells ansible-test.
    errors = [each for file in found.values() for each in file["errors"] if each["code"] != "missing-gplv3-license"]
    assert errors == [] and len(found) == len(MODULES)


def test_ansible_lint_has_nothing_to_say(copied: Path, tmp_path: Path) -> None:
    for words in (["ansible-lint", "--offline", "--profile", "production", "--nocolor", "-q", "roles", "playbooks"],
                  ["yamllint", "-c", str(TEST_TOOLS / "yamllint/config/default.yml"), "."]):  # fmt: skip
        path = f"{tmp_path}:{COLLECTIONS}"
        done = run(words, tmp_path, copied, ANSIBLE_COLLECTIONS_PATH=path, ANSIBLE_COLLECTIONS_PATHS=path)
        assert done.returncode == 0, done.stdout + done.stderr


def test_galaxy_builds_it(copied: Path, tmp_path: Path) -> None:
    done = run(["ansible-galaxy", "collection", "build", "--output-path", str(tmp_path)], tmp_path, copied)
    assert done.returncode == 0 and list(tmp_path.glob("csnet-network-*.tar.gz")), done.stderr


# ---------------------------------------------------------------------------------------------------------- the role


@pytest.fixture
def kvm_host() -> Iterator[Host]:
    with Lab() as lab:
        switch = lab.switch()
        server = lab.management_server(switch, address="192.168.100.2/24")
        server.ip("address add 192.168.100.1/24 dev eth0")
        yield lab.host("host", nics=["eth0"], switch=switch)


def play(
    host: Host, home: Path, *words: str, network: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    network = network or ("{uplink: eth0, addresses: [192.168.100.10/24], gateway: 192.168.100.1,"
                          " servers: [192.168.100.2], stp: false}")  # fmt: skip
    inventory = home / "inventory.yml"
    inventory.write_text(f"""\
kvm_hosts:
  hosts:
    kvm1:
      ansible_connection: local
      kvm_host_packages: []
      kvm_host_network_file: /run/csnet-test/network.yaml
      kvm_host_network: {network}
""")
    command = ["ansible-playbook", "-i", str(inventory), "csnet.network.site", *words]
    env = {**environment(home), "ANSIBLE_STDOUT_CALLBACK": "default", **variables}
    return host.run(command, environment=env, check=False, timeout=180, cwd=home)


def test_the_role_is_idempotent_and_leaves_a_file_that_csnet_takes(kvm_host: Host, tmp_path: Path) -> None:
    rehearsal = play(kvm_host, tmp_path, "--check", "--diff")
    assert rehearsal.returncode == 0 and "+  ipv4.addresses: 192.168.100.10/24" in rehearsal.stdout, rehearsal.stdout
    assert not list(kvm_host.system_connections.iterdir())
    first = play(kvm_host, tmp_path)
    assert first.returncode == 0 and "A second plan is empty" in first.stdout, first.stdout
    again = play(kvm_host, tmp_path)
    assert again.returncode == 0 and "changed=0 " in again.stdout, again.stdout
    assert "changed=0 " in play(kvm_host, tmp_path, "--check").stdout
    command = [sys.executable, "-m", "csnet", "plan", "--check", "/run/csnet-test/network.yaml"]
    assert kvm_host.run(command, environment=environment(tmp_path)).returncode == 0


def test_check_mode_of_the_role_works_on_a_host_that_has_nothing_yet(kvm_host: Host, tmp_path: Path) -> None:
    rehearsal = play(kvm_host, tmp_path, "--check", PYTHONPATH="")
    assert rehearsal.returncode == 0 and "csnet is not installed on this host" in rehearsal.stdout, rehearsal.stdout
    real = play(kvm_host, tmp_path, PYTHONPATH="")
    assert real.returncode != 0 and "Failed to import the required Python library (csnet)" in real.stdout


def test_the_role_says_what_is_wrong_before_it_begins(kvm_host: Host, tmp_path: Path) -> None:
    done = play(kvm_host, tmp_path, network="{uplink: eth7, addresses: [192.168.100.10/24], stp: false}")
    assert done.returncode != 0 and "none of eth7 exists and has a carrier" in done.stdout
    done = play(kvm_host, tmp_path, network="{uplink: eth0, addresses: [192.168.100.10/24], vln: 3}")
    assert done.returncode != 0 and "vln" in done.stdout
    kvm_host.unplug("eth0")
    done = play(kvm_host, tmp_path)
    assert done.returncode != 0 and "none of eth0 exists and has a carrier" in done.stdout
    assert not list(kvm_host.system_connections.iterdir())
