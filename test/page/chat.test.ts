import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectBot, demoBot, demoGroup, launchChromium, linDm, openChat, openStage } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

test("a person writes to the bot, and the bot's markdown answer stands below", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await page.locator("#text").fill("周六几点？\n在哪里？");
  await page.getByRole("button", { name: "发送" }).click();
  const own = page.locator('.line[data-mine="true"]');
  await own.waitFor();
  expect(await own.locator(".content").innerText()).toBe("周六几点？\n在哪里？");
  expect(await page.locator("#text").inputValue()).toBe("");

  const event = await bot.next();
  expect(event).toMatchObject({ t: "C2C_MESSAGE_CREATE", d: { content: "周六几点？\n在哪里？" } });
  const content =
    "## 安排\n\n**下午三点** <img src=x onerror=alert(1)>\n\n| 时间 | 内容 |\n|---|---|\n| 15:00 | 讨论 |";
  expect(await bot.reply(event, { msg_type: 2, markdown: { content } })).toBe(200);

  const answer = page.locator('.line[data-from="bot"]');
  await answer.getByRole("heading", { name: "安排" }).waitFor();
  expect(await answer.locator("strong").innerText()).toBe("下午三点");
  expect(await answer.locator("td").allInnerTexts()).toEqual(["15:00", "讨论"]);
  expect(await answer.locator("img").count()).toBe(0);
  expect(await answer.innerText()).toContain("<img src=x onerror=alert(1)>");
  expect(await page.locator("#chats .row", { hasText: demoBot.name }).first().innerText()).toContain("安排 下午三点");
  expect(stage.errors).toEqual([]);
});

test("the typing notice comes, and goes with the bot's next message", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "在吗" });
  const event = await bot.next();
  await bot.reply(event, { msg_type: 6, msg_seq: 1, input_notify: { input_type: 1, input_second: 60 } });
  const notice = page.locator("#typing", { hasText: "对方正在输入…" });
  await notice.waitFor();
  await bot.reply(event, { msg_type: 0, msg_seq: 2, content: "在" });
  await page.locator(".line", { hasText: "在" }).last().waitFor();
  await notice.waitFor({ state: "hidden" });
});

test("the typing notice goes when its seconds are over", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "在吗" });
  await bot.reply(await bot.next(), { msg_type: 6, input_notify: { input_type: 1, input_second: 1 } });
  await page.locator("#typing").waitFor();
  await page.locator("#typing").waitFor({ state: "hidden" });
});

test("a chip in a group becomes a mention, and can be taken away before", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "阿明", "测试群");
  await page.locator("#at").click();
  await page.getByRole("menuitem", { name: demoBot.name }).click();
  await page.getByRole("button", { name: `取消 @${demoBot.name}` }).click();
  expect(await page.locator(".mention-chip").count()).toBe(0);

  await page.locator("#text").press("@");
  await page.getByRole("menuitem", { name: demoBot.name }).click();
  await page.locator("#text").fill("总结一下");
  await page.locator("#text").press("Enter");
  const own = page.locator('.line[data-mine="true"]');
  expect(await own.locator(".mention").innerText()).toBe(`@${demoBot.name}`);
  const event = await bot.next();
  expect(event).toMatchObject({ t: "GROUP_AT_MESSAGE_CREATE", d: { content: " 总结一下" } });
  expect(await page.locator(".mention-chip").count()).toBe(0);

  await bot.reply(event, { msg_type: 0, content: "好的" });
  const answer = page.locator('.line[data-from="bot"]');
  expect(await answer.locator(".who").innerText()).toContain(demoBot.name);
  expect(await answer.locator(".who").innerText()).not.toContain("主动消息");
});

test("a quote reaches the bot, is shown, and leads back to what it quotes", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "第一句" });
  await bot.reply(await bot.next(), { msg_type: 0, content: "要被引用的回答" });
  const quoted = page.locator('.line[data-from="bot"]');
  await quoted.hover();
  await quoted.getByRole("button", { name: "引用" }).click();
  await page.locator("#quoting", { hasText: "要被引用的回答" }).waitFor();
  await page.keyboard.type("就是它");
  await page.keyboard.press("Enter");
  const block = page.locator('.line[data-mine="true"] .quote');
  expect(await block.innerText()).toContain("要被引用的回答");
  expect(await bot.next()).toMatchObject({ d: { content: "就是它", message_type: 103 } });
  expect(await page.locator("#quoting").isVisible()).toBe(false);
  await block.click();
  await page.locator('.line.found[data-from="bot"]').waitFor();
});

