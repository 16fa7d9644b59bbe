"""Another Debian beside this one. Making a tree takes minutes, so these look at one that is there, if one is."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

from csnet_lab import kernel, tree
from csnet_lab.errors import LabError

MADE = [version for version in tree.SUITES if tree.path_of(version).exists()]

pytestmark = pytest.mark.skipif(
    not MADE or kernel.running() != "own", reason="no tree is there: `./dev test --networkmanager 1.52` makes one"
)


def in_tree(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    command: List[str] = [sys.executable, "-m", "csnet_lab.tree", MADE[0], *arguments]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(Path(tree.__file__).parents[1])}
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, **options)


def mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()


def test_has_the_sources_a_build_of_its_own_and_the_other_networkmanager(tmp_path: Path) -> None:
    before = mounts()
    script = f"NetworkManager --version; ls {tree.__file__}; ls build; ls -A /mnt | wc -l; exit 7"
    with in_tree("--", "sh", "-c", script, cwd=tree.SOURCE) as run:
        version, source, *build, outside = run.communicate()[0].splitlines()
    assert run.returncode == 7
    assert version.startswith(f"{MADE[0]}.")
    assert source == tree.__file__
    assert "trees" not in build
    assert outside == "0"
    assert mounts() == before


def test_the_outer_daemon_is_this_machines_with_its_own_nmcli() -> None:
    here = subprocess.run(["nmcli", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    script = 'nmcli --version; echo "$CSNET_LAB_ROOT"; ls /mnt/proc/self/exe'
    with in_tree("--outer-daemon", "--", "sh", "-c", script, cwd=tree.SOURCE) as run:
        assert run.communicate()[0] == f"{here}/mnt\n/mnt/proc/self/exe\n"


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_stays_mounted_after_a_signal(sig: signal.Signals) -> None:
    before = mounts()
    with in_tree("--", "sh", "-c", "echo ready; exec sleep 1000", cwd=tree.SOURCE) as run:
        assert run.stdout and run.stdout.readline() == "ready\n"
        run.send_signal(sig)  # to the command itself: there is no process in between
    assert run.returncode == -sig
    assert mounts() == before


def test_a_tree_whose_debian_has_moved_on_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tree.SUITES, "1.40", tree.SUITES[MADE[0]])
    with pytest.raises(LabError, match="not 1.40"):
        tree.make("1.40")
