"""The pages about Ansible: each block of it is understood, and the page's own inventory is a fleet."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

import csnet
import pytest
import yaml
from csnet_lab import Host, kernel
from pages import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
PAGE = "ansible.md"


def variables(home: Path) -> Dict[str, str]:
    return {
        "HOME": str(home), "ANSIBLE_HOME": str(home), "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_NOCOWS": "1",
        "ANSIBLE_COLLECTIONS_PATH": f"{ROOT / 'python'}:/usr/lib/python3/dist-packages",
        "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3", "ANSIBLE_REMOTE_TMP": str(home / "remote"),
    }  # fmt: skip


def as_playbook(text: str) -> str:
    """Tasks become a play; an inventory stays none."""
    found = yaml.safe_load(text)
    if isinstance(found, dict):
        return ""
    if "hosts" in found[0]:
        return text
    return yaml.safe_dump([{"hosts": "all", "tasks": found}])


@pytest.mark.parametrize("block", blocks("yml"), ids=str)
def test_a_block_is_a_playbook_tasks_or_an_inventory(block: Block, tmp_path: Path) -> None:
    text = as_playbook(block.text)
    if not text:
        inventory = tmp_path / "inventory.yml"
        inventory.write_text(block.text)
        words: List[str] = ["ansible-inventory", "-i", str(inventory), "--graph"]
    else:
        book = tmp_path / "playbook.yml"
        book.write_text(text)
        words = ["ansible-playbook", "-i", "localhost,", "--syntax-check", str(book)]
    done = subprocess.run(words, env={**os.environ, **variables(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_inventory_and_its_command_plan_a_fleet(host: Host, tmp_path: Path) -> None:
    inventory, _ = (block.text for block in blocks("yml") if block.page.name == PAGE)
    command = next(block.text for block in blocks("sh") if block.page.name == PAGE)
    (tmp_path / "inventory.yml").write_text(inventory)
    # Here every host is this one, looked at only; tests/ansible/test_fleet.py moves a real fleet.
    words = [*command.split(), "--check", "--diff", "-e", "ansible_connection=local", "-e", '{"kvm_host_packages": []}']
    done = host.run(words, environment={**variables(tmp_path), "PYTHONPATH": os.environ["PYTHONPATH"]}, cwd=tmp_path,
                    check=False, timeout=180)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for number in (1, 2):
        assert f"+  ipv4.addresses: 192.168.100.1{number}/24" in done.stdout
        assert f"changed: [kvm{number}]" in done.stdout


def test_the_page_can_be_typed_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    """With this machine's kernel, and untagged where that has no VLANs: User-Mode-Linux would take ten minutes."""
    untagged = bool(kernel.missing("vlan", "vlan_filtering"))
    pages = (block.text for block in blocks("yml") if block.page.name == PAGE)
    inventory, play = (re.sub(r" *vlan: 100\n", "", text) if untagged else text for text in pages)
    (tmp_path / "inventory.yml").write_text(inventory)
    (tmp_path / "move.yml").write_text(play)
    (configuration,) = (block.text for block in blocks("ini") if block.page.name == PAGE)
    (tmp_path / "ansible.cfg").write_text(configuration)
    typed = "set -ex\n" + "".join(block.text for block in blocks("sh") if block.page.name == PAGE)
    shell, other = (block.text[len("$ csnet "):].split() for block in blocks("console") if block.page.name == PAGE)

    environment = {**os.environ, "PYTHONPATH": str(Path(csnet.__file__).absolute().parents[1])}
    for words, script in ((shell, typed), (other, "")):
        command = [sys.executable, "-m", "csnet", words[0], "--kernel", "own", *words[1:]]
        done = subprocess.run(command, input=script, cwd=tmp_path, env=environment,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout
        for name in ("kvm1", "kvm2"):
            assert re.search(rf"changed: \[{name}\]", done.stdout), done.stdout
            assert re.search(rf"{name} .*unreachable=0 +failed=0 ", done.stdout), done.stdout
    assert (tmp_path / "fleet-report.html").exists()
