"""ManagementServer, the TCP side of a CloudStack management server."""

import subprocess
import sys
from pathlib import Path
from typing import List, Optional

from .errors import LabError
from .node import Node
from .process import Process

_LISTENER = Path(__file__).with_name("listener.py")


class ManagementServer(Node):
    """A node with one interface, eth0, that accepts TCP connections and closes them at once."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__(name)
        #: The address, with prefix length, as given.
        self.address = address
        #: The ports on which it accepts connections.
        self.listening: List[int] = []
        self._listener: Optional[Process] = None

    @property
    def ip_address(self) -> str:
        """The address without its prefix length."""
        return self.address.partition("/")[0]

    def listen(self, *ports: int) -> None:
        """Accept connections on exactly these ports; without arguments, on none."""
        if self._listener is not None:
            self._listener.kill()
            self._listener.finish()
            self._listener = None
        self.listening = list(ports)
        if not ports:
            return
        command = [sys.executable, "-I", "-S", str(_LISTENER), *map(str, ports)]
        self._listener = self.popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._listener.stdout is not None
        if self._listener.stdout.readline() != "ready\n":
            raise LabError(f"{self.name} does not listen:\n{self._listener.communicate()[1]}")
