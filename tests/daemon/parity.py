"""Compares the profiles that csnet and nmcli make on one NetworkManager, one after the other.

Parity.compare() runs a case's nmcli lines, reads every profile, deletes them all, runs the csnet expressions, reads
again, and returns a diff, which is empty when both are the same.
It compares the answer (done, or refused), each profile's file name, its keyfile, and its settings over D-Bus with
their D-Bus types. uuids are numbered in the order in which the profiles were made; timestamps are left out.
"""
import contextlib
import difflib
import json
import os
import re
import shlex
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Sequence, Tuple

from parity_table import Case

import csnet

_SETTINGS = "/org/freedesktop/NetworkManager/Settings"
_UUID_OF = re.compile(r"<uuid of ([^<>]+?)(?: \((\d+)\))?>")


# ----------------------------------------------------------------------------------------------------- the engine

class Refused(Exception):
    """nmcli ended with an error, or csnet threw one."""


class Verdict(NamedTuple):
    """The result of a case. `diff` is empty when csnet did the same as nmcli."""

    diff: str
    answer: str           # nmcli's: done, refused, or refused before the last line
    by_csnet: str         # csnet's
    refusals: List[str]   # the words of either

    def __str__(self) -> str:
        return "\n".join([self.diff, "", *self.refusals])


class Engine:
    """Runs cases against the NetworkManager of this machine, and deletes all its profiles: see Parity."""

    def __init__(self, bus_address: str, keyfiles: Path) -> None:
        preload = {"LD_PRELOAD": ""}  # a sanitizer for this Python is not meant for nmcli
        self._environment = {**os.environ, **preload, "DBUS_SYSTEM_BUS_ADDRESS": bus_address, "LC_ALL": "C.UTF-8"}
        self._keyfiles = keyfiles
        self._bus = Bus(bus_address)
        # One session for all cases: it must notice what nmcli does meanwhile.
        self._session = csnet.Session(bus_address=bus_address)
        self._names = {name: getattr(csnet, name) for name in dir(csnet) if not name.startswith("_")}

    def compare(self, case: Case) -> Verdict:
        refusals: List[str] = []
        nmcli = self._world(case, case.nmcli, self._nmcli, refusals)
        by_csnet = self._world(case, case.csnet, self._csnet, refusals)
        expected = "refused" if case.refused else "done"
        if case.stricter and (nmcli[0], by_csnet[0]) == ("done", "refused"):
            return Verdict("", nmcli[0], by_csnet[0], refusals)
        if nmcli[0] != by_csnet[0]:  # then the profiles must differ
            nmcli, by_csnet = nmcli[:1], by_csnet[:1]
        diff = "\n".join(difflib.unified_diff(nmcli, by_csnet, "nmcli", "csnet", n=2, lineterm=""))
        if not diff and (nmcli[0] != expected or case.stricter):
            diff = f"both say '{nmcli[0]}', but nmcli's answer should have been '{expected}'"
            diff += " and csnet's 'refused'" if case.stricter else ""
        return Verdict(diff, nmcli[0], by_csnet[0], refusals)

    def _world(self, case: Case, lines: Sequence[str], run: Callable[[str], None], refusals: List[str]) -> List[str]:
        self.remove_all()
        answer = "done"
        todo = [(self._nmcli, line) for line in case.given] + [(run, line) for line in lines]
        for number, (do, line) in enumerate(todo, 1):
            try:
                do(line)
            except Refused as refusal:
                refusals.append(f"{line}\n    -> {refusal}")
                answer = "refused" if number == len(todo) else "refused before the last line"
                break
        return [answer, *self.snapshot(keep=" ".join(lines))]

    def _nmcli(self, line: str) -> None:
        arguments = shlex.split(self._with_uuids(line))
        done = subprocess.run(arguments, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=30)
        if done.returncode != 0:
            raise Refused(done.stderr.strip())

    def _csnet(self, statement: str) -> None:
        try:
            # The text comes from this repository: the table, or the generator of random cases.
            eval(self._with_uuids(statement), {"host": self._session, **self._names})
        except csnet.Error as error:
            raise Refused(f"{type(error).__name__}: {error} ({error.hint})") from None

    def _with_uuids(self, line: str) -> str:
        """Fills in `<uuid of NAME>`, or `<uuid of NAME (2)>` for the second profile with that name."""
        if "<uuid of " not in line:
            return line
        settings = self.settings()

        def uuid(match: "re.Match[str]") -> str:
            connections = [each["connection"] for each in settings if each["connection"]["id"].value == match[1]]
            if len(connections) < int(match[2] or 1):
                raise Refused(f"there is no profile for {match[0]}")
            return str(connections[int(match[2] or 1) - 1]["uuid"].value)

        return _UUID_OF.sub(uuid, line)

    # --- looking at NetworkManager ---

    def profiles(self) -> List[str]:
        """The object paths of all profiles, the oldest first."""
        (paths,) = self._bus.call(_SETTINGS, f"{_INTERFACE}.Settings", "ListConnections")
        return sorted(paths, key=lambda path: int(path.rsplit("/", 1)[1]))

    def settings(self) -> "List[Dict[str, Dict[str, Variant]]]":
        """GetSettings of all profiles, the oldest first."""
        return [self._bus.call(path, f"{_INTERFACE}.Settings.Connection", "GetSettings")[0] for path in self.profiles()]

    def remove_all(self) -> None:
        for path in self.profiles():
            self._bus.call(path, f"{_INTERFACE}.Settings.Connection", "Delete")

    def snapshot(self, keep: str = "") -> List[str]:
        """Everything about all profiles, as lines. A uuid that `keep` mentions is not numbered."""
        settings = self.settings()
        uuids = [each["connection"]["uuid"].value for each in settings]
        files = {_uuid_in(path): path for path in self._keyfiles.iterdir()}
        text: List[str] = []
        for number, (uuid, profile) in enumerate(zip(uuids, settings), 1):
            file = files.pop(uuid, None)
            text.append(f"profile {number}: {file.name if file else 'NO FILE'}")
            if file:
                text.append(f"  mode {file.stat().st_mode & 0o7777:o}")
                text += ["  " + line for line in file.read_text(encoding="utf-8").splitlines()
                         if not line.startswith("timestamp=")]
            text += [f"  D-Bus {setting}.{key} = {value}" for setting in sorted(profile)
                     for key, value in sorted(profile[setting].items()) or [("", "(empty)")] if key != "timestamp"]
        text += [f"file without a profile: {path.name}" for path in files.values()]
        for number, uuid in enumerate(uuids, 1):
            if uuid in keep:
                continue
            text = [line.replace(uuid, f"<uuid of profile {number}>") for line in text]
        return text


