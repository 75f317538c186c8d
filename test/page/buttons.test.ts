import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guildId, openid } from "../../emulator/ids.ts";
import { button, rowsOf } from "../emulator/button-stage.ts";
import { connectBot, demoBot, demoGroup, launchChromium, linDm, openChat, openStage } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

test("a button is pressed as the acting person, and shows what came of it", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "阿明", "测试群");
  const ask = { person: "ming", chat: demoGroup, text: "部署吗", mention: [demoBot.appId] };
  await emulator.control.call("say", ask);
  const keyboard = rowsOf(
    [
      button({ group_id: "g", render: { style: 4 } }),
      button({ id: "no", group_id: "g", render: { label: "拒绝", style: 3 } }),
    ],
    [
      button({ id: "docs", render: { label: "文档" }, action: { type: 0, data: "https://example.com/x" } }),
      button({ id: "admins", render: { label: "仅群主" }, action: { permission: { type: 1 } } }),
    ],
  );
  await bot.reply(await bot.next(), { msg_type: 2, markdown: { content: "请**批准**部署" }, keyboard });
  const keys = page.locator(".keys");
  await keys.waitFor();
  expect(await keys.locator(".key").allInnerTexts()).toEqual(["批准", "拒绝", "文档", "仅群主"]);
  expect(await keys.getByRole("link", { name: "文档" }).getAttribute("href")).toBe("https://example.com/x");

  await keys.getByRole("button", { name: "仅群主" }).click();
  await page.getByText("你没有权限点这个按钮").waitFor();

  await keys.getByRole("button", { name: "批准" }).click();
  const click = await bot.next();
  expect(click).toMatchObject({
    t: "INTERACTION_CREATE",
    d: { group_member_openid: openid(demoBot.appId, "member", "ming") },
  });
  expect(await keys.getByRole("button", { name: "批准" }).getAttribute("aria-busy")).toBe("true");
  await bot.call("PUT", `/interactions/${click.d.id}`, { code: 0 });
  await keys.getByRole("button", { name: "已批准" }).waitFor();
  expect(await keys.getByRole("button", { name: "拒绝" }).isDisabled()).toBe(true);
  // The line was drawn anew under the person's hands.
  expect(await page.locator(":focus").innerText()).toBe("已批准");
  expect(stage.errors).toEqual([]);
});

test("a refusal of the bot is told, and a typed command stands in the input", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "帮助" });
  const keyboard = rowsOf([
    button(),
    button({ id: "help", render: { label: "命令" }, action: { type: 2, data: "/help" } }),
  ]);
  await bot.reply(await bot.next(), { content: "请选择", keyboard });
  await page.getByRole("button", { name: "批准" }).click();
  await bot.call("PUT", `/interactions/${(await bot.next()).d.id}`, { code: 4 });
  await page.getByText("机器人不允许该操作").waitFor();
  await page.getByRole("button", { name: "命令" }).click();
  await page.waitForFunction('document.querySelector("#text").value === "/help"');
  expect(stage.errors).toEqual([]);
});

test("a stream grows in its bubble with a caret, and loses it when it is finished", async () => {
  await using stage = await openStage(browser, { emulator: { tune: { streamSpacingMs: 0 } } });
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", demoBot.name);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "天气" });
  const { d } = await bot.next();
  const piece = async (index: number, text: string, stream?: string, state = 1): Promise<string> => {
    const { status, answer } = await bot.call("POST", `/v2/users/${d.author.user_openid}/stream_messages`, {
      input_mode: "replace",
      input_state: state,
      index,
      content_type: "markdown",
      content_raw: text,
      msg_id: d.id,
      ...(stream !== undefined && { stream_msg_id: stream }),
    });
    expect(status).toBe(200);
    return answer.id ?? "";
  };
  const id = await piece(0, "正在查");
  const growing = page.locator(".content[data-growing]");
  await growing.waitFor();
  const caret = `getComputedStyle(document.querySelector("[data-growing] p"), "::after").content`;
  expect(await page.evaluate(caret)).toContain("▍");
  await piece(1, "正在查询**天气**", id);
  await growing.locator("strong").waitFor();
  await piece(2, "正在查询**天气**：晴", id, 10);
  await page.getByText("：晴").first().waitFor();
  await growing.waitFor({ state: "detached" });
  expect(await page.locator('.line[data-from="bot"]').count()).toBe(1);
});

test("reactions stand under the message of a channel", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", "综合");
  const channel = { kind: "channel", channel: "general" } as const;
  const { id } = await emulator.control.call("say", { person: "lin", chat: channel, text: "周六见" });
  const path = `/channels/${guildId("channel", "general")}/messages/${id}/reactions`;
  for (const reaction of ["2/128077", "1/4", "2/9999999999"]) await bot.call("PUT", `${path}/${reaction}`);
  await page.locator(".reaction").nth(2).waitFor();
  expect(await page.locator(".reaction").allInnerTexts()).toEqual(["👍", "[表情 4]", "#9999999999"]);
  await bot.call("DELETE", `${path}/2/128077`);
  await page.getByText("👍").waitFor({ state: "detached" });
  expect(stage.errors).toEqual([]);
});
