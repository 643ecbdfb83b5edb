"""Connects the way its second argument says, exchanges events and prints one line per observation."""
import sys
import threading

import socketio

url, transports = sys.argv[1], sys.argv[2].split(",")
client = socketio.Client(reconnection=False)
done = threading.Event()
output = threading.Lock()


def say(*words):
    with output:
        print(*words, flush=True)


@client.on("greeting")
def greeting(data):
    say("greeting", data)


@client.on("answer")
def answer(data):
    say("answer", data["text"])
    done.set()


@client.on("disconnect")
def disconnected():
    say("disconnected")


client.connect(url, transports=transports, auth={"token": "abc"})
say("transport", client.transport())
say("acknowledged", client.call("add", (2, 3), timeout=5))
client.emit("ask", {"text": "grüße 🎉"})
if not done.wait(5):
    sys.exit("no answer")
client.disconnect()
