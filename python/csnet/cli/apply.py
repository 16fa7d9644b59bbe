"""csnet apply: the network file in force, or the host as it was."""

import argparse
import contextlib
import signal
import sys
import syslog
from typing import Any, Iterator

import csnet
from csnet.as_dict import error_as_dict, plan_as_dict, report_as_dict
from csnet.cli.host import add_plan_options, code_of, make_plan, require_rights
from csnet.cli.output import Output
from csnet.cli.progress import Progress

DESCRIPTION = """\
Shows the plan, asks, and carries it out as one transaction: it ends with what the probes ask for reachable and the
profiles on disk, or with the host as it was. The probes are TCP 8250 of each of the file's management servers, its
gateway's ARP, and what --probe adds. Nothing is written to disk before they have passed.

Ctrl-C and SIGTERM roll back. SIGHUP does not: when the SSH session dies of the change, the transaction goes on to its
probes, and syslog has how it ended. Needs root."""
EXAMPLES = (
    ("csnet apply network.yaml", "show the plan, ask, apply"),
    ("csnet apply --yes --rollback-after 60 network.yaml", "for scripts, with a minute for the probes"),
    ("csnet apply --yes --no-commit network.yaml", "on trial: csnet commit makes it last, in time"),
    ("csnet apply --probe 'curl -fsS http://192.168.100.5/' network.yaml", "one more thing that must work"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_plan_options(parser)
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.add_argument("--rollback-after", type=float, default=30.0, metavar="S",
                        help="seconds for the probes to pass, 1 to 3600 [30]; also how long NetworkManager waits for a"
                             " csnet that died")
    parser.add_argument("--no-commit", action="store_true", help="leave it on trial, until `csnet commit`")
    parser.add_argument("--probe", action="append", default=[], metavar="CMD",
                        help="a line for /bin/sh that must end with 0 after the change; may be given again")


def run(options: argparse.Namespace, out: Output) -> int:
    require_rights("apply")
    desired = csnet.load(options.file)
    with csnet.Session() as session:
        plan = make_plan(options, desired, session)
        out.plan(plan)
        if plan and not options.yes and not _agreed(options, out):
            out.say("Nothing was changed.")
            return 0
        return _apply(session, plan, options, out)


def _agreed(options: argparse.Namespace, out: Output) -> bool:
    if not sys.stdin.isatty() or not out.terminal:
        raise csnet.InvalidError("csnet apply: there is no terminal to ask on", subject="csnet apply",
                                 hint="--yes applies without asking; csnet plan shows what would change")
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
            syslog.syslog(syslog.LOG_ERR, f"{error} ({error.hint})")  # perhaps nobody is there to read it
            if isinstance(error, csnet.TransactionError):
                return _failed(error, out)
            raise
        except KeyboardInterrupt:
            if not progress.committed:
                return _interrupted(session, out)
            report = csnet.Report(committed=True)  # it came too late
        if report.id:
            syslog.syslog(f"transaction {report.id} {'committed' if report.committed else 'waits for its commit'}")
        _tell(report, plan, options, out)
    return 0


def _interrupted(session: csnet.Session, out: Output) -> int:
    trial = session.transaction()
    if trial:  # --no-commit, and it had just been left on trial
        raise csnet.ConflictError(f"transaction {trial.id}: interrupted, and still on trial",
                                  subject=f"transaction {trial.id}",
                                  hint=f"csnet commit {trial.id}, or csnet rollback {trial.id}")
    error = csnet.RolledBackError("rolled back: interrupted", subject="rolled back", message="interrupted",
                                  hint="the host is as it was")
    syslog.syslog(syslog.LOG_ERR, str(error))
    return _failed(error, out)


def _tell(report: csnet.Report, plan: csnet.Plan, options: argparse.Namespace, out: Output) -> None:
    if out.json:
        out.give({**report_as_dict(report), "plan": plan_as_dict(plan)})
    elif report.committed:
        out.say(out.style("Done: the new network is in force, and on disk.", "green"))
    elif report.id:
        out.say(f"On trial: it is rolled back in {options.rollback_after:g} s, unless: csnet commit {report.id}")


def _failed(error: csnet.TransactionError, out: Output) -> int:
    with contextlib.suppress(OSError):  # the terminal may have gone with the old network
        if out.json:
            out.give({"error": error_as_dict(error)})
        else:
            out.error(error)
    return code_of(error)


@contextlib.contextmanager
def _signals(progress: Progress) -> Iterator[None]:
    """Ctrl-C and SIGTERM roll back, once. SIGHUP is what an SSH session sends that died of the change."""

    def stop(*_: Any) -> None:
        _ignore_stops()  # a second one must not end the rollback
        raise KeyboardInterrupt

    handlers = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGHUP: lambda *_: progress.detach()}
    # What is ignored stays so: nohup wants the output kept, and a shell's background job is no business of Ctrl-C's.
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()
              if signal.getsignal(number) is not signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_stops() -> None:
    """What is done is done: only words are left, and they shall be right."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
