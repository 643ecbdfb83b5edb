import assert from "node:assert/strict";
import { chromium } from "playwright-core";

async function inPage(scenario, act) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.goto(new URL("healthz", scenario.url).href);
    return await act(page);
  } finally {
    await browser.close();
  }
}

/** The browser's EventSource: it says when it listens and when it has got as many messages as it was told, and returns what it saw. */
export const eventSource = (scenario) =>
  inPage(scenario, async (page) => {
    await page.evaluate((topics) => {
      window.seen = { messages: [], subscribed: [], ids: [], errors: 0 };
      const events = new EventSource(`/events?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join("&")}`);
      events.onmessage = (event) => {
        seen.messages.push(JSON.parse(event.data));
        seen.ids.push(event.lastEventId);
      };
      events.addEventListener("subscribed", (event) => seen.subscribed.push(JSON.parse(event.data)));
      events.onerror = () => seen.errors++;
    }, scenario.details.topics);
    await page.waitForFunction((topics) => seen.subscribed.length === topics, scenario.details.topics.length);
    scenario.say("listening");
    for (let word = await scenario.told(); word !== "end"; word = await scenario.told()) {
      await page.waitForFunction((count) => seen.messages.length >= count, Number(word));
      scenario.say(word);
    }
    return page.evaluate(() => seen);
  });

// In the page: a WebSocket whose answers and messages are taken apart.
async function define() {
  window.connect = async () => {
    const socket = new WebSocket(`ws://${location.host}/ws`);
    const inbox = { answers: [], messages: [], wake: () => {} };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      (("nonce" in frame) ? inbox.answers : inbox.messages).push(frame);
      inbox.wake();
    };
    await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
    const take = async (kind) => {
      while (inbox[kind].length === 0) {
        await new Promise((resolve) => (inbox.wake = resolve));
      }
      return inbox[kind].shift();
    };
    return {
      next: () => take("messages"),
      ask: (command) => {
        socket.send(JSON.stringify({ nonce: command.type, ...command }));
        return take("answers");
      },
      close: () =>
        new Promise((resolve) => {
          socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]);
          socket.close(1000, "done");
        }),
    };
  };
}

/** The browser's WebSocket: subscribes, publishes, leaves while the test goes on, and comes back for what it has missed. */
export const webSocket = (scenario) =>
  inPage(scenario, async (page) => {
    const { topic } = scenario.details;
    await page.evaluate(define);
    const first = await page.evaluate(async (topic) => {
      const client = await connect();
      const subscribed = await client.ask({ type: "SUBSCRIBE", topics: [topic] });
      const stored = await client.ask({ type: "PUBLISH", topic, message: { text: "grüße" }, message_id: "first" });
      return { subscribed, stored, message: await client.next(), closed: await client.close() };
    }, topic);
    assert.deepEqual(first.subscribed, { success: [topic], errors: [], nonce: "SUBSCRIBE" });
    assert.deepEqual([first.stored.success, first.stored.errors, first.stored.offset], [[topic], [], 1]);
    assert.deepEqual([first.message.message, first.message.message_id, first.message.offset], [{ text: "grüße" }, "first", 1]);
    assert.deepEqual(first.closed, [1000, true]);

    scenario.say("left");
    assert.equal(await scenario.told(), "published 2 and 3");

    const { epoch, offset } = first.stored;
    const second = await page.evaluate(
      async ({ topic, since }) => {
        const client = await connect();
        const subscribed = await client.ask({ type: "SUBSCRIBE", topics: [topic], since });
        const missed = [await client.next(), await client.next()];
        const again = await client.ask({ type: "PUBLISH", topic, message: "again", message_id: "first" });
        const stored = await client.ask({ type: "PUBLISH", topic, message: 4 });
        return { subscribed, missed, again, stored, live: await client.next() };
      },
      { topic, since: { epoch, offset } },
    );
    assert.deepEqual(second.subscribed.starts, { [topic]: { recovered: true, epoch, offset } });
    assert.deepEqual(second.missed.map((message) => [message.offset, message.message]), [[2, 2], [3, 3]]);
    assert.deepEqual([second.again.offset, second.again.duplicate], [1, true]);
    assert.deepEqual([second.stored.offset, second.live.offset, second.live.message], [4, 4, 4]);
  });
