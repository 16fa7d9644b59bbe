"""csnet.load() and csnet.dump(): good files, what cannot be read at all, and the way back."""

import io
import json
import os
import pickle
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import csnet
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

_GOOD = sorted((Path(__file__).parent / "network_files/good").iterdir())
_MANAGEMENT = "management:\n  uplink: eth0\n  addresses: [192.168.100.10/24]\n"


@pytest.mark.parametrize("path", _GOOD, ids=lambda path: str(path.name))
def test_a_good_file_loads_and_what_dump_makes_of_it_is_the_same_state(path: Path) -> None:
    state = csnet.load(path)
    assert csnet.load(str(path)) == state
    written = csnet.dump(state)
    assert csnet.loads(written) == state
    assert csnet.dump(csnet.loads(written)) == written


def test_management_becomes_what_the_recipe_says() -> None:
    wanted = csnet.ManagementNetwork(
        uplinks=["eth0"], vlan=100, addresses=["192.168.100.10/24"], gateway="192.168.100.1", dns=["192.168.100.53"],
        mtu=1500, stp=False, servers=["192.168.100.2"])
    assert csnet.load(_GOOD[0].parent / "design.yaml") == wanted.desired()
    bond = csnet.ManagementNetwork(uplinks=["eth0", "eth1"], bond="bond0", vlan=100, addresses=["192.168.100.10/24"])
    assert csnet.load(_GOOD[0].parent / "bond.yaml") == bond.desired()
    backup = bond.replace(vlan=None, bond_mode="active-backup", bond_options={"miimon": "100"})
    assert csnet.load(_GOOD[0].parent / "active_backup.yaml") == backup.desired()


def test_profiles_of_management_come_first() -> None:
    state = csnet.loads("profiles: [{type: ethernet, name: a, interface_name: eth9}]\n" + _MANAGEMENT)
    assert [profile.name for profile in state.wanted.profiles] == ["eth0", "cloudbr0", "a"]


@pytest.mark.parametrize("written", [
    "100", "no", "12:30:45", "2024-01-31", "1.50", "0100", "~x", "on", "1e3", "=", "<<"])
def test_text_is_taken_as_it_is_written(written: str) -> None:
    assert csnet.loads(f"remove: [{written}]\n").remove == (written,)


@pytest.mark.parametrize("written, meant", [("on", True), ("Yes", True), ("off", False), ("NO", False), ("true", True)])
def test_yaml_has_many_words_for_true_and_false(written: str, meant: bool) -> None:
    bridge: Any = csnet.loads(f"{_MANAGEMENT}  stp: {written}\n").wanted.profiles[-1]
    assert bridge.stp is meant


def test_a_mac_address_needs_no_quotes() -> None:
    bridge: Any = csnet.loads(f"{_MANAGEMENT}  mac_address: 52:54:00:11:22:33\n").wanted.profiles[-1]
    assert str(bridge.mac_address) == "52:54:00:11:22:33"


def test_numbers_are_text_where_text_is_wanted() -> None:
    bond: Any = csnet.loads(
        "profiles: [{type: bond, name: 7, interface_name: b, mode: 4, options: {miimon: 100}}]").wanted.profiles[0]
    assert (bond.name, bond.mode, bond.options) == ("7", "4", {"miimon": "100"})


def test_json_is_read_with_tabs_and_its_own_escapes() -> None:
    state = csnet.load(_GOOD[0].parent / "json_escapes.json")
    assert state.remove == ("a\U0001f600b", "c/d", "\\ud83d")
    wanted = {"remove": ["\t\n\"\\ü\U0001f600"], "profiles": [{"type": "ethernet", "name": "x", "interface_name": "e"}]}
    for layout in (json.dumps(wanted), json.dumps(wanted, indent="\t", ensure_ascii=False)):
        assert list(csnet.loads(layout).remove) == wanted["remove"]


def test_warnings_are_no_errors() -> None:
    state = csnet.loads(_MANAGEMENT + "profiles:\n  - {type: ethernet, name: e, interface_name: e, "
                        "ipv4: {method: manual, addresses: [192.168.100.11/16]}}\n")
    assert {finding.severity for finding in csnet.validate(state)} == {csnet.Severity.warning}


