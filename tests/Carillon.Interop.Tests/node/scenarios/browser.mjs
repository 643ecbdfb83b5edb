import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const clientScript = createRequire(import.meta.url).resolve("socket.io-client/dist/socket.io.js");

// In the page: connects, exchanges text, binary data and large messages, and tells by which transports and on which protocols.
async function exchange(transports) {
  const { promise: upgraded, resolve } = Promise.withResolvers();
  const socket = io({ transports, reconnection: false });
  socket.io.engine.once("upgrade", resolve);
  const first = socket.io.engine.transport.name;
  await new Promise((connect, refuse) => socket.once("connect", connect).once("connect_error", refuse));
  if (transports.length > 1) {
    await upgraded;
  }

  const echo = (...values) => new Promise((answer) => socket.emit("echo-ack", ...values, (...back) => answer(back)));
  const [text, bytes] = await echo("grüße", new Uint8Array([1, 2, 255]));
  const large = "x".repeat(900_000);
  const seen = [];
  socket.on("echo-back", (number) => seen.push(number));
  for (let i = 0; i < 300; i++) {
    socket.emit("echo", i);
  }
  const largeIsBack = (await echo(large))[0] === large;
  const last = socket.io.engine.transport.name;
  const reason = new Promise((tell) => socket.once("disconnect", tell));
  socket.emit("kick", true);
  return { first, last, text, bytes: [...new Uint8Array(bytes)], largeIsBack, seen, reason: await reason };
}

/** The official browser client on an https page of a server with Kestrel's default protocols, whose certificate is nobody's. */
export async function overHttp2(scenario) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--ignore-certificate-errors"],
  });
  try {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(new URL("page", scenario.url).href);
    await page.addScriptTag({ content: await readFile(clientScript, "utf8") });

    const result = await page.evaluate(exchange, scenario.transports);

    assert.equal(result.first, scenario.transports[0]);
    assert.equal(result.last, "websocket");
    assert.equal(result.text, "grüße");
    assert.deepEqual(result.bytes, [1, 2, 255]);
    assert.ok(result.largeIsBack);
    assert.deepEqual(result.seen, [...Array(300).keys()]);
    assert.ok(["transport close", "io server disconnect"].includes(result.reason), result.reason);
    return result.reason;
  } finally {
    await browser.close();
  }
}
