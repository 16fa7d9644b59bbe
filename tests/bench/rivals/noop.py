"""Applies a state that the host already has, by csnet in Python."""

import csnet

wanted = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.168.100.10/24"], stp=False)
with csnet.Session() as host:
    host.apply(host.plan(wanted.desired()))
