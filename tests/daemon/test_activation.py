"""activate(): brings the named profiles up, in the right order, and their ports and parents if that is wanted."""

import logging
import threading
import time
from typing import Iterator, List

import csnet
import pytest
from csnet_lab import Host


def bridge(**fields: object) -> csnet.BridgeProfile:
    ipv4 = csnet.Ip4Config(method="manual", addresses=["192.0.2.10/24"])
    return csnet.BridgeProfile(**{"name": "br0", "interface_name": "br0", "autoconnect": False, "stp": False,
                                  "ipv4": ipv4, **fields})  # fmt: skip


def port(name: str = "eth0") -> csnet.EthernetProfile:
    return csnet.bridge_slave(f"port-{name}", name, "br0").replace(autoconnect=False)


def device(session: csnet.Session, name: str) -> csnet.Device:
    return next(device for device in session.devices() if device.interface_name == name)


def static_addresses(session: csnet.Session, name: str) -> List[str]:
    texts = [str(address) for address in device(session, name).addresses]
    return [text for text in texts if not text.startswith("fe80:")]


class Starts:
    """Counts how often NetworkManager has started a profile since this was made."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._before = len(host.networkmanager.log())

    def of(self, *names: str) -> List[int]:
        log = self._host.networkmanager.log()[self._before :]
        return [log.count(f"Activation: starting connection '{name}'") for name in names]


@pytest.fixture
def session(host: Host) -> Iterator[csnet.Session]:
    with csnet.Session(bus_address=host.bus_address) as one:
        yield one


@pytest.mark.parametrize("related", [True, False])
def test_a_port_that_is_named_before_its_controller_comes_up_after_it(
    host: Host, session: csnet.Session, related: bool
) -> None:
    starts = Starts(host)
    _, *ports = uuids = session.add_all([bridge(), port("eth0"), port("eth1")])
    session.activate(*reversed(uuids), related=related)
    assert device(session, "br0").ports == ("eth0", "eth1")
    assert static_addresses(session, "br0") == ["192.0.2.10/24"]
    # A bridge that NetworkManager had brought up for its port must not be started again, and lose the port.
    assert starts.of("br0", "port-eth0", "port-eth1") == [1, 1, 1]
    session.activate(*ports, uuids[0], related=related)  # they are up already: nothing happens
    assert starts.of("br0", "port-eth0", "port-eth1") == [1, 1, 1]


def test_only_what_is_named_comes_up_and_nothing_else_is_looked_for(
    host: Host, session: csnet.Session, caplog: pytest.LogCaptureFixture
) -> None:
    uuids = session.add_all([bridge(), port("eth0"), port("eth1")])
    with caplog.at_level(logging.DEBUG, "csnet.dbus"), csnet.Session(bus_address=host.bus_address) as heard:
        heard.activate(*uuids[:2], related=False)
    asked = [record.getMessage().split()[0] for record in caplog.records]
    assert "ListConnections" not in asked
    assert [asked.count(call) for call in ("GetConnectionByUuid", "GetSettings", "ActivateConnection")] == [2, 2, 2]
    assert device(session, "br0").ports == ("eth0",)


def test_a_bridge_that_is_named_alone_is_usable_without_a_port(session: csnet.Session) -> None:
    session.add_all([bridge(), port()])
    session.activate("br0", related=False)
    assert (device(session, "br0").state, device(session, "br0").ports) == ("activated", ())
    session.activate("br0")
    assert device(session, "br0").ports == ("eth0",)


def test_a_profile_that_is_named_twice_is_started_once(host: Host, session: csnet.Session) -> None:
    starts = Starts(host)
    uuid = session.add(bridge())
    session.activate("br0", uuid, "br0", uuid, related=False)
    assert starts.of("br0") == [1]


def test_a_change_is_live_although_nothing_related_is_looked_for(session: csnet.Session) -> None:
    uuids = session.add_all([bridge(), port()])
    session.activate(*uuids, related=False)
    for turn in range(11, 16):
        address = f"192.0.2.{turn}/24"
        session.modify("br0", csnet.BridgeProfile(ipv4=csnet.Ip4Config(addresses=[address])))
        session.activate(*uuids, related=False)
        assert static_addresses(session, "br0") == [address]
        assert device(session, "br0").ports == ("eth0",)  # a controller that starts anew drops its ports


@pytest.mark.parametrize("related", [True, False])
def test_a_profile_that_is_not_there_is_named(session: csnet.Session, related: bool) -> None:
    uuid = session.add(bridge())
    for missing in ("nothing", "0f3d1c52-51a5-4b7a-8f5d-6c25b1f0a001"):
        with pytest.raises(csnet.NotFoundError, match=f"^profile '{missing}': "):
            session.activate(uuid, missing, related=related)


def test_related_is_a_bool(session: csnet.Session) -> None:
    with pytest.raises(TypeError, match="related"):
        session.activate("br0", related="no")


@pytest.mark.parametrize("related", [True, False])
def test_a_cable_that_is_put_in_ends_the_wait(host: Host, session: csnet.Session, related: bool) -> None:
    """The carrier is the last thing that is missing, and only a signal tells that it has come."""
    uuids = session.add_all([bridge(), port()])
    host.unplug("eth0")
    try:
        with pytest.raises(csnet.TimeoutError, match="without a carrier, as is ethernet 'port-eth0'"):
            session.activate(*uuids, related=related, timeout=3)
        timer = threading.Timer(1, host.plug, ["eth0"])
        timer.start()
        began = time.monotonic()
        session.activate(*uuids, related=related, timeout=30)
        assert 0.5 < time.monotonic() - began < 20
        timer.join()
    finally:
        host.plug("eth0")


def test_many_times_up_and_down_and_no_wait_misses_its_end(session: csnet.Session) -> None:
    uuids = session.add_all([bridge(), port()])
    took: List[float] = []
    for _ in range(20):
        for step in (lambda: session.activate(*uuids, related=False), lambda: session.deactivate("br0")):
            began = time.monotonic()
            step()
            took.append(time.monotonic() - began)
        assert "br0" not in [device.interface_name for device in session.devices()]
    assert max(took) < 20, took  # a call that missed its signal would wait for 90 s


def test_what_cannot_be_asked_is_not_started_anew(fresh_host: Host, caplog: pytest.LogCaptureFixture) -> None:
    """NetworkManager does not answer the question which profile is active on the interface."""

    class Pause(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage().startswith("GetDeviceByIpIface"):
                fresh_host.networkmanager.pause()

    logger, pause = logging.getLogger("csnet.dbus"), Pause()
    logger.addHandler(pause)
    try:
        with caplog.at_level(logging.DEBUG, "csnet.dbus"):
            with csnet.Session(bus_address=fresh_host.bus_address, request_timeout=1) as session:
                uuid = session.add(csnet.BridgeProfile(name="br0", interface_name="br0", autoconnect=False))
                with pytest.raises(csnet.TimeoutError):
                    session.activate(uuid, related=False)
    finally:
        logger.removeHandler(pause)
        fresh_host.networkmanager.kill()
    assert not any(message.startswith("ActivateConnection") for message in caplog.messages)
