"""A host that plans are carried out on, in place of NetworkManager; and random hosts and wishes for it."""

import itertools
import uuid
from typing import AbstractSet, Any, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

import csnet
from hypothesis import strategies as st
from plan_states import as_read

NICS = ["eth0", "eth1", "eth2", "eth3"]
_TYPE = {csnet.BridgeProfile: "bridge", csnet.VlanProfile: "vlan", csnet.BondProfile: "bond",
         csnet.EthernetProfile: "ethernet"}
_STARTS = (csnet.Action.activate, csnet.Action.reapply, csnet.Action.restart)


def _uuid(number: int) -> str:
    return str(uuid.UUID(int=number))


class Model:
    """Applies the steps of a plan to the facts of a host, as NetworkManager would."""

    def __init__(self, facts: csnet.Facts) -> None:
        self.profiles: Dict[str, Any] = {each.uuid: each for each in facts.current.profiles}
        self.devices: Dict[str, csnet.Device] = {each.interface_name: each for each in facts.devices}
        #: NetworkManager brings such a profile up again only when asked, or at boot.
        self.down_by_hand: Set[str] = set()
        self._new: Dict[Tuple[str, str], str] = {}
        self._numbers = itertools.count(10_000 + len(self.profiles))

    def facts(self) -> csnet.Facts:
        state = csnet.HostState(profiles=sorted(self.profiles.values(), key=lambda each: (each.name, each.uuid)))
        return csnet.Facts(current=state, devices=[self.devices[name] for name in sorted(self.devices)])

    def apply(self, plan: csnet.Plan) -> Iterator[csnet.Step]:
        """Each step once it has been taken, with what NetworkManager brings up on its own after it."""
        blocked: Set[str] = set()
        for step in plan:
            # csnet holds the inactive ones back before the first step; active ones have their interface until the park.
            if step.action in (csnet.Action.retire, csnet.Action.remove):
                blocked.add(step.item.uuid)
        for step in plan:
            self._take(step)
            if step.action in (csnet.Action.add, csnet.Action.modify):  # in memory, with autoconnect blocked
                blocked.add(step.item.uuid or self._new[step.item.name, step.item.interface_name])
            self.autoconnect(blocked)
            yield step
        for device in list(self.devices.values()):  # what was parked goes, and with it virtual interfaces
            if device.state == "parked":
                self._end(device.interface_name)

    def reboot(self) -> None:
        """All that is left is on disk: NetworkManager starts with the NICs alone."""
        self.down_by_hand.clear()
        self.devices = {name: csnet.Device(interface_name=name, type="ethernet", state="disconnected",
                                           mac_address=self.devices[name].mac_address) for name in NICS}
        self.autoconnect()

    def autoconnect(self, blocked: AbstractSet[str] = frozenset()) -> None:
        """Bring up what NetworkManager brings up on its own: of several profiles for an interface the first by rank."""
        order = [csnet.BridgeProfile, csnet.BondProfile, csnet.EthernetProfile, csnet.VlanProfile]
        for profile in sorted(self.profiles.values(), key=lambda one: (order.index(type(one)),
                                                                       -(one.autoconnect_priority or 0), one.uuid)):
            above = self.interface_of(profile.controller) if profile.port is not None else ""
            parent = self.interface_of(profile.parent) if isinstance(profile, csnet.VlanProfile) else ""
            is_free = not self._is_up(profile.interface_name)
            is_possible = (not above or self._is_up(above)) and (not parent or parent in self.devices)
            if profile.autoconnect and is_free and is_possible and profile.uuid not in {*blocked, *self.down_by_hand}:
                self._start(csnet.Step(action=csnet.Action.activate, item=profile))

    def interface_of(self, reference: Optional[str]) -> str:
        assert reference
        if reference in self.profiles:
            return str(self.profiles[reference].interface_name)
        return reference

    def _take(self, step: csnet.Step) -> None:
        profile = step.item
        if step.action == csnet.Action.add:
            made = profile.uuid or _uuid(next(self._numbers))
            assert made not in self.profiles, "a profile is added twice"
            self._new[profile.name, profile.interface_name] = made
            self.profiles[made] = as_read(profile.replace(uuid=made))
        elif step.action in (csnet.Action.modify, csnet.Action.retire):
            assert profile.uuid in self.profiles
            self.profiles[profile.uuid] = as_read(profile)
        elif step.action == csnet.Action.remove:
            del self.profiles[profile.uuid]
        elif step.action == csnet.Action.park:
            self._park(profile.interface_name)
        elif step.action in _STARTS:
            self._start(step)

    def _start(self, step: csnet.Step) -> None:
        profile = self.profiles[step.item.uuid or self._new[step.item.name, step.item.interface_name]]
        self.down_by_hand.discard(profile.uuid)
        name = profile.interface_name
        old = self.devices.get(name, csnet.Device(interface_name=name, type=_TYPE[type(profile)]))
        if step.action == csnet.Action.reapply:
            assert old.profile == profile.uuid, f"{name} does not run by {profile.uuid}"
        elif old.ports and old.type in ("bridge", "bond"):  # it starts anew: its ports fall out
            for port in old.ports:
                self._leave(port)
            old = self.devices[name]
        if isinstance(profile, csnet.VlanProfile):
            assert self.interface_of(profile.parent) in self.devices, f"{name} comes up before its parent"
        above = self.interface_of(profile.controller) if profile.port is not None else ""
        if above != old.controller:
            assert step.action != csnet.Action.reapply, f"{name} cannot change its controller while it runs"
            self._leave(name)
        addresses = [] if profile.port is not None else profile.ipv4.addresses + profile.ipv6.addresses
        self.devices[name] = old.replace(state="activated", profile=profile.uuid, controller=above, ports=old.ports,
                                         addresses=addresses, stale=False)
        if above:
            controller = self.devices.get(above)
            assert controller is not None and controller.profile, f"{name} comes up before its controller {above}"
            self.devices[above] = controller.replace(ports=sorted({*controller.ports, name}))

    def _is_up(self, name: str) -> bool:
        return name in self.devices and bool(self.devices[name].profile)

    def _leave(self, name: str) -> None:
        device = self.devices.get(name)
        if device is None or not device.controller:
            return
        above = self.devices[device.controller]
        self.devices[above.interface_name] = above.replace(ports=[port for port in above.ports if port != name])
        self.devices[name] = device.replace(controller="")

    def _park(self, name: str) -> None:
        self._leave(name)
        for port in self.devices[name].ports:
            self._leave(port)
        self.devices[name] = self.devices[name].replace(state="parked", profile=None, addresses=[], ports=[])

    def take_down(self, name: str) -> None:
        """As `nmcli connection down` does: its ports go down with it, and so do the VLANs of a virtual interface."""
        for above in [one.interface_name for one in self.devices.values() if one.profile and
                      isinstance(self.profiles.get(one.profile), csnet.VlanProfile) and
                      self.interface_of(self.profiles[one.profile].parent) == name and name not in NICS]:
            self.take_down(above)
        for port in self.devices[name].ports:
            if port in self.devices and self.devices[port].profile:
                self.take_down(port)
            else:
                self._leave(port)
        self._end(name)

    def _end(self, name: str) -> None:
        self._leave(name)
        if name in NICS:
            self.devices[name] = self.devices[name].replace(state="disconnected", profile=None, addresses=[])
        else:
            del self.devices[name]

    def uplinks(self, bridge: str) -> Set[str]:
        """The bridge's ports that carry frames to a NIC."""
        return {port for port in self.devices[bridge].ports if self._carries(port)}

    def _carries(self, name: str) -> bool:
        device = self.devices.get(name)
        if device is None:
            return False
        if device.type == "bond":
            return bool(device.ports)
        if device.type == "vlan" and device.profile:
            return self._carries(self.interface_of(self.profiles[device.profile].parent))
        return name in NICS

    def bridges(self) -> List[str]:
        return [device.interface_name for device in self.devices.values() if device.type == "bridge"]


