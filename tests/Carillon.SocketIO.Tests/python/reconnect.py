"""Prints a line for each connection and each loss of it, and ends at the second connection."""
import sys
import threading

import socketio

url, transports = sys.argv[1], sys.argv[2].split(",")
client = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.1)
connections = 0
done = threading.Event()


@client.event
def connect():
    global connections
    connections += 1
    if connections == 2:
        print("connected 2", flush=True)
        done.set()


@client.event
def disconnect():
    print("disconnected", flush=True)


client.connect(url, transports=transports)

# Not in the handler: a connection that is lost before connect() has returned is one that this client does not restore.
print("connected 1", flush=True)
if not done.wait(20):
    sys.exit("never came back")
client.disconnect()
