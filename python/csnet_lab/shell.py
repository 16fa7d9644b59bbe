"""A shell on a host, to try things by hand."""

import os
import signal
import subprocess
from typing import Optional

from . import kernel
from .laboratory import Lab
from .node import Node

_PICTURE = """\
  host                                       switch                      server
  {nics:<11} {mac} ── {ports:<15} {wire:<24} ── eth0 {address}, TCP {tcp}

NetworkManager runs, the NICs have no profile yet. Try:
{example}
tcpdump, ip and nmcli see this host only; `exit` ends it and everything in it.
"""
_STATIC = "ipv4.method manual ipv4.addresses 192.168.100.10/24 ipv6.method disabled"


def shell_on_a_host(bond: bool = False) -> int:
    """Build switch, server and host, show them, and run a shell on the host. Returns the shell's exit status."""
    vlan: Optional[int] = None if kernel.missing() else 100
    with Lab() as lab:
        switch = lab.switch()
        server = lab.management_server(switch, vlan=vlan)
        nics = ["eth0", "eth1"] if bond else ["eth0"]
        host = lab.host("host", nics, switch, trunk=[vlan] if vlan else [], lacp=bond)
        picture = _PICTURE.format(
            nics=" ".join(nics),
            mac=host.nics["eth0"].mac,
            ports=", ".join(nic.port for nic in host.nics.values()),
            wire=f"VLAN {vlan} tagged{', LACP' if bond else ''}" if vlan else "untagged",
            address=server.address,
            tcp=", ".join(map(str, server.listening)),
            example=_example(vlan, bond),
        )
        print(picture, flush=True)
        return interactive_shell(host)


def interactive_shell(node: Node) -> int:
    """A shell in the node on this process's terminal, with job control if there is a terminal."""
    shell = os.environ.get("SHELL", "/bin/bash")
    # Ctrl-C is for what runs in the shell, and must not end the lab around it.
    interrupt = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        process = subprocess.Popen(node.command([shell]), env=node.environment({"PS1": f"{node.name}# "}))
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, interrupt)


def _example(vlan: Optional[int], bond: bool) -> str:
    uplink = "bond0" if bond else "eth0"
    lines = [f"nmcli con add type bridge con-name cloudbr0 ifname cloudbr0 bridge.stp no {_STATIC}"]
    if bond:
        lines.append("nmcli con add type bond con-name bond0 ifname bond0 bond.options mode=802.3ad,miimon=100")
        lines += [f"nmcli con add type ethernet con-name {nic} ifname {nic} master bond0" for nic in ("eth0", "eth1")]
    if vlan:
        name = f"{uplink}.{vlan}"
        lines.append(f"nmcli con add type vlan con-name {name} ifname {name} dev {uplink} id {vlan} master cloudbr0")
    else:
        lines.append(f"nmcli con add type ethernet con-name eth0 ifname {uplink} master cloudbr0")
    lines.append("ping -c 3 192.168.100.2")
    return "".join(f"  {line}\n" for line in lines)
