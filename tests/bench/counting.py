"""Counts what a command says to the bus and hears from it: `counting.py COMMAND…`, run inside a host.

It stands between, as a bus of its own for that command, and reads the messages that pass: also what the bus itself says
to the command, and of signals those alone that the command asked for.
"""

import asyncio
import json
import os
import struct
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from csnet_lab import Host
from measure import Rival

_BUS = "/run/dbus/system_bus_socket"
_KINDS = {1: "calls", 2: "replies", 3: "errors", 4: "signals"}
_MEMBER = 3  # the code of the header's field


class Messages(NamedTuple):
    """`sent` and `heard` are messages by kind: calls, replies, errors, signals. `calls` are those sent by method."""

    calls: Dict[str, int]
    sent: Dict[str, int]
    heard: Dict[str, int]
    bytes: int  #: both ways


def count(host: Host, rival: Rival) -> Messages:
    """Runs the rival's command in the host; again when it fails and may. Raises CommandError."""
    command = [sys.executable, __file__, *rival.command]
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, [rival.environment.get("PYTHONPATH", ""), *sys.path]))}
    done = host.run(command, environment={**rival.environment, **paths}, timeout=600, check=not rival.may_fail)
    if done.returncode != 0:
        return count(host, rival)
    return Messages(**json.loads(done.stdout.splitlines()[-1]))


class _Direction:
    """The messages of one direction, cut out of its bytes."""

    def __init__(self, of_client: bool, take: Callable[[int, str, int], None]) -> None:
        self._rest = b""
        self._take = take
        self._is_greeting = True  # lines, before there are messages
        self._of_client = of_client

    def feed(self, data: bytes) -> None:
        self._rest += data
        while self._is_greeting and self._rest:
            # The bus ends with its last answer, and begins with a message: "l", which begins no line of its.
            if not self._of_client and self._rest[:1] == b"l":
                self._is_greeting = False
            elif b"\r\n" not in self._rest:
                return
            else:
                line, self._rest = self._rest.split(b"\r\n", 1)
                self._is_greeting = line != b"BEGIN"
        at = 0
        while len(self._rest) - at >= 16:
            endian, kind, _, _, body, _, fields = struct.unpack_from("<cBBBIII", self._rest, at)
            assert endian == b"l", "a big-endian message"
            length = 16 + (fields + 7) // 8 * 8 + body
            if len(self._rest) - at < length:
                break
            self._take(kind, _member(self._rest[at + 16:at + 16 + fields]), length)
            at += length
        self._rest = self._rest[at:]


def _member(fields: bytes) -> str:
    """The method's or signal's name; "" of a reply."""
    at = 0
    while at < len(fields):
        code, signature = fields[at], fields[at + 2:at + 3]
        at += 4
        if signature == b"u":
            at += 4
        elif signature == b"g":
            at += 2 + fields[at]
        else:  # a string or a path
            (length,) = struct.unpack_from("<I", fields, at)
            if code == _MEMBER:
                return fields[at + 4:at + 4 + length].decode()
            at += 4 + length + 1
        at = (at + 7) // 8 * 8
    return ""


async def _counted(command: List[str]) -> Tuple[int, Messages]:
    messages = Messages(Counter(), Counter(), Counter(), 0)
    passed = 0
    carriers: List[Any] = []

    def take(is_sent: bool, kind: int, member: str, length: int) -> None:
        nonlocal passed
        passed += length
        (messages.sent if is_sent else messages.heard)[_KINDS[kind]] += 1
        if is_sent and kind == 1:
            messages.calls[member] += 1

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, is_sent: bool) -> None:
        direction = _Direction(is_sent, lambda *message: take(is_sent, *message))
        try:
            while data := await source.read(1 << 16):
                sink.write(data)
                direction.feed(data)
        except ConnectionError:
            pass  # the other end left: so does this one
        finally:
            sink.close()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carriers.append(asyncio.current_task())
        from_bus, to_bus = await asyncio.open_unix_connection(_BUS)
        await asyncio.gather(pump(reader, to_bus, True), pump(from_bus, writer, False))

    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory) / "bus")
        await asyncio.start_unix_server(carry, path)
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={path}"}
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdin=asyncio.subprocess.DEVNULL)
        status = await process.wait()
        await asyncio.gather(*carriers)  # they may still have to read what it said last
    return status, messages._replace(bytes=passed)


def _main(command: List[str]) -> int:
    status, messages = asyncio.run(_counted(command))
    result: Dict[str, Any] = messages._asdict()
    print(json.dumps(result))
    return status


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
