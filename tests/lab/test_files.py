"""A file that root writes in a node stays there: the machine's /etc, /var and /root are as they were."""

import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Iterator, List, Set

import pytest

from csnet_lab import Lab, Node
from csnet_lab.files import SHARED

NAME = f"lab-{uuid.uuid4()}"
OWN = ("/etc", "/var", "/root")
#: What an ordinary user may, too; then what root may.
WRITE = f'for own in /etc /var; do echo new > $own/{NAME}; cat $own/{NAME}; done'
CHANGE = f"""
  echo new > /root/{NAME}
  echo new >> /etc/passwd; rm /etc/hostname; chmod 600 /etc/fstab; mv /etc/apt /etc/{NAME}.apt; ln -s x /var/{NAME}.link
  rm -r /var/log; mkdir /var/log; touch /var/log/wtmp"""
# Of /var and /root only what no other program changes meanwhile.
LOOK = """
  find /etc -xdev -printf '%p %m %U %s %T@\\n'
  find /var /root -xdev -maxdepth 2 -printf '%p %m %U\\n'
  find /etc -xdev -type f -exec sha256sum {} +"""
NODE = """
import sys
from csnet_lab import Node
with Node("x") as node:
    print(node.run(["sh", "-ec", sys.argv[1]]).stdout)"""
NOBODY = [
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "unshare", "--user", "--map-root-user", "--net",
]  # fmt: skip


def look() -> Set[str]:
    return {*subprocess.run(["sh", "-c", LOOK], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()}


def in_a_node(script: str, *prefix: str, cwd: Path = Path("/")) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*prefix, sys.executable, "-c", NODE, script], env=environment, cwd=cwd, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def test_what_root_does_is_gone_with_the_node() -> None:
    before = look()
    with Node("one") as one, Node("other") as other:
        assert one.run(["sh", "-ec", WRITE + CHANGE]).returncode == 0
        assert one.run(["stat", "-c", "%a", "/root", "/etc/fstab"]).stdout == "700\n600\n"
        for own in OWN:
            assert one.run(["ls", f"{own}/{NAME}"]).returncode == 0
            assert other.run(["ls", f"{own}/{NAME}"], check=False).returncode != 0
        assert look() ^ before == set()
    assert look() ^ before == set()


def test_what_a_host_does_is_gone_with_it(lab: Lab) -> None:
    before = look()
    host = lab.host("host", nics=[])
    host.run(["sh", "-ec", WRITE + CHANGE])
    host.run(["nmcli", "connection", "add", "type", "dummy", "ifname", "dummy0"])
    assert look() ^ before == set()


def test_an_ordinary_user_has_them_too() -> None:
    assert in_a_node(WRITE, *NOBODY) == "new\nnew"


def test_copies_where_the_kernel_stacks_no_more_overlays() -> None:
    stack = "".join(
        f"mkdir -p /run/{level}/new /run/{level}/work\n"
        f"mount -t overlay lab{level} /etc -o lowerdir=/etc,upperdir=/run/{level}/new,workdir=/run/{level}/work\n"
        for level in (1, 2)
    )
    script = f"""
        mount -t tmpfs tmpfs /run
        {stack}
        before=$(ls /etc | sha256sum)
        "$@"
        [ "$before" = "$(ls /etc | sha256sum)" ]"""
    before = look()
    said = in_a_node(f"{WRITE}{CHANGE}\nstat -fc %T /etc; readlink /var/run",
                     "unshare", "--mount", "sh", "-ec", script, "sh")  # fmt: skip
    assert said.splitlines() == ["new", "new", "tmpfs", os.readlink("/var/run")]
    assert look() ^ before == set()


@pytest.fixture
def deep() -> Iterator[Path]:
    """A directory two levels below /var, as a checkout of continuous integration is."""
    path = Path("/var/tmp", NAME)
    path.mkdir()
    yield path
    for entry in path.iterdir():
        entry.unlink()
    path.rmdir()


def test_the_working_directory_stays_shared(deep: Path) -> None:
    # A node's command runs in the directory that the caller of run() is in.
    in_a_node("echo kept > result", cwd=deep)
    assert (deep / "result").read_text() == "kept\n"


@pytest.mark.parametrize("where", ["/etc/apt", "/root", "/var", "/var/log"])
def test_not_what_is_the_machines(where: str) -> None:
    in_a_node(f"touch {where}/{NAME}", cwd=Path(where))
    assert not Path(where, NAME).exists()


def test_a_shared_directory_is_named(deep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARED, f"/nowhere:{deep}")
    in_a_node(f"echo kept > {deep}/result")
    assert (deep / "result").read_text() == "kept\n"


def test_what_is_mounted_below_is_seen_and_kept(deep: Path) -> None:
    (deep / "file").write_text("old\n")
    mount = f"mount -t tmpfs tmpfs {deep}; echo there > {deep}/here; mount --bind {deep}/here /etc/hostname"
    script = f'{mount}; "$@"; cat {deep}/here'
    write = f"echo other > {deep}/here; ! echo other 2> /dev/null > /etc/hostname"
    said = in_a_node(f"cat {deep}/here /etc/hostname; {write}",
                     "unshare", "--mount", "sh", "-ec", script, "sh")  # fmt: skip
    assert said.split() == ["there", "there", "there"]
    assert (deep / "file").read_text() == "old\n"


def remaining(node: Node) -> List[str]:
    return node.run(["find", "/run/overlay/machine"], check=False).stdout.split()


def test_there_is_no_way_to_the_machines_files(deep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARED, str(deep))
    with Node("x") as node:
        assert remaining(node) == ["/run/overlay/machine"]
