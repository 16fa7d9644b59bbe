"""On the host: a transaction that lasts only if a controller gets through after it.

The module that begins it returns at once; a process of its own goes on, while the connection may be cut. What becomes
of it is in a file that only root reads, DIRECTORY/TICKET.json, whose `state` is

    applying   the steps are on their way
    trial      they are done: who brings `nonce` to the socket DIRECTORY/TICKET has come over the new network
    over       `result` is the task's

The nonce is made when the steps are done. A connection from before them cannot know it, even if the host reads what it
sent only now.
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
_KEPT = 3600  # seconds that a report waits for a controller that has not read it
_CHECK = "a controller comes back"


_DIED = {
    "failed": True, "changed": False, "kind": "unavailable",
    "msg": "the process on the host that applied it was killed",
    "hint": "NetworkManager rolls back by itself when rollback_after is over; the next run finishes the rest",
}  # fmt: skip


def look(ticket):
    """What became of it; `state` is "unknown" where there is no such ticket."""
    try:
        is_alive = _is_locked(ticket)  # looked at first: it says how it ended, and then ends
        with open(_path(ticket) + ".json") as file:
            found = json.load(file)
    except FileNotFoundError:
        return {"state": "unknown"}
    return found if is_alive or found["state"] == "over" else {"state": "over", "result": _DIED}


def _is_locked(ticket):
    with open(_path(ticket) + ".lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True


def confirm(ticket, nonce):
    """Lets it last, and returns what became of it: over, unless the host needs more than a minute."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:  # it may be over just now
        connection.settimeout(60)
        connection.connect(_path(ticket))
        connection.sendall(nonce.encode())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)  # nothing comes: the end of it says that it is over
    return look(ticket)


def start(ticket, work):
    """Runs `work(trial)` in a process of its own, and returns what that says first by `trial.answer()`.

    A ticket begins once: a controller whose connection failed may ask again, and not know that it has begun.
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
        os.close(lifeline[0])  # its other end is open until this process ends
        with open(answer[0]) as pipe:
            text = pipe.read()
        return json.loads(text) if text else {"failed": True, "msg": "the process that applies it died", "kind": "bug"}
    try:
        os.close(answer[0])
        os.close(lifeline[1])
        _detach()
        with Trial(ticket, answer[1], lifeline[0]) as trial:
            work(trial)
    finally:
        os._exit(0)


class Trial(object):
    """The process that goes on."""

    def __init__(self, ticket, answer, lifeline):
        self._ticket = ticket
        self._answer = answer
        self._lifeline = lifeline
        self._listener = None
        self._nonce = secrets.token_hex(16)
        self._peers = []
        self._asked = False

    def __enter__(self):
        self._lock = open(_path(self._ticket) + ".lock", "w")  # the kernel lets go of it when this process is no more
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.say("applying")
        return self

    def __exit__(self, *dummy):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_path(self._ticket))
        for peer in self._peers:
            peer.close()

    def answer(self, result):
        """The word of the module that began it."""
        pipe, self._answer = self._answer, None
        with open(pipe, "w") as file:
            file.write(json.dumps(result))

    def over(self, result):
        self.say("over", result=result)
        if self._answer is not None:
            self.answer(result)

    def wait_for_module(self):
        """Returns when that module has ended: its word shall be on its way before the network changes."""
        os.read(self._lifeline, 1)

    def say(self, state, **values):
        path = _path(self._ticket) + ".json"
        with open(path + ".new", "w") as file:
            json.dump(dict(values, state=state), file)
        os.replace(path + ".new", path)

    def check(self, csnet):
        return csnet.Check(_CHECK, self._controller_is_back, required=True)

    def _controller_is_back(self):
        if not self._asked:  # before the change, when it cannot count
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
        raise OSError("%s is not a directory of root's alone (mode 0700)" % DIRECTORY)
    for name in os.listdir(DIRECTORY):
        path = _path(name)
        with contextlib.suppress(FileNotFoundError):
            if name.endswith((".json", ".lock")) and os.stat(path).st_mtime < time.time() - _KEPT:
                os.unlink(path)


def _detach():
    """From the SSH session: its terminal, and the pipes whose end it waits for."""
    os.setsid()
    with open(os.devnull, "r+b", buffering=0) as null:
        for descriptor in (0, 1, 2):
            os.dup2(null.fileno(), descriptor)
