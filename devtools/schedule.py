"""Runs the parts of the layers in parallel."""

import contextlib
import os
import selectors
import subprocess
import time
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence

from . import ROOT, results
from .processes import exit_code, stop
from .results import Result
from .terminal import Progress


class Job(NamedTuple):
    """A part of a layer, with its command."""

    layer: str
    name: str
    command: List[str]
    environment: Dict[str, str]
    xml: Path  #: the report that it writes
    log: Path  #: receives its output
    filtered: bool = False
    lab_kernel: bool = False  #: whether it boots a kernel for its tests


class _Running(NamedTuple):
    job: Job
    child: "subprocess.Popen[bytes]"
    pidfd: int
    started: float


def run_jobs(jobs: Sequence[Job], at_once: int, seconds: float) -> List[Result]:
    """Start the jobs in their order, at most `at_once` in parallel, and print the result of each.

    After `seconds`, the jobs that are not finished are stopped, and count as failed.
    """
    deadline = time.monotonic() + seconds
    waiting, found = list(jobs), []
    running: Dict[int, _Running] = {}
    with Progress() as progress, selectors.DefaultSelector() as selector:
        try:
            while waiting or running:
                while len(running) < at_once and (job := _next(waiting, list(running.values()))) is not None:
                    waiting.remove(job)
                    one = _start(job)
                    running[one.pidfd] = one
                    selector.register(one.pidfd, selectors.EVENT_READ)
                ended = [running[key.fd] for key, _ in selector.select(timeout=1)]
                for one in ended:
                    selector.unregister(one.pidfd)
                    del running[one.pidfd]
                    found.append(_finish(one, progress))
                if time.monotonic() > deadline:
                    found += [_give_up(one) for one in running.values()]
                    running.clear()
                    found += [Result(job.layer, 0, ["the layer itself had no time left"], 0, 0, 0) for job in waiting]
                    return found
                progress.show(_overview(list(running.values()), len(found), len(jobs)))
        finally:
            for one in running.values():  # Ctrl-C
                stop(one.child)
                os.close(one.pidfd)
    return found


def _next(waiting: List[Job], running: List[_Running]) -> Optional[Job]:
    """The first job that can start now: at most one job with a lab kernel runs at a time.

    Two User-Mode-Linux kernels in parallel on two processors took three times as long each, so they end earlier one
    after the other. Beside native tests, one takes half as long again.
    """
    free = not any(one.job.lab_kernel for one in running)
    return next((job for job in waiting if free or not job.lab_kernel), None)


def _start(job: Job) -> _Running:
    job.xml.unlink(missing_ok=True)  # a job that is killed must not be judged by its last report
    job.log.parent.mkdir(parents=True, exist_ok=True)
    with open(job.log, "wb") as log:
        child = subprocess.Popen(job.command, cwd=ROOT, env=job.environment, stdin=subprocess.DEVNULL, stdout=log,
                                 stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=_go_ahead)
    return _Running(job, child, os.pidfd_open(child.pid), time.monotonic())


def _go_ahead() -> None:
    """Give a part the priority that a lab kernel takes, so that its tests meet their time limits beside one."""
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)


def _finish(one: _Running, progress: Progress) -> Result:
    _, status, usage = os.wait4(one.child.pid, 0)
    one.child.returncode = os.waitstatus_to_exitcode(status)
    os.close(one.pidfd)
    result = results.read(one.job.layer, one.job.xml, exit_code(one.child.returncode), one.job.filtered,
                          time.monotonic() - one.started, usage.ru_utime + usage.ru_stime)
    counts = f"{result.passed} passed" + f", {len(result.failures)} FAILED" * bool(result.failures)
    counts += f", {result.skipped} skipped" * bool(result.skipped)
    title = one.job.layer if one.job.name == one.job.layer else f"{one.job.layer}, {one.job.name}"
    progress.say(f"{title:<24}{counts} in {result.wall:.0f} s")
    if result.failures:
        progress.say(one.job.log.read_text(errors="replace").rstrip())
    return result


def _give_up(one: _Running) -> Result:
    stop(one.child)
    os.close(one.pidfd)
    return results.read(one.job.layer, one.job.xml, -1, one.job.filtered, time.monotonic() - one.started, 0)


def _overview(running: List[_Running], done: int, of: int) -> str:
    now = time.monotonic()
    return f"{done} of {of} parts done; " + ", ".join(f"{one.job.name} {now - one.started:.0f} s" for one in running)
