"""SSH into a node: an OpenSSH server of its own, and a home for its root that is not the machine's."""

import os
import select
import shutil
from pathlib import Path
from typing import Mapping, Optional, Sequence, Union

from .errors import LabError
from .node import SYSTEM_PATH, Node
from .process import Process

_DIRECTORY = "/run/ssh"  # of the node, as everything that is kept here
_HOME = "/run/root"

# It listens on all addresses, those to come too.
_CONFIG = """\
Port {port}
HostKey {directory}/host_key
PidFile {directory}/listening
AuthorizedKeysFile {directory}/authorized_keys
AllowUsers root
AuthenticationMethods publickey
UsePAM no
UseDNS no
X11Forwarding no
PrintMotd no
PrintLastLog no
Subsystem sftp internal-sftp
{variables}"""


class Sshd:
    """An sshd in a node, for root alone and by key alone. It ends with the node at the latest.

    `authorized_keys` are lines as in the file of that name; `variables` are set in the environment of every session.
    Each has a host key of its own, which lives as long as the node.
    """

    def __init__(
        self,
        node: Node,
        authorized_keys: Sequence[str],
        *,
        variables: Optional[Mapping[str, str]] = None,
        port: int = 22,
    ) -> None:
        self._node = node
        self._process: Optional[Process] = None
        directory = node.root / _DIRECTORY.lstrip("/")
        if not directory.exists():
            directory.mkdir(mode=0o700)
            make_key(node, f"{_DIRECTORY}/host_key")
            move_root(node, _HOME)
            # Where sshd locks up the part of itself that talks to strangers; the path is compiled in. And no log of
            # logins but an empty one: the machine's own has lines of its own.
            node.run(["sh", "-ec", "mkdir -p /run/sshd; mount --no-mtab -t tmpfs tmpfs /var/log"])
        #: As in a known_hosts file, after the name: "ssh-ed25519 AAAA…".
        self.public_key = " ".join((directory / "host_key.pub").read_text().split()[:2])
        (directory / "authorized_keys").write_text("".join(f"{key}\n" for key in authorized_keys))
        settings = " ".join(f'"{name}={value}"' for name, value in (variables or {}).items())
        lines = f"SetEnv {settings}\n" if settings else ""
        (directory / "sshd_config").write_text(_CONFIG.format(port=port, directory=_DIRECTORY, variables=lines))

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, timeout: float = 10) -> str:
        """Start it, and return its public key when it listens."""
        if self.running:
            return self.public_key
        program = shutil.which("sshd", path=SYSTEM_PATH)  # it insists on its full path
        if program is None:
            raise LabError("there is no sshd", "apt install openssh-server")
        # It writes its pid when it listens. The file is a pipe, so that this is an event.
        pipe = self._node.root / _DIRECTORY.lstrip("/") / "listening"
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe, 0o600)
        listening = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self._process = self._node.popen(
                [program, "-D", "-f", f"{_DIRECTORY}/sshd_config", "-E", f"{_DIRECTORY}/log"]
            )
            ended = os.pidfd_open(self._process.pid)
            try:
                poller = select.poll()
                for descriptor in (listening, ended):
                    poller.register(descriptor, select.POLLIN)
                ready = poller.poll(timeout * 1000)
            finally:
                os.close(ended)
            if not ready or not os.read(listening, 64):
                self.stop()
                why = "ended" if ready else f"did not listen within {timeout:g} s"
                raise LabError(f"{self._node.name}: sshd {why}:\n{self.log()}")
        finally:
            os.close(listening)
        return self.public_key

    def stop(self) -> None:
        """End it; the sessions that are open live on."""
        if self._process is not None:
            self._process.terminate()
            self._process.finish()
            self._process = None

    def log(self) -> str:
        """What it had to say, over all its starts, as long as the node lives."""
        log = self._node.root / _DIRECTORY.lstrip("/") / "log"
        return log.read_text(errors="replace") if log.exists() else ""


def make_key(node: Node, path: Union[str, Path]) -> str:
    """Make a key without a passphrase, at a path in the node; returns its public part."""
    node.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", node.name, "-f", str(path)])
    return node.run(["cat", f"{path}.pub"]).stdout.strip()


def move_root(node: Node, home: Union[str, Path]) -> None:
    """Give root another home in a node: ssh asks the user database for it, whatever HOME is.

    There it finds nobody's dotfiles and leaves none, has the fast shell, and is not locked, which sshd would mind.
    """
    users = Path("/etc/passwd").read_text().splitlines()
    accounts = {
        "passwd": [f"root:x:0:0:root:{home}:/bin/sh", *(user for user in users if not user.startswith("root:"))],
        "shadow": ["root:*:1::::::"],
    }
    for name, lines in accounts.items():
        file = node.root / "etc" / name
        mode = file.stat().st_mode
        file.unlink()
        file.touch(mode=mode & 0o777)
        file.write_text("\n".join([*lines, ""]))
    node.run(["mkdir", "-p", "-m", "700", str(home)])
