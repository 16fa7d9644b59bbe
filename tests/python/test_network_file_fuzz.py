"""Whatever bytes a network file has: load() gives a state or a csnet.Error, and soon.

CSNET_FUZZ_SECONDS is the time that all of it takes: 15 by default, 120 with --thorough. CSNET_SEED repeats a run.
"""

import json
import os
import random
import re
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

import csnet
import pytest
import yaml
from budget import SEED, budget
from csnet.network_file import tables

_SECONDS = float(os.environ.get("CSNET_FUZZ_SECONDS", budget(15, 120)))
_GOOD = [path.read_bytes() for path in sorted((Path(__file__).parent / "network_files/good").iterdir())]
_FILES = [path.read_bytes() for path in sorted((Path(__file__).parent / "network_files").glob("*/*"))
          if path.suffix != ".txt"]
_TREES: List[Any] = [json.loads(json.dumps(yaml.safe_load(content))) for content in _GOOD if b"\t" not in content]
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WORDS: List[bytes] = [
    *rb"""[ ] { } , &a *a << !x | > ' " # % --- ... \ \ud800 \U0001F600 ~ null yes 0100 1e3 .nan -1 4095""".split(),
    *b"99999999999999999999999 192.168.100.1 192.168.100.10/24 fd00::1 52:54:00:11:22:33".split(),
    b"\n", b"  ", b"\t", b": ", b"- ", b"? ", b"&a ", b"<<: *a", b"!!str ", b"type: bridge", b"port: {type: bond}",
    b"a" * 300, b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\xf0\x9f\x98\x80",
    *[name.encode() for cls in ("BridgeProfile", "VlanProfile", "BondProfile", "EthernetProfile", "Ip4Config", "Probe",
                                "ManagementNetwork", "Request") for name in tables.fields(cls)],
]


def _mutated(random_: random.Random) -> bytes:
    data = bytearray(random_.choice(_GOOD if random_.random() < 0.6 else _FILES)[:4000])
    for _ in range(random_.choice([1, 1, 2, 3, 6])):
        at = random_.randint(0, len(data))
        until = min(len(data), at + random_.choice([0, 0, 1, 2, 8, 40]))
        if random_.random() < 0.2:
            other = random_.choice(_FILES)
            start = random_.randint(0, len(other))
            data[at:until] = other[start:start + random_.randint(0, 200)]
        elif random_.random() < 0.15 and data:
            data[at:at] = data[at:until] * random_.randint(1, 30)
        else:
            data[at:until] = random_.choice(_WORDS)
    return bytes(data)


def _noise(random_: random.Random) -> bytes:
    return bytes(random_.randrange(256) for _ in range(random_.randint(0, 200)))


def _soup(random_: random.Random) -> bytes:
    return b"".join(random_.choice(_WORDS) for _ in range(random_.randint(1, 60)))


_ATOMS: List[Any] = [
    None, True, False, 0, 1, -1, 7, 100, 4095, 70000, 2**32, 10**40, 1.5, "", " ", "a", "br0", "eth0", "a/b", "eth 0",
    "9", "x" * 20, "a.b[0]", "[0]", "]", ".", "ä日", "\U0001f600", "a\0b", "802.3ad", "manual", "disabled", "auto",
    "tcp", "arp", "192.168.100.1", "192.168.100.10/24", "192.168.100.1:8250", "fd00::1", "fd00::1/64",
    "01:00:5e:00:00:01", "10.0.0.0/8 10.0.0.1 5", "ipv4.gateway", "bridge", "bond", "vlan", "ethernet", [], {}, ["a"],
    {"a": 1}, [None], [[]], [{}],
]
_KEYS = [word.decode() for word in _WORDS if word.replace(b"_", b"").isalpha()] + [
    "type", "uplink", "ports", "<<", "1", "a.b", "x[0]", ""]


def _other(value: Any, random_: random.Random, chance: float) -> Any:
    """The same tree, with some of it replaced, taken away, or put in."""
    if random_.random() < chance:
        return random_.choice(_ATOMS)
    if isinstance(value, list):
        items = [_other(item, random_, chance) for item in value if random_.random() > chance]
        return items + [random_.choice(items or _ATOMS) for _ in range(random_.random() < 3 * chance)]
    if isinstance(value, dict):
        found = {random_.choice(_KEYS) if random_.random() < chance else key: _other(of, random_, chance)
                 for key, of in value.items() if random_.random() > chance}
        if random_.random() < 3 * chance:
            found[random_.choice(_KEYS)] = random_.choice(_ATOMS)
        return found
    return value


def _shaped(random_: random.Random) -> bytes:
    """Its form as YAML or JSON is right: this reaches what judges keys and values, and validate()."""
    made = _other(random_.choice(_TREES), random_, random_.choice([0.01, 0.03, 0.1]))
    text: str = json.dumps(made) if random_.random() < 0.5 else yaml.dump(made, Dumper=_Dumper, allow_unicode=True)
    return text.encode("utf-8", "surrogatepass")


_MAKERS: Dict[str, Callable[[random.Random], bytes]] = {
    "shaped": _shaped, "mutated": _mutated, "soup": _soup, "noise": _noise}
_SHARES = {"shaped": 0.5, "mutated": 0.3, "soup": 0.1, "noise": 0.1}


def assert_places_are_inside(error: csnet.FileError, data: bytes) -> None:
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", data.decode("utf-8-sig", "replace"))
    for problem in error.problems:
        assert 1 <= problem.line <= len(lines), data
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, data


@pytest.mark.parametrize("maker", _MAKERS)
def test_no_bytes_make_anything_but_an_error_of_csnets(maker: str) -> None:
    print(f"CSNET_SEED={SEED} repeats this run")
    random_ = random.Random(f"{SEED} {maker}")
    loaded = refused = 0
    until = time.monotonic() + _SECONDS * _SHARES[maker]
    while time.monotonic() < until:
        data = _MAKERS[maker](random_)
        start = time.process_time()
        try:
            state = csnet.loads(data, "a.json" if data.lstrip().startswith(b"{") else "a.yaml")
            assert csnet.loads(csnet.dump(state)) == state
            loaded += 1
        except csnet.FileError as error:
            assert error.problems and str(error).startswith(("a.yaml:", "a.json:"))
            assert_places_are_inside(error, data)
            refused += 1
        except Exception:
            print(f"these bytes: {data!r}")
            raise
        assert time.process_time() - start < 5, f"it took {time.process_time() - start:.1f} s: {data!r}"
    print(f"{maker}: {loaded} loaded, {refused} refused")
    assert refused > loaded * 0.05
    assert loaded > refused * 0.05 or maker != "shaped"
