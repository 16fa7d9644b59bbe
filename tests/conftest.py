"""The base of all tests: module paths, hosts as fixtures, time limits, the choice of tests for a kernel, and
NetworkManager's log beside a failure."""

import os
import signal
import sys
import uuid
from pathlib import Path
from typing import Any, Generator, Iterator, List, NamedTuple

import pytest

_TESTS = Path(__file__).parent
# ./dev names the build's package csnet in PYTHONPATH; a bare `pytest` finds the release build.
sys.path[:0] = [str(_TESTS)]
sys.path += [str(_TESTS.parent / "build/release/python"), str(_TESTS.parent / "python")]

import limits  # noqa: E402

from csnet_lab import Host, Lab, LabError, ManagementServer, Switch, kernel  # noqa: E402
from csnet_lab import traces as traces_module  # noqa: E402
from csnet_lab.traces import Traces  # noqa: E402

_LOG_LINES = 80

# A shell that starts pytest in the background makes it ignore SIGINT, and the tests' programs would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Network(NamedTuple):
    """A host whose eth0 is trunked, and a management server in VLAN 100."""

    lab: Lab
    switch: Switch
    server: ManagementServer
    host: Host


@pytest.fixture
def lab() -> Iterator[Lab]:
    """An empty lab for this test alone."""
    with Lab() as one:
        yield one


@pytest.fixture(scope="session")
def _session_host() -> Iterator[Host]:
    with Lab() as one:
        yield one.host("host", nics=["eth0", "eth1"])


@pytest.fixture
def host(_session_host: Host) -> Host:
    """A host with eth0 and eth1, as if just installed. Shared by the tests: keep what you start on it short-lived."""
    _session_host.reset()
    return _session_host


@pytest.fixture
def fresh_host(lab: Lab) -> Host:
    """A host with eth0 and eth1 for this test alone, for tests that break it."""
    return lab.host("host", nics=["eth0", "eth1"])


@pytest.fixture
def network(lab: Lab) -> Network:
    """A switch, a management server in VLAN 100 at 192.168.100.2/24, and a host with eth0 trunked."""
    require_kernel("vlan", "vlan_filtering")
    switch = lab.switch()
    server = lab.management_server(switch, vlan=100, address="192.168.100.2/24")
    return Network(lab, switch, server, lab.host("host", nics=["eth0"], switch=switch, trunk=[100]))


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Traces:
    """The traces before the test, to find those that a lab leaves behind."""
    monkeypatch.setenv(traces_module.MARK, str(uuid.uuid4()))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return Traces()


def require_kernel(*features: str) -> None:
    """Skip the test unless the running kernel has the features."""
    missing = kernel.missing(*features)
    if missing:
        needs = "" if set(missing) <= set(kernel.NEEDED) else f"--needs {','.join(features)} "
        pytest.skip(f"this kernel has no {', '.join(missing)}: run under `python3 -m csnet_lab run {needs}-- pytest …`")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--for-kernel",
        choices=kernel.KERNELS,
        help="those tests alone for which this is the first of own, uml, vm that has what they need: so each test runs"
        " under one of them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    wanted = config.getoption("--for-kernel")
    if wanted is not None:
        others = [item for item in items if _best_kernel(item) != wanted]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def _best_kernel(item: pytest.Item) -> str:
    """The first kernel that has the features of the test's markers, as `csnet_lab run` would choose."""
    outside = os.environ.get(kernel.OUTSIDE)
    own = None if outside is None else outside.split(",")
    needs = [feature for marker in item.iter_markers("kernel") for feature in marker.args or kernel.NEEDED]
    try:
        return kernel.choose(*needs, own=own) if needs else "own"
    except LabError:  # no kernel can run the test, and its skip says so
        return "own"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(limits, "limits")
    config.addinivalue_line("markers", "kernel(*features): needs these of csnet_lab.kernel; none: the whole picture")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("kernel"):
        require_kernel(*marker.args)


@pytest.hookimpl(hookwrapper=True)  # type: ignore[misc]
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    given = getattr(item, "funcargs", {}).values()
    hosts = [host for host in given if isinstance(host, Host)]
    hosts += [host for one in given if isinstance(one, Lab) for host in one.hosts]
    for host in dict.fromkeys(hosts):
        log = host.networkmanager.log().splitlines()[-_LOG_LINES:]
        report.sections.append((f"NetworkManager on {host.name}, last {_LOG_LINES} lines", "\n".join(log)))
