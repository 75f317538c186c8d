import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { roads } from "../../demo/roads.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { groupUin, personUin } from "../../emulator/onebot/numbers.ts";
import { defaultSeed, type Seed } from "../../emulator/seed.ts";
import { demoBot, demoGroup, launchChromium, openChat, openStage, type Stage } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const uin = "2854196310";
const dm = { kind: "dm", person: "lin", bot: uin } as const;
/** The demo world with a personal account beside the official bot, whom 阿明 is no friend of. */
const seed: Seed = {
  ...defaultSeed,
  accounts: [{ uin, name: "小号", friends: ["lin", "alice"], napcat: { sendDelayMs: [0, 0] } }],
  groups: defaultSeed.groups.map((group) => ({ ...group, bots: [demoBot.appId, uin] })),
};
const open = (): Promise<Stage> => openStage(browser, { emulator: { seed } });

/** Calls an action of the account's NapCat. */
async function call(emulator: Emulator, action: string, params: object): Promise<{ message_id: number }> {
  const response = await fetch(`${emulator.napcat(uin).httpUrl}/${action}`, {
    method: "POST",
    body: JSON.stringify(params),
  });
  const { status, message, data } = (await response.json()) as {
    status: string;
    message: string;
    data: { message_id: number };
  };
  expect(status, message).toBe("ok");
  return data;
}

/** A program that listens to the account, as far as the page can tell. */
async function connectClient(emulator: Emulator): Promise<WebSocket> {
  const socket = new WebSocket(emulator.napcat(uin).wsUrl);
  await new Promise((resolve) => void socket.once("open", resolve));
  await emulator.waitForSessions(uin, 1);
  return socket;
}

test("a personal account has chats of its own, marked as what it is", async () => {
  await using stage = await open();
  const { page, emulator } = stage;
  await openChat(page, "小林", "小号");
  const row = page.locator(`.row[data-chat="dm:lin:${uin}"]`);
  expect(await row.locator(".badge").innerText()).toBe("个人号");
  expect(await page.locator("#chat-about").innerText()).toBe("在线 · 没有程序连接 NapCat");
  await connectClient(emulator);
  await page.locator('#chat-about .presence[data-online="true"]', { hasText: "NapCat 已连接" }).waitFor();

  await page.locator("#text").fill("在吗");
  await page.locator("#text").press("Enter");
  await page.locator('.line[data-mine="true"]', { hasText: "在吗" }).waitFor();
  await call(emulator, "send_private_msg", {
    user_id: personUin("lin"),
    message: [{ type: "text", data: { text: "在的" } }],
  });
  const answer = page.locator('.line[data-from="bot"]');
  await answer.waitFor();
  // Neither a bot's mark nor that of a message that nobody asked for.
  expect(await answer.locator(".badge").allInnerTexts()).toEqual(["个人号"]);
  expect(stage.errors).toEqual([]);
});

test("it is mentioned in a group as bots are, and reactions to and from it are shown", async () => {
  await using stage = await open();
  const { page, emulator } = stage;
  await openChat(page, "小林", "测试群");
  await page.locator("#text").press("@");
  await page.locator(`#bots [data-bot="${uin}"]`).click();
  await page.locator("#text").fill("几点？");
  await page.locator("#text").press("Enter");
  const own = page.locator('.line[data-mine="true"]');
  await own.locator(".mention", { hasText: "@小号" }).waitFor();
  const { messages } = (await call(emulator, "get_group_msg_history", {
    group_id: groupUin("test-group"),
  })) as unknown as {
    messages: { message_id: number }[];
  };
  await call(emulator, "set_msg_emoji_like", { message_id: messages[0]?.message_id, emoji_id: "128077" });
  await own.locator(".reaction", { hasText: "👍" }).waitFor();

  await call(emulator, "send_group_msg", {
    group_id: groupUin("test-group"),
    message: [{ type: "text", data: { text: "三点" } }],
  });
  const answer = page.locator('.line[data-from="bot"]');
  await answer.hover();
  await page.getByRole("button", { name: "用 👍 表态" }).click();
  await answer.locator(".reaction", { hasText: "👍" }).waitFor();
  expect(emulator.world.messages(demoGroup).at(-1)?.reactions).toEqual([{ type: 2, id: "128077", from: "lin" }]);
  await answer.hover();
  await page.getByRole("button", { name: "用 👍 表态" }).click();
  await answer.locator(".reaction").waitFor({ state: "detached" });
});

