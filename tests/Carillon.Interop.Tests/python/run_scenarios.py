"""Runs scenarios with stock python-socketio clients: one JSON line starts one, and what it returns or throws goes back as a line of JSON.

A scenario is a function of the module scenarios/<file>.py; "file/function" names it.
"""
import concurrent.futures
import importlib
import json
import sys
import threading
import traceback

import socketio

output = threading.Lock()
PATIENCE = 20


def say(line):
    with output:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


class Scenario:
    """What a scenario works with: the server's address, clients of its own, and the test that started it."""

    def __init__(self, command):
        self.id = command["id"]
        self.url = command["url"]
        self.transports = command["transports"]
        self.details = command["details"] or {}
        self.clients = []

    def open(self):
        """A client that is not connected yet."""
        client = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.1)
        self.clients.append(client)
        return client

    def connect(self, client=None, namespaces=("/",), auth=None):
        client = client or self.open()
        client.connect(self.url, transports=self.transports, namespaces=list(namespaces), auth=auth, wait_timeout=PATIENCE)
        return client

    def say(self, word):
        say({"id": self.id, "said": word})

    def end(self):
        for client in self.clients:
            client.disconnect()


class Mailbox:
    """The events of one name that a client gets, one after another."""

    def __init__(self, client, event, namespace="/"):
        self.arrived = threading.Condition()
        self.waiting = []
        client.on(event, self.put, namespace=namespace)

    def put(self, *arguments):
        with self.arrived:
            self.waiting.append(arguments)
            self.arrived.notify()

    def take(self):
        with self.arrived:
            if not self.arrived.wait_for(lambda: self.waiting, PATIENCE):
                raise TimeoutError("the event did not come")
            return self.waiting.pop(0)

    def take_all(self):
        with self.arrived:
            taken, self.waiting = self.waiting, []
            return taken


def run(command):
    scenario = Scenario(command)
    file, function = command["name"].split("/")
    try:
        module = importlib.import_module("scenarios." + file)
        say({"id": scenario.id, "value": getattr(module, function)(scenario)})
    except Exception:  # whatever the client library throws is the answer
        say({"id": scenario.id, "error": traceback.format_exc()})
    finally:
        scenario.end()


def main():
    with concurrent.futures.ThreadPoolExecutor(32) as workers:
        for line in sys.stdin:
            workers.submit(run, json.loads(line))


if __name__ == "__main__":
    main()
