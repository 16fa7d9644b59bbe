"""`listener.py PORT...`, run in a node: accepts TCP connections and closes them. Prints "ready" when it listens."""

import select
import socket
import sys
from typing import Sequence


def main(ports: Sequence[str]) -> None:
    sockets = []
    for port in ports:
        # For both IP versions. No other program of the node listens on the port.
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", int(port)))
        listener.listen()
        sockets.append(listener)
    print("ready", flush=True)
    while True:
        for listener in select.select(sockets, [], [])[0]:
            listener.accept()[0].close()


if __name__ == "__main__":
    main(sys.argv[1:])
