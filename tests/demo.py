"""The manual's own example, done by csnet on a host in the lab and watched on the wire. `./dev demo` runs it.

Exits with 1 if anything is not as it says.
"""

import os
import re
import sys
import time
from typing import Any, Dict, Iterator, List

import csnet
from csnet_lab import Host, Lab, LabError, ManagementServer, kernel

WANTED = csnet.ManagementNetwork(
    uplinks=["eth0"],
    vlan=100,
    bridge="cloudbr0",
    addresses=["192.168.100.10/24"],
    gateway="192.168.100.1",
    servers=["192.168.100.2"],
    stp=False,  # NetworkManager's default would keep the bridge silent for 30 s
)
ADDRESS = str(WANTED.addresses[0].address)
SERVER = str(WANTED.servers[0])
PORT = 8250  # where CloudStack's management server awaits its agents
INTERFACES = ["eth0", "eth0.100", "cloudbr0"]  # from the wire up

COLOURED = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "1;33"


def colour(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if COLOURED else text


def say(text: str = "") -> None:
    print(text, flush=True)


def chapter(text: str) -> None:
    say("\n" + colour(BOLD, f"== {text}"))


class Claims:
    """What the demo says to be so, each with whether it is."""

    def __init__(self) -> None:
        self.broken = 0

    def check(self, text: str, holds: bool) -> None:
        say(f"   {colour(GREEN, 'ok') if holds else colour(RED, 'NO')}  {text}")
        self.broken += not holds

    def reached(self, host: Host, server: ManagementServer) -> None:
        """Ping both ways, and the agent's TCP port."""
        for node, address in ((host, SERVER), (server, ADDRESS)):
            try:
                node.ping(address)
                holds = True
            except LabError:
                holds = False
            self.check(f"{node.name} pings {address}", holds)
        self.check(f"{host.name} connects to {SERVER} port {PORT}", host.connects(SERVER, PORT))

    def built(self, links: Dict[str, Dict[str, Any]], host: Host) -> None:
        """The kernel's view of what was asked for."""
        of_vlan, of_bridge = (links.get(name, {}) for name in INTERFACES[1:])
        tag = of_vlan.get("linkinfo", {}).get("info_data", {}).get("id")
        self.check(f"eth0.100 is VLAN {WANTED.vlan} on eth0", (tag, of_vlan.get("link")) == (WANTED.vlan, "eth0"))
        self.check("eth0.100 is a port of cloudbr0", of_vlan.get("master") == "cloudbr0")
        address = str(WANTED.addresses[0])
        self.check(f"cloudbr0 has {address}", bool(of_bridge) and address in host.addresses("cloudbr0"))
        self.check("eth0 itself has no address", host.addresses("eth0") == [])


def show_profile(profile: Any) -> None:
    """The keyfile that NetworkManager will keep in /etc, a line for each of its sections."""
    say(f"   {colour(BOLD, profile.name)}.nmconnection, a profile of type {profile.type}")
    for section in csnet.render(profile).strip().split("\n\n"):
        head, *lines = section.splitlines()
        if lines:
            say(f"     {colour(DIM, head)} " + "  ".join(line for line in lines if not line.startswith("uuid=")))


def drawing(devices: List[csnet.Device], links: Dict[str, Dict[str, Any]]) -> Iterator[str]:
    """What is there, from the wire up."""
    yield f"management server {SERVER}, TCP {PORT}"
    yield "  |  VLAN 100, untagged on this cable"
    yield "switch"
    yield "  |  VLAN 100, tagged (802.1Q) on this cable"
    of_name = {device.interface_name: device for device in devices}
    for depth, name in enumerate(name for name in INTERFACES if name in of_name):
        device = of_name[name]
        about = [device.type, device.state, "carrier" if device.carrier else "no carrier", f"mtu {device.mtu}"]
        tag = links[name].get("linkinfo", {}).get("info_data", {}).get("id")
        about[0] += f" {tag}" if tag else ""
        about.append(str(device.mac_address))
        about += [str(address) for address in device.addresses if not address.is_ipv6]
        yield ("     " * depth)[3:] + ("`--> " if depth else "") + colour(BOLD, name) + "  " + ", ".join(about)


def show_frame(line: str) -> None:
    """A frame in tcpdump's own words, its tag made to stand out."""
    _, _, frame = line.partition(" ")  # without the time
    for words in (r"ethertype 802\.1Q \(0x8100\)", r"\bvlan \d+"):
        frame = re.sub(words, lambda found: colour(YELLOW, found.group()), frame)
    outer, _, inner = frame.partition(": ")
    say(f"   {outer}:\n      {inner}")


def build(host: Host) -> None:
    profiles = WANTED.desired().profiles
    chapter("2. The profiles, as NetworkManager will keep them")
    for profile in profiles:
        show_profile(profile)

    chapter("3. Adding and activating them")
    with csnet.Session(bus_address=host.bus_address) as session:
        say(f"   NetworkManager {session.version} on this host knows {len(session.profiles())} such profiles")
        begin = time.monotonic()
        session.activate(*session.add_all(profiles))
        say(f"   {len(profiles)} profiles added and usable after {time.monotonic() - begin:.1f} s")

        chapter("4. What is there now")
        for line in drawing(session.devices(), host.links()):
            say(f"   {line}")


def watch(host: Host, claims: Claims) -> None:
    with host.capture("eth0", "vlan and icmp") as tagged, host.capture("eth0", "ip and not vlan") as untagged:
        host.ping(SERVER)
        tagged.wait_for("echo reply")
    pair = [next((line for line in tagged.lines if f"ICMP echo {kind}" in line), "") for kind in ("request", "reply")]
    for line in pair:
        show_frame(line)
    claims.check("request and reply carry the 802.1Q tag of VLAN 100", all(": vlan 100," in line for line in pair))
    claims.check("no IP packet passed untagged", untagged.lines == [])


def demo(lab: Lab) -> int:
    claims = Claims()
    chapter("1. The plan")
    say("   A host whose eth0 is cabled to a switch that carries VLAN 100 to it, tagged. Nothing is configured.")
    say("   CloudStack's management traffic shall go eth0 -> VLAN 100 (eth0.100) -> bridge cloudbr0, which bears")
    say(f"   {WANTED.addresses[0]}: the manual's steps 1 to 5. In Python it is")
    say(f"     {WANTED}".replace("(", "(\n       ", 1).replace(" stp", "\n       stp"))
    switch = lab.switch()
    server = lab.management_server(switch, vlan=100, address=f"{SERVER}/24", ports=[PORT])
    host = lab.host("host", nics=["eth0"], switch=switch, trunk=[100])

    build(host)
    before = host.links()
    claims.built(before, host)

    chapter(f"5. On the wire: eth0 while {ADDRESS} pings {SERVER}")
    watch(host, claims)
    claims.reached(host, server)

    chapter("6. Reboot: interfaces gone, files kept; NetworkManager starts, csnet does not run")
    host.reboot()
    after = host.links()
    claims.built(after, host)
    macs = [links.get("cloudbr0", {}).get("address") for links in (before, after)]
    claims.check(f"cloudbr0 has the same MAC as before: {macs[0]}", macs[0] is not None and macs[0] == macs[1])
    watch(host, claims)
    claims.reached(host, server)

    say()
    say(colour(RED, f"{claims.broken} claims do not hold") if claims.broken else colour(GREEN, "All as claimed."))
    return 1 if claims.broken else 0


def main() -> int:
    if kernel.missing():
        say(f"This kernel has no {', '.join(kernel.missing())}: run ./dev demo, which brings one along.")
        return 1
    try:
        with Lab() as lab:
            return demo(lab)
    except csnet.Error as error:
        say(colour(RED, f"csnet: {error}") + f"\n  hint: {error.hint}")
    except LabError as error:
        say(colour(RED, f"lab: {error}"))
    return 1


if __name__ == "__main__":
    sys.exit(main())
