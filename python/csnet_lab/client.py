"""Run in a sandbox's host as `switch`, `server` or `on`: asks the lab outside, and ends as what was asked for ended."""

import json
import os
import socket
import sys
from typing import Sequence

SOCKET = "/run/sandbox/socket"


def main(words: Sequence[str]) -> int:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as lab:
            lab.connect(SOCKET)
            question = json.dumps({"words": list(words), "directory": os.getcwd()})
            socket.send_fds(lab, [question.encode()], [0, 1, 2])  # it talks with our terminal itself
            while True:
                try:
                    return int(lab.recv(16) or 1)
                except KeyboardInterrupt:
                    lab.send(b"interrupt")  # for the command, which is not ours
    except KeyboardInterrupt:
        return 130  # nothing had been asked for yet
    except OSError as error:
        print(f"{words[0]}: no answer from the sandbox: {error.strerror}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
