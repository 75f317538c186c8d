/**
 * Takes the picture of the page that the README shows:
 * `node test/page/screenshot.ts <out.png> [en|zh] [light|dark] [desktop|phone]`
 * The clock stands still but for the steps below and all ids come from a seed, so the picture repeats.
 */
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { createManualClock } from "../../emulator/clock.ts";
import type { Say } from "../../emulator/control.ts";
import { defaultSeed, type Seed } from "../../emulator/seed.ts";
import { connectBot, demoBot, launchChromium, linDm, openChat, openStage, type Dispatch } from "./support.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 10, 20, 6, 20);

const seed: Seed = {
  ...defaultSeed,
  groups: defaultSeed.groups.map((group) => ({ ...group, name: "周末读书会" })),
  channels: defaultSeed.channels.map((channel) => ({ ...channel, guildName: "城西书友" })),
};
const group = { kind: "group", group: "test-group" } as const;

const plan = `## 周六读书会 · 安排

排好了，**下午三点**在老地方见：

| 时间 | 内容 | 主持 |
|---|---|---|
| 15:00 | 签到、分茶 | 小林 |
| 15:20 | 《三体》第二部 | 阿明 |
| 16:30 | 自由讨论 | Alice |

还差两件事：

1. 投影仪 — ~~图书馆借~~ 阿明自带
2. 茶点，约 \`8\` 人份

> 周六 14:00 我会在群里提醒大家。`;

const clock = createManualClock(START);
const { positionals } = parseArgs({ allowPositionals: true });
const [out, language = "en", scheme = "light", size = "desktop"] = positionals;
if (!out) throw new Error("usage: node test/page/screenshot.ts <out.png> [en|zh] [light|dark] [desktop|phone]");

const browser = await launchChromium();
try {
  await using stage = await openStage(browser, {
    emulator: {
      clock,
      seed,
      idSeed: "screenshot",
      lifetimeMs: Number.POSITIVE_INFINITY,
      heartbeatMs: 24 * 60 * MINUTE,
    },
    context: {
      locale: language === "zh" ? "zh-CN" : "en-US",
      timezoneId: "Asia/Shanghai",
      colorScheme: scheme === "dark" ? "dark" : "light",
      ...(size === "phone" && { viewport: { width: 390, height: 844 } }),
    },
  });
  const { page, emulator } = stage;
  const bot = await connectBot(emulator);
  const say = async (what: Say): Promise<Dispatch> => {
    clock.advance(2 * SECOND);
    await emulator.control.call("say", what);
    return bot.next();
  };
  const reply = async (event: Dispatch, body: object, seq = 1): Promise<void> => {
    clock.advance(SECOND);
    await bot.reply(event, { ...body, msg_seq: seq });
  };
  emulator.setHost({ state: "ready", line: "OpenClaw gateway ready" });

  const question = await say({ person: "ming", chat: group, text: "周六几点开始？", mention: [demoBot.appId] });
  await reply(question, { msg_type: 0, content: "周六 15:00 开始，14:00 我会提醒大家。" });
  clock.advance(6 * MINUTE);
  await openChat(page, "小林", demoBot.name);
  if (size === "phone") await page.locator("#tabs [data-to=chat]").click();
  const wish = await say({ person: "lin", chat: linDm, text: "周六的读书会，帮我排一下流程？" });
  await reply(wish, { msg_type: 6, input_notify: { input_type: 1, input_second: 60 } });
  await reply(wish, { msg_type: 2, markdown: { content: plan } }, 2);
  await reply(wish, { msg_type: 2, markdown: { content: plan } }, 2);
  clock.advance(40 * SECOND);
  const answer = emulator.world.messages(linDm).at(-1);
  const thanks = { person: "lin", chat: linDm, text: "太好了，茶点我来买 🍪" };
  const last = await say({ ...thanks, ...(answer && { quote: answer.id }) });
  await reply(last, { msg_type: 6, input_notify: { input_type: 1, input_second: 60 } });
  await settle(page);
  await page.screenshot({ path: out, animations: "disabled", caret: "hide" });
  if (stage.errors.length > 0) throw new Error(stage.errors.join("\n"));
} finally {
  await browser.close();
}

/** Waits for the last thing to be seen, and unfolds the entry that shows what the bot is told. */
async function settle(page: Page): Promise<void> {
  await page.locator("#typing .dots").waitFor();
  await page.locator('.entry[data-refused="true"]').waitFor({ state: "attached" });
  if (size === "phone") return;
  await page.getByRole("radio", { name: "小林" }).hover();
  await page.locator(".entry .entry-head", { hasText: "C2C_MESSAGE_CREATE" }).first().click();
  await page.mouse.move(0, 0);
  await page.locator("#wire-scroll").evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await page.locator(":focus").evaluate((element) => element.blur());
}
