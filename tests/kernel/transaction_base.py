"""A host that has its address and is to get a bridge: the beginning of the tests of transactions.

Its management network is in a VLAN if the running kernel has VLANs, else untagged.
"""

from typing import Any, List, NamedTuple

from topology import VLAN
from scenario import ADDRESS, SERVER, Applying, Outcome, Scene, Snapshot, apply, assert_is_as_before, snapshot

import csnet
from csnet_lab import Host, Lab

#: The interface that has the address before, and is a port of the bridge after.
LINK = f"eno1.{VLAN}" if VLAN else "eno1"
MANAGEMENT = csnet.ManagementNetwork(
    uplinks=["eno1"], vlan=VLAN, addresses=[f"{ADDRESS}/24"], servers=[SERVER], stp=False
)
#: Passes neither before nor after.
NEVER = csnet.Probe(type="command", target="false", required=True)
ACTIVATE = "activate bridge 'cloudbr0'"


class Base(NamedTuple):
    scene: Scene
    before: Snapshot

    @property
    def host(self) -> Host:
        return self.scene.host

    def apply(self, **options: Any) -> Outcome:
        return apply(self.host, MANAGEMENT.desired(), **options)

    def applying(self, *pauses: str, **options: Any) -> Applying:
        return Applying(self.host, MANAGEMENT.desired(), pauses=pauses, **options)

    def assert_rolled_back(self, outcome: Outcome, why: str) -> None:
        assert outcome.error.startswith("RolledBackError: rolled back: "), outcome.story
        assert why in outcome.error, outcome.story
        assert "the host is as it was" in outcome.error, outcome.story
        assert_is_as_before(self.host, self.before, outcome.story)


class Shared:
    """One host for all tests: a rollback restores it, so only a test that commits, or fails, makes it anew."""

    def __init__(self, lab: Lab) -> None:
        self._scene = Scene(lab, ["eno1", "eno2"], vlan=VLAN)
        self._base: List[Base] = []

    def base(self) -> Base:
        if not self._base or self._base[0].before.differences(snapshot(self._scene.host)):
            self._scene.reset()
            self._scene.nmcli(
                f"connection add type {f'vlan dev eno1 id {VLAN}' if VLAN else 'ethernet'} con-name mgmt ifname {LINK}"
                f" ipv6.method disabled ipv4.method manual ipv4.addresses {ADDRESS}/24",
                "connection up mgmt",
                "connection add type ethernet con-name other ifname eno2 ipv6.method disabled"
                " ipv4.method manual ipv4.addresses 192.168.50.5/24",
                "connection up other",
                "connection add type ethernet con-name spare ifname eno2 autoconnect no",
            )
            self._scene.host.ping(SERVER)
            self._base = [Base(self._scene, snapshot(self._scene.host))]
        return self._base[0]
