"""A disposable network for `csnet sandbox`: hosts, a switch, a management server, and a command or shell on a host.

run() enters a user namespace if the user is not root, and boots another kernel if the running one has no VLANs. It then
starts itself again there, with the Layout as JSON.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Tuple

from . import client, kernel
from .control import Control
from .fleet import VLAN, Fleet
from .errors import LabError
from .files import SHARED
from .host import Host
from .laboratory import Lab
from .management_server import ManagementServer
from .node import SYSTEM_PATH, Node
from .process import children, wait_for_any
from .switch import Switch
from .wiring import Wiring

#: Where this package is imported from: links of a build lead to the sources, which lack what is compiled.
_PACKAGES = Path(__file__).absolute().parents[1]
_BIN = "/run/sandbox/bin"
_BASHRC = "/run/sandbox/bashrc"
#: The packages of each program: Debian's and Red Hat's.
_PROGRAMS = {
    "NetworkManager": ("network-manager", "NetworkManager"),
    "nm-online": ("network-manager", "NetworkManager"),
    "dbus-daemon": ("dbus-daemon", "dbus-daemon"),
    "ip": ("iproute2", "iproute"),
    "bridge": ("iproute2", "iproute"),
    "unshare": ("util-linux", "util-linux"),
    "nsenter": ("util-linux", "util-linux"),
    "hostname": ("hostname", "hostname"),
}
_PROGRAMS_OF_FLEETS = {
    "ansible-playbook": ("ansible-core", "ansible-core"),
    "ssh": ("openssh-client", "openssh-clients"),
    "sshd": ("openssh-server", "openssh-server"),
}


class Layout(NamedTuple):
    """A description of the sandbox."""

    #: The command to run; empty: a shell.
    command: Sequence[str] = ()
    #: The number of hosts.
    hosts: int = 1
    #: The number of hosts of a Fleet to build instead, on whose controller the command runs; 0: no fleet.
    fleet: int = 0
    #: The directory in which a fleet's hosts find the package csnet.
    packages: str = ""
    nics: Sequence[str] = ("eth0", "eth1")
    #: Lists of NICs that the switch bundles by LACP.
    bundles: Sequence[Sequence[str]] = ()
    #: The VLANs that the switch carries tagged to the hosts.
    trunk: Sequence[int] = (100,)
    #: The server's VLAN; 0: the untagged one.
    vlan: int = 100
    #: The server's addresses, with prefix length; the gateway's is one of them.
    addresses: Sequence[str] = ("192.168.100.2/24", "192.168.100.1/24")
    #: The TCP ports on which the server accepts connections.
    ports: Sequence[int] = (8250,)
    #: One of csnet_lab.kernel.KERNELS; empty: the first of them that has VLANs and bonds.
    kernel: str = ""
    #: Further commands for the hosts: the text of a script, by the command's name.
    scripts: Dict[str, str] = {}
    #: Further environment variables of the command.
    variables: Dict[str, str] = {}
    #: Files and directories that the sandbox shares with the machine, even if they are in /tmp, /root or /var.
    visible: Sequence[str] = ()
    #: A text to print before a shell starts.
    banner: str = ""


def run(layout: Layout) -> int:
    """Build the sandbox, run the command or a shell on its first host, and return the exit status.

    The sandbox ends with the command. If the user is not root, this process executes another one in a user namespace,
    and does not return. Raises LabError.
    """
    # The PATH of some users lacks sbin.
    os.environ["PATH"] = os.pathsep.join(filter(None, (os.environ.get("PATH"), SYSTEM_PATH)))
    _require_programs({**_PROGRAMS, **(_PROGRAMS_OF_FLEETS if layout.fleet else {})})
    which = layout.kernel or kernel.choose()
    if layout.fleet and which == "own" and os.geteuid() != 0:
        raise LabError("a fleet needs root on this kernel, since its sshd switches users",
                       "sudo csnet sandbox --fleet; or --kernel uml")  # fmt: skip
    if os.geteuid() != 0 and which != "vm":  # qemu needs no rights
        _become_root_of_a_namespace(layout._replace(kernel=which))
    if which != "own":
        memory = os.environ.get("CSNET_LAB_MEMORY", "1G")
        # Whole entries of /tmp: an editor may replace a file by a new one, and packages have libraries beside them.
        visible = {Path(*Path(path).parts[:3]) for path in (*layout.visible, str(_PACKAGES))}
        return kernel.run(which, _anew(_with_input(layout)._replace(kernel="own")), memory, visible)
    lacks = kernel.missing()
    if lacks:
        print(f"csnet: sandbox: this kernel has no {', '.join(lacks)}; the switch carries all frames untagged",
              file=sys.stderr)
        layout = layout._replace(trunk=(), vlan=0, bundles=())
    shared = (Path(path) if os.path.isdir(path) else Path(path).parent for path in layout.visible)
    os.environ[SHARED] = os.pathsep.join(map(str, shared))
    with Lab() as lab:
        if layout.fleet:
            vlan = VLAN if {"vlan", "vlan_filtering"}.isdisjoint(lacks) else None
            fleet = Fleet(lab, Path(layout.packages), count=layout.fleet, vlan=vlan)
            fleet.set_defaults(Path(layout.packages))
            layout = layout._replace(variables={**layout.variables, "HOME": str(fleet.home)})
            _open(lab, layout, fleet.switch, fleet.server, [fleet.controller, *lab.hosts])
            return _run_on(fleet.controller, layout)
        return _run_on(_build(lab, layout), layout)


def _build(lab: Lab, layout: Layout) -> Host:
    switch = lab.switch()
    first, *others = layout.addresses
    server = lab.management_server(switch, layout.vlan or None, first, ports=layout.ports)
    server.ip(*(f"address add {each} dev eth0{' nodad' * (':' in each)}" for each in others))
    for number in range(layout.hosts):
        host = lab.host(f"host{number + 1}", layout.nics, switch, trunk=layout.trunk, start=False)
        for bundle in layout.bundles:
            name = host.bundle_name(host.name)
            switch.bond(name, [host.nics[nic].port for nic in bundle])
            switch.trunk(name, layout.trunk)
    for host in lab.hosts:
        host.networkmanager.start()
    _open(lab, layout, switch, server, lab.hosts)
    return lab.hosts[0]


def _open(lab: Lab, layout: Layout, switch: Switch, server: ManagementServer, machines: Sequence[Node]) -> None:
    """Give the machines the commands `switch`, `server` and `on`, and the layout's scripts."""
    variables = {"PATH": os.pathsep.join((_BIN, os.environ["PATH"])), **layout.variables}
    control = Control(lab, Wiring(lab, switch, server), variables)
    for machine in machines:
        _furnish(machine, layout.scripts)
        control.listen(machine)


