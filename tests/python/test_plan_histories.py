"""Histories: networks that were wanted one after the other, and what people did between, on the model of a host.

Whatever came before, a plan never makes a loop, ends as wanted, and what it made comes up again at the next boot.
"""

from typing import Any, Dict, Iterator, List, Tuple

import csnet
import pytest
from budget import THOROUGH, budget
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from plan_model import NICS, Model
from plan_states import as_read

_BARE = csnet.Facts(devices=[csnet.Device(interface_name=nic, type="ethernet", state="disconnected",
                                          mac_address=f"52:54:00:00:00:0{at}") for at, nic in enumerate(NICS)])
_UPLINKS: List[Dict[str, Any]] = [
    {"uplinks": ["eth0"]}, {"uplinks": ["eth1"]}, {"uplinks": ["eth0", "eth1"]},
    {"uplinks": ["eth0", "eth1"], "bond_mode": "active-backup", "bond_options": {"miimon": "100"}},
    {"uplinks": ["eth1", "eth2"]}]

recipes = st.builds(
    lambda uplinks, vlan, host: csnet.ManagementNetwork(
        vlan=vlan, addresses=[f"192.168.100.{host}/24"], gateway="192.168.100.1", **uplinks),
    st.sampled_from(_UPLINKS), st.sampled_from([None, 100, 200]), st.sampled_from([10, 20]))
#: By hand: the profile at this place, modulo their number, is changed. A reboot needs no place.
events = st.tuples(st.sampled_from(["retire", "enable", "delete", "rename", "down", "reboot"]), st.integers(0, 15))
histories = st.lists(recipes | events, min_size=2, max_size=12)


def by_hand(model: Model, what: str, place: int) -> None:
    if what == "reboot":
        return model.reboot()
    if not model.profiles:
        return None
    profile = sorted(model.profiles.values(), key=lambda one: one.uuid)[place % len(model.profiles)]
    if what in ("delete", "down"):
        for device in [one for one in model.devices.values() if one.profile == profile.uuid]:
            model.take_down(device.interface_name)
            model.down_by_hand.add(profile.uuid)
    if what == "delete":
        del model.profiles[profile.uuid]
    elif what == "rename":
        model.profiles[profile.uuid] = profile.replace(name=f"{profile.name} by hand")
    elif what in ("retire", "enable"):
        model.profiles[profile.uuid] = profile.replace(autoconnect=what == "enable")
        if what == "enable":
            model.down_by_hand.discard(profile.uuid)
            model.autoconnect()  # NetworkManager does not wait for the next boot
    return None


def faults(model: Model) -> Iterator[str]:
    """The faults that no host may have at any moment."""
    for bridge in model.bridges():
        if len(model.uplinks(bridge)) > 1:
            yield f"a loop: {sorted(model.uplinks(bridge))} in {bridge}"
    holders: Dict[str, List[str]] = {}
    for device in model.devices.values():
        for address in device.addresses:
            holders.setdefault(str(address), []).append(device.interface_name)
    yield from (f"{address} is on {names}" for address, names in holders.items() if len(names) > 1)


def faults_of_boot(model: Model, desired: csnet.Request) -> Iterator[str]:
    """What must not be after a plan: the profiles as they are on disk decide the next boot."""
    ranks: Dict[Tuple[str, int], List[str]] = {}
    for profile in model.profiles.values():
        if profile.autoconnect:
            ranks.setdefault((profile.interface_name, profile.autoconnect_priority or 0), []).append(profile.name)
    yield from (f"{names} come up on {name} alike" for (name, _), names in ranks.items() if len(names) > 1)
    before = {name: device.profile for name, device in model.devices.items() if device.profile}
    booted = Model(model.facts())
    booted.reboot()
    yield from (f"after a boot, {fault}" for fault in faults(booted))
    for wanted in desired.wanted.profiles:
        name = wanted.interface_name
        now = booted.devices[name].profile if name in booted.devices else None
        if now != before.get(name):
            yield f"after a boot, {name} has {now} instead of {before.get(name)}"


def live(history: List[Any]) -> int:
    """Go through it. Returns the number of plans."""
    model = Model(_BARE)
    count = 0
    for part in history:
        if isinstance(part, tuple):
            by_hand(model, *part)
            continue
        desired = part.desired()
        was_faulty = list(faults(model))
        try:
            plan = csnet.plan(desired, model.facts())
        except csnet.InvalidError as error:
            event(f"refused: {error.subject.split(' ')[0]}")
            continue
        count += 1
        for step in model.apply(plan):
            found = list(faults(model))
            # A loop that people made is there until the plan has ended it.
            assert was_faulty or not found, f"{found} after {step.action.name} {step.item.name}\n{plan}"
        assert not list(faults(model)), f"{list(faults(model))}\n{plan}"
        again = csnet.plan(desired, model.facts())
        assert not again, f"{plan}\n--- and once more:\n{again}"
        assert not list(faults_of_boot(model, desired)), f"{list(faults_of_boot(model, desired))}\n{plan}"
    return count


@settings(max_examples=budget(600, 20000), derandomize=not THOROUGH, suppress_health_check=list(HealthCheck))
@given(histories)
def test_any_history_ends_as_wanted_without_a_loop(history: List[Any]) -> None:
    event(f"{live(history)} plans")


def recipe(*uplinks: str, vlan: Any = 100, host: int = 10) -> csnet.ManagementNetwork:
    return csnet.ManagementNetwork(uplinks=uplinks, vlan=vlan, addresses=[f"192.168.100.{host}/24"])


#: Found by hand or by the test above, and shrunk. Each was wrong once.
FOUND = {
    "NIC, other NIC, and back": [recipe("eth0"), recipe("eth1"), recipe("eth0")],
    "NIC, bond, other NIC": [recipe("eth1"), recipe("eth0", "eth1"), recipe("eth0"), recipe("eth1")],
}


@pytest.mark.parametrize("name", FOUND)
def test_a_history_that_was_wrong_once(name: str) -> None:
    assert live(list(FOUND[name])) == len(FOUND[name])


def test_the_model_sees_a_loop() -> None:
    model = Model(_BARE)
    for _ in model.apply(csnet.plan(recipe("eth0").desired(), model.facts())):
        pass
    second = as_read(csnet.VlanProfile(name="x", interface_name="eth1.100", uuid="x", parent="eth1", id=100,
                                       controller="cloudbr0", port=csnet.BridgePort()))
    model.profiles["x"] = second
    model.autoconnect()
    assert list(faults(model)) == ["a loop: ['eth0.100', 'eth1.100'] in cloudbr0"]