def test_aliases_and_merges_within_reason() -> None:
    state = csnet.loads("profiles:\n  - {type: bridge, name: a, interface_name: a, ipv4: &ip {method: disabled}}\n"
                        "  - {type: bridge, name: b, interface_name: b, ipv4: *ip}\n")
    assert [profile.ipv4.method for profile in state.wanted.profiles if profile.ipv4] == ["disabled", "disabled"]


# ----------------------------------------------------------------------------------------- what cannot be read


def refused(path: Any) -> csnet.InvalidError:
    with pytest.raises(csnet.InvalidError) as caught:
        csnet.load(path)
    assert not hasattr(caught.value, "problems")
    return caught.value


def test_a_file_that_is_none(tmp_path: Path) -> None:
    assert "there is no such file" in str(refused(tmp_path / "missing.yaml"))
    assert "is a directory" in str(refused(tmp_path))
    assert "is a device" in str(refused("/dev/zero"))
    assert "cannot be read: Not a directory" in str(refused(f"{__file__}/x"))
    assert "null" in str(refused("a\0b"))
    assert "more than 1 MiB" in str(refused(_written(tmp_path, b"# comment\n" * 200_000)))


def _written(folder: Path, content: bytes) -> Path:
    path = folder / "network.yaml"
    path.write_bytes(content)
    return path


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_a_file_that_one_may_not_read(tmp_path: Path) -> None:
    path = _written(tmp_path, b"remove: []\n")
    path.chmod(0)
    child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            os._exit(0 if "may not read" in str(_error_of(path)) else 1)
        except BaseException:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0


def _error_of(path: Path) -> csnet.Error:
    try:
        csnet.load(path)
    except csnet.Error as error:
        return error
    raise AssertionError("it was read")


def test_pipes(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(csnet.InvalidError, match="the file is empty"):
        csnet.load(fifo)  # nobody writes: it must not wait
    reader, writer = os.pipe()
    os.write(writer, b"remove: [a]\n")
    os.close(writer)
    assert csnet.load(f"/dev/fd/{reader}").remove == ("a",)
    os.close(reader)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"remove: [\xc3\xa4]\n")))
    assert csnet.load("-").remove == ("ä",)
    monkeypatch.setattr(sys, "stdin", io.StringIO("remov: []\n"))
    with pytest.raises(csnet.InvalidError, match="<stdin>:1:1: remov: "):
        csnet.load("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(csnet.InvalidError, match="is closed"):
        csnet.load("-")


@pytest.mark.parametrize("content", [
    "[" * 200_000, "{a: " * 100_000, "- " * 300_000, "? " * 100_000, "a:\n" + " b:\n" * 10, "[a, " * 100_000,
    '{"a":' * 100_000, "remove: [" + "a, " * 300_000 + "]", "&a " * 100_000, "!" * 500_000, "x" * 1_000_000,
    "'" * 500_001,
    "a: &a [" + "*a, " * 1000, "\n" * 1_000_000, "#" * 1_000_000, "%" * 1000, "- \"" + "\\x00" * 100_000 + "\"",
    "".join(f"k{i}: 1\n" for i in range(20_000)), "profiles:\n" + "  - {type: bridge, nam: x}\n" * 30_000,
    "remove:\n  - &a [" + "x, " * 99 + "x]\n" + "  - *a\n" * 200, "|" + "\n x" * 100_000,
], ids=lambda content: f"{content[:10]!r}")
def test_hostile_files_are_refused_at_once(content: str) -> None:
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(csnet.InvalidError) as caught:
        csnet.loads(content)
    assert time.process_time() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB
    assert len(str(caught.value)) < 20_000


def test_the_error_can_be_pickled() -> None:
    with pytest.raises(csnet.FileError) as caught:
        csnet.loads("remov: []\n")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.problems, copy.kind) == (str(caught.value), caught.value.problems, csnet.ErrorKind.invalid)
    assert caught.value.problems[0]._asdict() == {
        "line": 1, "column": 1, "path": "remov", "message": "the file has no such key",
        "hint": "did you mean 'remove'?"}


