"""Whatever bytes a network file has: load() gives a state or a csnet.Error, and soon.

CSNET_FUZZ_SECONDS is the time that all of it takes, 60 by default; CSNET_SEED repeats a run.
"""

import os
import random
import time
from pathlib import Path
from typing import Callable, Dict, List

import csnet
import pytest
from csnet import network_file
from csnet.network_file import tables

_SEED = int(os.environ.get("CSNET_SEED", "0")) or random.randrange(1, 2**32)
_GOOD = [path.read_bytes() for path in sorted((Path(__file__).parent / "network_files/good").iterdir())]
_FILES = [path.read_bytes() for path in sorted((Path(__file__).parent / "network_files").glob("*/*"))
          if path.suffix != ".txt"]
_WORDS: List[bytes] = [
    *rb"""[ ] { } , &a *a << !x | > ' " # % --- ... \ \ud800 \U0001F600 ~ null yes 0100 1e3 .nan -1 4095""".split(),
    *b"99999999999999999999999 192.168.100.1 192.168.100.10/24 fd00::1 52:54:00:11:22:33".split(),
    b"\n", b"  ", b"\t", b": ", b"- ", b"? ", b"&a ", b"<<: *a", b"!!str ", b"type: bridge", b"port: {type: bond}",
    b"a" * 300, b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\xf0\x9f\x98\x80",
    *[name.encode() for cls in ("BridgeProfile", "VlanProfile", "BondProfile", "EthernetProfile", "Ip4Config", "Probe",
                                "ManagementNetwork", "HostState") for name in tables.fields(cls)],
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


_MAKERS: Dict[str, Callable[[random.Random], bytes]] = {"mutated": _mutated, "soup": _soup, "noise": _noise}
_SHARES = {"mutated": 0.7, "soup": 0.2, "noise": 0.1}


@pytest.mark.parametrize("maker", _MAKERS)
def test_no_bytes_make_anything_but_an_error_of_csnets(maker: str) -> None:
    print(f"CSNET_SEED={_SEED} repeats this run")
    random_ = random.Random(f"{_SEED} {maker}")
    loaded = refused = 0
    until = time.monotonic() + float(os.environ.get("CSNET_FUZZ_SECONDS", "60")) * _SHARES[maker]
    while time.monotonic() < until:
        data = _MAKERS[maker](random_)
        start = time.process_time()
        try:
            state = network_file.loads(data, random_.choice(["a.yaml", "a.json"]))
            assert network_file.loads(csnet.dump(state).encode()) == state
            loaded += 1
        except network_file.FileError as error:
            assert error.problems and str(error).startswith(("a.yaml:", "a.json:"))
            refused += 1
        except Exception:
            print(f"these bytes: {data!r}")
            raise
        assert time.process_time() - start < 5, f"it took {time.process_time() - start:.1f} s: {data!r}"
    print(f"{maker}: {loaded} loaded, {refused} refused")
    assert refused > loaded * 0.1
    assert loaded > 0 or maker != "mutated"
