"""Capture, which watches the frames on an interface with tcpdump."""

import re
import subprocess
import threading
from typing import TYPE_CHECKING, List, Union

from .errors import LabError

if TYPE_CHECKING:
    from .node import Node


class Capture:
    """The frames on an interface of a node, one line each, with MACs and 802.1Q tags, as tcpdump prints them.

    tcpdump listens when the `with` block begins, and ends with it; `lines` can be read after that, too. Wait inside the
    block for the frames that you need: tcpdump loses those that it has not read when it ends.
    """

    def __init__(self, node: "Node", interface: str, filter: str = "") -> None:
        self._node = node
        self._interface = interface
        self._filter = filter
        self._lines: List[str] = []
        self._news = threading.Condition()
        self._ended = False

    @property
    def lines(self) -> List[str]:
        with self._news:
            return list(self._lines)

    def wait_for(self, what: Union[str, int] = 1, timeout: float = 10) -> List[str]:
        """Wait for frames, and return their lines.

        what: a regular expression that a line must match, or a number of lines. timeout: seconds, by default 10.
        Frames from before the call count. Raises LabError, with all lines, when the time is over.
        """

        def found() -> List[str]:
            if isinstance(what, int):
                return self._lines if len(self._lines) >= what else []
            return [line for line in self._lines if re.search(what, line)]

        with self._news:
            self._news.wait_for(lambda: found() or self._ended, timeout)
            if not found():
                raise LabError(
                    f"{self._node.name} {self._interface}: no {what!r} within {timeout:g} s; "
                    f"{len(self._lines)} frames seen\n" + "\n".join(self._lines)
                )
            return list(found())

    def __enter__(self) -> "Capture":
        # --immediate-mode and -l: print each frame at once. -Z root: every tree has this user.
        command = ["tcpdump", "--immediate-mode", "-l", "-e", "-nn", "-Z", "root", "-i", self._interface]
        self._tcpdump = self._node.popen(
            command + ([self._filter] if self._filter else []), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self._tcpdump.stderr is not None
        said = ""
        for line in self._tcpdump.stderr:
            said += line
            if line.startswith("listening on"):
                break
        else:
            self._tcpdump.finish()
            raise LabError(f"{self._node.name} {self._interface}: tcpdump ended:\n{said}")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._tcpdump.terminate()
        self._reader.join()
        self._tcpdump.finish()

    def _read(self) -> None:
        assert self._tcpdump.stdout is not None
        for line in self._tcpdump.stdout:
            if not line.strip():  # tcpdump ends with an empty line
                continue
            with self._news:
                self._lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()
