"""Session and plan() find the same profile, by whichever word it is named."""

from typing import List, Optional

import csnet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csnet_lab import Host

WORDS = ("csa", "csb", "csc")
#: Each profile: its name and its interface.
pairs = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)), min_size=1, max_size=5)


def by_session(session: csnet.Session, word: str) -> Optional[str]:
    """The uuid; None for no profile; "several" if it is ambiguous."""
    try:
        found = session.find(word)
    except csnet.ConflictError as error:
        assert error.subject == f"profile '{word}'"
        return "several"
    return None if found is None else found.uuid


def by_plan(session: csnet.Session, word: str) -> Optional[str]:
    try:
        steps = session.plan(csnet.HostState(remove=[word])).steps
    except csnet.ConflictError as error:
        assert error.subject == f"profile '{word}'"
        return "several"
    removed = [step.item.uuid for step in steps if step.action is csnet.Action.remove]
    assert len(removed) <= 1, removed
    return removed[0] if removed else None


def by_rule(profiles: List[csnet.BridgeProfile], word: str) -> Optional[str]:
    """By uuid, by name, by interface: as the documentation says."""
    for field in ("uuid", "name", "interface_name"):
        fits = [profile.uuid for profile in profiles if getattr(profile, field) == word]
        if fits:
            return fits[0] if len(fits) == 1 else "several"
    return None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs)
def test_a_word_means_one_profile_everywhere(host: Host, made: List["tuple[str, str]"]) -> None:
    with csnet.Session(bus_address=host.bus_address) as session:
        uuids = session.add_all([csnet.BridgeProfile(name=name, interface_name=interface, autoconnect=False)
                                 for name, interface in made])
        try:
            there = [csnet.BridgeProfile(name=name, interface_name=interface, uuid=uuid)
                     for (name, interface), uuid in zip(made, uuids)]
            for word in (*WORDS, "nobody", *uuids):
                expected = by_rule(there, word)
                assert by_session(session, word) == expected, (made, word)
                assert by_plan(session, word) == expected, (made, word)
        finally:
            session.remove(*uuids)


def test_a_removed_profile_is_the_one_that_the_plan_named(host: Host) -> None:
    """A profile with the name of another one's interface: different calls used to delete different ones."""
    with csnet.Session(bus_address=host.bus_address) as session:
        called, _ = session.add_all([csnet.EthernetProfile(name="eth0", interface_name="eth1", autoconnect=False),
                                     csnet.EthernetProfile(name="Wired", interface_name="eth0", autoconnect=False)])
        (step,) = session.plan(csnet.HostState(remove=["eth0"])).steps
        assert (step.action, step.item.uuid) == (csnet.Action.remove, called)
        session.remove("eth0")
        assert [profile.name for profile in session.profiles()] == ["Wired"]
