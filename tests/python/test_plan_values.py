"""A Plan as a Python value, and what plan(), Session.apply() and Check refuse. What plans say is in the other tests."""

import copy
import json
import pickle
import time
from pathlib import Path
from typing import Any, Callable, Type

import csnet
import pytest
from csnet_lab import Host

anything: Any = csnet  # for what a type checker refuses before csnet can

BRIDGE = csnet.BridgeProfile(name="cloudbr0", interface_name="cloudbr0", stp=False)
NIC = csnet.EthernetProfile(name="eth0", interface_name="eth0", controller="cloudbr0", port=csnet.BridgePort())
CURRENT = csnet.Facts(devices=[csnet.Device(interface_name="eth0", type="ethernet", state="disconnected")])


@pytest.fixture(scope="module")
def plan() -> csnet.Plan:
    """Two new profiles on a host that has neither."""
    return csnet.plan(csnet.HostState(profiles=[NIC, BRIDGE]), CURRENT)


def long_plan(steps: int) -> csnet.Plan:
    profiles = [csnet.BridgeProfile(name=f"br{n}", interface_name=f"br{n}", stp=False) for n in range(steps)]
    changes = [csnet.Change(property="stp", after="False")]
    return csnet.Plan(steps=[csnet.Step(item=profile, changes=changes, why="new") for profile in profiles],
                      request=csnet.Request(wanted=csnet.HostState(profiles=profiles)))


def test_a_plan_is_its_steps(plan: csnet.Plan) -> None:
    assert tuple(plan) == plan.steps
    assert [step.action for step in plan].count(csnet.Action.add) == 2
    assert len(plan) == len(plan.steps) > 2
    assert all(isinstance(step, csnet.Step) for step in plan)
    assert plan.request.wanted.profiles == (NIC, BRIDGE)


def test_a_plan_is_true_when_something_is_to_be_done(plan: csnet.Plan) -> None:
    assert plan
    assert not plan.empty
    nothing = csnet.plan(csnet.HostState(), CURRENT)
    assert not nothing
    assert (nothing.empty, len(nothing), list(nothing)) == (True, 0, [])
    assert nothing == csnet.Plan()


def test_its_text_is_for_people_and_its_repr_for_python(plan: csnet.Plan) -> None:
    assert repr(plan).startswith("Plan(steps=[Step(item=")
    assert eval(repr(plan), dict(vars(csnet))) == plan
    text = str(plan)
    assert "cloudbr0" in text
    assert "Plan(" not in text and "BridgeProfile(" not in text
    assert len(text.splitlines()) > 2
    assert f"{plan}" == text
    assert str(csnet.Plan()).startswith("Nothing to do")


def test_its_json_has_the_documented_keys(plan: csnet.Plan) -> None:
    whole = json.loads(plan.to_json())
    assert list(whole) == ["csnet", "steps", "notes"]
    assert whole["csnet"] == 1
    assert len(whole["steps"]) == len(plan)
    for step, said in zip(plan, whole["steps"]):
        assert said["action"] == step.action.value
    assert json.loads(csnet.Plan().to_json()) == {"csnet": 1, "steps": [], "notes": []}


def test_its_json_holds_any_text() -> None:
    for text in ('"', "\\", "\n\t", "\x1f", "\x7f", "Brücke", "管理", "\U0001f600"):
        finding = csnet.Finding(subject=text, message=text, hint=text)
        step = csnet.Step(item=csnet.BridgeProfile(name=text, interface_name=text), why=text, interrupts=text,
                          changes=[csnet.Change(property=text, before=text, after=text)])
        whole = json.loads(csnet.Plan(steps=[step], notes=[finding]).to_json())
        assert whole["steps"][0]["why"] == text
        assert whole["notes"][0]["message"] == text


def test_its_diff_is_what_ansible_shows(plan: csnet.Plan) -> None:
    diff = plan.diff()
    assert list(diff) == ["before", "after"]
    assert "cloudbr0" in diff["after"]
    assert "cloudbr0" not in diff["before"]
    assert csnet.Plan().diff() == {"before": "", "after": ""}


