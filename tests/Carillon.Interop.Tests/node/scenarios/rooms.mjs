import assert from "node:assert/strict";
import { ask, collect } from "../scenario.mjs";

const connectAll = (scenario, count) => Promise.all(Array.from({ length: count }, () => scenario.connect()));

/** After this, what was sent to the clients before has arrived. */
const settle = (clients) => Promise.all(clients.map((client) => ask(client, "done")));

/** Who is in a room hears of it, once; who is left out does not. */
export async function broadcast(scenario) {
  const clients = await connectAll(scenario, 4);
  const [a, b, c, d] = clients;
  const heard = clients.map((client) => collect(client, "said"));
  const expect = async (...texts) => {
    await settle(clients);
    assert.deepEqual(heard.map((events) => events.splice(0).flat()), texts);
  };
  const { red, blue } = scenario.details;
  await Promise.all([ask(a, "join", red), ask(b, "join", red), ask(b, "join", blue), ask(c, "join", blue)]);

  await ask(d, "say", { to: [red], text: "1" });
  await expect(["1"], ["1"], [], []);
  await ask(a, "say", { to: [red, blue], text: "2" });
  await expect([], ["2"], ["2"], []);
  await ask(d, "say", { to: [red, blue], except: [blue], text: "3" });
  await expect(["3"], [], [], []);
  await ask(d, "say", { to: [red], except: [a.id], text: "4" });
  await expect([], ["4"], [], []);
  await ask(d, "say", { to: [c.id], text: "5" });
  await expect([], [], ["5"], []);
  await ask(a, "announce", { to: [red], text: "6" });
  await expect(["6"], ["6"], [], []);

  await ask(b, "leave", red);
  await ask(a, "announce", { to: [red], text: "7" });
  await expect(["7"], [], [], []);
  a.disconnect();
  await ask(d, "announce", { to: [red], text: "8" });
  await settle([b, c, d]);
  assert.deepEqual(heard.flat(2), []);
}

/** A broadcast that asks gets the answers of those who answer, and the names of the others. */
export async function poll(scenario) {
  const clients = await connectAll(scenario, 4);
  const { red } = scenario.details;
  await Promise.all(clients.map((client) => ask(client, "join", red)));
  clients.slice(0, 3).forEach((client, i) => client.on("vote", (question, answer) => answer(`${question} ${i}`)));

  const all = await ask(clients[3], "poll", { to: [red], except: [clients[3].id], milliseconds: 20_000 });
  assert.deepEqual(all, { answers: Object.fromEntries(clients.slice(0, 3).map(({ id }, i) => [id, `why ${i}`])), missing: [], silentNodes: 0 });

  const some = await ask(clients[3], "poll", { to: [red], except: [clients[0].id], milliseconds: 300 });
  assert.deepEqual(Object.keys(some.answers).sort(), [clients[1].id, clients[2].id].sort());
  assert.deepEqual(some.missing, [clients[3].id]);
}

/** Many clients in one room: each gets the one broadcast, and answers it. */
export async function crowd(scenario) {
  const { count, room } = scenario.details;
  const clients = [];
  for (let i = 0; i < count; i += 100) {
    clients.push(...(await connectAll(scenario, 100)));
  }
  let told = 0;
  for (const client of clients) {
    client.on("news", () => told++);
    client.on("vote", (_, answer) => answer(client.id));
  }
  await Promise.all(clients.map((client) => ask(client, "join", room)));

  await ask(clients[0], "announce", { to: [room], text: "hello", event: "news" });
  await settle(clients);
  const { answers, missing } = await ask(clients[0], "poll", { to: [room], except: [], milliseconds: 20_000 });
  assert.ok(Object.entries(answers).every(([id, answer]) => id === answer));
  return { told, answered: Object.keys(answers).length, missing: missing.length };
}
