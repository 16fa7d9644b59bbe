"""The manual's own example, done by csnet on a host in the lab and watched on the wire. `./dev demo` runs it.

Exits with 1 if one of its claims does not hold.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any, Dict

import csnet
from csnet_lab import Host, Lab, LabError, ManagementServer, kernel

VLAN, ADDRESS, SERVER, PORT = 100, "192.168.100.10", "192.168.100.2", 8250  # the port that CloudStack's agents dial
FILE = f"""\
management:
  uplink: eth0
  vlan: {VLAN}
  bridge: cloudbr0
  addresses: [{ADDRESS}/24]
  servers: [{SERVER}]
  stp: false                   # NetworkManager's default would keep the bridge silent for 30 s
"""
PACKAGE = str(Path(csnet.__file__).parents[1])
INTERFACES = ["eth0", "eth0.100", "cloudbr0"]  # from the wire up

COLOURED = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
BOLD, RED, GREEN, YELLOW = "1", "31", "32", "1;33"


def colour(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if COLOURED else text


def say(text: str = "") -> None:
    print(text, flush=True)


def chapter(text: str) -> None:
    say("\n" + colour(BOLD, f"== {text}"))


class Claims:
    """Prints the demo's claims, each with whether it holds."""

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
        """The kernel's view of the wanted network."""
        of_vlan, of_bridge = (links.get(name, {}) for name in INTERFACES[1:])
        tag = of_vlan.get("linkinfo", {}).get("info_data", {}).get("id")
        self.check(f"eth0.100 is VLAN {VLAN} on eth0", (tag, of_vlan.get("link")) == (VLAN, "eth0"))
        self.check("eth0.100 is a port of cloudbr0", of_vlan.get("master") == "cloudbr0")
        address = f"{ADDRESS}/24"
        self.check(f"cloudbr0 has {address}", bool(of_bridge) and address in host.addresses("cloudbr0"))
        self.check("eth0 itself has no address", host.addresses("eth0") == [])


def command(host: Host, *words: str) -> int:
    """Runs csnet on the host and shows what it prints; returns its exit code."""
    say(f"   {colour(BOLD, 'host# csnet ' + ' '.join(words))}")
    environment = {"PYTHONPATH": PACKAGE, "COLUMNS": "110"}
    done = host.run([sys.executable, "-m", "csnet", *words], check=False, cwd="/run", environment=environment)
    for line in (done.stdout + done.stderr).splitlines():
        say(f"   {line}")
    return done.returncode


def show_frame(line: str) -> None:
    """A frame in tcpdump's own words, with its tag highlighted."""
    _, _, frame = line.partition(" ")  # without the time
    for words in (r"ethertype 802\.1Q \(0x8100\)", r"\bvlan \d+"):
        frame = re.sub(words, lambda found: colour(YELLOW, found.group()), frame)
    outer, _, inner = frame.partition(": ")
    say(f"   {outer}:\n      {inner}")


def build(host: Host, claims: Claims) -> None:
    chapter("2. The plan")
    claims.check("there is something to do: exit code 3", command(host, "plan", "--check", "network.yaml") == 3)
    chapter("3. csnet applies it")
    claims.check("exit code 0", command(host, "apply", "--yes", "network.yaml") == 0)
    chapter("4. The network now")
    command(host, "show")
    claims.check("a second plan has nothing to do", command(host, "plan", "--check", "network.yaml") == 0)


def roll_back(host: Host, server: ManagementServer, claims: Claims) -> None:
    """Another VLAN, which the switch does not carry: the host must come back on its own."""
    (host.root / "run/wrong.yaml").write_text(FILE.replace("vlan: 100", "vlan: 200"))
    claims.check("exit code 4: rolled back",
                 command(host, "apply", "--yes", "--rollback-after", "3", "wrong.yaml") == 4)
    claims.built(host.links(), host)
    claims.reached(host, server)


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
    chapter("1. The wanted network")
    say("   A host whose eth0 is cabled to a switch that carries VLAN 100 to it, tagged. Nothing is configured.")
    say("   CloudStack's management traffic shall go eth0 -> VLAN 100 (eth0.100) -> bridge cloudbr0, which bears")
    say(f"   {ADDRESS}/24: the manual's steps 1 to 5. The file network.yaml says so:")
    for line in FILE.splitlines():
        say(f"     {line}")
    switch = lab.switch()
    server = lab.management_server(switch, vlan=100, address=f"{SERVER}/24", ports=[PORT])
    host = lab.host("host", nics=["eth0"], switch=switch, trunk=[100])

    (host.root / "run/network.yaml").write_text(FILE)
    build(host, claims)
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

    chapter("7. A mistake: VLAN 200, which the switch does not carry to this host")
    roll_back(host, server, claims)

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
