"""terminal.py ROWS COLUMNS COMMAND...    run a command on a new terminal, whose other end are standard input and output"""

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
    _pass_on(terminal)
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _pass_on(terminal: int) -> None:
    sources = [0, terminal]
    while True:
        for source in select.select(sources, [], [])[0]:
            try:
                data = os.read(source, 65536)
            except OSError:  # the last process has left the terminal
                return
            if not data and source == terminal:
                return
            if not data:
                sources.remove(source)
                continue
            while data:
                data = data[os.write(1 if source == terminal else terminal, data) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
