"""to_dict() and from_dict(): every value as plain dicts, and back."""

import json
from typing import Any, Callable, Dict, Type

import csnet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import VALUE_CLASSES, host_states, name_of, values

anything: Any = csnet


@pytest.mark.parametrize("cls", VALUE_CLASSES, ids=name_of)
@given(data=st.data())
def test_each_value_survives_json(cls: Type[Any], data: st.DataObject) -> None:
    value = data.draw(values(cls))
    assert cls.from_dict(value.to_dict()) == value
    assert cls.from_dict(json.loads(json.dumps(value.to_dict()))) == value


def test_a_wish_has_what_it_mentions() -> None:
    request = csnet.Request(wanted=csnet.HostState(profiles=[
        csnet.VlanProfile(name="v", parent="eth0", id=100, controller="br0", port=csnet.BridgePort(priority=5),
                          egress_priority_map={1: 2}),
        csnet.BondProfile(ipv4=csnet.Ip4Config(addresses=["10.0.0.1/8"]), reset=["mtu"])]),
        probes=[csnet.Probe(target="10.0.0.2:22")])
    assert request.to_dict() == {
        "wanted": {"profiles": [
            {"type": "vlan", "name": "v", "controller": "br0", "port": {"type": "bridge", "priority": 5},
             "parent": "eth0", "id": 100, "egress_priority_map": {1: 2}},
            {"type": "bond", "ipv4": {"addresses": ["10.0.0.1/8"]}, "reset": ["mtu"]}]},
        "probes": [{"type": "tcp", "target": "10.0.0.2:22"}],
    }


@given(host_states())
def test_the_dict_of_a_state_is_a_network_file(state: csnet.HostState) -> None:
    import csnet.network_file

    text = json.dumps({"profiles": [], **state.to_dict()}).encode()
    assert csnet.loads(text, "state.json") == csnet.Request(wanted=state)


def test_a_fact_has_every_field() -> None:
    for cls in (csnet.Facts, csnet.Device, csnet.Link, csnet.Finding, csnet.Step, csnet.Plan, csnet.Progress,
                csnet.Report, csnet.Transaction, csnet.Change):
        found: Dict[str, Any] = cls().to_dict()  # type: ignore[attr-defined]
        assert tuple(found) == cls.__match_args__
    assert csnet.Step(action=csnet.Action.park).to_dict()["action"] == "park"
    assert csnet.Device(mac_address="52-54-00-00-00-01").to_dict()["mac_address"] == "52:54:00:00:00:01"


@pytest.mark.parametrize("read, error, message", [
    (lambda: anything.BridgeProfile.from_dict([]), TypeError, "BridgeProfile: [] is not a dict"),
    (lambda: anything.BridgeProfile.from_dict({"sttp": False}), TypeError,
     "BridgeProfile.from_dict() got an unexpected keyword argument 'sttp'; did you mean 'stp'?"),
    (lambda: anything.BridgeProfile.from_dict({"type": "vlan"}), TypeError,
     "BridgeProfile.type: 'vlan' is not a bridge"),
    (lambda: anything.HostState.from_dict({"profiles": [{"name": "x"}]}), TypeError,
     "HostState.profiles[0].type: None is not a bridge or vlan or bond or ethernet"),
    (lambda: anything.HostState.from_dict({"profiles": [{"type": "vlan", "ipv4": {"dns": [4]}}]}), TypeError,
     "HostState.profiles[0].ipv4.dns[0]: 4 is not a str"),
    (lambda: anything.VlanProfile.from_dict({"egress_priority_map": {"one": 1}}), TypeError,
     "VlanProfile.egress_priority_map: 'one' is not an int"),
    (lambda: anything.EthernetProfile.from_dict({"mac_address": "no"}), csnet.InvalidError,
     "EthernetProfile.mac_address: 'no' is not an Ethernet address"),
    (lambda: anything.Step.from_dict({"action": "ad"}), csnet.InvalidError, "Step.action: 'ad' is not an Action"),
    (lambda: anything.Step.from_dict({"action": 1}), TypeError, "Step.action: 1 is not a str"),
])
def test_a_wrong_dict_is_refused_by_the_name_of_its_place(
        read: Callable[[], Any], error: Type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        read()
    assert str(caught.value) == message


def test_an_enumerator_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(csnet.InvalidError) as caught:
        anything.Transaction.from_dict({"state": "over"})
    assert caught.value.hint == "use trial, running or interrupted"


def test_a_report_tells_people_what_happened() -> None:
    assert str(csnet.Report()) == "there was nothing to do"
    steps = [csnet.Progress(action=csnet.ProgressAction.add, subject="bridge 'br0'",
                            outcome=csnet.ProgressOutcome.done),
             csnet.Progress(action=csnet.ProgressAction.probe, subject="tcp 10.0.0.2:22",
                            outcome=csnet.ProgressOutcome.skipped, detail="it failed before, too")]
    assert str(csnet.Report(id="7", committed=True, steps=steps)) == (
        "transaction 7: committed\n  done: add bridge 'br0'\n"
        "  skipped: probe tcp 10.0.0.2:22: it failed before, too")
