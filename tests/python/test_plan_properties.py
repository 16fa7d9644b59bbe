"""What holds for the plan between any two states, carried out on a model of the host (plan_model.py)."""

from typing import Any, Dict, List, Tuple
from uuid import UUID

import csnet
import pytest
import strategies  # noqa: F401  # loads the settings that all tests share
from budget import THOROUGH, budget
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from plan_model import NICS, Model, hosts, wishes

pairs = hosts().flatmap(lambda current: st.tuples(st.just(current), wishes(current)))
thorough = settings(max_examples=budget(500, 5000), derandomize=not THOROUGH, suppress_health_check=list(HealthCheck))


def plan_or_skip(desired: csnet.Request, current: csnet.Facts, **options: Any) -> csnet.Plan:
    """A wish may contradict what the host keeps, a VLAN on a NIC that becomes a bond's port: refused, as it should."""
    try:
        return csnet.plan(desired, current, **options)
    except csnet.InvalidError as error:
        event(f"refused: {str(error).split(': ', 1)[1].split(' ')[0]}")
        assume(False)
        raise


def applied(plan: csnet.Plan, current: csnet.Facts) -> csnet.Facts:
    model = Model(current)
    for _ in model.apply(plan):
        pass
    return model.facts()


def by_uuid(facts: csnet.Facts) -> Dict[str, Any]:
    return {profile.uuid: profile for profile in facts.current.profiles}


def mentioned(wanted: Any, found: Any) -> bool:
    """Whether the one that is there says all that is wanted of it; a port has no IP, which is as good as none."""
    for field in type(wanted).__match_args__:
        want, have = getattr(wanted, field), getattr(found, field)
        if field in ("name", "uuid", "reset", "controller") or want is None:
            continue
        if field in ("ipv4", "ipv6") and have is None and found.port is not None:
            if want.method != "disabled":
                return False
        elif field in ("ipv4", "ipv6", "port"):
            if have is None or type(want) is not type(have) or not mentioned(want, have):
                return False
        elif field == "options":
            if {key: value for key, value in want.items() if value != have.get(key)} not in ({}, {"miimon": "100"}):
                return False
        elif want != have:
            return False
    return True


@thorough
@given(pairs)
def test_the_host_is_as_wanted_and_the_next_plan_is_empty(pair: Tuple[csnet.Facts, csnet.Request]) -> None:
    current, desired = pair
    plan = plan_or_skip(desired, current)
    assert csnet.plan(desired, current) == plan
    assert csnet.plan(desired, current).to_json() == plan.to_json()
    model = Model(current)
    for _ in model.apply(plan):
        pass
    after = model.facts()
    for wanted in desired.wanted.profiles:
        there = [found for found in after.current.profiles if type(found) is type(wanted) and
                 found.interface_name == wanted.interface_name and found.autoconnect]
        assert len(there) == 1, f"{wanted.interface_name} has {len(there)} profiles that come up"
        assert mentioned(wanted, there[0]), f"{wanted}\nis not in\n{there[0]}"
        device = model.devices[wanted.interface_name]
        assert device.profile == there[0].uuid, f"{wanted.interface_name} does not run by its profile"
        if wanted.port is not None:
            assert device.controller == wanted.controller
            assert model.interface_of(there[0].controller) == wanted.controller
    assert str(csnet.plan(desired, after)) == "Nothing to do: the host is as wanted."


@thorough
@given(pairs)
def test_a_bridge_never_has_two_live_uplinks_and_keeps_its_taps(pair: Tuple[csnet.Facts, csnet.Request]) -> None:
    current, desired = pair
    plan = plan_or_skip(desired, current)
    model = Model(current)
    taps = {device.interface_name: device.controller for device in current.devices if device.type == "tun"}
    bridges = {device.interface_name for device in current.devices if device.type == "bridge"}
    for step in model.apply(plan):
        for bridge in model.bridges():
            uplinks = model.uplinks(bridge)
            where = f"{bridge} after {step.action.name} {step.item.name}"
            assert len(uplinks) <= 1, f"{sorted(uplinks)} in {where}\n{plan}"
        for tap, bridge in taps.items():
            assert model.devices[tap].controller == bridge, f"{tap} fell out of {bridge}\n{plan}"
        assert bridges <= set(model.bridges()), f"a bridge is gone\n{plan}"


