"""csnet sandbox: throwaway hosts to try things on."""

import argparse
import sys
from pathlib import Path
from typing import Any

import csnet
from csnet.cli.output import Output
from csnet.cli.surroundings import surroundings

DESCRIPTION = """\
Runs CMD, or a shell, on a host that does not exist: a network namespace with NICs, a NetworkManager of its own, a
switch, and a management server behind it. The switch carries VLAN 100 tagged; the server is 192.168.100.2, the gateway
192.168.100.1. With --file, NICs, VLANs, addresses, ports and LACP bundles are those of the file, and $CSNET_FILE is its
path.

With --fleet, CMD runs on a controller instead, from which host1, host2, … are reached by ssh, at 10.0.0.11 and on. The
keys are exchanged, and Ansible has them in its default inventory, and the collection csnet.network.

In the sandbox, `switch` breaks and mends the wiring (switch down eth0, switch untrunk eth0 100), `server stop` closes
the management server's ports, and `on host2 CMD` runs a command on another machine; `switch help` has them all.
Network, processes, /run, /etc, /var and /root are the sandbox's own, and end with it, however it ends. All other files
are this machine's, and so is the current directory.

Needs root, or a kernel that gives ordinary users namespaces. Where the kernel has no VLANs, another one is started for
it: User-Mode-Linux (Debian's package user-mode-linux), or Debian's own in a virtual machine (qemu-system-x86,
busybox-static), which writes into the working directory alone: what it writes elsewhere is thrown away."""
EXAMPLES = (
    ("csnet sandbox", "a shell on a host; exit ends it"),
    ("csnet sandbox --file network.yaml", "with what the file names"),
    ("csnet sandbox --file network.yaml -- csnet apply --yes network.yaml", "for scripts: ends with CMD's exit code"),
    ("csnet sandbox --fleet 3 -- ansible-playbook -i inventory.yml site.yml", "on a controller, with three hosts"),
)
_MOST_HOSTS = 32
_FLEET_BANNER = """\
host1 … host{0}: eth0 at 10.0.0.11 and on, by ssh; the switch carries VLAN 100 tagged
server:     192.168.100.2 and .1, TCP 8250, in VLAN 100
inventory:  /etc/ansible/hosts, for Ansible without -i
try:        ansible all -m ping; ssh host1; ansible-playbook csnet.network.site --check --diff
break:      switch untrunk host1:eth0 100; server stop  (all: switch help)
You are root on the controller. The network, /etc, /var and /root end with `exit`; other files are your real ones.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hosts", type=int, default=1, metavar="N", help=f"how many hosts, 1 to {_MOST_HOSTS} [1]")
    parser.add_argument("--fleet", type=int, default=0, metavar="N",
                        help=f"so many hosts by ssh instead, 1 to {_MOST_HOSTS}, and a controller that CMD runs on")
    parser.add_argument("--file", metavar="FILE", help="the network file that is to be tried")
    parser.add_argument("--kernel", choices=("own", "uml", "vm"), default="",
                        help="the running one, User-Mode-Linux, or Debian's in a virtual machine [the first that has"
                        " VLANs and bonds]")
    parser.add_argument("words", nargs="*", metavar="CMD", help="what to run, after -- [a shell]")


def run(options: argparse.Namespace, out: Output) -> int:
    from csnet_lab import LabError, sandbox

    if not 1 <= options.hosts <= _MOST_HOSTS:
        raise csnet.InvalidError(f"--hosts: {options.hosts} is not from 1 to {_MOST_HOSTS}", subject="--hosts",
                                 hint="each host takes about 20 MB of memory")
    if options.fleet and (options.file or options.hosts != 1 or not 1 <= options.fleet <= _MOST_HOSTS):
        raise csnet.InvalidError(f"--fleet: takes a number from 1 to {_MOST_HOSTS}, and neither --hosts nor --file",
                                 subject="--fleet", hint="its hosts and their addresses are in docs/sandbox.md")
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
You are root on host1. The network, /etc, /var and /root end with `exit`; other files are your real ones.
"""
