"""The commands `switch` and `server` of a sandbox's shells, which break and repair the network around a host."""

from typing import Callable, Dict, List, Sequence, Tuple

from . import kernel
from .errors import LabError
from .host import Host
from .laboratory import Lab
from .management_server import ManagementServer
from .switch import Switch

HELP = """\
switch                     list the ports and the VLANs that each carries
switch down NIC            pull the NIC's cable; `switch up NIC` plugs it in
switch untrunk NIC VLAN    stop carrying a VLAN; `switch trunk NIC VLAN` carries it, tagged
switch lacp NIC NIC        bundle the ports by LACP; `switch unlacp NIC NIC` takes the bundle apart
server                     list the management server's addresses and TCP ports
server stop                close the TCP ports; `server start` opens them
on MACHINE [CMD]           run a command or a shell on another host (host2), on server or switch
NIC is eth0 on this host, or host2:eth0.
"""


class UsageError(LabError):
    """A command line that is not understood."""


class Wiring:
    """Carries out one command line at a time."""

    def __init__(self, lab: Lab, switch: Switch, server: ManagementServer) -> None:
        self._hosts = {host.name: host for host in lab.hosts}
        self._switch, self._server = switch, server
        self._open_ports = list(server.listening)
        # Each with its least and its greatest number of arguments.
        self._verbs: Dict[str, Tuple[Callable[..., str], int, int]] = {
            "switch": (self._show, 0, 0),
            "switch down": (self._down, 1, 1),
            "switch up": (self._up, 1, 1),
            "switch trunk": (self._trunk, 2, 2),
            "switch untrunk": (self._untrunk, 2, 2),
            "switch lacp": (self._lacp, 1, 8),
            "switch unlacp": (self._unlacp, 1, 8),
            "server": (self._show_server, 0, 0),
            "server stop": (self._stop_server, 0, 0),
            "server start": (self._start_server, 0, 0),
        }

    def carry_out(self, here: str, words: Sequence[str]) -> str:
        """Carry out a command line that was typed on the host `here`, and return its output. Raises LabError."""
        if words[1:] in (["help"], ["-h"], ["--help"]):
            return HELP
        act, least, most = self._verbs.get(" ".join(words[:2]), (None, 0, 0))
        arguments = words[2:]
        if act is None or not least <= len(arguments) <= most:
            raise UsageError(f"not understood: {' '.join(words)}\n{HELP}".rstrip())
        return act(here, *arguments) if arguments else act()

    def _nic(self, here: str, nic: str) -> Tuple[str, str]:
        """The machine of a NIC, and the NIC's port at the switch."""
        machine, _, name = nic.rpartition(":")
        machine = machine or here
        ports = {(host.name, each.name): each.port for host in self._hosts.values() for each in host.nics.values()}
        ports[self._server.name, "eth0"] = f"{self._server.name}-eth0"
        if (machine, name) not in ports:
            raise LabError(f"no NIC is named {nic}; the NICs are {', '.join(f'{m}:{n}' for m, n in ports)}")
        return machine, ports[machine, name]

    def _show(self) -> str:
        lines = []
        links, vlans = self._switch.links(), self._switch.vlans()
        cables = [(host.name, nic) for host in self._hosts.values() for nic in host.nics]
        for machine, nic in [*cables, (self._server.name, "eth0")]:
            _, port = self._nic(machine, nic)
            carrier = port if port in vlans else links[port].get("master", "")
            tagged, native = vlans.get(carrier, ([], None))
            what = ", ".join([f"VLAN {vid} tagged" for vid in tagged] + [f"VLAN {native} untagged"] * bool(native))
            state = "up" if "UP" in links[port]["flags"] else "down"
            bundle = f"; LACP bundle {carrier}" if carrier != port else ""
            lines.append(f"{machine:<8}{nic:<12}{state:<6}{what or 'nothing'}{bundle}\n")
        return "".join(lines)

    def _down(self, here: str, nic: str) -> str:
        self._switch.ip(f"link set dev {self._nic(here, nic)[1]} down")
        return ""

    def _up(self, here: str, nic: str) -> str:
        self._switch.ip(f"link set dev {self._nic(here, nic)[1]} up")
        return ""

    def _trunk(self, here: str, nic: str, vlan: str, carry: bool = True) -> str:
        if not vlan.isdigit() or not 1 <= int(vlan) <= 4094:
            raise LabError(f"{vlan} is not a VLAN id (1 to 4094)")
        port = self._nic(here, nic)[1]
        self._switch.carry(self._switch.bundle_of(port) or port, int(vlan), carry)
        return ""

    def _untrunk(self, here: str, nic: str, vlan: str) -> str:
        return self._trunk(here, nic, vlan, carry=False)

    def _lacp(self, here: str, *nics: str) -> str:
        kernel.require("bond")
        ports, bundle = self._bundle(here, nics)
        if bundle in self._switch.links():
            raise LabError(f"{bundle} is already a bundle; `switch unlacp {' '.join(nics)}` takes it apart")
        vlans = self._switch.vlans()[ports[0]]
        self._switch.bond(bundle, ports)
        self._switch.trunk(bundle, *vlans)
        return ""

    def _unlacp(self, here: str, *nics: str) -> str:
        ports, bundle = self._bundle(here, nics)
        if any(self._switch.bundle_of(port) != bundle for port in ports):
            raise LabError(f"{' '.join(nics)} are not a bundle")
        vlans = self._switch.vlans()[bundle]
        self._switch.ip(f"link delete dev {bundle}")
        for port in ports:
            self._switch.trunk(port, *vlans)
        return ""

    def _bundle(self, here: str, nics: Sequence[str]) -> Tuple[List[str], str]:
        found = [self._nic(here, nic) for nic in nics]
        if len({machine for machine, _ in found}) != 1 or found[0][0] == self._server.name:
            raise LabError("the NICs of a bundle must belong to one host")
        return [port for _, port in found], Host.bundle_name(found[0][0])

    def _show_server(self) -> str:
        ports = ", ".join(map(str, self._server.listening)) or "none"
        return f"{', '.join(self._server.addresses('eth0'))}; TCP ports: {ports}\n"

    def _stop_server(self) -> str:
        self._server.listen()
        return ""

    def _start_server(self) -> str:
        self._server.listen(*self._open_ports)
        return ""
