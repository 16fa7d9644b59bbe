"""csnet sandbox: run commands on disposable hosts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import csnet
from csnet.cli.output import Output
from csnet.cli.surroundings import surroundings

DESCRIPTION = """\
Runs CMD, or a shell, on a simulated host: a network namespace with NICs, its own NetworkManager, a switch, and a
management server behind the switch. The switch carries VLAN 100 tagged; the server is 192.168.100.2, the gateway
192.168.100.1. With --file, the sandbox takes NICs, VLANs, addresses, ports and LACP bundles from the file, and
$CSNET_FILE is the file's path.

With --fleet, CMD runs on a controller that reaches host1, host2, … by ssh, at 10.0.0.11, 10.0.0.12, …. The ssh keys are
exchanged. Ansible has the hosts in its default inventory, and the collection csnet.network.

In the sandbox, `switch` breaks and repairs the wiring (switch down eth0, switch untrunk eth0 100), `server stop` closes
the management server's ports, and `on host2 CMD` runs a command on another machine; `switch help` lists them all.
Network, processes, /run, /etc, /var and /root belong to the sandbox and end with it. All other files, and the current
directory, are this machine's.

Needs root, or a kernel that gives ordinary users namespaces. If the kernel has no VLANs, csnet starts another one for
the sandbox: User-Mode-Linux (Debian's package user-mode-linux), or Debian's stock kernel in a virtual machine
(qemu-system-x86, busybox-static). The virtual machine can write into the working directory only; it discards other
writes."""
EXAMPLES = (
    ("csnet sandbox", "open a shell on a host; exit ends the sandbox"),
    ("csnet sandbox --file network.yaml", "on a network as the file describes it"),
    ("csnet sandbox --file network.yaml -- csnet apply --yes network.yaml", "for scripts: exit with CMD's exit code"),
    ("csnet sandbox --fleet 3 -- ansible-playbook -i inventory.yml site.yml", "on a controller, with three hosts"),
)
_MOST_HOSTS = 32
_FLEET_BANNER = """\
host1 … host{0}: eth0 at 10.0.0.11, 10.0.0.12, …, by ssh; the switch carries VLAN 100 tagged
server:     192.168.100.2 and .1, TCP 8250, in VLAN 100
inventory:  /etc/ansible/hosts, for Ansible without -i
try:        ansible all -m ping; ssh host1; ansible-playbook csnet.network.site --check --diff
break:      switch untrunk host1:eth0 100; server stop  (all: switch help)
You are root on the controller. `exit` discards the network, /etc, /var and /root; other files are your real ones.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hosts", type=int, default=1, metavar="N", help=f"number of hosts, 1 to {_MOST_HOSTS} [1]")
    parser.add_argument("--fleet", type=int, default=0, metavar="N",
                        help=f"run CMD on a controller with N hosts, 1 to {_MOST_HOSTS}, that it reaches by ssh")
    parser.add_argument("--file", metavar="FILE", help="build the network that this network file describes")
    parser.add_argument("--kernel", choices=("own", "uml", "vm"), default="",
                        help="the running kernel, User-Mode-Linux, or Debian's in a virtual machine [the first that"
                             " has VLANs and bonds]")
    parser.add_argument("words", nargs="*", metavar="CMD", help="the command to run, after -- [a shell]")


def run(options: argparse.Namespace, out: Output) -> int:
    from csnet_lab import LabError, sandbox

    if not 1 <= options.hosts <= _MOST_HOSTS:
        raise csnet.InvalidError(f"--hosts: {options.hosts} is not a number from 1 to {_MOST_HOSTS}", subject="--hosts",
                                 hint="each host takes about 20 MB of memory")
    if options.fleet and (options.file or options.hosts != 1 or not 1 <= options.fleet <= _MOST_HOSTS):
        raise csnet.InvalidError(f"--fleet: needs a number from 1 to {_MOST_HOSTS}, and neither --hosts nor --file",
                                 subject="--fleet", hint="docs/sandbox.md lists the hosts and their addresses")
    facts = surroundings(csnet.load(options.file)) if options.file else {}
    package = Path(csnet.__file__).absolute().parents[1]
    start = f"import sys\nsys.path.insert(0, {str(package)!r})\nfrom csnet.cli import main\nsys.exit(main())\n"
    file = Path(options.file or "").absolute()
    layout = sandbox.Layout(command=options.words, hosts=options.hosts, fleet=options.fleet,
                            packages=str(package), kernel=options.kernel,
                            scripts={"csnet": f"#!{sys.executable}\n{start}"}, visible=[str(package), str(file)],
                            variables={"CSNET_FILE": str(file)} if options.file else {}, **facts)
    if options.fleet:
        layout = layout._replace(banner="" if out.quiet or out.json else _FLEET_BANNER.format(options.fleet))
    elif not out.quiet and not out.json:
        layout = layout._replace(banner=_banner(layout, options.file or "network.yaml"))
    try:
        return sandbox.run(layout)
    except LabError as error:
        raise csnet.UnsupportedError(f"sandbox: {error}", subject="sandbox", hint=error.hint) from error


def _banner(layout: Any, file: str) -> str:
    nics = layout.nics
    wire = ", ".join(f"VLAN {vid}" for vid in layout.trunk)
    wire = f"{wire} tagged" if wire else "everything untagged"
    wire += "".join(f"; {' and '.join(bundle)} bundled by LACP" for bundle in layout.bundles)
    hosts = ", ".join(f"host{number + 1}" for number in range(layout.hosts))
    server = ", ".join(address.partition("/")[0] for address in layout.addresses)
    return f"""\
{hosts + ":":<12}{', '.join(nics)}; the switch carries {wire}
server:     {server}, TCP {', '.join(map(str, layout.ports))}{f', in VLAN {layout.vlan}' if layout.vlan else ''}
try:        csnet plan {file}; csnet apply {file}; csnet show
break:      switch down {nics[0]}; switch untrunk {nics[0]} {layout.vlan or 100}; server stop  (all: switch help)
You are root on host1. `exit` discards the network, /etc, /var and /root; other files are your real ones.
"""
