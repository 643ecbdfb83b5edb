import assert from "node:assert/strict";
import { ask, collect, connected, once } from "../scenario.mjs";

/** Events both ways, in order, with every kind of JSON value. */
export async function exchange(scenario) {
  const socket = await scenario.connect();
  const values = [null, true, -1.5e300, "grüße 🎉 \u2028 \\ \" \u0000", { a: { b: [1, [2, {}]] } }, [], ""];
  socket.emit("echo", ...values);
  assert.deepEqual(await once(socket, "echo-back"), values);

  const seen = collect(socket, "echo-back");
  for (let i = 0; i < 300; i++) {
    socket.emit("echo", i);
  }
  await ask(socket, "done");
  assert.deepEqual(seen.flat(), [...Array(300).keys()]);
  return socket.io.engine.transport.name;
}

/** Acknowledgements of both sides, and what comes where one is missing. */
export async function acknowledgements(scenario) {
  const socket = await scenario.connect();
  assert.equal(await ask(socket, "sum", 2, 3), 5);
  assert.deepEqual(await new Promise((resolve) => socket.emit("echo-ack", 1, "two", (...answer) => resolve(answer))), [1, "two"]);
  assert.deepEqual(await ask(socket, "sum", "two", 3), { error: "argument 1: expected a whole number in range" });
  assert.deepEqual(await ask(socket, "fails"), { error: "internal error" });
  await assert.rejects(socket.timeout(50).emitWithAck("silent"), /operation has timed out/);

  socket.on("question", (text, answer) => text !== "in vain" && answer(`${text}: yes`));
  assert.deepEqual(await ask(socket, "ask-me", "ready?", 10_000), { answer: "ready?: yes" });
  assert.deepEqual(await ask(socket, "ask-me", "in vain", 50), { error: "timeout" });
}

/** Whoever asks a client that leaves hears of it at once. */
export async function unanswered(scenario) {
  const socket = await scenario.connect();
  socket.on("question", () => socket.disconnect());
  socket.emit("ask-me", "goodbye?", 60_000);
  await once(socket, "disconnect");
}

/** Binary values anywhere in the arguments and in acknowledgements, both ways. */
export async function binary(scenario) {
  const socket = await scenario.connect();
  const bytes = (...values) => Buffer.from(values);
  const sent = [bytes(1, 2, 255), { name: "nested", parts: [bytes(), { deep: new Uint8Array([7, 8]) }] }, "plain"];
  const expected = [bytes(1, 2, 255), { name: "nested", parts: [bytes(), { deep: bytes(7, 8) }] }, "plain"];
  socket.emit("echo", ...sent);
  assert.deepEqual(await once(socket, "echo-back"), expected);
  assert.deepEqual(await ask(socket, "echo-ack", sent[1]), expected[1]);

  const picture = await ask(socket, "picture", { name: "a.png", data: bytes(1, 2, 3) });
  assert.deepEqual(picture, { name: "A.PNG", data: bytes(3, 2, 1) });
  const tenParts = Array.from({ length: 10 }, (_, i) => bytes(i));
  assert.deepEqual(await ask(socket, "echo-ack", tenParts), tenParts);

  socket.on("question", (data, answer) => answer({ back: Buffer.from(data).reverse() }));
  assert.deepEqual(await ask(socket, "ask-binary", bytes(4, 5, 6)), { back: bytes(6, 5, 4) });
  return socket.connected;
}

/** Payloads just under the limit go both ways; one over it ends that client. */
export async function large(scenario) {
  const { limit } = scenario.details;
  const polling = scenario.transports.at(-1) === "polling";
  const socket = await scenario.connect();
  const text = "x".repeat(limit - '42["echo",""]'.length);
  socket.emit("echo", text);
  const [back] = await once(socket, "echo-back");
  assert.ok(back === text);

  // Polling carries binary data as text of four characters for each three bytes.
  const data = Buffer.alloc(polling ? Math.floor((limit * 3) / 4) - 200 : limit, 7);
  const answer = await ask(socket, "echo-ack", data);
  assert.ok(data.equals(answer));

  assert.equal((await ask(socket, "blob", 1_048_576)).length, 1_048_576);

  socket.io.reconnection(false);
  socket.emit("echo", `${text}y`);
  const [reason] = await once(socket, "disconnect");
  return reason;
}

/** What may be dropped is dropped where it cannot be sent at once; what arrives, arrives in order. */
export async function volatile(scenario) {
  const socket = await scenario.connect();
  const seen = collect(socket, "maybe");
  // A burst that falls between two polls is dropped whole; then another is asked for.
  for (let bursts = 0; bursts < 50 && seen.length === 0; bursts += 1) {
    await ask(socket, "volatile-burst", 200);
  }

  const numbers = seen.flat();
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  return numbers.length;
}

/** A client that joins no namespace it is refused in stays usable. */
export async function namespaces(scenario) {
  const main = await scenario.connect();
  const manager = main.io;

  const unknown = manager.socket("/unknown");
  await assert.rejects(connected(unknown), { message: "Invalid namespace" });

  const secure = manager.socket("/secure", { auth: { token: "wrong" } });
  const refusal = await connected(secure).catch((error) => error);
  assert.equal(refusal.message, "not authorized");
  assert.deepEqual(refusal.data, { code: 401, hint: "grüße" });
  assert.equal(secure.active, false);

  secure.auth = (give) => give({ token: "123" });
  secure.connect();
  await connected(secure);
  assert.equal(await ask(secure, "who"), "user of 123");

  const [first, second] = ["/game-1", "/game-2"].map((name) => manager.socket(name));
  await Promise.all([connected(first), connected(second)]);
  assert.equal(new Set([main.id, secure.id, first.id, second.id]).size, 4);
  const strayed = collect(second, "moved");
  const moved = once(first, "moved");
  first.emit("move", "e4");
  assert.deepEqual(await moved, ["/game-1", "e4"]);
  assert.equal(await ask(second, "players"), 1);
  assert.deepEqual(strayed, []);

  first.disconnect();
  assert.equal(await ask(main, "sum", 1, 1), 2);
  await assert.rejects(connected(manager.socket("/game-x")), { message: "Invalid namespace" });
  main.emit("whole-family", "over");
  assert.deepEqual(await once(second, "announcement"), ["over"]);
}
