"""`python3 -m csnet_lab run`: a command under a kernel that is booted for it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

import csnet_lab
from csnet_lab import kernel, uml
from csnet_lab.traces import Traces, wait_for_end_of

PACKAGES = Path(csnet_lab.__file__).parents[1]
INSIDE = "User Mode Linux" in Path("/proc/cpuinfo").read_text()

pytestmark = pytest.mark.skipif(INSIDE or not uml.available(), reason="needs linux.uml, and runs in no other one")


def lab_run(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "PASSED_ON": "it's \"here\"\n$HOME"}
    command: List[str] = [sys.executable, "-m", "csnet_lab", "run", *arguments]
    return subprocess.Popen(command, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe, **options)


def test_passes_on_output_status_directory_and_environment(tmp_path: Path, traces: Traces) -> None:
    script = 'pwd; echo "$PASSED_ON"; echo error >&2; test -t 1 || echo no terminal; echo report > report.xml; exit 7'
    with lab_run("--uml", "--", "sh", "-c", script, cwd=tmp_path) as run:
        output, errors = run.communicate()
    assert (output, errors) == (f"{tmp_path}\nit's \"here\"\n$HOME\nno terminal\n", "error\n")
    assert run.returncode == 7
    assert (tmp_path / "report.xml").read_text() == "report\n"
    (tmp_path / "report.xml").unlink()
    traces.assert_none()


def test_has_all_kernel_features_and_loses_no_output() -> None:
    script = "python3 -c 'import csnet_lab.kernel; print(csnet_lab.kernel.missing())'; seq 200000; sleep 1000 &"
    with lab_run("--uml", "--", "sh", "-c", script) as run:
        output, errors = run.communicate()
    assert output == "()\n" + "".join(f"{number}\n" for number in range(1, 200001))
    assert errors == ""


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_leaves_nothing_after_a_signal(sig: signal.Signals, traces: Traces) -> None:
    with lab_run("--uml", "--", "sh", "-c", "echo ready; sleep 1000") as run:
        assert run.stdout and run.stdout.readline() == "ready\n"
        processes = [os.pidfd_open(pid) for pid in traces.processes()]
        assert processes
        run.send_signal(sig)
    assert run.returncode != 0
    wait_for_end_of(processes)
    traces.assert_none()


def test_runs_natively_when_told_to() -> None:
    with lab_run("--native", "--", "uname", "-r") as run:
        assert run.communicate()[0].strip() == os.uname().release


@pytest.mark.skipif(bool(kernel.missing()), reason="this kernel lacks something, so it would not be chosen")
def test_runs_natively_when_the_kernel_will_do() -> None:
    with lab_run("--", "uname", "-r") as run:
        assert run.communicate()[0].strip() == os.uname().release


@pytest.mark.parametrize("memory", ["1K", "8M"])
def test_a_kernel_that_does_not_boot_says_why_in_a_sentence(memory: str, tmp_path: Path, traces: Traces) -> None:
    with lab_run("--uml", "--memory", memory, "--", "true") as run:
        errors = run.communicate()[1]
    assert run.returncode == 1
    sentence, hint = errors.splitlines()
    assert "ended before the command did: it was given too little memory (its console: " in sentence
    assert hint == "  hint: give it more: CSNET_LAB_MEMORY=1G"
    console = Path(sentence.rpartition("console: ")[2].rstrip(")"))
    assert console.parent == tmp_path and "memory" in console.read_text()
    console.unlink()
    traces.assert_none()


def test_check_starts_it_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    uml.check()
    assert capfd.readouterr() == ("", "")
