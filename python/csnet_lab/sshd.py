"""Sshd, an OpenSSH server in a node, and move_root(), which gives the node's root another home."""

import os
import select
import shutil
from pathlib import Path
from typing import Mapping, Optional, Sequence, Union

from .errors import LabError
from .node import SYSTEM_PATH, Node
from .process import Process

_DIRECTORY = "/run/ssh"  # in the node, with all of sshd's files
_HOME = "/run/root"

# Without ListenAddress, sshd listens on all addresses, and on later ones.
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
    """An sshd in a node that lets only root in, and only by key. It ends with the node at the latest.

    authorized_keys: lines as in the file of that name. variables: environment variables of every session. port: the TCP
    port. The first sshd of a node makes a host key, which the later ones use.
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
            # sshd needs /run/sshd, a compiled-in path, for privilege separation. The empty /var/log hides the machine's
            # log of logins.
            node.run(["sh", "-ec", "mkdir -p /run/sshd; mount --no-mtab -t tmpfs tmpfs /var/log"])
        #: The host key as in a known_hosts file, after the name: "ssh-ed25519 AAAA…".
        self.public_key = " ".join((directory / "host_key.pub").read_text().split()[:2])
        (directory / "authorized_keys").write_text("".join(f"{key}\n" for key in authorized_keys))
        settings = " ".join(f'"{name}={value}"' for name, value in (variables or {}).items())
        lines = f"SetEnv {settings}\n" if settings else ""
        (directory / "sshd_config").write_text(_CONFIG.format(port=port, directory=_DIRECTORY, variables=lines))

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, timeout: float = 10) -> str:
        """Start sshd, and return its public key when it listens. Raises LabError after `timeout` seconds."""
        if self.running:
            return self.public_key
        program = shutil.which("sshd", path=SYSTEM_PATH)  # sshd refuses to start without its full path
        if program is None:
            raise LabError("this machine has no sshd", "apt install openssh-server")
        # sshd writes its pid file when it listens. The file is a pipe, which makes the writing an event.
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
        """End sshd. Open sessions continue."""
        if self._process is not None:
            self._process.terminate()
            self._process.finish()
            self._process = None

    def log(self) -> str:
        """The log over all starts of sshd; empty after the node has ended."""
        log = self._node.root / _DIRECTORY.lstrip("/") / "log"
        return log.read_text(errors="replace") if log.exists() else ""


def make_key(node: Node, path: Union[str, Path]) -> str:
    """Make a key without a passphrase at a path in the node, and return the public key."""
    node.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", node.name, "-f", str(path)])
    return node.run(["cat", f"{path}.pub"]).stdout.strip()


def move_root(node: Node, home: Union[str, Path]) -> None:
    """Give the node's root another home in the node's user database, which ssh reads instead of HOME.

    root then has no dotfiles of the machine's root, /bin/sh as its shell, and an account that is not locked: sshd
    refuses a locked one.
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
