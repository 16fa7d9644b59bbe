"""An sshd in a node: who gets in, what is the node's own, and that nothing is left."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from csnet_lab import Host, Lab, LabError, Node
from csnet_lab.sshd import Sshd, make_key, move_root
from csnet_lab.switch import End, connect
from csnet_lab.traces import Traces, wait_for_end_of

OPTIONS = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-o", "StrictHostKeyChecking=yes"]


class Pair(NamedTuple):
    """A host with an sshd; at the other end of its cable a client who has a key and knows 192.0.2.1's."""

    client: Node
    host: Host
    sshd: Sshd

    def ssh(self, where: str, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.client.run(["ssh", *OPTIONS, where, *words], check=False)


def make_pair(lab: Lab) -> Pair:
    host = lab.host("host", nics=[], start=False)  # NetworkManager would take the NIC down to look at it
    client = Node("client")
    lab.nodes.append(client)
    connect(End(host, "eth0", "52:54:00:00:00:01"), End(client, "eth0", "52:54:00:00:00:02"))
    host.ip("link set dev eth0 up", "address add 192.0.2.1/24 dev eth0")
    client.ip("address add 192.0.2.2/24 dev eth0", "address add 198.51.100.2/24 dev eth0")
    move_root(client, "/run/root")
    client.run(["mkdir", "-m", "700", "/run/root/.ssh"])
    sshd = Sshd(host, [make_key(client, "/run/root/.ssh/id_ed25519")], variables={"PYTHONPATH": "/a b", "OTHER": "1"})
    (client.root / "run/root/.ssh/known_hosts").write_text(f"192.0.2.1 {sshd.start()}\n")
    return Pair(client, host, sshd)


@pytest.fixture
def pair(lab: Lab) -> Pair:
    return make_pair(lab)


def test_root_comes_in_by_key_and_finds_a_home_of_its_own(pair: Pair) -> None:
    look = "hostname; id -un; pwd; echo $HOME; echo $PYTHONPATH $OTHER; ls -A; echo error >&2; exit 3"
    done = pair.ssh("192.0.2.1", look)
    assert done.stdout.splitlines() == ["host", "root", "/run/root", "/run/root", "/a b 1"], pair.sshd.log()
    assert (done.stderr, done.returncode) == ("error\n", 3)


def test_files_go_by_sftp(pair: Pair) -> None:
    batch = "cd /run\nput /run/root/.ssh/id_ed25519.pub key\n"
    pair.client.run(["sftp", *OPTIONS, "-b", "-", "192.0.2.1"], input=batch)
    assert (pair.host.root / "run/key").read_text().startswith("ssh-ed25519 ")


def test_nobody_else_comes_in(pair: Pair) -> None:
    done = pair.ssh("nobody@192.0.2.1", "true")
    assert (done.returncode, done.stderr) == (255, "nobody@192.0.2.1: Permission denied (publickey).\n")
    make_key(pair.client, "/run/other")
    done = pair.ssh("192.0.2.1", "-o", "IdentitiesOnly=yes", "-o", "IdentityFile=/run/other", "true")
    assert (done.returncode, done.stderr) == (255, "root@192.0.2.1: Permission denied (publickey).\n")


def test_it_listens_on_addresses_that_come_later_and_a_session_outlives_the_server(pair: Pair) -> None:
    pipe = subprocess.PIPE
    with pair.client.popen(["ssh", *OPTIONS, "192.0.2.1", "cat"], stdin=pipe, stdout=pipe) as session:
        assert session.stdin and session.stdout
        session.stdin.write("first\n")
        session.stdin.flush()
        assert session.stdout.readline() == "first\n"
        pair.host.ip("address add 198.51.100.1/24 dev eth0")
        assert pair.ssh("198.51.100.1", "-o", "HostKeyAlias=192.0.2.1", "hostname").stdout == "host\n"
        pair.sshd.stop()
        assert not pair.client.connects("192.0.2.1", 22)
        assert session.communicate("second\n", timeout=10)[0] == "second\n"
    assert pair.sshd.start() == pair.sshd.public_key
    assert pair.ssh("192.0.2.1", "hostname").stdout == "host\n"


def test_each_host_has_a_key_of_its_own(pair: Pair, lab: Lab) -> None:
    other = Sshd(lab.host("other", nics=[]), [])
    assert other.start() != pair.sshd.public_key
    known = pair.client.root / "run/root/.ssh/known_hosts"
    known.write_text(f"192.0.2.1 {other.public_key}\n")
    done = pair.ssh("192.0.2.1", "true")
    assert done.returncode == 255
    assert "Host key verification failed." in done.stderr


def test_what_it_cannot_do_it_says(pair: Pair) -> None:
    pair.sshd.stop()
    (pair.host.root / "run/ssh/sshd_config").write_text("Colour red\n")
    with pytest.raises(LabError, match=r"(?s)host: sshd ended:.*Bad configuration option: Colour"):
        pair.sshd.start()
    assert not pair.sshd.running


def test_leaves_nothing(traces: Traces) -> None:
    places = [Path("/root"), Path("/root/.ssh"), Path("/etc"), Path("/var/log"), Path("/var/lib")]
    before = {place: sorted(os.listdir(place)) for place in places if place.exists()}
    logins = [Path("/var/log", name) for name in ("wtmp", "btmp", "lastlog")]
    marks = {log: log.stat().st_mtime_ns for log in logins if log.exists()}
    with Lab() as lab:
        pair = make_pair(lab)
        assert pair.ssh("192.0.2.1", "-tt", "pwd").stdout == "/run/root\n"
        pipe = subprocess.PIPE
        session = pair.client.popen(["ssh", *OPTIONS, "192.0.2.1", "echo ready; exec sleep 1000"], stdout=pipe)
        assert session.stdout and session.stdout.readline() == "ready\n"
        pidfds = [os.pidfd_open(pid) for pid in traces.processes()]
        assert "sleep 1000" in " ".join(traces.processes().values())
    wait_for_end_of(pidfds)
    traces.assert_none()
    assert {place: sorted(os.listdir(place)) for place in before} == before
    assert {log: log.stat().st_mtime_ns for log in marks} == marks
