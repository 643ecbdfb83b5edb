"""Debian's python3-websockets as a client of the channel socket sample."""
import asyncio
import json

import websockets

PATIENCE = 20


async def receive(client):
    return json.loads(await asyncio.wait_for(client.recv(), PATIENCE))


async def count(base):
    address = base.replace("http", "ws", 1).rstrip("/") + "/ws/online/"
    async with websockets.connect(address + "red") as first:
        assert await receive(first) == {"channel": "red", "online": 1}
        async with websockets.connect(address + "blue") as other, websockets.connect(address + "red") as second:
            assert await receive(other) == {"channel": "blue", "online": 1}
            assert await receive(second) == {"channel": "red", "online": 2}
            assert await receive(first) == {"channel": "red", "online": 2}
            await second.send("text that nobody asked for")
            await second.send(b"\x00\xff")
            await asyncio.wait_for(await second.ping(), PATIENCE)
        assert await receive(first) == {"channel": "red", "online": 1}

        # Of a message over the limit only its sender hears.
        async with websockets.connect(address + "red") as hostile:
            assert await receive(first) == {"channel": "red", "online": 2}
            await hostile.send("x" * 100_000)
            try:
                while True:
                    await receive(hostile)
            except websockets.ConnectionClosed as closed:
                assert closed.code == 1009, closed
        assert await receive(first) == {"channel": "red", "online": 1}

    try:
        await websockets.connect(address + "%0A")
        raise AssertionError("a control character is no channel")
    except websockets.InvalidStatusCode as refused:
        assert refused.status_code == 400, refused


def counter(scenario):
    asyncio.run(count(scenario.url))