@thorough
@given(pairs, st.booleans())
def test_steps_say_why_and_leave_all_else_as_it_is(pair: Tuple[csnet.Facts, csnet.Request], prune: bool) -> None:
    current, desired = pair
    plan = plan_or_skip(desired, current, prune=prune)
    assert all(step.why for step in plan)
    if prune:
        assert all(step.action is not csnet.Action.retire for step in plan)
    before, after = by_uuid(current), by_uuid(applied(plan, current))
    touched = {step.item.uuid for step in plan
               if step.action in (csnet.Action.modify, csnet.Action.retire, csnet.Action.remove)}
    for uuid, profile in before.items():
        if uuid not in touched:
            assert after[uuid] == profile
    for step in plan:
        if step.action in (csnet.Action.modify, csnet.Action.retire):
            assert step.changes, f"{step.item.name} is touched for nothing"
    parts = [_part(step.action) for step in plan]
    assert parts == sorted(parts), "memory, then what runs, then the disk"


def _part(action: csnet.Action) -> int:
    if action in (csnet.Action.add, csnet.Action.modify):
        return 0
    return 2 if action in (csnet.Action.retire, csnet.Action.remove) else 1


@thorough
@given(pairs)
def test_after_a_purge_there_is_what_is_wanted_and_no_more(pair: Tuple[csnet.Facts, csnet.Request]) -> None:
    current, desired = pair
    assume(desired.wanted.profiles)  # a purge of everything is refused
    plan = csnet.plan(desired, current, purge=True)  # nothing stays that a wish could contradict
    model = Model(current)
    for step in model.apply(plan):
        assert step.action is not csnet.Action.retire
        for bridge in model.bridges():
            assert len(model.uplinks(bridge)) <= 1, f"{bridge} after {step.action.name} {step.item.name}\n{plan}"
    after = model.facts()
    wanted = {(type(each), each.interface_name) for each in desired.wanted.profiles}
    assert {(type(each), each.interface_name) for each in after.current.profiles} == wanted
    assert len(after.current.profiles) == len(wanted), "one of each"
    assert all(each.autoconnect for each in after.current.profiles)
    taps = {device.interface_name for device in current.devices if device.type == "tun"}
    assert {*model.devices} == {interface for _, interface in wanted} | {*NICS} | taps
    for device in current.devices:
        if device.type == "tun" and (csnet.BridgeProfile, device.controller) in wanted:
            assert model.devices[device.interface_name].controller == device.controller, f"fell out\n{plan}"
    assert str(csnet.plan(desired, after, purge=True)) == "Nothing to do: the host is as wanted."


def some(profiles: List[Any]) -> Any:
    """A few of them, as they lie on another host's disk."""
    copies = [profile.replace(uuid=str(UUID(int=20_000 + at))) for at, profile in enumerate(profiles)]
    return st.lists(st.sampled_from(copies), max_size=2, unique_by=lambda each: each.uuid) if copies else st.just([])


def rivals(desired: csnet.Request) -> List[Any]:
    """For each bridge that is wanted another uplink, and on a NIC that is not there another holder of its addresses."""
    found: List[Any] = []
    for number, bridge in enumerate(each for each in desired.wanted.profiles if isinstance(each, csnet.BridgeProfile)):
        name = f"eth8.{number + 1}"
        found.append(csnet.VlanProfile(
            name=name, interface_name=name, uuid=str(UUID(int=30_000 + number)), parent="eth8", id=number + 1,
            controller=bridge.interface_name, port=csnet.BridgePort(), autoconnect=True))
        found.append(csnet.EthernetProfile(
            name=f"eth9-{number}", interface_name="eth9", uuid=str(UUID(int=40_000 + number)), autoconnect=True,
            ipv4=bridge.ipv4))
    return found


