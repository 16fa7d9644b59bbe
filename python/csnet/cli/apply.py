"""csnet apply: carry out a network file in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
import argparse
import contextlib
import signal
import sys
import syslog
from typing import Any

import csnet
from csnet.cli.host import add_plan_options, code_of, make_plan, require_rights
from csnet.cli.output import Output
from csnet.cli.progress import Progress

DESCRIPTION = """\
Prints the plan, asks for confirmation, and carries the plan out as one transaction. The transaction ends with all
probes passed and the profiles on disk, or with the host as it was. The probes are a TCP connection to port 8250 of each
management server of the file, an ARP request to its gateway, and those that --probe adds. csnet writes nothing to disk
before they have passed.

Ctrl-C and SIGTERM roll back. SIGHUP does not: if the change ends the SSH session, the transaction continues to its
probes, and csnet logs the outcome to syslog. Needs root."""
EXAMPLES = (
    ("csnet apply network.yaml", "print the plan, ask, and apply it"),
    ("csnet apply --yes --rollback-after 60 network.yaml", "for scripts: do not ask; allow the probes a minute"),
    ("csnet apply --yes --no-commit network.yaml", "apply on trial, until csnet commit"),
    ("csnet apply --probe 'curl -fsS http://192.168.100.5/' network.yaml", "require one more probe to pass"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_plan_options(parser)
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.add_argument("--rollback-after", type=_seconds, default=30.0, metavar="S",
                        help="seconds within which the probes must pass, 1 to 3600 [30]; if csnet is killed,"
                             " NetworkManager rolls back after this time")
    parser.add_argument("--no-commit", action="store_true", help="leave the change on trial until `csnet commit`")
    parser.add_argument("--probe", action="append", default=[], metavar="CMD",
                        help="a command for /bin/sh that must exit with 0 after the change; may be repeated")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 3600:  # also of nan
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds from 1 to 3600")
    return seconds


def run(options: argparse.Namespace, out: Output) -> int:
    require_rights("apply")
    request = csnet.load(options.file)
    with csnet.Session() as session:
        plan = make_plan(options, request, session)
        out.plan(plan)
        if plan and not options.yes and not _agreed(options, out):
            out.say("Nothing was changed.")
            return 0
        return _apply(session, plan, options, out)


def _agreed(options: argparse.Namespace, out: Output) -> bool:
    if not sys.stdin.isatty() or not out.terminal:
        raise csnet.InvalidError("csnet apply: cannot ask for confirmation without a terminal", subject="csnet apply",
                                 hint="--yes applies without asking; csnet plan prints what would change")
    with contextlib.suppress(EOFError):
        return input(f"Apply this, and roll back unless the probes pass within {options.rollback_after:g} s? [y/N] "
                     ).strip().lower() in ("y", "yes")
    return False


def _apply(session: csnet.Session, plan: csnet.Plan, options: argparse.Namespace, out: Output) -> int:
    probes = [csnet.Probe(type="command", target=line, required=True) for line in options.probe]
    progress = Progress(out, options.rollback_after)
    syslog.openlog("csnet")
    with _signals(progress):
        try:
            with progress:
                report = session.apply(plan, rollback_after=options.rollback_after, commit=not options.no_commit,
                                       hard_limit=max(300.0, 2 * options.rollback_after), probes=probes,
                                       on_progress=progress)
            _ignore_stops()
        except csnet.Error as error:
            _ignore_stops()
            syslog.syslog(syslog.LOG_ERR, f"{error} ({error.hint})")  # the terminal may be gone
            if isinstance(error, csnet.TransactionError):
                return _failed(error, out)
            raise
        except KeyboardInterrupt:
            if not progress.committed:
                return _interrupted(session, out)
            report = csnet.Report(committed=True)  # the interrupt came too late
        if report.id:
            state = "committed" if report.committed else "is on trial until csnet commit"
            syslog.syslog(f"transaction {report.id} {state}")
        _tell(report, plan, options, out)
    return 0


def _interrupted(session: csnet.Session, out: Output) -> int:
    trial = session.transaction()
    if trial:  # --no-commit, and apply() had just left it on trial
        raise csnet.ConflictError(f"transaction {trial.id}: interrupted, and still on trial",
                                  subject=f"transaction {trial.id}",
                                  hint=f"csnet commit {trial.id}, or csnet rollback {trial.id}")
    error = csnet.RolledBackError("rolled back: interrupted", subject="rolled back", message="interrupted",
                                  hint="the host is as it was")
    syslog.syslog(syslog.LOG_ERR, str(error))
    return _failed(error, out)


def _tell(report: csnet.Report, plan: csnet.Plan, options: argparse.Namespace, out: Output) -> None:
    if out.json:
        out.give({**csnet.as_dict(report), "plan": csnet.as_dict(plan)})
    elif report.committed:
        out.say(out.style("Done: the new network is active and on disk.", "green"))
    elif report.id:
        out.say(f"On trial: NetworkManager rolls back in {options.rollback_after:g} s unless you run:"
                f" csnet commit {report.id}")


def _failed(error: csnet.TransactionError, out: Output) -> int:
    with contextlib.suppress(OSError):  # the change may have ended the terminal
        if out.json:
            out.give({"error": csnet.as_dict(error)})
        else:
            out.error(error)
    return code_of(error)


@contextlib.contextmanager
def _signals(progress: Progress) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM roll back, once. An SSH session that the change ends sends SIGHUP, which does not."""

    def stop(*_: Any) -> None:
        _ignore_stops()  # a second one must not end the rollback
        raise KeyboardInterrupt

    handlers = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGHUP: lambda *_: progress.detach()}
    # A signal that is ignored already stays ignored: nohup ignores SIGHUP, a shell ignores SIGINT for background jobs.
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()
              if signal.getsignal(number) is not signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_stops() -> None:
    """Ignore further stops: the outcome is decided, and only its report is left to print."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
