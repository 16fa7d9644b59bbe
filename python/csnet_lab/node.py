"""Node, network, mount, pid, uts and ipc namespaces that end with this process at the latest."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Dict, List, Mapping, Optional, Sequence, Union

from .errors import CommandError, LabError
from .files import own_files
from .process import Process, children

_INIT = Path(__file__).with_name("node-init.sh")
_NAMESPACES = ("--net", "--mount", "--pid", "--uts", "--ipc")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: A sanitizer that is preloaded into this Python must not be loaded into the daemons and tools that it starts.
NO_PRELOAD = {"LD_PRELOAD": ""}
_nodes_of_this_process: "List[Node]" = []


def _release_in_forked_child() -> None:
    """Close the lifelines that a fork inherits, so that it does not keep its parent's nodes alive."""
    for node in _nodes_of_this_process:
        node._drop_lifeline()


os.register_at_fork(after_in_child=_release_in_forked_child)


class Node:
    """A machine of the lab.

    It has its own interfaces, /run, /sys, process ids, and overlays of the machine's /etc, /var and /root; it shares
    the rest of the file system, and always the working directory. Nothing of it is on disk. It ends with close(), or
    when this Python process ends, however that happens.

    empty: directories in the overlays that the node sees without contents.
    """

    def __init__(self, name: str, init_arguments: Sequence[str] = (), empty: Sequence[str] = ()) -> None:
        self.name = name
        self._processes: List[Process] = []
        self._messages = os.fdopen(os.memfd_create(f"{name}-init"), "w+b")
        # In its own session, so that Ctrl-C reaches only this process, which then ends the nodes in order.
        # Not PR_SET_PDEATHSIG: that signal comes when the *thread* that started the node ends.
        self._unshare = subprocess.Popen(
            ["unshare", *_NAMESPACES, "--fork", "--kill-child", "--mount-proc",
             str(_INIT), name, *own_files(empty), *init_arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
            env={**os.environ, **NO_PRELOAD},
            start_new_session=True,
            text=True,
        )
        _nodes_of_this_process.append(self)
        assert self._unshare.stdout is not None
        with self._unshare.stdout as answer:
            ready = answer.readline() == "ready\n"
        if not ready:
            self._unshare.wait()
            self._messages.seek(0)
            messages = self._messages.read().decode(errors="replace")
            Node.close(self)  # not a subclass's close(): the subclass is not initialized yet
            raise LabError(f"{name} did not start (the lab must run as root):\n{messages}")
        #: The node's first process, as seen from outside: /proc/PID/root and /proc/PID/ns/net are the node's.
        self.pid: int = children(self._unshare.pid)[0]

    # --- running commands ---

    def command(self, command: Sequence[str], cwd: Optional[Union[str, Path]] = None) -> List[str]:
        """The command line that runs `command` in the node, for a caller that starts processes itself."""
        # By way of the node's root: nsenter would look up a plain path in the namespace outside.
        directory = f"{self.root}{Path(cwd or '.').absolute()}"
        return ["nsenter", f"--target={self.pid}", *_NAMESPACES, f"--wd={directory}", "--", *command]

    def environment(self, additions: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
        """The environment of commands in the node, with `additions`."""
        path = os.pathsep.join(filter(None, (os.environ.get("PATH"), SYSTEM_PATH)))
        return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", **(additions or {})}

    def popen(
        self,
        command: Sequence[str],
        *,
        environment: Optional[Mapping[str, str]] = None,
        cwd: Optional[Union[str, Path]] = None,
        stdin: Union[None, int, IO[Any]] = subprocess.DEVNULL,
        stdout: Union[None, int, IO[Any]] = None,
        stderr: Union[None, int, IO[Any]] = None,
    ) -> Process:
        """Start a command in the node. The command ends with the node at the latest."""
        self._processes = [process for process in self._processes if process.poll() is None]
        process = Process(
            self.command(command, cwd),
            env={**self.environment(environment), **({} if sys.executable in command else NO_PRELOAD)},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            start_new_session=True,  # only this process handles Ctrl-C
        )
        self._processes.append(process)
        return process

    def run(
        self,
        command: Sequence[str],
        *,
        check: bool = True,
        timeout: float = 120,
        input: Optional[str] = None,
        environment: Optional[Mapping[str, str]] = None,
        cwd: Optional[Union[str, Path]] = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in the node, and return its exit code and output.

        check: if False, a failure raises nothing. timeout: seconds, by default 120. input: text for its standard input,
        which is otherwise empty. cwd: its directory, by default this process's.
        Raises CommandError, with the output, if the command fails or takes longer than `timeout`.
        """
        stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
        pipe = subprocess.PIPE
        with self.popen(command, environment=environment, cwd=cwd, stdin=stdin, stdout=pipe, stderr=pipe) as process:
            try:
                stdout, stderr = process.communicate(input, timeout)
            except subprocess.TimeoutExpired as late:
                process.kill()
                process.wait()
                # communicate() leaves bytes in the exception, even in text mode
                out, err = ((so_far or b"").decode(errors="replace") for so_far in (late.stdout, late.stderr))
                raise CommandError(self.name, command, process.returncode, out, err, timeout) from None
            except BaseException:
                process.kill()
                raise
        if check and process.returncode != 0:
            raise CommandError(self.name, command, process.returncode, stdout, stderr)
        return subprocess.CompletedProcess(list(command), process.returncode, stdout, stderr)

    def python(self, code: str, *arguments: str, timeout: float = 60) -> str:
        """Run Python code in the node, with this process's module path, and return its output."""
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return self.run([sys.executable, "-c", code, *arguments], timeout=timeout, environment=path).stdout

    def ping(self, address: str, timeout: float = 10) -> None:
        """Send pings until one is answered. Raises LabError if none is within `timeout` seconds."""
        # Not `ping -w`, which ends at an "unreachable".
        command = ["timeout", str(timeout), "ping", "-n", "-i", "0.2", address]
        with self.popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if " bytes from " in line:
                    process.terminate()  # timeout passes the signal on to ping
                    return
        raise LabError(f"{self.name}: no answer from {address} within {timeout:g} s\n{said}")

    def connects(self, address: str, port: int, timeout: float = 5) -> bool:
        """Whether the address accepts a TCP connection within `timeout` seconds."""
        attempt = ["timeout", str(timeout), "bash", "-c", f": < /dev/tcp/{address}/{port}"]
        return self.run(attempt, check=False).returncode == 0

    def ip(self, *lines: str) -> None:
        """Run commands of ip, written without the word "ip", in one process."""
        if lines:
            self.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n")

    # --- looking ---

    @property
    def root(self) -> Path:
        """The node's file system, as seen from outside."""
        return Path(f"/proc/{self.pid}/root")

    def links(self) -> Dict[str, Dict[str, Any]]:
        """All interfaces by name, as `ip -json -details link` prints them."""
        return {link["ifname"]: link for link in self._ip_json("-details", "link", "show")}

    def addresses(self, name: str) -> List[str]:
        """The IPv4 and IPv6 addresses of an interface: ["192.168.100.2/24", …]."""
        (link,) = self._ip_json("address", "show", "dev", name)
        return [f"{address['local']}/{address['prefixlen']}" for address in link["addr_info"] if "local" in address]

    def routes(self, family: int = 4) -> List[Dict[str, Any]]:
        """The main routing table of IP version `family`, as `ip -json route` prints it."""
        return self._ip_json(f"-{family}", "route", "show")

    # --- ending ---

    def close(self) -> None:
        """End all processes of the node. Returns when they have ended."""
        self._drop_lifeline()
        for process in self._processes:
            process.wake()
        self._unshare.wait()
        for process in self._processes:
            process.finish()
        self._messages.close()
        if self in _nodes_of_this_process:
            _nodes_of_this_process.remove(self)

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- private ---

    def _ip_json(self, *arguments: str) -> List[Dict[str, Any]]:
        # iproute2 6.1 prints empty objects for entries that it filters out
        found = json.loads(self.run(["ip", "-json", *arguments]).stdout or "[]")
        return [entry for entry in found if entry]

    def _drop_lifeline(self) -> None:
        assert self._unshare.stdin is not None
        self._unshare.stdin.close()