# ------------------------------------------------------------------------------------------- random hosts


class Layout(NamedTuple):
    """What lies on what, before names and options: each by its interface."""

    bond: List[str]                   # its NICs
    vlans: List[Tuple[str, int]]      # parent, id
    bridges: Dict[str, Optional[str]]  # with their uplink


@st.composite
def layouts(draw: Any) -> Layout:
    bond = draw(st.lists(st.sampled_from(NICS), unique=True, max_size=3))
    lower = [nic for nic in NICS if nic not in bond] + (["bond0"] if bond else [])
    vlans = draw(st.lists(st.tuples(st.sampled_from(lower), st.sampled_from([100, 200])), unique=True, max_size=3))
    free = lower + [f"{parent}.{number}" for parent, number in vlans]
    bridges: Dict[str, Optional[str]] = {}
    for name in draw(st.lists(st.sampled_from(["cloudbr0", "cloudbr1"]), unique=True, max_size=2)):
        uplink = draw(st.none() | st.sampled_from(free))
        bridges[name] = uplink
        free = [each for each in free if each != uplink]
    return Layout(bond, vlans, bridges)


def _ip(draw: Any, number: int) -> Dict[str, Any]:
    """Of a network of its own, as no two interfaces may share one."""
    if not draw(st.booleans()):
        return {"ipv4": csnet.Ip4Config(method="disabled"), "ipv6": csnet.Ip6Config(method="disabled")}
    host = draw(st.integers(1, 3))
    return {"ipv4": csnet.Ip4Config(method="manual", addresses=[f"10.{number}.0.{host}/24"])}


