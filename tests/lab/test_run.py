"""`python3 -m csnet_lab run`: a command under a kernel that is booted for it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pexpect  # type: ignore[import]  # has no types
import pytest

import csnet_lab
from csnet_lab import boot, kernel, uml, vm, vm_kernel
from csnet_lab.traces import Traces, wait_for_end_of

PACKAGES = Path(csnet_lab.__file__).parents[1]

# They boot kernels, which is slow within one that was booted, or cannot be.
pytestmark = pytest.mark.skipif(kernel.running() != "own", reason="runs on the machine's own kernel alone")
needs_uml = pytest.mark.skipif(not uml.available(), reason="needs linux.uml")
needs_vm = pytest.mark.skipif(not vm.available(), reason="needs qemu-system-x86 and busybox-static")
UML = pytest.param("uml", marks=needs_uml)
VM = pytest.param("vm", marks=needs_vm)


def lab_run(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "PASSED_ON": "it's \"here\"\n$HOME"}
    command: List[str] = [sys.executable, "-m", "csnet_lab", "run", *arguments]
    return subprocess.Popen(command, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe, **options)


@needs_uml
def test_passes_on_output_status_directory_and_environment(tmp_path: Path, traces: Traces) -> None:
    script = 'pwd; echo "$PASSED_ON"; echo error >&2; test -t 1 || echo no terminal; echo report > report.xml; exit 7'
    with lab_run("--kernel", "uml", "--", "sh", "-c", script, cwd=tmp_path) as run:
        output, errors = run.communicate()
    assert (output, errors) == (f"{tmp_path}\nit's \"here\"\n$HOME\nno terminal\n", "error\n")
    assert run.returncode == 7
    assert (tmp_path / "report.xml").read_text() == "report\n"
    (tmp_path / "report.xml").unlink()
    traces.assert_none()


@needs_uml
def test_has_all_kernel_features_and_loses_no_output() -> None:
    script = "python3 -c 'import csnet_lab.kernel; print(csnet_lab.kernel.missing())'; seq 200000; sleep 1000 &"
    with lab_run("--kernel", "uml", "--", "sh", "-c", script) as run:
        output, errors = run.communicate()
    assert output == "()\n" + "".join(f"{number}\n" for number in range(1, 200001))
    assert errors == ""


@needs_vm
def test_a_virtual_machine_does_all_of_that_and_more(tmp_path: Path, traces: Traces) -> None:
    discarded = Path(f"/var/tmp/{tmp_path.name}-{os.getpid()}")
    vm_kernel.find()  # it says so when it fetches one
    shutil.copytree(PACKAGES / "csnet_lab", tmp_path / "inside/csnet_lab")  # csnet itself may be in /tmp, and unseen
    ask = "from csnet_lab import kernel; print(kernel.running(), kernel.missing(*kernel.FEATURES), os.cpu_count())"
    script = f"""
        pwd; echo "$PASSED_ON"; echo error >&2; test -t 1 || echo no terminal
        echo report > report.xml; echo lost > {discarded}
        PYTHONPATH=inside {sys.executable} -B -c 'import os; {ask}'
        seq 200000; sleep 1000 & exit 7"""
    with lab_run("--kernel", "vm", "--", "sh", "-c", script, cwd=tmp_path) as run:
        output, errors = run.communicate()
    head, numbers = output.splitlines()[:5], output.splitlines()[5:]
    assert errors == "error\n"
    assert head == [str(tmp_path), "it's \"here\"", "$HOME", "no terminal", f"vm () {len(os.sched_getaffinity(0))}"]
    assert numbers == [str(number) for number in range(1, 200001)]
    assert run.returncode == 7
    assert (tmp_path / "report.xml").read_text() == "report\n"
    assert not discarded.exists()
    (tmp_path / "report.xml").unlink()
    shutil.rmtree(tmp_path / "inside")
    traces.assert_none()


@needs_vm
def test_a_virtual_machine_has_a_terminal_of_the_right_size(traces: Traces) -> None:
    command = ["-m", "csnet_lab", "run", "--kernel", "vm", "--", "sh"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "PS1": "vm> "}
    shell = pexpect.spawn(sys.executable, command, env=environment, encoding="utf-8", timeout=120, dimensions=(31, 77))
    shell.expect("vm> ")
    shell.sendline("stty size; test -t 2 && echo al''l")
    shell.expect("31 77\r\nall\r\n")
    shell.sendline("sh -c 'echo be''gun; exec sleep 1000'")
    shell.expect("begun")
    shell.sendintr()
    shell.expect("vm> ")
    shell.sendline("sleep 1000 & exit 5")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 5
    traces.assert_none()


def test_output_that_is_later_than_the_status_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    streams = boot.Streams()
    late = f"echo started >&{streams.status}; echo 7 5 0 >&{streams.status}; sleep 0.3; echo late >&{streams.output}"
    process = subprocess.Popen(["bash", "-c", f"{late}; exec sleep 1000"], pass_fds=streams.given, text=True)
    assert streams.attend(process, patience=10) == 7
    assert capfd.readouterr() == ("late\n", "")


@needs_vm
def test_kvm_that_runs_no_guest_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], traces: Traces
) -> None:
    # This is what nested KVM can do: the program runs, and the guest does not.
    qemu = tmp_path / "qemu-system-x86_64"
    log = tmp_path / "accelerators"
    qemu.write_text(f"""#!/bin/sh
        echo $2 >> {log}
        if [ $2 = kvm ]; then exec sleep 1000; fi
        exec {shutil.which(qemu.name)} "$@"\n""")
    qemu.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(vm, "accelerators", lambda: ["kvm", "tcg"])
    monkeypatch.setitem(vm._PATIENCE, "kvm", 0.5)
    assert vm.run(["sh", "-c", "echo booted; exit 3"]) == 3
    assert capfd.readouterr() == ("booted\n", "")
    assert log.read_text() == "kvm\ntcg\n"
    for file in (qemu, log):
        file.unlink()
    traces.assert_none()


@pytest.mark.parametrize(("which", "sig"), [
    pytest.param("uml", signal.SIGKILL, marks=needs_uml),
    pytest.param("uml", signal.SIGTERM, marks=needs_uml),
    pytest.param("uml", signal.SIGINT, marks=needs_uml),
    pytest.param("vm", signal.SIGKILL, marks=needs_vm),
    pytest.param("vm", signal.SIGINT, marks=needs_vm),
])  # fmt: skip
def test_leaves_nothing_after_a_signal(which: str, sig: signal.Signals, traces: Traces) -> None:
    with lab_run("--kernel", which, "--", "sh", "-c", "echo ready; sleep 1000") as run:
        assert run.stdout and run.stdout.readline() == "ready\n"
        processes = [os.pidfd_open(pid) for pid in traces.processes()]
        assert processes
        run.send_signal(sig)
    assert run.returncode != 0
    wait_for_end_of(processes)
    traces.assert_none()


def test_runs_natively_when_told_to() -> None:
    with lab_run("--kernel", "own", "--", "uname", "-r") as run:
        assert run.communicate()[0].strip() == os.uname().release


@pytest.mark.skipif(bool(kernel.missing()), reason="this kernel lacks something, so it would not be chosen")
def test_runs_natively_when_the_kernel_will_do() -> None:
    with lab_run("--", "uname", "-r") as run:
        assert run.communicate()[0].strip() == os.uname().release


@needs_uml
@pytest.mark.parametrize("memory", ["1K", "8M"])
def test_a_kernel_that_does_not_boot_says_why_in_a_sentence(memory: str, tmp_path: Path, traces: Traces) -> None:
    with lab_run("--kernel", "uml", "--memory", memory, "--", "true") as run:
        errors = run.communicate()[1]
    assert run.returncode == 1
    sentence, hint = errors.splitlines()
    assert "ended before the command did: it has too little memory (its console: " in sentence
    assert hint == "  hint: give it more: CSNET_LAB_MEMORY=1G"
    console = Path(sentence.rpartition("console: ")[2].rstrip(")"))
    assert console.parent == tmp_path and "memory" in console.read_text()
    console.unlink()
    traces.assert_none()


@needs_uml
def test_check_starts_it_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    uml.check()
    assert capfd.readouterr() == ("", "")


@needs_vm
def test_a_virtual_machine_that_does_not_boot_says_why(tmp_path: Path, traces: Traces) -> None:
    with lab_run("--kernel", "vm", "--memory", "1K", "--", "true") as run:
        errors = run.communicate()[1]
    assert run.returncode == 1
    assert "ended before the command did" in errors
    (console,) = tmp_path.glob("csnet-vm-console-*.log")
    assert f"(its console: {console})" in errors
    console.unlink()
    traces.assert_none()


def test_what_is_needed_decides_about_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uml, "available", lambda: True)
    monkeypatch.setattr(vm, "available", lambda: True)
    assert kernel.choose(own=kernel.NEEDED) == "own"
    assert kernel.choose("inet", own=["inet"]) == "own"
    assert kernel.choose(own=["inet"]) == "uml"
    assert kernel.choose("vlan", "inet", own=["inet"]) == "vm"
    assert kernel.choose("coalesce", own=[*kernel.NEEDED, "inet"]) == "vm"
    monkeypatch.setattr(uml, "available", lambda: False)
    assert kernel.choose(own=[]) == "vm"
    monkeypatch.setattr(vm, "available", lambda: False)
    with pytest.raises(csnet_lab.LabError, match="has no vlan, inet, and the lab cannot boot another") as refused:
        kernel.choose("vlan", "inet", own=[])
    assert "qemu-system-x86" in refused.value.hint and "user-mode-linux" not in refused.value.hint


def test_a_feature_that_does_not_exist_is_refused() -> None:
    with lab_run("--needs", "vlan,telepathy", "--", "true") as run:
        errors = run.communicate()[1]
    assert run.returncode == 2
    assert "'telepathy' is not one of vlan, bond, " in errors


@pytest.mark.parametrize("outside", ["", "vlan,bond,vlan_filtering,inet", ",".join(kernel.FEATURES)])
def test_each_test_is_for_one_kernel(outside: str, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("""
import pytest
def test_nothing(): pass
@pytest.mark.kernel
def test_picture(): pass
@pytest.mark.kernel("vlan", "inet")
def test_inet(): pass
@pytest.mark.kernel("coalesce")
def test_coalesce(): pass
""")
    environment = {**os.environ, kernel.OUTSIDE: outside, "PYTHONPATH": str(PACKAGES)}
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--collect-only"]
    conftest = ["-p", "conftest", "--confcutdir", str(tmp_path), str(tmp_path)]
    tests = os.pathsep.join([str(Path(__file__).parents[1]), environment["PYTHONPATH"]])
    found = {}
    for name in kernel.KERNELS:
        done = subprocess.run(
            [*pytest_here, *conftest, "--for-kernel", name], env={**environment, "PYTHONPATH": tests},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode in (0, 5), done.stdout
        found[name] = [line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    expected: Dict[str, List[str]] = {"own": ["test_nothing"], "uml": [], "vm": []}
    expected["own" if outside else "uml"].append("test_picture")
    for needs in ("inet", "coalesce"):
        expected["own" if needs in outside.split(",") else "vm"].append(f"test_{needs}")
    assert found == expected


@pytest.mark.parametrize("which", ["own", UML, VM])
def test_a_terminal_has_its_size_from_the_start_and_each_later_one(which: str) -> None:
    script = "trap 'stty size; exit 5' WINCH; test -t 0 && test -t 1 && stty size; sleep 1000 & wait"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    words = ["-m", "csnet_lab", "run", "--kernel", which, "--", "bash", "-c", script]
    with pexpect.spawn(sys.executable, words, env=environment, dimensions=(33, 60), timeout=60) as run:
        run.expect("33 60\r\n")
        run.setwinsize(40, 101)
        run.expect("40 101\r\n")
        run.expect(pexpect.EOF)
    assert run.exitstatus == 5
