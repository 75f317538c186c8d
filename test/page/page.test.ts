import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmulator } from "../../emulator/emulator.ts";
import { connectBot, demoBot, demoGroup, launchChromium, linDm, openChat, openStage } from "./support.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("on a phone every pane fits the width", async () => {
  await using stage = await openStage(browser, { context: phone });
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await emulator.control.call("say", { person: "lin", chat: linDm, text: `很长${"的".repeat(300)}${"x".repeat(300)}` });
  const content = `\`\`\`\n${"code ".repeat(60)}\n\`\`\`\n\n|${"列 |".repeat(20)}\n|${"---|".repeat(20)}\n|${"数据 |".repeat(20)}`;
  await bot.reply(await bot.next(), { msg_type: 2, markdown: { content } });
  const width = (): Promise<number> => page.evaluate<number>("document.scrollingElement.scrollWidth");
  expect(await width()).toBeLessThanOrEqual(390);
  await page.locator("#chats .row", { hasText: demoBot.name }).first().tap();
  await page.locator('.line[data-from="bot"] table').waitFor();
  expect(await width()).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "线路日志" }).tap();
  await page.locator(".entry:not([hidden])").first().waitFor();
  expect(await width()).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "会话" }).tap();
  await page.locator("#chats .row").first().waitFor();
});

test("the language can be switched and is remembered", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  expect(await page.title()).toBe("模拟 QQ");
  await page.getByRole("button", { name: "EN" }).click();
  expect(await page.title()).toBe("Emulated QQ");
  await page.getByRole("button", { name: "Send" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Emulated QQ" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
});

test("a message can be sent by keyboard alone", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  await focusByTab("[role=radio]");
  await page.keyboard.press("ArrowRight");
  await page.locator('[role=radio][aria-checked="true"]', { hasText: "阿明" }).waitFor();
  await focusByTab(".row");
  await page.keyboard.press("Enter");
  await focusByTab("#text");
  await page.keyboard.type("一行");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("两行");
  await page.keyboard.press("Enter");
  const own = page.locator('.line[data-mine="true"] .content');
  expect(await own.innerText()).toBe("一行\n两行");

  async function focusByTab(selector: string): Promise<void> {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    }
    throw new Error(`Tab never reaches ${selector}`);
  }
});

test("Enter that ends the choice of an input method does not send", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  await openChat(page, "小林", demoBot.name);
  await page.locator("#text").fill("nihao");
  const enter = "new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })";
  expect(await page.evaluate(`document.getElementById('text').dispatchEvent(${enter})`)).toBe(true);
  expect(await page.locator("#text").inputValue()).toBe("nihao");
});

test("the weather menu cuts, mutes, fails and starts over", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  await openChat(page, "小林", "测试群");
  const choose = async (name: string): Promise<void> => {
    await page.getByRole("button", { name: "天气" }).click();
    await page.getByRole("menuitem", { name }).click();
    await page.locator(".toast", { hasText: name }).waitFor();
  };
  await choose("禁言 测试群");
  await page.locator("#chat-title", { hasText: "全员禁言" }).waitFor();
  await choose("下一次发送失败");
  await emulator.control.call("say", { person: "lin", chat: linDm, text: "在吗" });
  const event = await bot.next();
  expect(await bot.reply(event, { msg_type: 0, content: "在" })).toBe(500);
  expect(await bot.reply(event, { msg_type: 0, content: "在" })).toBe(200);
  await page.locator("#chats .row", { hasText: "在" }).first().waitFor();
  await choose("会话超时");
  expect(await bot.closed).toBe(4009);
  await page.locator("#chat-about", { hasText: "离线" }).waitFor();
  await choose("重新开始");
  await page.locator("#chat-title", { hasText: "全员禁言" }).waitFor({ state: "detached" });
  await openChat(page, "小林", demoBot.name);
  expect(await page.locator(".line").count()).toBe(0);
});

test("the gateway's host is announced while it starts and when it is ready", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  expect(await page.locator("#host").isVisible()).toBe(false);
  emulator.setHost({ state: "starting", line: "The gateway is starting" });
  await page.locator("#host", { hasText: "The gateway is starting" }).waitFor();
  emulator.setHost({ state: "ready", line: "Gateway ready" });
  await page.locator("#gateway", { hasText: "Gateway ready" }).waitFor();
  expect(await page.locator("#host").isVisible()).toBe(false);
  emulator.setHost({ state: "failed", line: "The gateway has ended" });
  await page.locator('#host[data-state="failed"]', { hasText: "The gateway has ended" }).waitFor();
});

