import assert from "node:assert/strict";
import { ask, collect, connected, once } from "../scenario.mjs";

/** A client that is in a room, hears what is said there, and comes back only when told. */
async function member(scenario, room) {
  const socket = await scenario.connect();
  socket.io.reconnection(false);
  await ask(socket, "join", room);
  await ask(socket, "remember", "tea");
  return { socket, heard: collect(socket, "said") };
}

/** Its link breaks; meanwhile happens what the function does. */
async function away(socket, meanwhile) {
  const lost = once(socket, "disconnect");
  socket.io.engine.close();
  await lost;
  await meanwhile();
  socket.connect();
  await connected(socket);
}

const texts = (events) => events.splice(0).map(([text]) => text);

/** The events missed come after the connection, each once and in order, and the room is still its own. */
export async function missed(scenario) {
  const { room } = scenario.details;
  const other = await scenario.connect();
  const { socket, heard } = await member(scenario, room);
  const { id } = socket;
  assert.equal(socket.recovered, false);
  const say = (text) => ask(other, "announce", { to: [room], text });
  await say("1");
  await away(socket, async () => {
    await say("2");
    await ask(other, "announce", { to: ["another room"], text: "not for us" });
    await say("3");
    await ask(other, "announce-bytes", { to: [room], text: "AAEC" });
  });
  assert.deepEqual([socket.recovered, socket.id], [true, id]);
  await say("4");
  await ask(socket, "done");
  assert.deepEqual(texts(heard), ["1", "2", "3", Buffer.from([0, 1, 2]), "4"]);
  assert.deepEqual(await ask(socket, "recall"), { recovered: true, note: "tea" });
}

/** A quiet client that had got all that was sent to it, and whose last event, if it ever had one, is older than anything the server keeps. */
export async function idle(scenario) {
  const { room, pings, first } = scenario.details;
  const other = await scenario.connect();
  const { socket, heard } = await member(scenario, room);
  const say = (text) => ask(other, "announce", { to: [room], text });
  if (first) {
    await say("1");
  }
  await ask(other, "announce", { to: ["another room"], text: "kept as long as any" });
  for (let i = 0; i < pings; i++) {
    await once(socket.io.engine, "ping");
  }
  const { id } = socket;
  await away(socket, async () => {
    await ask(other, "see-off", id);
    await say("2");
  });
  await ask(socket, "done");
  assert.deepEqual([socket.recovered, ...texts(heard)], first ? [true, "1", "2"] : [true, "2"]);
  return socket.recovered;
}

/** A volatile event may be the last that a client saw; those it missed are gone. */
export async function volatile(scenario) {
  const { room } = scenario.details;
  const other = await scenario.connect();
  const { socket, heard } = await member(scenario, room);
  const say = (text, isVolatile) => ask(other, "announce", { to: [room], text, volatile: isVolatile });
  await say("1", false);
  await say("2", true);
  await ask(socket, "done");
  await away(socket, async () => {
    await say("3", true);
    await say("4", false);
  });
  await ask(socket, "done");
  assert.deepEqual(texts(heard), ["1", "2", "4"]);
  return socket.recovered;
}

/** Begins anew, with a new id and without rooms, when an event it missed is not kept any more. */
export async function tooMuch(scenario) {
  const { room } = scenario.details;
  const other = await scenario.connect();
  const { socket, heard } = await member(scenario, room);
  const { id } = socket;
  await away(socket, () => ask(other, "announce", { to: [room], text: "x".repeat(1000) }));
  await ask(other, "announce", { to: [room], text: "not for us" });
  assert.notEqual(socket.id, id);
  assert.deepEqual(await ask(socket, "recall"), { recovered: false, note: null });
  assert.deepEqual(texts(heard), []);
  return socket.recovered;
}

/** Who left on purpose begins anew. */
export async function left(scenario) {
  const { socket } = await member(scenario, scenario.details.room);
  socket.disconnect();
  socket.connect();
  await connected(socket);
  assert.deepEqual(await ask(socket, "recall"), { recovered: false, note: null });
  return socket.recovered;
}
