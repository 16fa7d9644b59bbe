"""The lab's end of the commands `switch`, `server` and `on` in a sandbox's shells (client.py is the other)."""

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
    """Answers from threads of this process, as long as it lives."""

    def __init__(self, lab: Lab, wiring: Wiring, environment: Dict[str, str]) -> None:
        self._nodes = {node.name: node for node in lab.nodes}
        self._wiring = wiring
        self._environment = environment
        self._one_at_a_time = threading.Lock()

    def listen(self, host: Node) -> None:
        """Open a socket in the host's own /run: no other machine sees it, and it is gone with the host."""
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
            with contextlib.suppress(OSError):  # it did not wait
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
            raise UsageError(f"which machine? {', '.join(self._nodes)}")
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
                interrupted = caller.recv(16)  # Ctrl-C; or the caller has gone
                os.killpg(process.pid, signal.SIGINT if interrupted else signal.SIGKILL)
            os.close(ended)
        return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _write(descriptor: int, text: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads it
        os.write(descriptor, text.encode())


def _in_background(act: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=act, args=arguments, daemon=True).start()
