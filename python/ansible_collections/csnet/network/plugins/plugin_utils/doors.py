"""Doors, which points Ansible's connection to a host at one of its addresses or another."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import shlex
import subprocess

_CONNECT_TIMEOUT = 5
#: Each command gets a new connection, which fails within 6 s after its network is gone. A connection that Ansible keeps
#: open by ControlPersist would hang.
_OWN = ["ControlMaster=no", "ControlPath=none", "ServerAliveInterval=2", "ServerAliveCountMax=3", "CheckHostIP=no"]
_ARGS = ("ssh_args", "ssh_common_args", "ssh_extra_args")


class Doors(object):
    """A context in which each command has a connection that cannot hang. No older connection is used after it.

    ssh gets the name in the inventory, so that the user's ssh_config applies, and the address as HostName. It looks up
    the host's key by the name before the change, since a host keeps its key when its address changes.
    """

    def __init__(self, connection, play_context):
        self._connection = connection
        self._play_context = play_context
        self._is_ssh = connection.transport == "ssh"
        self._before = {}
        self.home = play_context.remote_addr
        self.can_be_elsewhere = connection.transport != "local"

    def __enter__(self):
        self._forget_connection()
        if self._is_ssh:
            self._of_home = self._what_ssh_makes_of_home()
            self._users_args = self._option("ssh_args")
            self._set("timeout", _CONNECT_TIMEOUT)
            self._set("reconnection_retries", 0)
        self.take(self.home)
        return self

    def __exit__(self, *dummy):
        for name, value in self._before.items():
            self._connection.set_option(name, value)

    def take(self, address):
        """Send the next commands to this address."""
        self._connection._shell.tmpdir = None  # it may be on another host
        if self._is_ssh:
            self._set("ssh_args", " ".join(self._ssh_args(address)))
        elif self.can_be_elsewhere:
            self._play_context.remote_addr = address
            for name in ("remote_addr", "host"):
                self._set(name, address)
            self._forget_connection()

    def _ssh_args(self, address):
        # ssh uses the first value of an option, so these come before the user's.
        facts = self._of_home
        hostname, port = facts.get("hostname", self.home), facts.get("port", "22")
        alias = facts.get("hostkeyalias") or (hostname if port == "22" else "[%s]:%s" % (hostname, port))
        options = _OWN + ["HostName=%s" % (hostname if address == self.home else address), "HostKeyAlias=%s" % alias]
        return ["-o %s" % option for option in options] + [self._users_args]

    def _what_ssh_makes_of_home(self):
        """`hostname`, `port` and `hostkeyalias` as the user's ssh_config sets them."""
        words = [self._option("ssh_executable") or "ssh", "-G"]
        for name in _ARGS:
            words += shlex.split(self._option(name))
        port = self._connection.get_option("port")
        words += ["-o", "Port=%s" % port] if port else []
        done = subprocess.run(words + [self.home], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
        return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)

    def _option(self, name):
        return self._connection.get_option(name) or "" if self._connection.has_option(name) else ""

    def _set(self, name, value):
        if self._connection.has_option(name):
            self._before.setdefault(name, self._connection.get_option(name))
            self._connection.set_option(name, value)

    def _forget_connection(self):
        if self.can_be_elsewhere and hasattr(self._connection, "reset"):
            self._connection.reset()