def test_a_plan_is_pickled_copied_and_hashed_as_a_value(plan: csnet.Plan) -> None:
    for twin in (pickle.loads(pickle.dumps(plan)), copy.copy(plan), copy.deepcopy(plan), plan.replace()):
        assert twin == plan
        assert hash(twin) == hash(plan)
        assert str(twin) == str(plan)
    assert {plan: 1}[csnet.plan(csnet.HostState(profiles=[NIC, BRIDGE]), CURRENT)] == 1
    assert plan != csnet.Plan()
    assert plan.replace(steps=[]) != plan
    assert plan != plan.steps


def test_a_plan_of_2000_steps_is_not_slow() -> None:
    begin = time.process_time()
    plan = long_plan(2000)
    assert plan == pickle.loads(pickle.dumps(plan))
    assert hash(plan) == hash(copy.deepcopy(plan))
    assert len(repr(plan)) > len(str(plan)) > 2000
    assert len(json.loads(plan.to_json())["steps"]) == len(list(plan)) == len(plan) == 2000
    assert plan.diff()["after"].count("br1999") > 0
    assert time.process_time() - begin < 5  # a second, on an idle machine


@pytest.mark.parametrize("action", csnet.Action)
def test_an_action_prints_as_it_is_typed(action: csnet.Action) -> None:
    assert repr(action) == f"Action.{action.name}"
    assert eval(repr(action), dict(vars(csnet))) is action
    assert csnet.Step(action=action).action is action
    assert pickle.loads(pickle.dumps(action)) is action
    assert action.name == action.value


def test_a_recipe_is_planned_as_the_state_that_it_makes() -> None:
    recipe = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.168.100.10/24"])
    assert csnet.plan(recipe, CURRENT) == csnet.plan(recipe.desired(), CURRENT)
    assert csnet.plan(recipe, CURRENT).request == recipe.desired()
    with pytest.raises(csnet.InvalidError, match="^management network 'cloudbr0': "):
        csnet.plan(csnet.ManagementNetwork(), CURRENT)


def test_a_step_without_an_action_adds() -> None:
    assert csnet.Step() == csnet.Step(action=csnet.Action.add, item=csnet.BridgeProfile())
    assert repr(csnet.Step(action=csnet.Action.park)) == "Step(action=Action.park)"


def test_times_are_seconds() -> None:
    progress = csnet.Progress(action=csnet.ProgressAction.commit, start=4.035, duration=0)
    assert (progress.start, progress.duration) == (4.035, 0.0)
    assert isinstance(progress.duration, float)
    for milliseconds in range(1, 5000):  # 4.035 * 1000 is a little more than 4035
        assert csnet.Progress(start=milliseconds / 1000).start == milliseconds / 1000
    assert csnet.Progress(start=1e-9).start == 0.001
    assert csnet.Progress(start=0.0011).start == 0.002
    with pytest.raises(csnet.InvalidError, match="^Progress.start: -1 is not a time"):
        csnet.Progress(start=-1)


def refused(error: Type[Exception], message: str, call: Callable[[], Any]) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize("call, message", [
    (lambda: anything.plan(BRIDGE, CURRENT),
     f"plan.desired: {BRIDGE} is not a Request or HostState or ManagementNetwork"),
    (lambda: anything.plan([BRIDGE], CURRENT),
     f"plan.desired: {[BRIDGE]} is not a Request or HostState or ManagementNetwork"),
    (lambda: anything.plan(csnet.HostState(), None), "plan.current: None is not a Facts or HostState"),
    (lambda: anything.plan(csnet.HostState(), CURRENT, prune=1), "plan.prune: 1 is not a bool"),
    (lambda: anything.plan(csnet.HostState(), CURRENT, purge="no"), "plan.purge: 'no' is not a bool"),
    (lambda: anything.plan(csnet.HostState(), CURRENT, guest_vlans=200), "plan.guest_vlans: 200 is not a str"),
    (lambda: anything.Plan(steps=[BRIDGE]), f"Plan.steps[0]: {BRIDGE} is not a Step"),
    (lambda: anything.Plan(request=None), "Plan.request: None is not a Request"),
    (lambda: anything.Step(action="add"), "Step.action: 'add' is not an Action"),
    (lambda: anything.Step(action=csnet.Severity.info), "Step.action: Severity.info is not an Action"),
    (lambda: anything.Step(item=None),
     "Step.item: None is not a BridgeProfile or VlanProfile or BondProfile or EthernetProfile"),
    (lambda: anything.Progress(start=True), "Progress.start: True is not a number of seconds or datetime.timedelta"),
    (lambda: anything.Progress(start="1"), "Progress.start: '1' is not a number of seconds or datetime.timedelta"),
])
def test_a_refusal_names_the_argument_and_the_value(call: Callable[[], Any], message: str) -> None:
    refused(TypeError, message, call)


