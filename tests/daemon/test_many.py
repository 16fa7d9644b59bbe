"""Many profiles at once: a change is all or nothing, and a removal reports every failure."""

import contextlib
import logging
from pathlib import Path
from typing import Any, Dict, Iterator

import csnet
import pytest
from csnet_lab import Host

_NAMES = ["br0", "br1", "br2"]


@pytest.fixture
def session(host: Host) -> Iterator[csnet.Session]:
    with csnet.Session(bus_address=host.bus_address) as one:
        one.add_all([csnet.BridgeProfile(name=name, interface_name=name, autoconnect=False) for name in _NAMES])
        yield one
        for profile in one.profiles():
            one.remove(profile.uuid)


@contextlib.contextmanager
def watched(host: Host, caplog: pytest.LogCaptureFixture) -> Iterator[csnet.Session]:
    """A session; caplog.messages holds all its requests."""
    with caplog.at_level(logging.DEBUG, "csnet.dbus"), csnet.Session(bus_address=host.bus_address) as session:
        yield session


def keyfiles(host: Host) -> Dict[str, str]:
    return {path.stem: path.read_text() for path in host.system_connections.iterdir() if path.is_file()}


def make_unwritable(host: Host, name: str) -> Path:
    """Puts a directory in the place of the profile's file: NetworkManager cannot write there."""
    path = host.system_connections / f"{name}.nmconnection"
    path.unlink()
    path.mkdir()
    return path


def test_each_is_changed_by_whatever_name(session: csnet.Session) -> None:
    uuid = session.find("br1").uuid
    session.modify("br2", csnet.BridgeProfile(name="third"))
    before = session.profiles()
    session.modify_all({"br0": csnet.BridgeProfile(stp=False), uuid: csnet.BridgeProfile(priority=4096),
                        "third": csnet.BridgeProfile(mtu=1400)})  # fmt: skip
    assert session.profiles() == (before[0].replace(stp=False), before[1].replace(priority=4096),
                                  before[2].replace(mtu=1400))  # fmt: skip


def test_a_bridge_and_its_port_take_a_new_name_together(session: csnet.Session) -> None:
    session.add(csnet.bridge_slave("port0", "port0", "br0").replace(autoconnect=False))
    session.modify_all({"br0": csnet.BridgeProfile(name="new name", interface_name="new0"),
                        "port0": csnet.EthernetProfile(controller="new name")})  # fmt: skip
    assert session.find("port0").controller == session.find("new0").uuid


@pytest.mark.parametrize("changes, error, message", [
    ({"br1": csnet.BridgeProfile(max_age=1000)}, csnet.InvalidError, "bridge 'br1': max_age: 1000"),
    ({"br1": csnet.VlanProfile(id=5)}, csnet.InvalidError, "bridge 'br1'"),
    ({"br9": csnet.BridgeProfile(stp=False)}, csnet.NotFoundError, "profile 'br9'"),
    ({"br0": csnet.BridgeProfile(autoconnect=True), "br1": csnet.BridgeProfile(autoconnect=True, interface_name="br0")},
     csnet.InvalidError, "also comes up on 'br0'"),
])  # fmt: skip
def test_all_are_checked_before_the_first_is_sent(
        session: csnet.Session, host: Host, caplog: pytest.LogCaptureFixture, changes: Dict[str, Any],
        error: type, message: str) -> None:  # fmt: skip
    with watched(host, caplog) as one, pytest.raises(error, match=message):
        one.modify_all({"br0": csnet.BridgeProfile(stp=False), **changes})
    assert any("GetSettings" in request for request in caplog.messages)
    assert not any("Update2" in request for request in caplog.messages)


def test_two_changes_of_one_profile_are_refused(session: csnet.Session) -> None:
    uuid = session.find("br0").uuid
    with pytest.raises(csnet.InvalidError, match="^bridge 'br0': is named twice") as caught:
        session.modify_all({"br0": csnet.BridgeProfile(stp=False), uuid: csnet.BridgeProfile(mtu=1400)})
    assert caught.value.hint == "combine both changes in one entry"


def test_when_one_is_refused_all_are_as_before(session: csnet.Session, host: Host) -> None:
    """Their secrets are kept, too, which NetworkManager does not show."""
    host.run(["nmcli", "con", "add", "type", "ethernet", "con-name", "secure", "ifname", "eth0", "autoconnect", "no",
              "802-1x.eap", "md5", "802-1x.identity", "host", "802-1x.password", "s3cret"])  # fmt: skip
    path = make_unwritable(host, "br1")
    before, shown = keyfiles(host), session.profiles()
    changes: Dict[str, Any] = {name: csnet.BridgeProfile(stp=False) for name in _NAMES}
    with pytest.raises(csnet.Error, match="^bridge 'br1': ") as caught:
        session.modify_all({**changes, "secure": csnet.EthernetProfile(mtu=1400)})
    assert "may be changed" not in caught.value.hint
    assert session.profiles() == shown
    assert keyfiles(host) == before
    assert "s3cret" in before["secure"]
    path.rmdir()
    session.modify_all(changes)
    assert ["stp=false" in text for name, text in sorted(keyfiles(host).items()) if name in _NAMES] == [True] * 3


def test_what_is_no_mapping_of_profiles_is_a_type_error(session: csnet.Session) -> None:
    for wrong in ([("br0", csnet.BridgeProfile())], {"br0": {"stp": False}}, {0: csnet.BridgeProfile()}, None):
        with pytest.raises(TypeError, match="Session.modify_all"):
            session.modify_all(wrong)
    session.modify_all({})


def test_several_are_removed_at_once(session: csnet.Session, host: Host, caplog: pytest.LogCaptureFixture) -> None:
    uuid = session.find("br1").uuid
    with pytest.raises(csnet.NotFoundError, match="profile 'br9'"):
        session.remove("br0", "br9")
    assert len(session.profiles()) == 3
    with watched(host, caplog) as one:
        one.remove("br0", uuid, "br1")  # one of them by two names
    assert [profile.name for profile in session.profiles()] == ["br2"]
    assert list(keyfiles(host)) == ["br2"]
    assert sum(request.startswith("Delete") for request in caplog.messages) == 2
    with pytest.raises(TypeError, match="Session.remove"):
        session.remove()


def test_a_profile_keeps_its_uuid(session: csnet.Session) -> None:
    with pytest.raises(csnet.InvalidError, match="bridge 'br0': its uuid cannot be changed"):
        session.modify("br0", csnet.BridgeProfile(uuid="0f3d1c52-51a5-4b7a-8f5d-6c25b1f0a001", stp=False))
    assert session.find("br0").stp is not False
