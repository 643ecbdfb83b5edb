import assert from "node:assert/strict";
import { ask, connected, once } from "../scenario.mjs";

const bytes = (...values) => Buffer.from(values);

/** Typed arguments, acknowledgements and binary data, both ways. Returns whether the server holds the connection without a request. */
export async function shop(scenario) {
  const socket = await scenario.connect("/", { auth: { name: "Ada" } });

  const order = { article: "tea", count: 3 };
  assert.deepEqual(await ask(socket, "order", order), { order, text: "3 of tea" });
  assert.deepEqual(await ask(socket, "orders", [{ article: "milk", count: 1 }, order], "grüße 🎉"), { order, text: "grüße 🎉" });
  assert.deepEqual(await ask(socket, "order", { ...order, count: "many" }), {
    error: "argument 1 at $.count: expected an object of the kind Order",
  });

  assert.deepEqual(await ask(socket, "order", null), { error: "argument 1: expected an object of the kind Order" });

  assert.deepEqual(await ask(socket, "reverse", { name: "a.png", data: bytes(1, 2, 255) }), { name: "a.png", data: bytes(255, 2, 1) });
  const shown = once(socket, "shown");
  await ask(socket, "join", "window");
  socket.emit("show", "window", { name: "b.png", data: bytes(7) });
  assert.deepEqual(await shown, [{ name: "b.png", data: bytes(7) }, "1970-01-01T00:00:00+00:00"]);

  socket.on("question", (asked, answer) => answer({ order: asked, text: "yes" }));
  assert.deepEqual(await ask(socket, "ask-me", order), { order, text: "yes" });
  socket.on("count", (answer) => answer(5));
  assert.equal(await ask(socket, "ask-all", "window"), 5);

  assert.deepEqual(await ask(socket, "unlisted"), { error: "internal error" });
  assert.match(await ask(socket, "why"), /add \[JsonSerializable\(typeof\(Carillon\.TrimmedApp\.Unlisted\)\)\]/);
  return ask(socket, "is-held");
}

/** A refusal with data of the application's type, and a namespace that comes into being. */
export async function doors(scenario) {
  const refusal = await connected(scenario.open()).catch((error) => error);
  assert.equal(refusal.message, "nobody");
  assert.deepEqual(refusal.data, { order: null, text: "say who you are" });

  const branch = scenario.open("/branch-12");
  assert.deepEqual(await once(branch, "branch"), ["/branch-12"]);
}

/** The settings that the server was given on its command line. */
export async function settings(scenario) {
  const socket = await scenario.connect("/", { auth: { name: "Ada" } });
  return socket.io.engine._pingInterval ?? socket.io.engine.pingInterval;
}