def test_guest_vlans_that_are_none_are_invalid() -> None:
    with pytest.raises(csnet.InvalidError, match="guest_vlans"):
        csnet.plan(csnet.HostState(), CURRENT, guest_vlans="200-")


def test_a_wanted_state_that_is_wrong_has_no_plan() -> None:
    with pytest.raises(csnet.InvalidError, match="^vlan 'v': id: 4095 is not a VLAN id"):
        csnet.plan(csnet.HostState(profiles=[
            csnet.VlanProfile(name="v", interface_name="v", parent="eth0", id=4095)]), CURRENT)
    with pytest.raises(csnet.InvalidError, match="^bridge 'cloudbr0': reset names 'sttp', and there is no such field"):
        csnet.plan(csnet.HostState(profiles=[BRIDGE.replace(reset=["sttp"])]), csnet.HostState(profiles=[BRIDGE]))


def test_plan_takes_its_states_by_name_and_its_options_by_name_only() -> None:
    assert csnet.plan(desired=csnet.HostState(), current=CURRENT, prune=True).options.prune
    assert csnet.plan(csnet.HostState(profiles=[BRIDGE]), CURRENT, purge=True).options == csnet.PlanOptions(purge=True)
    assert csnet.plan(csnet.HostState(), CURRENT, guest_vlans="200-299").options.guest_vlans == "200-299"
    with pytest.raises(TypeError):
        anything.plan(csnet.HostState(), CURRENT, True)


def passes() -> bool:
    return True


def test_a_check_has_a_name_and_something_to_call() -> None:
    check = csnet.Check("agent", passes)
    assert (check.name, check.passes, check.required) == ("agent", passes, False)
    assert check == csnet.Check(name="agent", passes=passes) != check._replace(required=True)
    assert repr(check).startswith("Check(name='agent', passes=<function passes at ")
    assert pickle.loads(pickle.dumps(check)) == check
    assert csnet.Check.__module__ == "csnet"
    with pytest.raises(TypeError, match="passes"):
        anything.Check("agent")


@pytest.fixture
def closed(host: Host) -> Any:
    """What apply() is given is looked at before it is noticed that the session is closed."""
    with csnet.Session(bus_address=host.bus_address) as session:
        return session


def test_a_state_directory_is_a_str_or_a_path(host: Host, tmp_path: Path) -> None:
    for directory in (tmp_path, str(tmp_path)):
        with csnet.Session(bus_address=host.bus_address, state_directory=directory) as session:
            assert session.transaction() is None
    for wrong in (5, None, True):
        refused(TypeError, f"Session.state_directory: {wrong} is not a str or os.PathLike",
                lambda wrong=wrong: anything.Session(state_directory=wrong))
    refused(TypeError, "Session.state_directory: b'/var/lib/csnet' is not a str or os.PathLike",
            lambda: anything.Session(state_directory=b"/var/lib/csnet"))
    with pytest.raises(csnet.InvalidError, match="^Session.state_directory: .* holds a null character"):
        csnet.Session(state_directory="/tmp\0/x")


