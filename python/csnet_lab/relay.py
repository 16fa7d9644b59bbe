"""`relay.py LISTEN TARGET`, run in a host: forwards connections from one Unix socket to another, byte for byte."""

import asyncio
import sys


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while True:
            data = await source.read(1 << 16)
            if not data:
                return
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass  # one end has closed: close the other
    finally:
        sink.close()


async def _relay(listen: str, target: str) -> None:
    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_target, to_target = await asyncio.open_unix_connection(target)
        await asyncio.gather(_pump(reader, to_target), _pump(from_target, writer))

    server = await asyncio.start_unix_server(carry, listen)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_relay(*sys.argv[1:]))
