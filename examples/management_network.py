"""Makes the manual's example: eth0 → VLAN 100 → cloudbr0 with 192.168.100.10/24. Run it as root.

    management_network.py [UPLINK…]

The default UPLINK is eth0. Several uplinks become an LACP bond.
"""

import sys

import csnet

wanted = csnet.ManagementNetwork(
    uplinks=sys.argv[1:] or ["eth0"], vlan=100, bridge="cloudbr0", addresses=["192.168.100.10/24"],
    gateway="192.168.100.1", servers=["192.168.100.2"], stp=False,  # with STP the bridge is silent for 30 s
)
try:
    with csnet.Session() as host:
        for profile in wanted.desired().wanted.profiles:
            print("adding", profile)
        host.activate(*host.add_all(wanted.desired().wanted.profiles))
        print("\n".join(map(str, host.devices())))
except csnet.Error as error:
    sys.exit(f"csnet: {error}\n  hint: {error.hint}")
