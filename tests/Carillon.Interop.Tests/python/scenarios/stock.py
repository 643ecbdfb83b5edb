"""What python-socketio sends, gets and sees."""
from run_scenarios import PATIENCE, Mailbox


def ask(client, event, data=None, namespace="/"):
    return client.call(event, data, namespace=namespace, timeout=PATIENCE)


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def events(scenario):
    """Events and acknowledgements both ways, with text and binary values."""
    client = scenario.open()
    backs = Mailbox(client, "echo-back")
    client.on("question", lambda question: f"{question}: yes" if isinstance(question, str) else {"back": question[::-1]})
    scenario.connect(client)

    values = (None, True, -1.5e300, "grüße 🎉", {"a": {"b": [1, [2, {}]]}}, [], "")
    client.emit("echo", values)
    expect(backs.take(), values)
    nested = ({"name": "nested", "parts": [b"", {"deep": b"\x07\x08"}]}, b"\x01\xff", "plain")
    client.emit("echo", nested)
    expect(backs.take(), nested)

    expect(ask(client, "sum", (2, 3)), 5)
    expect(ask(client, "sum", ("two", 3)), {"error": "argument 1: expected a whole number in range"})
    expect(ask(client, "echo-ack", {"data": b"\x01\x02"}), {"data": b"\x01\x02"})
    expect(ask(client, "picture", {"name": "a.png", "data": b"\x01\x02\x03"}), {"name": "A.PNG", "data": b"\x03\x02\x01"})
    expect(ask(client, "ask-me", ("ready?", 20000)), {"answer": "ready?: yes"})
    expect(ask(client, "ask-binary", b"\x04\x05\x06"), {"back": b"\x06\x05\x04"})
    return client.transport()


def namespaces(scenario):
    """Several namespaces over one connection, one behind a check; a refusal tells why."""
    client = scenario.open()
    moved = Mailbox(client, "moved", "/game-7")
    scenario.connect(client, namespaces=("/", "/secure", "/game-7"), auth={"token": "123"})
    expect(len(set(client.namespaces.values())), 3)
    expect(ask(client, "who", namespace="/secure"), "user of 123")
    client.emit("move", "e4", namespace="/game-7")
    expect(moved.take(), ("/game-7", "e4"))
    expect(ask(client, "sum", (1, 1)), 2)

    for namespace, token, message in (("/secure", "wrong", "not authorized"), ("/unknown", "123", "Invalid namespace")):
        refused = scenario.open()
        refusals = Mailbox(refused, "connect_error", namespace)
        # Without waiting: this client waits for its own timeout when it is refused.
        refused.connect(scenario.url, transports=scenario.transports, namespaces=[namespace], auth={"token": token}, wait=False)
        expect(refusals.take()[0]["message"], message)


def rooms(scenario):
    """Who is in a room hears of it, who is left out does not; a broadcast that asks gets answers."""
    red = scenario.details["red"]
    clients = [scenario.open() for _ in range(3)]
    heard = [Mailbox(client, "said") for client in clients]
    for client in clients:
        client.on("vote", lambda question: question + " not")
        scenario.connect(client)
    first, second, third = clients
    ask(first, "join", red)
    ask(second, "join", red)

    ask(third, "announce", {"to": [red], "text": "1"})
    expect([box.take() for box in heard[:2]], [("1",), ("1",)])
    ask(first, "say", {"to": [red], "text": "2"})
    expect(heard[1].take(), ("2",))
    ask(second, "leave", red)
    ask(third, "announce", {"to": [red], "text": "3"})
    expect(heard[0].take(), ("3",))
    result = ask(third, "poll", {"to": [red, third.get_sid()], "except": [], "milliseconds": 20000})
    expect(result, {"answers": {first.get_sid(): "why not", third.get_sid(): "why not"}, "missing": [], "silentNodes": 0})
    for client in clients:
        ask(client, "done")
    expect([box.take_all() for box in heard], [[], [], []])


def restart(scenario):
    """Comes back by itself after a restart."""
    client = scenario.open()
    losses, connections = Mailbox(client, "disconnect"), Mailbox(client, "connect")
    scenario.connect(client)
    connections.take()
    scenario.say("connected")
    losses.take()
    scenario.say("disconnected")
    connections.take()
    return ask(client, "sum", (20, 22))
