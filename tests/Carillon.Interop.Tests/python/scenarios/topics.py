"""Debian's python3-websockets as a client of WebSocket JSON."""
import asyncio
import json

import websockets

PATIENCE = 20


class Client:
    """Takes answers, which have a nonce, and messages apart."""

    def __init__(self, socket):
        self.socket = socket
        self.answers = []
        self.messages = []

    async def take(self, kind):
        while not kind:
            for line in (await asyncio.wait_for(self.socket.recv(), PATIENCE)).split("\n"):
                frame = json.loads(line)
                (self.answers if "nonce" in frame else self.messages).append(frame)
        return kind.pop(0)

    async def ask(self, **command):
        await self.socket.send(json.dumps({"nonce": 0, **command}))
        return await self.take(self.answers)

    def message(self):
        return self.take(self.messages)


async def talk(base, topic, subprotocol):
    address = base.replace("http", "ws", 1).rstrip("/") + "/ws"
    async with websockets.connect(address, subprotocols=subprotocol and [subprotocol]) as socket:
        assert socket.subprotocol == subprotocol, socket.subprotocol
        client = Client(socket)
        assert await client.ask(type="PING") == {"type": "PONG", "nonce": 0}
        assert await client.ask(type="SUBSCRIBE", topics=[topic, "$no"]) | {"errors": [], "error_details": []} == {
            "success": [topic], "errors": [], "error_details": [], "nonce": 0}
        stored = await client.ask(type="PUBLISH", topic=topic, message={"n": 1, "text": "grüße"}, message_id="one", producer="py")
        assert (stored["success"], stored["errors"], stored["offset"]) == ([topic], [], 1), stored
        message = await client.message()
        assert (message["topic"], message["message"], message["message_id"], message["producer"], message["offset"]) == (
            topic, {"n": 1, "text": "grüße"}, "one", "py", 1), message
        assert (await client.ask(type="PUBLISH", topic=topic, message=1, message_id="one"))["duplicate"] is True
        assert await client.ask(type="CONSUMED", consumer="py", topic=topic, message_id="one") == {"success": [topic], "errors": [], "nonce": 0}
        await asyncio.wait_for(await socket.ping(), PATIENCE)

    async with websockets.connect(address) as socket:
        writer = Client(socket)
        for n in range(2, 52):
            assert (await writer.ask(type="PUBLISH", topic=topic, message=n))["offset"] == n

    async with websockets.connect(address, subprotocols=subprotocol and [subprotocol]) as socket:
        back = Client(socket)
        since = {"epoch": stored["epoch"], "offset": stored["offset"]}
        answer = await back.ask(type="SUBSCRIBE", topics=[{"topic": topic, "since": since}])
        assert answer["starts"][topic] == {"recovered": True, **since}, answer
        assert [(await back.message())["message"] for _ in range(50)] == list(range(2, 52))
        await back.ask(type="UNSUBSCRIBE", topics=[topic])
        await back.socket.send(b"\x00\xff")
        assert json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))["code"] == "bad_request"


def websocket(scenario):
    asyncio.run(talk(scenario.url, scenario.details["topic"], scenario.details["subprotocol"]))
