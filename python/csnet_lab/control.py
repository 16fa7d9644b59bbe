"""The lab's end of the commands `switch`, `server` and `on` in a sandbox's shells; client.py is their other end."""

import array
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import threading
from typing import Any, Callable, Dict, List, Sequence

from .client import SOCKET
from .errors import LabError
from .laboratory import Lab
from .node import Node
from .wiring import UsageError, Wiring


class Control:
    """Answers the commands from threads of this process, until the process ends."""

    def __init__(self, lab: Lab, wiring: Wiring, environment: Dict[str, str]) -> None:
        self._nodes = {node.name: node for node in lab.nodes}
        self._wiring = wiring
        self._environment = environment
        self._one_at_a_time = threading.Lock()

    def listen(self, host: Node) -> None:
        """Open a socket in the host's own /run, which no other machine of the lab sees."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(f"{host.root}{SOCKET}")
        listener.listen()

        def accept() -> None:
            while True:
                _in_background(self._answer, listener.accept()[0], host.name)

        _in_background(accept)

    def _answer(self, caller: socket.socket, here: str) -> None:
        with caller:
            question, ancillary, _, _ = caller.recvmsg(1 << 18, socket.CMSG_SPACE(3 * 4))
            terminal = array.array("i")  # the caller's standard input, output and error
            for _, _, data in ancillary:
                terminal.frombytes(data)
            try:
                asked: Dict[str, Any] = json.loads(question)
                status = self._carry_out(asked["words"], asked["directory"], here, terminal, caller)
            finally:
                for descriptor in terminal:
                    os.close(descriptor)
            with contextlib.suppress(OSError):  # the caller did not wait
                caller.send(str(status).encode())

    def _carry_out(self, words: List[str], directory: str, here: str, terminal: Sequence[int],
                   caller: socket.socket) -> int:  # fmt: skip
        try:
            if words[0] == "on" and words[1:] not in (["help"], ["-h"], ["--help"]):
                return self._run(words[1:], directory, terminal, caller)
            with self._one_at_a_time:
                said = self._wiring.carry_out(here, words)
            _write(terminal[1], said)
            return 0
        except LabError as error:
            _write(terminal[2], f"{words[0]}: {error}\n")
            return 2 if isinstance(error, UsageError) else 1

    def _run(self, words: List[str], directory: str, terminal: Sequence[int], caller: socket.socket) -> int:
        if not words or words[0] not in self._nodes:
            raise UsageError(f"needs the name of a machine: {', '.join(self._nodes)}")
        node = self._nodes[words[0]]
        command = words[1:] or [os.environ.get("SHELL", "/bin/bash")]
        stdin, stdout, stderr = terminal
        with subprocess.Popen(
            node.command(command, directory),
            env=node.environment(self._environment),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        ) as process:
            ended = os.pidfd_open(process.pid)
            while ended not in select.select([ended, caller], [], [])[0]:
                interrupted = caller.recv(16)  # a message is a Ctrl-C; nothing: the caller has ended
                os.killpg(process.pid, signal.SIGINT if interrupted else signal.SIGKILL)
            os.close(ended)
        return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _write(descriptor: int, text: str) -> None:
    with contextlib.suppress(OSError):  # the reader has ended
        os.write(descriptor, text.encode())


def _in_background(act: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=act, args=arguments, daemon=True).start()