@st.composite
def profiles_of(draw: Any, layout: Layout) -> List[Any]:
    """Profiles without a uuid, at least those that the bridges, VLANs and bond need."""
    above: Dict[str, Tuple[str, Any]] = {nic: ("bond0", csnet.BondPort()) for nic in layout.bond}
    above.update({uplink: (name, csnet.BridgePort()) for name, uplink in layout.bridges.items() if uplink})
    numbers: Dict[str, int] = {}

    def common(interface: str) -> Dict[str, Any]:
        numbers[interface] = len(numbers)
        name = interface if draw(st.booleans()) else f"hand-made {interface}"
        fields: Dict[str, Any] = {"name": name, "interface_name": interface}
        if draw(st.integers(0, 3)) == 0:
            fields["mtu"] = 1500
        if interface in above:
            controller, port = above[interface]
            return {**fields, "controller": controller, "port": port}
        return {**fields, **_ip(draw, _network(interface))}

    profiles: List[Any] = []
    needed = set(layout.bond) | {parent for parent, _ in layout.vlans} | set(above)
    for nic in NICS:
        if nic in needed or draw(st.booleans()):
            profiles.append(csnet.EthernetProfile(**common(nic)))
    if layout.bond:
        options = draw(st.sampled_from([{}, {"miimon": "200"}]))
        profiles.append(csnet.BondProfile(mode=draw(st.sampled_from(["active-backup", "802.3ad"])), options=options,
                                          **common("bond0")))
    for parent, number in layout.vlans:
        profiles.append(csnet.VlanProfile(parent=parent, id=number, **common(f"{parent}.{number}")))
    for name in layout.bridges:
        profiles.append(csnet.BridgeProfile(stp=draw(st.booleans()), **common(name)))
    return profiles


def _network(interface: str) -> int:
    """A number for each interface that there can be."""
    lower = [*NICS, "bond0"]
    every = [*lower, *(f"{name}.{number}" for name in lower for number in (100, 200)), "cloudbr0", "cloudbr1"]
    return every.index(interface)


def _running(draw: Any, profiles: List[Any], taps: List[str]) -> csnet.Facts:
    """All of them up, but for a few NICs that nothing needs."""
    needed = {each.controller for each in profiles} | {getattr(each, "parent", None) for each in profiles}
    model = Model(csnet.Facts(current=csnet.HostState(profiles=profiles), devices=[
        csnet.Device(interface_name=nic, type="ethernet", state="disconnected", mac_address=f"52:54:00:00:00:0{at}")
        for at, nic in enumerate(NICS)]))
    order = {csnet.BridgeProfile: 0, csnet.BondProfile: 1, csnet.EthernetProfile: 2, csnet.VlanProfile: 3}
    for each in sorted(profiles, key=lambda one: order[type(one)]):
        idle = each.interface_name in NICS and each.interface_name not in needed and each.port is None
        if each.autoconnect and not (idle and draw(st.integers(0, 3)) == 0):
            model._start(csnet.Step(action=csnet.Action.activate, item=each))
    bridges = model.bridges()
    for tap in taps if bridges else []:
        model.devices[tap] = csnet.Device(interface_name=tap, type="tun", state="activated", controller=bridges[0])
        bridge = model.devices[bridges[0]]
        model.devices[bridges[0]] = bridge.replace(ports=sorted({*bridge.ports, tap}))
    for name in bridges:  # a bridge has the address of its first port
        physical = [nic for nic in NICS if any(port.split(".")[0] == nic for port in model.devices[name].ports)]
        if physical:
            model.devices[name] = model.devices[name].replace(mac_address=model.devices[physical[0]].mac_address)
    return model.facts()


@st.composite
def hosts(draw: Any) -> csnet.Facts:
    """What Session.read() could give: with VMs' taps, profiles put aside, and controllers named by uuid."""
    profiles = [as_read(each.replace(uuid=_uuid(number + 1)))
                for number, each in enumerate(draw(layouts().flatmap(profiles_of)))]
    uuids = {each.interface_name: each.uuid for each in profiles}
    if draw(st.booleans()):
        profiles = [each if each.controller is None else each.replace(controller=uuids[each.controller])
                    for each in profiles]
    for nic in draw(st.lists(st.sampled_from(NICS), unique=True, max_size=1)):
        profiles.append(as_read(csnet.EthernetProfile(name=f"{nic} aside", interface_name=nic, autoconnect=False,
                                                      uuid=_uuid(500))))
    return _running(draw, profiles, draw(st.lists(st.sampled_from(["vnet0", "vnet1"]), unique=True, max_size=2)))


@st.composite
def wishes(draw: Any, facts: csnet.Facts) -> csnet.Request:
    """Another layout; a few of its profiles name the host's by their uuid."""
    on_host = {(type(each), each.interface_name): each.uuid for each in facts.current.profiles if each.autoconnect}
    profiles = []
    for each in draw(layouts().flatmap(profiles_of)):
        same = on_host.get((type(each), each.interface_name))
        profiles.append(each.replace(uuid=same) if same and draw(st.integers(0, 3)) == 0 else each)
    remove = draw(st.sampled_from([[], ["nobody"]]))
    return csnet.Request(wanted=csnet.HostState(profiles=profiles), remove=remove)