test("it can be poked, it shows that it types, and is asked for friendship", async () => {
  await using stage = await open();
  const { page, emulator } = stage;
  const socket = await connectClient(emulator);
  const events: { sub_type?: string; request_type?: string; comment?: string }[] = [];
  socket.on("message", (data: Buffer) => events.push(JSON.parse(data.toString("utf8")) as (typeof events)[number]));
  await openChat(page, "小林", "小号");
  await page.getByRole("button", { name: "戳一戳" }).click();
  await expect.poll(() => events.some(({ sub_type }) => sub_type === "poke")).toBe(true);
  await page.locator(".notice", { hasText: "小林 戳了戳 小号" }).waitFor();
  await call(emulator, "set_input_status", { user_id: personUin("lin"), event_type: 1 });
  await page.locator("#typing", { hasText: "对方正在输入" }).waitFor();

  await page.locator("#text").pressSequentially("在");
  await expect.poll(() => events.some(({ sub_type }) => sub_type === "input_status")).toBe(true);

  await openChat(page, "阿明", "小号");
  expect(await page.locator("#text").getAttribute("placeholder")).toContain("测试群");
  await page.getByRole("button", { name: "申请加好友" }).click();
  await page.locator("#chat-tools .waiting", { hasText: "已申请" }).waitFor();
  await expect.poll(() => events.find(({ request_type }) => request_type === "friend")?.comment).toBe("我是阿明");
  await page.locator("#text").fill("你好");
  await page.locator("#text").press("Enter");
  await expect.poll(() => events.some((event) => event.sub_type === "group")).toBe(true);
});

test("it can be kicked and logged in again, and other things go wrong with it", async () => {
  await using stage = await open();
  const { page, emulator } = stage;
  await connectClient(emulator);
  await openChat(page, "小林", "小号");
  const choose = async (name: string): Promise<void> => {
    await page.locator("#weather-button").click();
    await page.getByLabel("哪个机器人").selectOption(uin);
    await page.getByRole("menuitem", { name }).click();
    await page.locator(".toast", { hasText: `完成：${name}` }).waitFor();
  };
  const presence = page.locator("#chat-about .presence");
  await choose("把账号踢下线");
  await presence.filter({ hasText: "被踢下线 · NapCat 已连接" }).waitFor();
  await choose("重新登录账号");
  await presence.filter({ hasText: "在线 · 没有程序连接 NapCat" }).waitFor();
  await choose("QQ 断网");
  await presence.filter({ hasText: "QQ 离线" }).waitFor();
  await choose("QQ 恢复网络");
  await presence.filter({ hasText: "在线" }).waitFor();
  await choose("把该账号移出 测试群");
  await openChat(page, "小林", "测试群");
  await expect.poll(() => page.locator("#chat-about").innerText()).not.toContain("小号");
  await choose("把该账号拉入 测试群");
  await page.locator("#chat-about", { hasText: "小号" }).waitFor();
  await choose("收不到消息");
  expect(emulator.world.snapshot().accounts[0]?.deaf).toBe(true);
  await choose("恢复接收");
  await choose("重启 NapCat");
  await openChat(page, "小林", "小号");
  await presence.filter({ hasText: "NapCat 未运行" }).waitFor();
});

test("every trouble that the menu offers is one that the emulator knows", async () => {
  await using stage = await open();
  const { page } = stage;
  await page.locator("#weather-button").click();
  await page.getByLabel("哪个机器人").selectOption(uin);
  const names = await page.locator("#weather [role=menuitem] b").allInnerTexts();
  expect(names.length).toBeGreaterThan(14);
  await page.keyboard.press("Escape");
  for (const name of names) {
    await page.locator("#weather-button").click();
    // What has happened may have taken an entry away.
    const entry = page.getByRole("menuitem", { name });
    if ((await entry.count()) === 0) await page.keyboard.press("Escape");
    else await entry.click();
  }
  expect(await page.locator('.toast[data-mood="bad"]').count()).toBe(0);
  expect(stage.errors).toEqual([]);
});

test("a world of personal accounts alone has their line and their troubles only", async () => {
  await using stage = await openStage(browser, { emulator: { seed: roads.onebot.seed } });
  const { page } = stage;
  expect(await page.locator(".filters [data-channel]:not([hidden])").allInnerTexts()).toEqual(["onebot"]);
  await openChat(page, "小林", "测试群");
  expect(await page.locator("#text").getAttribute("placeholder")).toBe("发消息给 测试群");
  await page.locator("#weather-button").click();
  await page.getByRole("menuitem", { name: "把账号踢下线" }).waitFor();
  expect(await page.locator("#weather select").count()).toBe(0);
});

test("what goes over its wires is in the wire log, and can be left out", async () => {
  await using stage = await open();
  const { page, emulator } = stage;
  await connectClient(emulator);
  await emulator.control.call("say", { person: "lin", chat: dm, text: "在吗" });
  await call(emulator, "get_login_info", {});
  const entries = page.locator('.entry[data-line="onebot"]:not([hidden])');
  await entries.filter({ hasText: "message" }).first().waitFor();
  await entries.filter({ hasText: "get_login_info" }).first().waitFor();
  await page.getByRole("button", { name: "onebot", exact: true }).click();
  expect(await entries.count()).toBe(0);
});
