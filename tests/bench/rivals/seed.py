"""The work of seed.sh, by csnet in one Python process."""

import csnet

with csnet.Session() as host:
    host.add_all(
        [
            csnet.BridgeProfile(
                name="cloudbr0",
                interface_name="cloudbr0",
                autoconnect=False,
                ipv4=csnet.Ip4Config(method="manual", addresses=["192.168.100.10/24"]),
            ),
            csnet.VlanProfile(
                name="eth0.100",
                interface_name="eth0.100",
                autoconnect=False,
                controller="cloudbr0",
                port=csnet.BridgePort(),
                parent="eth0",
                id=100,
            ),
            csnet.EthernetProfile(
                name="eth0",
                interface_name="eth0",
                autoconnect=False,
                ipv4=csnet.Ip4Config(method="disabled"),
                ipv6=csnet.Ip6Config(method="disabled"),
            ),
        ]
    )
