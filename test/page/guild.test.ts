import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoBot, launchChromium, openChat, openStage } from "./support.ts";
import { rawBot } from "../emulator/raw-bot.ts";

const GUILDS = (1 << 12) | (1 << 30);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

test("a person and a bot talk in a channel", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await rawBot(emulator);
  const gateway = await bot.online(GUILDS);
  await openChat(page, "小林", "综合");
  await page.locator("#text").press("@");
  await page.getByRole("menuitem", { name: demoBot.name }).click();
  await page.locator("#text").fill("1 < 2 吗");
  await page.keyboard.press("Enter");
  const { d } = await gateway.next();
  const answer = await bot.call("POST", `/channels/${String(d["channel_id"])}/messages`, {
    content: `<@!${(d["author"] as { id: string }).id}> 1 &lt; 2`,
    msg_id: d["id"],
  });
  expect(answer.status).toBe(200);
  const line = page.locator('.line[data-from="bot"]');
  expect(await line.locator(".content").innerText()).toBe("@小林 1 < 2");
  expect(await line.locator(".who").innerText()).not.toContain("主动消息");
  expect(stage.errors).toEqual([]);
});

test("a guild DM is a chat of its own, and goes with the person", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await rawBot(emulator);
  const gateway = await bot.online(GUILDS);
  await openChat(page, "小林", demoBot.name, "guild-dm");
  expect(await page.locator("#chat-title").innerText()).toContain("私信");
  expect(await page.locator("#chat-about").innerText()).toContain("测试频道");
  expect(await page.locator("#at").isVisible()).toBe(false);
  await page.locator("#text").fill("悄悄话");
  await page.keyboard.press("Enter");
  const { t, d } = await gateway.next();
  expect([t, d["content"]]).toEqual(["DIRECT_MESSAGE_CREATE", "悄悄话"]);
  await bot.call("POST", `/dms/${String(d["guild_id"])}/messages`, { content: "我在", msg_id: d["id"] });
  await page.locator('.line[data-from="bot"]', { hasText: "我在" }).waitFor();

  await page.getByRole("radio", { name: "阿明" }).click();
  expect(await page.locator("#chat-title").innerText()).toContain("私信");
  expect(await page.locator(".line").count()).toBe(0);
  expect(await page.locator("#chats .row").count()).toBe(4);
  expect(stage.errors).toEqual([]);
});
