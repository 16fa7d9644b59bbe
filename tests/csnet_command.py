"""The real command line of csnet in a host of the lab, with pipes or on a terminal."""

import json
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import csnet
import pexpect
from csnet_lab import Host
from pseudo_locale import plain

PACKAGE = Path(csnet.__file__).parents[1]
#: Untagged: works on a kernel without VLANs, too.
UNTAGGED = """\
management:
  uplink: eth0
  bridge: cloudbr0
  addresses: [192.168.100.10/24]
  stp: false
"""


class Result(NamedTuple):
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Dict[str, Any]:
        value: Dict[str, Any] = plain(json.loads(self.stdout))
        assert value["csnet"] == 1
        return value


def _environment(additions: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    return {"PYTHONPATH": str(PACKAGE), "COLUMNS": "120", "TERM": "xterm", **(additions or {})}


def command_line(*words: str) -> List[str]:
    return [sys.executable, "-m", "csnet", *words]


def csnet_on(
    host: Host, *words: str, input: Optional[str] = None, cwd: Optional[Path] = None, **variables: str
) -> Result:
    """`input` is the network file: name it "-"."""
    done = host.run(command_line(*words), check=False, input=input, cwd=cwd, environment=_environment(variables))
    assert "Traceback" not in done.stderr, done.stderr
    return Result(done.returncode, plain(done.stdout), plain(done.stderr))


def terminal_on(host: Host, *words: str, cwd: Optional[Path] = None, **variables: str) -> "pexpect.spawn[str]":
    """The command on a terminal of its own, whose Ctrl-C and hang-up it gets."""
    # Its own session: Ctrl-C and a hang-up reach csnet, and not the program that waits for it out here.
    first, *others = host.command(["setsid", "--ctty", "--wait", *command_line(*words)], cwd)
    environment = host.environment(_environment(variables))
    return pexpect.spawn(first, others, env=environment, encoding="utf-8", timeout=60, dimensions=(50, 140))
