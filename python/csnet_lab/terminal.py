"""terminal.py ROWS COLUMNS COMMAND...    run a command on a new terminal; the other end is standard input and output"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
from typing import List


def main(arguments: List[str]) -> int:
    rows, columns, *command = arguments
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            # From in here: the command finds the size when it starts.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
            os.execvp(command[0], command)
        except OSError as error:
            print(f"{command[0]}: {error.strerror}")
        os._exit(127)
    _pass_on(terminal, os.pidfd_open(pid))
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _pass_on(terminal: int, command: int) -> None:
    """Until the command has ended and what it had written is passed on: what it leaves running keeps the terminal."""
    sources = [0, terminal, command]
    while True:
        ready = select.select(sources, [], [])[0]
        if ready == [command]:
            return
        for source in set(ready) - {command}:
            try:
                data = os.read(source, 65536)
            except OSError:  # the last process has left the terminal
                data = b""
            if not data:
                sources.remove(source)
            while data:
                data = data[os.write(1 if source == terminal else terminal, data) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