def test_only_so_many_problems_are_told() -> None:
    with pytest.raises(csnet.FileError) as caught:
        csnet.loads("profiles:\n" + "  - {type: bridge, nam: x}\n" * 100)
    assert len(caught.value.problems) == 25
    assert str(caught.value).endswith("25 problems or more in <text>")


# ------------------------------------------------------------------------------------------------- the way back


@given(strategies.host_states())
def test_dump_and_load_give_the_same_state(state: csnet.HostState) -> None:
    assert csnet.loads(csnet.dump(state)) == csnet.Request(wanted=state)


@given(strategies.values(csnet.Request))
def test_what_dump_writes_has_always_the_right_form(request: csnet.Request) -> None:
    """Sense or not: what load() refuses of it, validate() refuses, too."""
    try:
        assert csnet.loads(csnet.dump(request)) == request
    except csnet.FileError as error:
        found = [each for each in csnet.validate(request) if each.severity is csnet.Severity.error]
        assert found, str(error)


@given(st.text(max_size=30).filter(lambda text: "\0" not in text and text.strip()))
def test_any_text_survives(name: str) -> None:
    if any(0xd800 <= ord(character) < 0xe000 for character in name):
        return
    bridge = csnet.BridgeProfile(name=name, interface_name="br0", zone=name)
    request = csnet.Request(wanted=csnet.HostState(profiles=[bridge]), remove=[name + "x"])
    assert csnet.loads(csnet.dump(request)) == request


def test_only_a_state_or_a_request_is_a_file() -> None:
    with pytest.raises(TypeError, match=r"^dump: Facts\(\) is not a HostState or Request$"):
        csnet.dump(csnet.Facts())  # type: ignore[arg-type]


def test_dump_writes_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "network.yaml"
    written = csnet.dump(csnet.Request(remove=["a"]), path)
    assert path.read_text(encoding="utf-8") == written
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    csnet.dump(csnet.HostState(), link)
    assert link.is_symlink() and csnet.load(path) == csnet.Request()
    assert path.stat().st_mode & 0o777 == 0o644
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.yaml", "network.yaml"]
    with pytest.raises(csnet.InvalidError, match="cannot be written"):
        csnet.dump(csnet.HostState(), tmp_path / "missing/network.yaml")


def test_reading_a_file_imports_nothing() -> None:
    code = ("import csnet, sys; before = set(sys.modules); csnet.loads('remove: [a]'); "
            "print('yaml' in sys.modules, set(sys.modules) > before)")
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True,
                          env=dict(os.environ, PYTHONPATH=str(Path(csnet.__file__).parents[1])))
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("content, limit", [
    ("#" * ((1 << 20) + 1), "1 MiB"), ("[" * 17, "16 levels"), ("remove: [" + "a," * 50_000 + "]", "50,000 values"),
    ("remove: &a [" + "a," * 9_999 + "]\nprobes: [*a, *a]\n", "10,000 values")], ids=lambda value: value[-9:])
def test_the_limits_are_those_that_the_page_tells(content: str, limit: str) -> None:
    page = (Path(__file__).parents[2] / "docs/network-file.md").read_text(encoding="utf-8")
    assert limit in " ".join(page.split())
    with pytest.raises(csnet.InvalidError, match=limit.replace(",", "")):
        csnet.loads(content)


def test_a_text_may_be_str_or_bytes() -> None:
    assert csnet.loads("remove: [ä]") == csnet.loads("remove: [ä]".encode())
    with pytest.raises(csnet.FileError, match=r"a\.yaml:1:10: byte 0xed is not UTF-8"):
        csnet.loads("remove: [\ud800]", "a.yaml")
    with pytest.raises(TypeError, match="loads: 7 is not a str or bytes"):
        csnet.loads(7)  # type: ignore[arg-type]


@given(st.text(st.sampled_from("a.[]0-"), min_size=1, max_size=6))
def test_a_finding_about_a_key_of_odd_characters_has_a_place(key: str) -> None:
    """Such a key looks like a path itself."""
    bond = csnet.BondProfile(name="b", interface_name="b", options={key: "1"})
    with pytest.raises(csnet.FileError) as caught:
        csnet.loads(csnet.dump(csnet.HostState(profiles=[bond])))
    assert [problem.line for problem in caught.value.problems] == [6]
