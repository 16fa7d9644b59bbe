"""csnet: what is there already, asked for again."""

import csnet

wanted = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.168.100.10/24"], stp=False)
with csnet.Session() as host:
    host.apply(host.plan(wanted.desired()))
