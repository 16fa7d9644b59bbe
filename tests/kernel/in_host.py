"""Programs that run in a node of the lab: python3 in_host.py NAME ARGUMENT...

apply: a plan and its apply() in the host, reported and controlled in JSON lines. commit, rollback, transaction: the
calls of another process. echo and session: the two ends of a TCP session. dhcp: a server that leases one address.
"""

import contextlib
import functools
import json
import select
import socket
import sys
import time
from typing import Any, Callable, Dict, List

ECHO_PORT = 2222
_INTERVAL = 0.1


def say(event: str, **more: object) -> None:
    print(json.dumps({"event": event, **more}), flush=True)


def report(error: BaseException) -> None:
    import csnet

    end: Dict[str, object] = {"type": type(error).__name__, "message": str(error)}
    if isinstance(error, csnet.Error):
        end.update(kind=error.kind.value, subject=error.subject, hint=error.hint)
    if isinstance(error, csnet.TransactionError):
        end.update(outcome=error.outcome.value, left=error.left, id=error.report.id if error.report else "")
    say("error", **end)


def apply() -> None:
    """Reads a request, and where it says so waits for a line before it goes on: so a test can act at that very step."""
    import csnet

    request: Dict[str, Any] = json.loads(sys.stdin.readline())
    desired = eval(request["desired"], vars(csnet))
    probes: List[csnet.Probe] = eval(request["probes"], vars(csnet))

    def reached(point: str) -> None:
        if point in request["pauses"]:
            say("paused", at=point)
            sys.stdin.readline()
        if point == request["raise_at"]:
            raise ValueError(f"told to fail at {point}")

    def on_progress(step: csnet.Progress) -> None:
        say("progress", what=str(step), outcome=step.outcome.value, detail=step.detail, start=step.start)
        reached(str(step) if step.outcome is csnet.ProgressOutcome.begun else f"{step}: {step.outcome.value}")

    checks = [csnet.Check(name, functools.partial(eval, code), needed) for name, code, needed in request["checks"]]
    try:
        with csnet.Session() as session:
            plan = csnet.plan(desired, session.read(), **request["plan_options"])
            say(
                "plan",
                text=str(plan),
                steps=[f"{step.action.value} {step.item.interface_name}" for step in plan],
                notes=[f"{note.severity.value}: {note.message}" for note in plan.notes],
            )
            reached("planned")
            done = session.apply(plan, probes=probes, checks=checks, on_progress=on_progress, **request["options"])
        say("end", id=done.id, committed=done.committed)
    except BaseException as error:
        report(error)


def transaction(what: str, *arguments: str) -> None:
    import csnet

    try:
        with csnet.Session() as session:
            if what == "transaction":
                open_one = session.transaction()
                if open_one is None:
                    say("none")
                else:
                    say("open", id=open_one.id, state=open_one.state.value, holder=open_one.holder, left=open_one.left)
                return
            done = session.commit(*arguments) if what == "commit" else session.rollback(*arguments)
        say("end", id=done.id, committed=done.committed)
    except csnet.Error as error:
        report(error)


def echo() -> None:
    listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", ECHO_PORT))
    listener.listen()
    say("ready")
    open_ones = [listener]
    while True:
        for one in select.select(open_ones, [], [])[0]:
            if one is listener:
                open_ones.append(listener.accept()[0])
                continue
            data = b""
            with contextlib.suppress(OSError):
                data = one.recv(65536)
                one.sendall(data)
            if not data:
                open_ones.remove(one)
                one.close()


def session(address: str, patience: str) -> None:
    """Sends a number ten times a second until a line comes on stdin. The session survives if the last is answered."""
    with socket.create_connection((address, ECHO_PORT), timeout=5) as connection:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        say("ready")
        sent = answered = 0
        unread = b""
        longest = 0.0
        last = due = time.monotonic()
        end = 0.0
        why = ""
        while not end or (answered < sent and time.monotonic() < end):
            now = time.monotonic()
            watched: List[Any] = [connection] if end else [connection, sys.stdin]
            ready = select.select(watched, [], [], max(0.0, due - now) if not end else min(0.1, max(0.0, end - now)))[0]
            try:
                if connection in ready:
                    data = connection.recv(65536)
                    if not data:
                        why = "it was closed"
                        break
                    now = time.monotonic()
                    longest, last = max(longest, now - last), now
                    *lines, unread = (unread + data).split(b"\n")
                    for line in lines:
                        answered += 1
                        if int(line) != answered:
                            raise OSError(f"{answered} was answered with {line!r}")
                if sys.stdin in ready:
                    end = time.monotonic() + float(patience)
                if not end and time.monotonic() >= due:
                    sent += 1
                    connection.sendall(b"%d\n" % sent)
                    due += _INTERVAL
            except OSError as error:
                why = str(error)
                break
        if not why and answered < sent:
            why = f"no answer for {time.monotonic() - last:.1f} s"
        say("end", sent=sent, answered=answered, longest_gap=max(longest, time.monotonic() - last), why=why)


def dhcp(interface: str, own: str, leased: str) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    server.bind(("", 67))
    say("ready")
    while True:
        asked = server.recv(2048)
        options: Dict[int, bytes] = {}
        at = 240
        while at < len(asked) and asked[at] != 255:
            if asked[at] != 0:
                options[asked[at]] = asked[at + 2 : at + 2 + asked[at + 1]]
                at += 1 + asked[at + 1]
            at += 1
        answer = {1: 2, 3: 5}.get(options.get(53, b"\0")[0])  # discover: offer; request: ack
        if answer is None:
            continue
        reply = b"\2" + asked[1:12] + bytes(4) + socket.inet_aton(leased) + socket.inet_aton(own) + bytes(4)
        reply += asked[28:44] + bytes(192) + b"\x63\x82\x53\x63" + bytes([53, 1, answer])
        reply += b"\x36\4" + socket.inet_aton(own) + b"\x33\4" + (3600).to_bytes(4, "big")
        reply += b"\1\4" + socket.inet_aton("255.255.255.0") + b"\xff"
        server.sendto(reply.ljust(300, b"\0"), ("255.255.255.255", 68))


if __name__ == "__main__":
    program, *rest = sys.argv[1:]
    programs: Dict[str, Callable[..., None]] = {"apply": apply, "echo": echo, "session": session, "dhcp": dhcp}
    for what in ("commit", "rollback", "transaction"):
        programs[what] = functools.partial(transaction, what)
    programs[program](*rest)