test("the page finds an emulator that has gone and come back, and shows its world", async () => {
  await using stage = await openStage(browser);
  const { page, emulator } = stage;
  await openChat(page, "小林", "测试群");
  await emulator.control.call("say", { person: "ming", chat: demoGroup, text: "以前的" });
  await page.locator(".line", { hasText: "以前的" }).waitFor();
  await emulator.close();
  await page.locator('#link[data-up="no"]').waitFor();
  const second = await createEmulator({ port: Number(new URL(emulator.url).port), idSeed: "second" });
  try {
    await page.locator('#link[data-up="yes"]').waitFor();
    await page.locator(".line", { hasText: "以前的" }).waitFor({ state: "detached" });
    await second.control.call("say", { person: "ming", chat: demoGroup, text: "新的" });
    await page.locator(".line", { hasText: "新的" }).waitFor();
  } finally {
    await second.close();
  }
});

test("a refused call shows the server's error, and the text is not lost", async () => {
  await using stage = await openStage(browser);
  const { page } = stage;
  await openChat(page, "小林", demoBot.name);
  await page.route("**/_emulator/say", (route) =>
    route.fulfill({ status: 400, json: { error: "there is no such chat" } }),
  );
  await page.locator("#text").fill("别丢了");
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "there is no such chat" }).waitFor();
  expect(await page.locator("#text").inputValue()).toBe("别丢了");
});

test("markdown makes only what it knows", async () => {
  await using stage = await openStage(browser);
  const render = (text: string): Promise<string> =>
    stage.page.evaluate<string>(`Promise.all([import("/page/markdown.js"), import("/page/inline.js")]).then(
      ([{ markdown }, { markdownRules }]) => {
        const box = document.createElement("div");
        box.append(markdown(${JSON.stringify(text)}, markdownRules([])));
        return box.innerHTML;
      })`);
  expect(await render("**粗**和*斜*与~~删~~`a*b*`")).toBe(
    "<p><strong>粗</strong>和<em>斜</em>与<del>删</del><code>a*b*</code></p>",
  );
  expect(await render("[x](javascript:alert(1))")).not.toContain("href");
  expect(await render("[站](https://example.com/a_b_c)")).toBe(
    '<p><a href="https://example.com/a_b_c" target="_blank" rel="noopener noreferrer">站</a></p>',
  );
  expect(await render('<a href="https://example.com" onclick="x()">')).not.toContain(
    '<a href="https://example.com" onclick',
  );
  expect(await render("1. 一\n   - 里\n2. 二")).toBe('<ol start="1"><li>一<ul><li>里</li></ul></li><li>二</li></ol>');
  expect(await render("> 引\n> 用\n\n---\n如下\n- 点")).toBe(
    "<blockquote><p>引\n用</p></blockquote><hr><p>如下</p><ul><li>点</li></ul>",
  );
  expect(await render("```\n**不**")).toContain("<code>**不**</code>");
  expect(await render("如下：\n| a | b |\n|:--|--:|\n| 1 | `x\\|y` |")).toContain("<th>a</th><th>b</th>");
  expect(await render("![图 #208px #320px](https://example.com/p.png)")).not.toContain("<img");
  expect(await render("snake_case_name 和 2 * 3 * 4")).toBe("<p>snake_case_name 和 2 * 3 * 4</p>");
});

test("what nests without end is still drawn at once", async () => {
  await using stage = await openStage(browser);
  const long = JSON.stringify([
    "*a _b **c ~~d [e](".repeat(280),
    ">".repeat(4900),
    "`".repeat(4900),
    "|-".repeat(2400),
  ]);
  const took = await stage.page
    .evaluate<number>(`Promise.all([import("/page/markdown.js"), import("/page/inline.js")]).then(
    ([{ markdown }, { markdownRules }]) => {
      const before = performance.now();
      for (const text of ${long}) markdown(text, markdownRules([]));
      return performance.now() - before;
    })`);
  expect(took).toBeLessThan(2000);
});