def _uuid_in(keyfile: Path) -> str:
    found = re.search(r"^uuid=(.*)$", keyfile.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else str(keyfile)


# ------------------------------------------------------------------------------------------- an engine in a host's box

class Parity:
    """An Engine in its own host. It runs in there: NetworkManager wants to know its clients' process ids."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def compare(self, case: Case) -> Verdict:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{Path(__file__).name} has ended with {self._process.wait(30)}"
        return Verdict(*json.loads(answer))


@contextlib.contextmanager
def parity() -> Iterator[Parity]:
    """A Parity whose NetworkManager touches no interface: the cases only make profiles."""
    from csnet_lab import Host

    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with Host("parity", config="[keyfile]\nunmanaged-devices=*\n") as host:
        host.networkmanager.start()
        command = [sys.executable, str(Path(__file__).resolve())]
        with host.popen(command, environment=path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            yield Parity(process)
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def serve() -> None:
    """Reads a case from each line of standard input, and writes its verdict."""
    engine = Engine("unix:path=/run/dbus/system_bus_socket", Path("/etc/NetworkManager/system-connections"))
    for line in sys.stdin:
        print(json.dumps(engine.compare(Case(*json.loads(line)))), flush=True)


# --------------------------------------------------------------------------------------- a D-Bus client, just enough

_INTERFACE = "org.freedesktop.NetworkManager"
_FIXED = {"y": "B", "n": "h", "q": "H", "i": "i", "u": "I", "x": "q", "t": "Q", "d": "d", "b": "I"}
_ALIGNMENT = {"g": 1, "v": 1, "s": 4, "o": 4, "a": 4, "(": 8, "{": 8,
              **{code: struct.calcsize(fmt) for code, fmt in _FIXED.items()}}


class Variant(NamedTuple):
    """A D-Bus value with its type: u 50 and x 50 are not the same."""

    signature: str
    value: Any

    def __str__(self) -> str:
        return f"{self.signature} {_plain(self.value)!r}"


def _plain(value: Any) -> Any:
    if isinstance(value, Variant):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(each) for each in value] if isinstance(value, list) else value


class Bus:
    """Method calls without arguments to NetworkManager: busctl's 8 ms for each call add up to minutes here."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(30)
        self._socket.connect(address.split("unix:path=", 1)[1])
        self._file = self._socket.makefile("rb")
        self._socket.sendall(b"\0AUTH EXTERNAL " + str(os.geteuid()).encode().hex().encode() + b"\r\n")
        answer = self._file.readline()
        if not answer.startswith(b"OK"):
            raise ConnectionError(f"the bus at {address} says {answer!r}")
        self._socket.sendall(b"BEGIN\r\n")
        self._serial = 0
        self.call("/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", "org.freedesktop.DBus")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def call(self, path: str, interface: str, method: str, destination: str = _INTERFACE) -> List[Any]:
        self._serial += 1
        fields = b""
        for code, kind, text in ((1, "o", path), (2, "s", interface), (3, "s", method), (6, "s", destination)):
            raw = text.encode()
            fields += b"\0" * (-len(fields) % 8)
            fields += struct.pack("<B3sI", code, b"\1" + kind.encode() + b"\0", len(raw)) + raw + b"\0"
        header = struct.pack("<4BIII", ord("l"), 1, 0, 1, 0, self._serial, len(fields)) + fields
        self._socket.sendall(header + b"\0" * (-len(header) % 8))
        while True:
            kind, fields_of, body = self._receive()
            if kind in (2, 3) and fields_of[5].value == self._serial:
                break
        values = _Reader(body).all(fields_of[8].value) if 8 in fields_of else []
        if kind == 3:
            raise RuntimeError(f"{method}: {fields_of[4].value}: {values}")
        return values

    def _receive(self) -> "Tuple[int, Dict[int, Variant], bytes]":
        start = self._file.read(16)
        if len(start) < 16:
            raise ConnectionError("the bus has closed the connection")
        _, kind, _, _, size, _, fields_size = struct.unpack("<4BIII", start)
        fields = start[12:] + self._file.read(fields_size + -fields_size % 8)
        # The array of fields begins at an offset that is a multiple of 8 plus 4, as in the message.
        return kind, dict(_Reader(b"\0" * 4 + fields, 4).one("a(yv)")), self._file.read(size)


class _Reader:
    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data, self._at = data, position

    def all(self, signature: str) -> List[Any]:
        values = []
        while signature:
            kind = _first_type(signature)
            values.append(self.one(kind))
            signature = signature[len(kind):]
        return values

    def one(self, kind: str) -> Any:
        code = kind[0]
        self._at += -self._at % _ALIGNMENT[code]
        if code in _FIXED:
            (value,) = self._unpack("<" + _FIXED[code])
            return bool(value) if code == "b" else value
        if code in "sog":
            (size,) = self._unpack("<B" if code == "g" else "<I")
            (value,) = self._unpack(f"<{size}sx")
            return value.decode()
        if code == "v":
            signature = self.one("g")
            return Variant(signature, self.one(signature))
        if code == "(":
            return tuple(self.all(kind[1:-1]))
        (size,) = self._unpack("<I")
        self._at += -self._at % _ALIGNMENT[kind[1]]
        end, items = self._at + size, []
        while self._at < end:
            if kind[1] == "{":
                self._at += -self._at % 8
                items.append(tuple(self.all(kind[2:-1])))
            else:
                items.append(self.one(kind[1:]))
        if kind[1] == "{":
            return dict(items)
        return bytes(items) if kind == "ay" else items

    def _unpack(self, fmt: str) -> Tuple[Any, ...]:
        values = struct.unpack_from(fmt, self._data, self._at)
        self._at += struct.calcsize(fmt)
        return values


def _first_type(signature: str) -> str:
    if signature[0] == "a":
        return "a" + _first_type(signature[1:])
    if signature[0] not in "({":
        return signature[0]
    depth = 0
    for length, code in enumerate(signature, 1):
        depth += (code in "({") - (code in ")}")
        if depth == 0:
            return signature[:length]
    raise ValueError(signature)


if __name__ == "__main__":
    serve()
