"""Stock python-socketio clients, driven by one JSON command a line on standard input.

A command is {"id": 1, "do": "connect", "client": "a", ...}; its answer {"id": 1, "value": ...} or {"id": 1, "error": "..."}.
What happens to a client is told as {"client": "a", "event": "...", ...} or {"client": "a", "state": "connect"}.
"""
import concurrent.futures
import json
import sys
import threading

import socketio

output = threading.Lock()


def finite(value):
    """A monitor sees every test's messages: 1e400 is infinity to Python, which it would print as no JSON."""
    if isinstance(value, float) and value - value != 0:
        return str(value)
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def say(line):
    with output:
        sys.stdout.write(json.dumps(finite(line)) + "\n")
        sys.stdout.flush()


class Client:
    def __init__(self, name):
        self.name = name
        self.io = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1)

    def watch(self, namespace):
        def on_connect():
            say({"client": self.name, "namespace": namespace, "state": "connect"})

        def on_disconnect():
            say({"client": self.name, "namespace": namespace, "state": "disconnect"})

        def on_anything_else(event, *arguments):
            say({"client": self.name, "namespace": namespace, "event": event, "arguments": arguments})

        self.io.on("connect", on_connect, namespace=namespace)
        self.io.on("disconnect", on_disconnect, namespace=namespace)
        self.io.on("*", on_anything_else, namespace=namespace)

    def connect(self, command):
        for namespace in command["namespaces"]:
            self.watch(namespace)
        self.io.connect(command["url"], transports=command["transports"], namespaces=command["namespaces"], wait_timeout=10)
        return {"sids": {namespace: self.io.get_sid(namespace) for namespace in command["namespaces"]}}

    def listen(self, command):
        name, event, namespace = self.name, command["event"], command["namespace"]

        # Exactly one argument, as people write it: any other number of arguments is a TypeError and no event.
        def on_event(data):
            say({"client": name, "namespace": namespace, "event": event, "arguments": [data], "listened": True})

        self.io.on(event, on_event, namespace=namespace)

    def emit(self, command):
        self.io.emit(command["event"], command["payload"], namespace=command["namespace"])

    def call(self, command):
        answered = threading.Event()
        answer = []

        def on_answer(*arguments):
            answer.extend(arguments)
            answered.set()

        self.io.emit(command["event"], command["payload"], namespace=command["namespace"], callback=on_answer)
        if not answered.wait(10):
            raise TimeoutError("no acknowledgement of " + command["event"])
        return answer

    def transport(self, command):
        return self.io.transport()

    def sids(self, command):
        return {"sids": {namespace: self.io.get_sid(namespace) for namespace in self.io.namespaces}}

    def disconnect(self, command):
        # python-engineio forgets what is queued while its writer is still busy with the POST before: let that end first.
        queue = self.io.eio.queue
        if self.io.connected and queue is not None:
            with queue.all_tasks_done:
                queue.all_tasks_done.wait_for(lambda: queue.unfinished_tasks == 0, timeout=5)
        self.io.disconnect()


COMMANDS = {"connect", "listen", "emit", "call", "transport", "sids", "disconnect"}
clients = {}


def run(command):
    try:
        if command["do"] not in COMMANDS:
            raise ValueError("unknown command " + command["do"])
        client = clients.setdefault(command["client"], Client(command["client"]))
        say({"id": command["id"], "value": getattr(client, command["do"])(command)})
    except Exception as error:  # whatever the client library throws is the answer
        say({"id": command["id"], "error": f"{type(error).__name__}: {error}"})


def main():
    with concurrent.futures.ThreadPoolExecutor(32) as workers:
        for line in sys.stdin:
            workers.submit(run, json.loads(line))
    for client in clients.values():
        client.io.disconnect()


main()
