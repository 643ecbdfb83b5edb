// Speaks bare Engine.IO with a server that echoes, by the transports its second argument names, and prints one line per observation.
import { Socket } from "engine.io-client";

const [url, transports] = process.argv.slice(2);

async function open() {
  const socket = new Socket(url, { path: "/engine.io/", transports: transports.split(",") });
  const received = [];
  let waiting;
  socket.binaryType = "arraybuffer";
  socket.on("message", (data) => (waiting ? waiting(data) : received.push(data)));
  socket.on("close", (reason) => console.log("closed", reason));
  socket.receive = () =>
    received.length > 0
      ? Promise.resolve(received.shift())
      : new Promise((resolve) => (waiting = (data) => ((waiting = undefined), resolve(data))));
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  if (transports.includes(",")) {
    await new Promise((resolve) => (socket.transport.name === "websocket" ? resolve() : socket.once("upgrade", resolve)));
  }

  console.log("open", socket.transport.name);
  return socket;
}

async function echo(name, socket, data) {
  socket.send(data);
  const back = await socket.receive();
  const same = typeof data === "string" ? back === data : Buffer.compare(Buffer.from(back), Buffer.from(data)) === 0;
  console.log(name, same);
}

let socket = await open();
await echo("text", socket, "grüße 🎉");
await echo("binary", socket, Uint8Array.from([0, 1, 127, 128, 255]).buffer);
await echo("long text", socket, "x".repeat(999_999));
await echo("long binary", socket, new Uint8Array(transports === "polling" ? 749_997 : 1_000_000).fill(7).buffer);

for (let i = 0; i < 1000; i++) {
  socket.send(i % 2 === 0 ? `${i}` : Buffer.from(`${i}`));
}

let ordered = true;
for (let i = 0; i < 1000; i++) {
  const back = await socket.receive();
  ordered &&= (typeof back === "string") === (i % 2 === 0) && `${i}` === (typeof back === "string" ? back : Buffer.from(back).toString());
}

console.log("ordered", ordered);
await new Promise((resolve) => socket.once("ping", () => socket.once("ping", resolve)));
await echo("after pings", socket, "still here");

let closed = new Promise((resolve) => socket.once("close", resolve));
socket.send("close me");
await closed;
socket = await open();
await echo("reopened", socket, "again");
closed = new Promise((resolve) => socket.once("close", resolve));
socket.close();
await closed;