@pytest.mark.parametrize("given, message", [
    ({"checks": ["agent"]}, "Session.apply.checks[0]: 'agent' is not a Check"),
    ({"checks": [("agent", print, False)]},
     "Session.apply.checks[0]: ('agent', <built-in function print>, False) is not a Check"),
    ({"checks": csnet.Probe()}, "Session.apply.checks: Probe() is not a list[Check]"),
    ({"checks": [anything.Check("agent", passes), anything.Check("agent", "true")]},
     "Session.apply.checks[1].passes: 'true' is not a callable"),
    ({"checks": [anything.Check(5, passes)]}, "Session.apply.checks[0].name: 5 is not a str"),
    ({"checks": [anything.Check("agent", passes, 1)]}, "Session.apply.checks[0].required: 1 is not a bool"),
    ({"probes": [anything.Check("agent", print)]}, "Session.apply.probes[0]: "
     "Check(name='agent', passes=<built-in function print>, required=False) is not a Probe"),
    ({"probes": csnet.Probe()}, "Session.apply.probes: Probe() is not a list[Probe]"),
    ({"rollback_after": "30"}, "Session.apply.rollback_after: '30' is not a number of seconds or datetime.timedelta"),
    ({"hard_limit": None}, "Session.apply.hard_limit: None is not a number of seconds or datetime.timedelta"),
    ({"commit": 1}, "Session.apply.commit: 1 is not a bool"),
    ({"on_progress": "print"}, "Session.apply.on_progress: 'print' is not a callable"),
])
def test_apply_names_the_argument_that_is_wrong(given: Any, message: str, closed: Any) -> None:
    refused(TypeError, message, lambda: closed.apply(csnet.Plan(), **given))


def test_apply_takes_a_plan_and_a_time_that_is_one(closed: Any) -> None:
    refused(TypeError, "Session.apply.plan: HostState() is not a Plan", lambda: closed.apply(csnet.HostState()))
    for name in ("rollback_after", "hard_limit"):
        with pytest.raises(csnet.InvalidError, match=f"^Session.apply.{name}: 0 is not a time"):
            closed.apply(csnet.Plan(), **{name: 0})
    for call, name in ((closed.commit, "commit"), (closed.rollback, "rollback")):
        refused(TypeError, f"Session.{name}: 5 is not a str", lambda call=call: call(5))
    with pytest.raises(csnet.InvalidError, match="^Session: it is closed"):
        closed.apply(csnet.Plan())


def test_a_port_leaves_the_bridge_that_remove_means() -> None:
    """By its name, although another bridge's interface is called so."""
    bridge = csnet.BridgeProfile(name="br9", interface_name="br0", uuid="u-bridge")
    other = csnet.BridgeProfile(name="other", interface_name="br9", uuid="u-other")
    port = csnet.bridge_slave("eth0", "eth0", "br0").replace(uuid="u-port")
    current = csnet.HostState(profiles=[bridge, other, port])
    nowhere = csnet.EthernetProfile(name="eth0", interface_name="eth0", ipv4=csnet.Ip4Config(method="disabled"),
                                    ipv6=csnet.Ip6Config(method="disabled"))
    plan = csnet.plan(csnet.Request(wanted=csnet.HostState(profiles=[nowhere]), remove=["br9"]), current)
    assert [step.item.uuid for step in plan if step.action is csnet.Action.remove] == ["u-bridge"]
    (change,) = [step for step in plan if step.action is csnet.Action.modify]
    assert change.item.uuid == "u-port" and not change.item.controller


@pytest.mark.parametrize("option, before, after, action", [
    ("arp_ip_target", "10.0.0.1", "10.0.0.1, 10.0.0.2", csnet.Action.reapply),
    ("miimon", "100", "200", csnet.Action.reapply),
    ("fail_over_mac", "none", "active", csnet.Action.activate),
    ("fail_over_mac", None, "active", csnet.Action.activate),
    ("arp_ip_target", "10.0.0.1, fail_over_mac=active", "10.0.0.1", csnet.Action.reapply),
])
def test_a_running_bond_takes_over_what_it_can(option: str, before: Any, after: str, action: csnet.Action) -> None:
    """Values are compared, not the text that shows them."""
    def bond(value: Any) -> csnet.BondProfile:
        options = {"miimon": "50"} if value is None else {"miimon": "50", option: value}
        return csnet.BondProfile(name="bond0", interface_name="bond0", uuid="u-bond", mode="active-backup",
                                 options=options)

    device = csnet.Device(interface_name="bond0", type="bond", state="activated", profile="u-bond")
    current = csnet.Facts(current=csnet.HostState(profiles=[bond(before)]), devices=[device])
    steps = csnet.plan(csnet.HostState(profiles=[bond(after)]), current).steps
    assert [step.action for step in steps] == [csnet.Action.modify, action]
