"""terminal.py ROWS COLUMNS SIZES COMMAND...    run a command on a new terminal

Standard input and output are the terminal's other end. SIZES is a file with lines "ROWS COLUMNS": at each, the terminal
changes to this size, and its foreground processes get SIGWINCH.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
from typing import List


def main(arguments: List[str]) -> int:
    rows, columns, sizes, *command = arguments
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            _set_size(0, rows, columns)  # in the child, so that the command sees the size when it starts
            os.execvp(command[0], command)
        except OSError as error:
            print(f"{command[0]}: {error.strerror}")
        os._exit(127)
    _pass_on(terminal, os.open(sizes, os.O_RDONLY | os.O_NOCTTY), os.pidfd_open(pid))
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _set_size(terminal: int, rows: str, columns: str) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def _pass_on(terminal: int, sizes: int, command: int) -> None:
    """Copy until the command has ended and its output is copied; a process that it left may keep the terminal open."""
    sources = [0, terminal, sizes, command]
    unread = b""
    while True:
        ready = select.select(sources, [], [])[0]
        if ready == [command]:
            return
        for source in set(ready) - {command}:
            try:
                data = os.read(source, 65536)
            except OSError:  # the last process on the terminal has ended
                data = b""
            if not data:
                sources.remove(source)
            elif source == sizes:
                *lines, unread = (unread + data).split(b"\n")
                for line in lines:
                    _set_size(terminal, *line.decode().split())
            else:
                while data:
                    data = data[os.write(1 if source == terminal else terminal, data) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