def _furnish(host: Node, scripts: Dict[str, str]) -> None:
    """Write the commands into the host's own /run."""
    folder = Path(f"{host.root}{_BIN}")
    folder.mkdir(parents=True)
    for tool in ("switch", "server", "on"):
        path = folder / tool
        path.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {client.__file__} {tool} "$@"\n')
        path.chmod(0o755)
    for name, text in scripts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    own = 'if [ -f ~/.bashrc ]; then . ~/.bashrc; fi\nPS1="\\h# "\n'
    Path(f"{host.root}{_BASHRC}").write_text(f"{own}PATH={_BIN}:$PATH\n")  # ~/.bashrc may have set PATH


def _run_on(host: Node, layout: Layout) -> int:
    """Run the command or a shell on the host, and return its exit status.

    A terminal sends the SIGINT of Ctrl-C to the command, too, so this process ignores it. Without a terminal, this
    process passes a SIGINT on to the command's process group.
    """
    command = list(layout.command)
    if not command:
        shell = os.environ.get("SHELL", "/bin/bash")
        command = [shell, "--rcfile", _BASHRC] if shell.endswith("/bash") else [shell]
        if layout.banner:
            print(layout.banner, flush=True)
    environment = host.environment({"PATH": os.pathsep.join((_BIN, os.environ["PATH"])), **layout.variables})
    terminal = os.isatty(0)
    process = subprocess.Popen(host.command(command if terminal else ["setsid", *command]), env=environment)

    def interrupt(*_: object) -> None:
        for group in [] if terminal else children(process.pid):
            with contextlib.suppress(ProcessLookupError):  # it has no group yet, or has ended
                os.killpg(group, signal.SIGINT)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        wait_for_any([process])
        status = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return status if status >= 0 else 128 - status


def _require_programs(programs: Dict[str, Tuple[str, str]]) -> None:
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        debian, red_hat = ({programs[name][system] for name in missing} for system in (0, 1))
        raise LabError(
            f"this machine has no {', '.join(missing)}",
            f"apt install {' '.join(sorted(debian))}; dnf install {' '.join(sorted(red_hat))}",
        )


def _become_root_of_a_namespace(layout: Layout) -> None:
    # A network namespace, too: this process makes the cables between the nodes.
    enter = ["unshare", "--user", "--map-root-user", "--net"]
    trial = subprocess.run([*enter, "true"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if trial.returncode != 0:
        raise LabError(
            f"needs root or user namespaces, which this kernel refuses: {trial.stderr.strip()}",
            f"sudo csnet sandbox; or allow them: {_what_forbids_namespaces()}",
        )
    sys.stdout.flush()
    command = _anew(layout)
    os.execvp(enter[0], [*enter, *command])


def _what_forbids_namespaces() -> str:
    for name, forbids, allows in (
        ("kernel.unprivileged_userns_clone", "0", "1"),  # Debian's own
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),  # Ubuntu 23.10 and later
        ("user.max_user_namespaces", "0", "10000"),
    ):
        path = Path("/proc/sys", *name.split("."))
        if path.exists() and path.read_text().strip() == forbids:
            return f"sysctl {name}={allows}"
    return "the rules of a container or of seccomp may forbid them"


def _with_input(layout: Layout) -> Layout:
    """The layout, with a script from standard input as the shell's argument: booted kernels pass on terminals only."""
    if layout.command or os.isatty(0):
        return layout
    if layout.banner:
        print(layout.banner, flush=True)
    with open(os.dup(0), encoding="utf-8") as script:
        return layout._replace(command=[os.environ.get("SHELL", "/bin/bash"), "-c", script.read()])


def _anew(layout: Layout) -> List[str]:
    start = f"import sys; sys.path[0] = {str(_PACKAGES)!r}; from csnet_lab.sandbox import main; sys.exit(main())"
    return [sys.executable, "-c", start, json.dumps(layout._asdict())]


def main() -> int:
    try:
        return run(Layout(**json.loads(sys.argv[1])))
    except LabError as error:
        print(f"csnet: sandbox: {error}" + (f"\n  hint: {error.hint}" if error.hint else ""), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