test("a bot that is not connected is told of by the system, in the middle", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  await openChat(page, "小林", demoBot.name);
  await page.locator("#text").fill("有人吗");
  await page.keyboard.press("Enter");
  await page.locator(".notice", { hasText: "该机器人未连接服务" }).waitFor();
  expect(await page.locator("#chat-about").innerText()).toBe("离线");
});

test("a message that is taken back becomes a notice", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "说点什么" });
  const { d } = await bot.next();
  const path = `/v2/users/${d.author.user_openid}/messages`;
  const { answer } = await bot.call("POST", path, { msg_id: d.id, msg_type: 0, content: "说错了" });
  await page.locator(".line", { hasText: "说错了" }).waitFor();
  await bot.call("DELETE", `${path}/${answer.id}`);
  await page.locator(".notice", { hasText: `${demoBot.name} 撤回了一条消息` }).waitFor();
  expect(await page.locator("#messages").innerText()).not.toContain("说错了");
});

test("what you have not read is counted for each person", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "ming", chat: demoGroup, text: "一" });
  await emulator.control.call("say", { person: "ming", chat: demoGroup, text: "二" });
  const group = page.locator("#chats .row", { hasText: "测试群" });
  await group.locator(".unread", { hasText: "2" }).waitFor();
  expect(await page.locator("#chats .row").first().innerText()).toContain("阿明: 二");
  await group.click();
  await group.locator(".unread").waitFor({ state: "hidden" });
  await page.getByRole("radio", { name: "Alice" }).click();
  expect(await page.locator(".line").count()).toBe(2);
  await page.getByRole("radio", { name: "阿明" }).click();
  expect(await page.locator('.line[data-mine="true"]').count()).toBe(2);
  expect(await group.locator(".unread").isVisible()).toBe(false);
});

test("a message that overtakes a reading of the state is neither lost nor counted twice", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  await openChat(page, "小林", demoBot.name);
  const held = Promise.withResolvers<void>();
  await page.route("**/_emulator/state", async (route) => {
    const response = await route.fetch();
    await held.promise;
    await route.fulfill({ response });
  });
  const read = page.waitForRequest("**/_emulator/state");
  await emulator.control.call("mute", { group: demoGroup.group, muted: true });
  await read;
  await emulator.control.call("say", { person: "ming", chat: demoGroup, text: "插一句" });
  const group = page.locator("#chats .row", { hasText: "插一句" });
  await group.locator(".unread", { hasText: "1" }).waitFor();
  held.resolve();
  await group.click();
  await page.locator("#chat-title", { hasText: "全员禁言" }).waitFor();
  expect(await page.locator(".line").count()).toBe(1);
  expect(await group.locator(".unread").isVisible()).toBe(false);
});

test("a thousand messages are drawn once, and one more is only appended", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  for (let count = 1; count <= 1000; count += 1) {
    await emulator.control.call("say", { person: "ming", chat: demoGroup, text: `第 ${count} 条` });
  }
  await openChat(page, "小林", "测试群");
  await page.locator(".line", { hasText: "第 1000 条" }).waitFor();
  expect(await page.locator(".line").count()).toBe(1000);
  await page
    .locator(".line")
    .first()
    .evaluate((line) => line.setAttribute("data-kept", "yes"));
  await emulator.control.call("say", { person: "ming", chat: demoGroup, text: "第 1001 条" });
  await page.locator(".line", { hasText: "第 1001 条" }).waitFor();
  expect(await page.locator(".line").first().getAttribute("data-kept")).toBe("yes");
});

test("a reader who has scrolled up stays there and is told of news", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  for (let count = 1; count <= 60; count += 1) {
    await emulator.control.call("say", { person: "ming", chat: demoGroup, text: `第 ${count} 条` });
  }
  await openChat(page, "小林", "测试群");
  const scroll = page.locator("#scroll");
  await scroll.hover();
  await page.mouse.wheel(0, -10_000);
  await expect.poll(() => scroll.evaluate((box) => box.scrollTop)).toBe(0);
  await emulator.control.call("say", { person: "ming", chat: demoGroup, text: "新的" });
  await page.getByRole("button", { name: "有新消息" }).click();
  await expect
    .poll(() => scroll.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
    .toBeLessThan(2);
  expect(await page.locator("#newer").isVisible()).toBe(false);
});
