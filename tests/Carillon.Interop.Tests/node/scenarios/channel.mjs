import assert from "node:assert/strict";
import { chromium } from "playwright-core";

async function open(browser, url, channel) {
  const page = await (await browser.newContext({ viewport: { width: 600, height: 500 } })).newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (line) => line.type() === "error" && page.faults.push(line.text()));
  await page.goto(`${url}?channel=${encodeURIComponent(channel)}`);
  return page;
}

const shows = (page, count) => page.locator("#count", { hasText: new RegExp(`^${count}$`) }).waitFor();

/** Two tabs in one channel, one in another, in headless Chromium. */
export async function twoTabs(scenario) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
  try {
    const ada = await open(browser, scenario.url, "lobby é");
    await shows(ada, 1);
    const bob = await open(browser, scenario.url, "lobby é");
    await shows(bob, 2);
    await shows(ada, 2);
    const eve = await open(browser, scenario.url, "elsewhere");
    await shows(eve, 1);
    if (scenario.details.screenshot) {
      await ada.screenshot({ path: scenario.details.screenshot });
    }

    await bob.close();
    await shows(ada, 1);

    await eve.getByLabel("Channel").fill("lobby é");
    await eve.getByRole("button", { name: "Go there" }).click();
    await shows(eve, 2);
    await shows(ada, 2);
    assert.equal(await eve.locator("#channel").textContent(), "lobby é");
    assert.equal(await ada.locator("#link").textContent(), "");
    assert.deepEqual([ada, eve].flatMap((page) => page.faults), []);
  } finally {
    await browser.close();
  }
}
