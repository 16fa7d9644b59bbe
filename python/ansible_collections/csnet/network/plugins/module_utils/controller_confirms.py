"""On the host: a transaction that csnet commits only if the controller connects to the host after the change.

The module that starts it returns at once; a process of its own applies the plan, while the connection may be cut. This
process writes its state to DIRECTORY/TICKET.json, which only root can read. Its `state` is

    applying   csnet is carrying out the steps
    trial      csnet has carried them out; a controller that sends `nonce` to the socket DIRECTORY/TICKET confirms
    over       `result` is the result of the task

The process publishes the nonce after the steps, so a controller that sends it has connected over the new network. A
connection from before the steps cannot know it, even if the host reads its data later.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import contextlib
import fcntl
import json
import os
import secrets
import select
import socket
import stat
import time

DIRECTORY = "/run/csnet"
_KEPT = 3600  # seconds for which a state is kept for its controller
_CHECK = "the controller connects again"

_KILLED = {
    "failed": True, "changed": False, "kind": "unavailable",
    "msg": "the process on the host that applied the change was killed",
    "hint": "NetworkManager rolls the change back when rollback_after is over; the next run restores the rest",
}  # fmt: skip


def look(ticket):
    """The contents of the ticket's file; its `state` is "unknown" if the host does not know the ticket."""
    try:
        is_alive = _is_locked(ticket)  # read first, since the process writes its result before it ends
        with open(_path(ticket) + ".json") as file:
            found = json.load(file)
    except FileNotFoundError:
        return {"state": "unknown"}
    return found if is_alive or found["state"] == "over" else {"state": "over", "result": _KILLED}


def _is_locked(ticket):
    with open(_path(ticket) + ".lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True


def confirm(ticket, nonce):
    """Confirm the change, and return look(ticket): `state` is "over" unless the host needs more than a minute."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:  # it may just be over
        connection.settimeout(60)
        connection.connect(_path(ticket))
        connection.sendall(nonce.encode())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)  # returns when the process closes the connection, which is when it is over
    return look(ticket)


def start(ticket, work):
    """Run `work(run)` in a process of its own, and return what that process passes to `run.answer()`.

    The process of a ticket starts once: a controller whose connection failed may start the same ticket again.
    """
    _make_directory()
    try:
        os.close(os.open(_path(ticket) + ".lock", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return {"changed": True}
    answer, lifeline = os.pipe(), os.pipe()
    child = os.fork()
    if child:
        os.close(answer[1])
        os.close(lifeline[0])  # the other end closes when this process ends
        with open(answer[0]) as pipe:
            text = pipe.read()
        early = {"failed": True, "msg": "the process that applies the change ended early", "kind": "bug"}
        return json.loads(text) if text else early
    try:
        os.close(answer[0])
        os.close(lifeline[1])
        _detach()
        with DetachedRun(ticket, answer[1], lifeline[0]) as run:
            work(run)
    finally:
        os._exit(0)


class DetachedRun(object):
    """The process that applies the plan, detached from the module that started it."""

    def __init__(self, ticket, answer, lifeline):
        self._ticket = ticket
        self._answer = answer
        self._lifeline = lifeline
        self._listener = None
        self._nonce = secrets.token_hex(16)
        self._peers = []
        self._asked = False

    def __enter__(self):
        self._lock = open(_path(self._ticket) + ".lock", "w")  # the kernel unlocks it when this process ends
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.say("applying")
        return self

    def __exit__(self, *dummy):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_path(self._ticket))
        for peer in self._peers:
            peer.close()

    def answer(self, result):
        """Let the module that started this process return `result`."""
        pipe, self._answer = self._answer, None
        with open(pipe, "w") as file:
            file.write(json.dumps(result))

    def over(self, result):
        self.say("over", result=result)
        if self._answer is not None:
            self.answer(result)

    def wait_for_module(self):
        """Wait until that module has ended, so that its result is sent before the network changes."""
        os.read(self._lifeline, 1)

    def say(self, state, **values):
        path = _path(self._ticket) + ".json"
        with open(path + ".new", "w") as file:
            json.dump(dict(values, state=state), file)
        os.replace(path + ".new", path)

    def check(self, csnet):
        return csnet.Check(_CHECK, self._controller_is_back, required=True)

    def _controller_is_back(self):
        if not self._asked:  # the first call is before the change
            self._asked = True
            return False
        if self._listener is None:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(_path(self._ticket))
            self._listener.listen(8)
            self.say("trial", nonce=self._nonce)
        while select.select([self._listener], [], [], 0.2)[0]:
            peer = self._listener.accept()[0]
            peer.settimeout(1)
            with contextlib.suppress(OSError):
                if secrets.compare_digest(peer.recv(64), self._nonce.encode()):
                    self._peers.append(peer)
                    return True
            peer.close()
        return False


def _path(ticket):
    return os.path.join(DIRECTORY, ticket)


def _make_directory():
    with contextlib.suppress(FileExistsError):
        os.mkdir(DIRECTORY, 0o700)
    found = os.lstat(DIRECTORY)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise OSError("%s must be a directory that belongs to root, with mode 0700" % DIRECTORY)
    for name in os.listdir(DIRECTORY):
        path = _path(name)
        with contextlib.suppress(FileNotFoundError):
            if name.endswith((".json", ".lock")) and os.stat(path).st_mtime < time.time() - _KEPT:
                os.unlink(path)


def _detach():
    """Leave the SSH session: its terminal, and the pipes for whose end sshd waits."""
    os.setsid()
    with open(os.devnull, "r+b", buffering=0) as null:
        for descriptor in (0, 1, 2):
            os.dup2(null.fileno(), descriptor)
