import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const evil = '<img src="x" onerror="document.title=\'broken in\'"> & <b>bold</b>';

// A red dot, 1 × 1.
const image = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");

async function enter(browser, url, name, room, scriptDelay = 0) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 600 } })).newPage();
  if (scriptDelay > 0) {
    await page.route("**/chat.js", (route) => setTimeout(() => route.continue(), scriptDelay));
  }
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (line) => line.type() === "error" && page.faults.push(line.text()));
  await page.goto(url);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Room").fill(room);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByLabel("Message").waitFor();
  return page;
}

const message = (page, text) => page.locator("#messages li", { hasText: text });

async function say(page, text) {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Two tabs in one room, one in another, in headless Chromium. */
export async function twoTabs(scenario) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
  try {
    const ada = await enter(browser, scenario.url, "Ada", "lobby");
    const bob = await enter(browser, scenario.url, "Bob", "lobby", 500); // Over a slow link: he can type before the script is there, and must not be able to enter.
    const eve = await enter(browser, scenario.url, "Eve", "elsewhere");
    await ada.locator("#people li", { hasText: "Bob" }).waitFor();

    await say(ada, "Hello Bob");
    await message(bob, "Hello Bob").waitFor();
    await message(ada, "Hello Bob").locator(".tick", { hasText: "✓✓" }).waitFor();

    while (!(await ada.locator("#typing", { hasText: "Bob is typing" }).isVisible())) {
      await bob.getByLabel("Message").pressSequentially("m", { delay: 100 }); // Said again every 2 s, and volatile: the first may be lost.
    }
    await say(bob, evil);
    await message(ada, evil).waitFor();
    await ada.locator("#typing", { hasText: /^$/ }).waitFor({ state: "attached" });

    await bob.getByLabel("Image").setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: image });
    const picture = ada.getByAltText("An image of Bob");
    await picture.waitFor();
    assert.equal(await picture.evaluate((shown) => shown.decode().then(() => shown.naturalWidth)), 1);

    const late = await enter(browser, scenario.url, "Cy", "lobby");
    await message(late, "Hello Bob").waitFor();
    await late.getByAltText("An image of Bob").waitFor();
    if (scenario.details.screenshot) {
      await ada.screenshot({ path: scenario.details.screenshot });
    }

    await bob.close();
    await ada.locator("#count", { hasText: "2" }).waitFor();
    assert.equal(await eve.locator("#messages li").count(), 0);
    assert.equal(await ada.locator("#messages b b, #messages p img").count(), 0);
    assert.deepEqual([ada, eve, late].flatMap((page) => page.faults), []);
    assert.equal(await ada.title(), "Carillon chat");
    return await ada.locator("#messages li").count();
  } finally {
    await browser.close();
  }
}
