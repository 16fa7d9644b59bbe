"""The errors of the lab."""

import shlex
import subprocess
from typing import Optional, Sequence


class LabError(Exception):
    """The lab failed. `hint` says what the user can do; it may be empty."""

    hint = ""

    def __init__(self, message: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CommandError(LabError, subprocess.CalledProcessError):
    """A command in a node failed or took too long. The message contains its output."""

    def __init__(
        self,
        node: str,
        command: Sequence[str],
        returncode: int,
        stdout: Optional[str],
        stderr: Optional[str],
        timeout: Optional[float] = None,
    ) -> None:
        subprocess.CalledProcessError.__init__(self, returncode, list(command), stdout, stderr)
        self.node = node
        self.timeout = timeout

    def __str__(self) -> str:
        what = f"ended with {self.returncode}" if self.timeout is None else f"took over {self.timeout:g} s"
        output = "".join(
            f"\n--- {title}\n{text.rstrip()}"
            for title, text in (("stdout", self.stdout), ("stderr", self.stderr))
            if text and text.strip()
        )
        return f"{self.node}: {shlex.join(self.cmd)} {what}{output}"
