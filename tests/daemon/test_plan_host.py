"""Session.plan() returns csnet.plan() of the whole host, but reads that only if there is something to do."""

import logging
from typing import Any, Dict, List, Union

import csnet
import pytest
from csnet_lab import Host

WANTED = csnet.ManagementNetwork(uplinks=["eth0"], addresses=["192.168.100.10/24"], stp=False).desired()
_ADD = "connection add con-name rival ipv6.method disabled"
_OF_ETH0 = f"{_ADD} type ethernet ifname eth0 ipv4.method manual ipv4.addresses 10.9.9.9/24"
_OF_ETH1 = f"{_ADD} type ethernet ifname eth1 ipv4.method manual ipv4.addresses 10.9.9.9/24"
_HOLDER = f"{_ADD} type ethernet ifname eth1 ipv4.method manual ipv4.addresses 192.168.100.10/24"
#: Changes to a host that is as wanted, and the steps that a plan has for it afterwards.
DRIFT = {
    "nothing": ([], []),
    "a NIC's second profile": ([_OF_ETH0], ["retire rival"]),
    "a NIC's second profile, by its address": (
        [f"{_ADD} type ethernet ifname * mac {{mac}} ipv4.method manual ipv4.addresses 10.9.9.9/24"],
        ["retire rival"]),
    "a second bridge of the name": ([f"{_ADD} type bridge ifname cloudbr0 ipv4.method disabled"], ["retire rival"]),
    "one that is put aside": ([f"{_OF_ETH0} autoconnect no"], []),
    "the address, running": ([_HOLDER, "connection up rival"], ["park rival (parked by csnet)", "retire rival"]),
    "the address, asleep": ([f"{_HOLDER} connection.autoconnect-priority 1", "device disconnect eth1"], []),
    "another type's profile, asleep": (
        [f"{_ADD} type bond ifname cloudbr0 mode active-backup ipv4.method disabled"], []),
    "other profiles, asleep": ([f"{_ADD} type bridge ifname br{number} autoconnect no ipv4.method disabled"
                                for number in range(20)], []),
    "an edited profile": (["connection modify cloudbr0 bridge.stp yes"], ["modify cloudbr0", "reapply cloudbr0"]),
    "an edit of what runs alone": (["device modify cloudbr0 ipv4.dns 192.0.2.53"], ["reapply cloudbr0"]),
    "a bridge that is down": (["connection down cloudbr0"], ["activate cloudbr0", "activate eth0"]),
}


#: So many inactive profiles that the host is not a small one, of which csnet reads everything.
_CROWD = [csnet.BridgeProfile(name=f"crowd{number}", interface_name=f"crowd{number}", autoconnect=False)
          for number in range(20)]


@pytest.fixture
def small_host(fresh_host: Host) -> Host:
    with csnet.Session(bus_address=fresh_host.bus_address) as session:
        session.add_all(WANTED.wanted.profiles)
        session.activate("cloudbr0")
    return fresh_host


@pytest.fixture
def as_wanted(small_host: Host) -> Host:
    with csnet.Session(bus_address=small_host.bus_address) as session:
        session.add_all(_CROWD)
    return small_host


def requests_of_plan(host: Host, caplog: pytest.LogCaptureFixture, **options: bool) -> List[str]:
    """The methods that Session.plan() calls. Its plan must be csnet.plan()'s for all that read() returns."""
    with caplog.at_level(logging.DEBUG, logger="csnet.dbus"), csnet.Session(bus_address=host.bus_address) as session:
        caplog.clear()
        plan = session.plan(WANTED, **options)
        requests = [record.getMessage().split()[0] for record in caplog.records]
        whole = csnet.plan(WANTED, session.read(), **options)
        for field in ("steps", "notes", "options", "request"):
            assert getattr(plan, field) == getattr(whole, field)
    return requests


@pytest.mark.parametrize("drift", DRIFT)
def test_it_says_what_plan_says_of_the_whole_host(
    as_wanted: Host, drift: str, caplog: pytest.LogCaptureFixture
) -> None:
    lines, steps = DRIFT[drift]
    for line in lines:
        as_wanted.run(["nmcli", "--wait", "20", *line.format(mac=as_wanted.nics["eth0"].mac).split()])
    requests = requests_of_plan(as_wanted, caplog)
    assert ("GetManagedObjects" in requests) == bool(steps), "it reads the whole host if there is something to do"
    with csnet.Session(bus_address=as_wanted.bus_address) as session:
        plan = session.plan(WANTED)
        assert [f"{step.action.value} {step.item.name}" for step in plan] == steps, str(plan)