def what_runs(facts: csnet.Facts, desired: csnet.Request) -> csnet.Facts:
    """What Session.plan() reads first: what runs, and what could come up on the interfaces that are wanted."""
    running = {device.profile for device in facts.devices if device.profile}
    could = {(device.interface_name, device.type) for device in facts.devices if device.profile}
    could &= {(profile.interface_name, profile.type) for profile in desired.wanted.profiles}
    return csnet.Facts(
        current=csnet.HostState(profiles=[profile for profile in facts.current.profiles if profile.uuid in running
                                          or (profile.interface_name, profile.type) in could]),
        devices=[device for device in facts.devices if device.profile])


@thorough
@given(pairs, hosts().flatmap(lambda other: some(other.current.profiles)), st.booleans())
def test_what_runs_is_enough_to_see_that_nothing_is_to_be_done(
    pair: Tuple[csnet.Facts, csnet.Request], sleepers: List[Any], has_rivals: bool
) -> None:
    """Whatever sleeps beside it: profiles of another host, and such as hold what is wanted."""
    current, desired = pair
    host = applied(plan_or_skip(desired, current), current)
    sleepers = sleepers + (rivals(desired) if has_rivals else [])
    host = host.replace(current=csnet.HostState(profiles=[*host.current.profiles, *sleepers]))
    try:
        part = csnet.plan(desired, what_runs(host, desired))
    except csnet.Error:
        part = csnet.Plan(steps=[csnet.Step(item=desired.wanted.profiles[0])])  # so does Session.plan(): it reads on
    if not part:
        event("nothing to do")
        assert not csnet.plan(desired, host)
        assert not csnet.plan(desired, host).notes
    else:
        event("reads on")
        assert csnet.plan(desired, host)


def way_back(first: csnet.Facts, now: csnet.Facts) -> csnet.Request:
    """The first state as what is wanted: what it does not mention goes back to its default, what is new is removed."""
    there = by_uuid(now)
    profiles: List[Any] = []
    for profile in first.current.profiles:
        new = there[profile.uuid]
        unset = [field for field in type(profile).__match_args__ if field not in ("reset", "ipv4", "ipv6", "port")
                 and getattr(profile, field) is None and getattr(new, field) is not None]
        for family in ("ipv4", "ipv6"):
            if getattr(profile, family) is not None and getattr(new, family) is not None:
                config = getattr(profile, family)
                unset += [f"{family}.{field}" for field in type(config).__match_args__
                          if getattr(config, field) is None and getattr(getattr(new, family), field) is not None]
        profiles.append(profile.replace(reset=unset))
    return csnet.Request(wanted=csnet.HostState(profiles=profiles), remove=sorted(set(there) - set(by_uuid(first))))


@thorough
@given(pairs)
def test_the_plan_back_restores_the_first_state(pair: Tuple[csnet.Facts, csnet.Request]) -> None:
    current, desired = pair
    after = applied(plan_or_skip(desired, current), current)
    back = csnet.plan(way_back(current, after), after)
    model = Model(after)
    for step in model.apply(back):
        for bridge in model.bridges():
            assert len(model.uplinks(bridge)) <= 1, f"{bridge} after {step.action.name} {step.item.name}\n{back}"
    restored = model.facts()
    assert by_uuid(restored) == by_uuid(current)
    running = {device.interface_name: (device.profile, device.controller) for device in restored.devices}
    for device in current.devices:
        if device.profile:
            assert running[device.interface_name] == (device.profile, device.controller)


def test_a_plan_that_the_model_could_not_carry_out_is_noticed() -> None:
    """The model itself: a port before its controller, a VLAN before its parent."""
    bridge = csnet.BridgeProfile(name="br0", interface_name="br0", uuid="1")
    port = csnet.EthernetProfile(name="eth0", interface_name="eth0", uuid="2", controller="br0",
                                 port=csnet.BridgePort())
    vlan = csnet.VlanProfile(name="eth0.1", interface_name="eth0.1", uuid="3", parent="eth0", id=1)
    late: List[Any] = [port, vlan]
    for each in late:
        steps = [csnet.Step(action=csnet.Action.add, item=bridge),
                 csnet.Step(action=csnet.Action.add, item=each),
                 csnet.Step(action=csnet.Action.activate, item=each)]
        plan = csnet.Plan(steps=steps)
        with pytest.raises(AssertionError, match="before its"):
            applied(plan, csnet.Facts())
