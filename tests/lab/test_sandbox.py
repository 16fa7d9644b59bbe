"""`csnet sandbox` by its real command line, on the running kernel: what it builds, gives back and leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence

import pexpect  # type: ignore[import]  # has no types
import pytest

import csnet
from csnet_lab import kernel, uml, vm, vm_kernel
from csnet_lab.traces import Traces, wait_for_end_of

PACKAGE = str(Path(csnet.__file__).absolute().parents[1])
COMMAND = [sys.executable, "-m", "csnet", "sandbox"]
OWN = ["--kernel", "own"]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
OUTSIDE = kernel.running() == "own"
needs_uml = pytest.mark.skipif(not (OUTSIDE and uml.available()), reason="needs linux.uml, and runs in no other kernel")
needs_vm = pytest.mark.skipif(not (OUTSIDE and vm.available()), reason="needs qemu, and runs in no other kernel")
UNTAGGED = """\
management:
  uplink: enp1s0
  bridge: cloudbr0
  addresses: [10.1.2.10/24]
  gateway: 10.1.2.1
  servers: [10.1.2.3, 10.9.9.9]
  stp: false
"""


def environment(**variables: str) -> Dict[str, str]:
    return {**os.environ, "PYTHONPATH": PACKAGE, "SHELL": "/bin/bash", **variables}


def sandbox(*words: str, prefix: Sequence[str] = (), **options: Any) -> "subprocess.CompletedProcess[str]":
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    options.setdefault("env", environment())
    done: "subprocess.CompletedProcess[str]" = subprocess.run(
        [*prefix, *COMMAND, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    return done


def test_passes_on_output_and_exit_code_and_says_nothing_itself() -> None:
    done = sandbox(*OWN, "--", "sh", "-c", "hostname; echo error >&2; exit 3")
    assert (done.returncode, done.stdout) == (3, "host1\n")
    assert done.stderr.splitlines()[-1] == "error"
    assert sandbox(*OWN, "--", "sh", "-c", "kill -9 $$").returncode == 128 + 9


def test_a_script_runs_in_a_shell_after_the_greeting() -> None:
    done = sandbox(*OWN, input="hostname\nexit 4\n")
    assert done.returncode == 4
    assert done.stdout.startswith("host1:      eth0, eth1; the switch carries")
    assert done.stdout.endswith("\nhost1\n")
    assert sandbox("--quiet", *OWN, input="hostname\n").stdout == "host1\n"


def test_csnet_works_inside() -> None:
    done = sandbox(*OWN, "--", "sh", "-c", "cd /; csnet --version; nmcli -t -f running general")
    assert done.stdout == f"csnet {csnet.__version__}\nrunning\n"


def test_hosts_reach_each_other_and_the_server() -> None:
    script = "ip address add 192.168.100.1$1/24 dev eth0; ip link set eth0 up"
    done = sandbox(*OWN, "--hosts", "3", "--", "sh", "-ec", f"""
        for n in 1 2 3; do on host$n sh -c '{script}' sh $n; done
        on host3 hostname
        for address in 12 13 2 1; do ping -q -c 1 -W 5 192.168.100.$address > /dev/null; done
        on host2 ping -q -c 1 -W 5 192.168.100.13 > /dev/null
        timeout 5 bash -c ': < /dev/tcp/192.168.100.2/8250'""")
    assert (done.returncode, done.stdout) == (0, "host3\n"), done.stderr


def test_the_file_decides_the_surroundings(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(UNTAGGED)
    done = sandbox(*OWN, "--file", "network.yaml", "--", "sh", "-c", """
        echo $CSNET_FILE
        nmcli -t -f device device
        csnet apply --yes --quiet network.yaml || exit
        ping -q -c 1 -W 5 10.9.9.9 > /dev/null || exit
        csnet plan --check $CSNET_FILE""", cwd=tmp_path)
    assert done.stdout == (f"{tmp_path}/network.yaml\nlo\nenp1s0\n"
                           "Nothing to do: the host is as wanted.\n"), done.stderr
    assert done.returncode == 0


def test_a_bad_file_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text("management:\n  uplink: eth0\n  vlan: 4095\n")
    done = sandbox("--file", "network.yaml", "--", "true", cwd=tmp_path)
    assert done.returncode == 2
    assert "4095" in done.stderr and "network.yaml" in done.stderr
    assert sandbox("--file", "nowhere.yaml", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(("words", "said"), [
    (("--hosts", "0"), "csnet: --hosts: 0 is not a number from 1 to"),
    (("--hosts", "many"), "invalid int value: 'many'"),
    (("--kernel", "bsd"), "invalid choice: 'bsd'"),
])
def test_wrong_usage(words: List[str], said: str) -> None:
    done = sandbox(*words)
    assert done.returncode == 2
    assert said in done.stderr and "hint: " in done.stderr


def test_names_the_packages_of_missing_programs(tmp_path: Path) -> None:
    # A file tree in which NetworkManager cannot be executed.
    hide = "mount --bind /dev/null $(command -v NetworkManager) && exec \"$@\""
    done = sandbox("--", "true", prefix=("unshare", "--mount", "sh", "-c", hide, "sh"))
    assert done.returncode == 1
    assert done.stderr == ("csnet: sandbox: this machine has no NetworkManager\n"
                           "  hint: apt install network-manager; dnf install NetworkManager\n")


# --- a fleet ---


def test_a_fleet_is_reached_by_ssh_and_in_the_default_inventory() -> None:
    done = sandbox(*OWN, "--fleet", "2", "--", "sh", "-ec", """
        hostname
        for where in host1 10.0.0.12; do ssh -o BatchMode=yes $where hostname; done
        ssh host2 'python3 -c "import csnet; print(csnet.__version__)"'
        ls ~/.ansible/collections/ansible_collections/csnet/network/roles
        ansible all --list-hosts""")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["controller", "host1", "host2", csnet.__version__, "kvm_host",
                                   "hosts", "(2):", "host1", "host2"]  # fmt: skip


@pytest.mark.parametrize("words", [("--fleet", "33"), ("--fleet", "-1"), ("--fleet", "2", "--hosts", "2")])
def test_a_fleet_that_is_not_understood_is_refused(words: List[str]) -> None:
    done = sandbox(*words, "--", "true")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("csnet: --fleet: needs a number from 1 to 32, and neither --hosts nor --file\n")


@pytest.mark.parametrize(("program", "package"), [("sshd", "openssh-server"), ("ansible-playbook", "ansible-core")])
def test_a_fleet_names_the_packages_of_missing_programs(program: str, package: str) -> None:
    hide = f'mount --bind /dev/null $(readlink -f $(command -v {program})) && exec "$@"'
    done = sandbox("--fleet", "2", "--", "true", prefix=("unshare", "--mount", "sh", "-c", hide, "sh"))
    assert (done.returncode, done.stderr) == (1, (
        f"csnet: sandbox: this machine has no {program}\n"
        f"  hint: apt install {package}; dnf install {package}\n"))  # fmt: skip


@pytest.mark.skipif(not kernel.missing("vlan_filtering"), reason="needs a kernel without VLANs")
def test_without_vlans_a_fleet_has_both_networks_on_one_wire() -> None:
    done = sandbox(*OWN, "--fleet", "1", "--", "sh", "-ec", """
        ip -brief address show eth0
        ssh host1 'ip link set eth0 up; ip address add 192.168.100.11/24 dev eth0; ping -c 1 192.168.100.2' > /dev/null
        ping -c 1 192.168.100.11 > /dev/null""")
    assert done.returncode == 0, done.stderr
    assert "10.0.0.2/24 192.168.100.3/24" in done.stdout
    assert "the switch carries all frames untagged" in done.stderr


# --- the commands in its shells ---


def test_switch_and_server() -> None:
    done = sandbox(*OWN, "--hosts", "2", "--", "sh", "-c", """
        ip link set eth0 up
        switch down eth0; cat /sys/class/net/eth0/carrier
        switch up eth0; cat /sys/class/net/eth0/carrier
        switch down host2:eth1; on host2 switch | grep -c down
        server stop; server | grep -o 'TCP.*'
        server start; server | grep -o 'TCP.*'""")
    assert done.stdout == "0\n1\n1\nTCP ports: none\nTCP ports: 8250\n", done.stderr


@pytest.mark.parametrize(("line", "code", "said"), [
    ("switch down eth7", 1, "switch: no NIC is named eth7; the NICs are host1:eth0, host1:eth1, server:eth0\n"),
    ("switch sideways", 2, "switch: not understood: switch sideways\n"),
    ("switch down", 2, "switch: not understood: switch down\n"),
    ("server dance", 2, "server: not understood: server dance\n"),
    ("switch trunk eth0 4095", 1, "switch: 4095 is not a VLAN id (1 to 4094)\n"),
    ("on mars hostname", 2, "on: needs the name of a machine: switch, server, host1\n"),
    ("on server sh -c 'exit 9'", 9, ""),
    ("on server nothing-like-this", 127, "No such file or directory\n"),
])
def test_a_command_that_does_not_work_says_why(line: str, code: int, said: str) -> None:
    done = sandbox(*OWN, "--", "sh", "-c", line)
    assert done.returncode == code
    assert said in done.stderr


def test_on_passes_on_input_and_the_working_directory(tmp_path: Path) -> None:
    done = sandbox(*OWN, "--", "sh", "-c", "echo text | on server cat; on server pwd", cwd=tmp_path)
    assert done.stdout == f"text\n{tmp_path}\n"


# --- for everybody ---


@pytest.fixture
def readable_directory(tmp_path: Path) -> Iterator[Path]:
    os.chown(tmp_path, 65534, 65534)
    modes = [(parent, parent.stat().st_mode) for parent in tmp_path.parents if parent.stat().st_uid == os.getuid()]
    for parent, mode in modes:
        parent.chmod(mode | 0o011)
    yield tmp_path
    for parent, mode in modes:
        parent.chmod(mode)


def test_an_ordinary_user_may(readable_directory: Path) -> None:
    (readable_directory / "network.yaml").write_text(UNTAGGED)
    done = sandbox(*OWN, "--file", "network.yaml", "--", "sh", "-c", """
        id -u
        csnet apply --yes --quiet network.yaml || exit
        ping -q -c 1 -W 5 10.1.2.3 > /dev/null || exit
        touch /root/mine 2>&1 | grep -o 'Permission denied'""", cwd=readable_directory,
                   prefix=NOBODY, env=environment(PATH="/usr/bin:/bin", HOME="/nonexistent"))
    assert done.stdout == "0\nPermission denied\n", done.stderr


def test_an_ordinary_user_without_namespaces_is_told_what_to_do() -> None:
    # In a namespace in which this user is another, who may forbid more of them.
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    unshare = ("unshare", "--user", "--map-user=1000", "--keep-caps")
    done = sandbox("--", "true", prefix=(*unshare, "sh", "-c", forbid, "sh"))
    assert done.returncode == 1
    assert done.stderr.startswith("csnet: sandbox: needs root or user namespaces, which this kernel refuses: ")
    assert done.stderr.endswith("hint: sudo csnet sandbox; or allow them: sysctl user.max_user_namespaces=10000\n")


# --- nothing is left ---


def started(which: str, *words: str) -> "subprocess.Popen[str]":
    """A sandbox whose command runs."""
    command = [*COMMAND, "--kernel", which, "--hosts", "2", "--", *words]
    process = subprocess.Popen(command, env=environment(), text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_leaves_nothing_after_a_signal(sig: signal.Signals, traces: Traces) -> None:
    with started("own", "sh", "-c", "on server sleep 1000 & sleep 1000 & echo ready; sleep 1000") as process:
        processes = [os.pidfd_open(pid) for pid in traces.processes()]
        assert len(processes) > 10
        process.send_signal(sig)
    assert process.returncode != 0
    wait_for_end_of(processes)
    traces.assert_none()


@needs_uml
@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGHUP])
def test_leaves_nothing_of_its_kernel(sig: signal.Signals, traces: Traces) -> None:
    with started("uml", "sh", "-c", "echo ready; sleep 1000") as process:
        processes = [os.pidfd_open(pid) for pid in traces.processes()]
        process.send_signal(sig)
    wait_for_end_of(processes)
    traces.assert_none()


@needs_uml
def test_an_ordinary_user_may_have_a_kernel_with_vlans(readable_directory: Path) -> None:
    done = sandbox("--kernel", "uml", "--", "sh", "-c", "switch | head -1; touch here; exit 5", cwd=readable_directory,
                   prefix=NOBODY, env=environment(PATH="/usr/bin:/bin", HOME="/nonexistent"))
    assert (done.returncode, done.stdout) == (5, "host1   eth0        up    VLAN 100 tagged, VLAN 1 untagged\n")
    assert (readable_directory / "here").stat().st_uid == 65534


@needs_vm
def test_an_ordinary_user_may_have_a_virtual_machine(readable_directory: Path) -> None:
    vm_kernel.find()  # root's, where it is read and none is fetched
    done = sandbox("--kernel", "vm", "--", "sh", "-c", """
        switch | head -1; touch here; stat -c %u /bin/mount; touch /etc/csnet-was-here && exit 5""",
                   cwd=readable_directory, prefix=NOBODY, env=environment(PATH="/usr/bin:/bin", HOME="/nonexistent"))
    assert (done.returncode, done.stdout) == (5, "host1   eth0        up    VLAN 100 tagged, VLAN 1 untagged\n0\n"), (
        done.stderr)
    assert (readable_directory / "here").stat().st_uid == 65534
    assert not Path("/etc/csnet-was-here").exists()


def test_ctrl_c_is_for_what_runs_in_the_shell(traces: Traces) -> None:
    shell = pexpect.spawn(COMMAND[0], [*COMMAND[1:], *OWN], env={**environment(), "TERM": "dumb"}, encoding="utf-8",
                          timeout=30)
    shell.expect("host1# ")
    # It says itself that it runs: a shell that is just about to start something takes Ctrl-C for its own.
    shell.sendline("on server sh -c 'echo be''gun; exec sleep 1000'")
    shell.expect("begun")
    shell.sendintr()
    shell.expect("host1# ")
    shell.sendline("exit 5")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 5
    traces.assert_none()


def test_a_hang_up_ends_it(traces: Traces) -> None:
    shell = pexpect.spawn(COMMAND[0], [*COMMAND[1:], *OWN], env={**environment(), "TERM": "dumb"}, encoding="utf-8",
                          timeout=30)
    shell.expect("host1# ")
    processes = [os.pidfd_open(pid) for pid in traces.processes()]
    shell.close()  # the terminal has gone
    wait_for_end_of(processes)
    traces.assert_none()
