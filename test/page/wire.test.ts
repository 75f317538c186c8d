import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectBot, demoBot, launchChromium, linDm, openStage, type Stage } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const shown = ".entry:not([hidden])";

/** A heartbeat, a message, its answer, and a second answer that is refused as a repetition. Returns the bot's token. */
async function talk({ emulator }: Stage): Promise<string> {
  const bot = await connectBot(emulator);
  bot.heartbeat();
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "在吗" });
  const event = await bot.next();
  await bot.reply(event, { msg_type: 0, msg_seq: 1, content: "在的" });
  await bot.reply(event, { msg_type: 0, msg_seq: 1, content: "在的" });
  return bot.token;
}

test("the wire log is live and can be filtered", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  await talk(stage);
  const entries = page.locator(shown);
  const refused = page.locator(`${shown}[data-refused="true"]`);
  await refused.waitFor();
  expect(await refused.innerText()).toContain("40054005");
  expect(await page.locator(shown, { hasText: /heartbeat/i }).count()).toBe(0);
  await page.getByLabel("隐藏心跳").uncheck();
  expect(await page.locator(shown, { hasText: /heartbeat/i }).count()).toBe(2);

  await page.getByRole("button", { name: "gateway", exact: true }).click();
  expect(await page.locator(`${shown}[data-line="gateway"]`).count()).toBe(0);
  await page.getByLabel("按文字筛选").fill("40054005");
  expect(await entries.count()).toBe(1);
  await page.getByLabel("按文字筛选").fill("");
  await page.getByRole("button", { name: "gateway", exact: true }).click();
  await page.getByLabel("方向").selectOption("in");
  expect(await page.locator(`${shown}[data-direction="out"]`).count()).toBe(0);
  expect(await entries.count()).toBeGreaterThan(0);
  expect(stage.errors).toEqual([]);
});

test("a click unfolds the body of an entry", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  await talk(stage);
  const entry = page.locator(shown, { hasText: "C2C_MESSAGE_CREATE" });
  await entry.getByRole("button").click();
  expect(await entry.locator("pre").innerText()).toContain('"content": "在吗"');
  await entry.getByRole("button").click();
  expect(await entry.locator("pre").count()).toBe(0);
});

test("pausing holds entries back, clearing takes them away", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  await page.getByRole("button", { name: "暂停" }).click();
  await talk(stage);
  await page.locator("#wire-count", { hasText: "待显示" }).waitFor();
  expect(await page.locator(".entry").count()).toBe(0);
  await page.getByRole("button", { name: "继续" }).click();
  await page.locator(`${shown}[data-refused="true"]`).waitFor();
  await page.getByRole("button", { name: "清空" }).click();
  expect(await page.locator(".entry").count()).toBe(0);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "还在吗" });
  await page.locator(shown, { hasText: "C2C_MESSAGE_CREATE" }).waitFor();
});

test("no secret and no token is ever on the page", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  const token = await talk(stage);
  await page.locator(`${shown}[data-refused="true"]`).waitFor();
  await page.reload();
  await page.locator(`${shown}[data-refused="true"]`).waitFor();
  for (const head of await page.locator(`${shown} .entry-head`).all()) await head.click();
  const text = await page.locator("body").innerText();
  expect(text).toContain("getAppAccessToken");
  expect(text).toContain('"clientSecret": "***"');
  expect(text).not.toContain(demoBot.secret);
  expect(text).not.toContain(token);
});

test("the page masks on its own what a server forgot to mask", async () => {
  await using stage = await openStage(browser);
  const body = {
    Authorization: "QQBot abc123",
    deep: [{ appSecret: "abc123", access_token: "abc123" }],
    raw: '{"token":"abc123"} clientSecret=abc123 authorization: QQBot abc123',
  };
  const text = await stage.page.evaluate(
    `import("/page/json.js").then(({ prettyJson }) => prettyJson(${JSON.stringify(body)}).textContent)`,
  );
  expect(text).not.toContain("abc123");
});

test("two thousand entries are kept, and the oldest go", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  const bot = await connectBot(stage.emulator);
  const batch = Array.from({ length: 50 }, () => bot.call("GET", "/users/@me"));
  await Promise.all(batch);
  await page.locator(shown, { hasText: "/users/@me" }).first().waitFor();
  await page.evaluate(`import("/page/wire.js").then(({ showWire }) => {
    const wire = showWire();
    for (let n = 1; n <= 2100; n += 1) wire.add({ n: 100000 + n, at: n, channel: "http", direction: "out", title: "GET /" + n });
  })`);
  await page.locator(shown, { hasText: "GET /2100" }).waitFor();
  expect(await page.locator(shown, { hasText: /GET \/100$/ }).count()).toBe(0);
  expect(await page.locator(shown, { hasText: /GET \/101$/ }).count()).toBe(1);
});