def test_of_a_small_host_it_reads_everything_once(small_host: Host, caplog: pytest.LogCaptureFixture) -> None:
    of_plan = ["GetManagedObjects", *["GetSettings"] * 2, *["GetAppliedConnection"] * 2]
    assert sorted(requests_of_plan(small_host, caplog)) == sorted(["Get"] * 2 + of_plan)
    small_host.run(["nmcli", "connection", "modify", "cloudbr0", "bridge.stp", "yes"])
    assert sorted(requests_of_plan(small_host, caplog)) == sorted(["Get"] * 2 + of_plan)


def test_it_reads_as_much_on_a_host_with_more_profiles(as_wanted: Host, caplog: pytest.LogCaptureFixture) -> None:
    few = requests_of_plan(as_wanted, caplog)
    with csnet.Session(bus_address=as_wanted.bus_address) as session:
        session.add_all([csnet.BridgeProfile(name=f"br{number}", interface_name=f"br{number}", autoconnect=False)
                         for number in range(50)])
    assert requests_of_plan(as_wanted, caplog) == few
    assert len(few) < 25


def test_without_a_carrier_it_reads_the_whole_host(as_wanted: Host, caplog: pytest.LogCaptureFixture) -> None:
    """Then NetworkManager does not list the profiles that could come up on the NIC."""
    as_wanted.unplug("eth0")
    try:
        as_wanted.run(["nmcli", *_OF_ETH0.split()])
        assert "GetManagedObjects" in requests_of_plan(as_wanted, caplog)
    finally:
        as_wanted.plug("eth0")


def test_purge_looks_at_every_profile(as_wanted: Host, caplog: pytest.LogCaptureFixture) -> None:
    as_wanted.run(["nmcli", *f"{_ADD} type bridge ifname br9 autoconnect no ipv4.method disabled".split()])
    assert "GetManagedObjects" in requests_of_plan(as_wanted, caplog, purge=True)


def test_remove_looks_at_every_profile(as_wanted: Host) -> None:
    as_wanted.run(["nmcli", *f"{_ADD} type bridge ifname br9 autoconnect no ipv4.method disabled".split()])
    wanted = WANTED.replace(remove=["rival"])
    with csnet.Session(bus_address=as_wanted.bus_address) as session:
        assert session.plan(wanted).steps == csnet.plan(wanted, session.read()).steps != ()


def test_a_profile_that_is_named_by_its_uuid_is_found_asleep(as_wanted: Host) -> None:
    """By its interface the active one would be adopted, and nothing done."""
    as_wanted.run(["nmcli", *f"{_OF_ETH1} autoconnect no".split()])
    with csnet.Session(bus_address=as_wanted.bus_address) as session:
        rival = session.find("rival")
        assert rival is not None
        nic, bridge = WANTED.wanted.profiles
        wanted = WANTED.replace(wanted=csnet.HostState(profiles=[nic.replace(uuid=rival.uuid), bridge]))
        assert session.plan(wanted).steps == csnet.plan(wanted, session.read()).steps != ()


def test_what_is_missing_only_among_what_runs_is_no_mistake(as_wanted: Host) -> None:
    as_wanted.run(["nmcli", *f"{_ADD} type bridge ifname br9 autoconnect no ipv4.method disabled".split()])
    with csnet.Session(bus_address=as_wanted.bus_address) as session:
        nic, bridge = WANTED.wanted.profiles
        wanted = WANTED.replace(wanted=csnet.HostState(profiles=[nic.replace(controller="br9"), bridge]))
        assert session.plan(wanted).steps == csnet.plan(wanted, session.read()).steps != ()


@pytest.mark.parametrize(("wanted", "options", "says"), [
    (csnet.HostState(profiles=[csnet.EthernetProfile(name="eth9", interface_name="eth9")]), {},
     "there is no interface 'eth9' on this host"),
    # The hint names the NICs, those without a profile, too.
    (csnet.HostState(profiles=[csnet.VlanProfile(name="eth0", interface_name="eth0", parent="bond9", id=9)]), {},
     "parent 'bond9' is neither on this host nor in the file"),
    (WANTED, {"guest_vlans": "5000"}, "guest_vlans"),
])
def test_mistakes_are_those_of_plan(
    as_wanted: Host, wanted: Union[csnet.HostState, csnet.Request], options: Dict[str, Any], says: str
) -> None:
    with csnet.Session(bus_address=as_wanted.bus_address) as session:
        with pytest.raises(csnet.Error, match=says) as of_plan:
            csnet.plan(wanted, session.read(), **options)
        with pytest.raises(type(of_plan.value)) as of_session:
            session.plan(wanted, **options)
    assert (str(of_session.value), of_session.value.hint) == (str(of_plan.value), of_plan.value.hint)


def test_only_a_host_state_can_be_planned(host: Host) -> None:
    with csnet.Session(bus_address=host.bus_address) as session, pytest.raises(TypeError):
        session.plan(WANTED.wanted.profiles)  # type: ignore[arg-type]
