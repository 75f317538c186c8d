/**
 * Takes the picture of the page that the README shows:
 * `node test/page/screenshot.ts <out.png> [en|zh] [light|dark] [desktop|phone]`
 * The clock stands still but for the steps below and all ids come from a seed, so the picture repeats.
 */
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { createManualClock } from "../../emulator/clock.ts";
import type { Say } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import { personUin } from "../../emulator/onebot/numbers.ts";
import { defaultSeed, type AccountSeed, type Seed } from "../../emulator/seed.ts";
import { forQQMarkdown } from "../../extensions/qq/src/message/tables.ts";
import { button, rowsOf } from "../emulator/button-stage.ts";
import {
  connectBot,
  demoBot,
  launchChromium,
  linDm,
  openChat,
  openStage,
  type Dispatch,
  type TestBot,
} from "./support.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 10, 20, 6, 20);

/** A personal account beside the official bot. */
const personal: AccountSeed = { uin: "2854196310", name: "阿书", napcat: { sendDelayMs: [0, 0] } };
const seed: Seed = {
  ...defaultSeed,
  accounts: [personal],
  groups: defaultSeed.groups.map((group) => ({ ...group, name: "周末读书会" })),
  channels: defaultSeed.channels.map((channel) => ({ ...channel, guildName: "城西书友" })),
};
const group = { kind: "group", group: "test-group" } as const;

/** As an agent writes it. The plugin sends it as `forQQMarkdown` has it: no client of QQ shows tables. */
const plan = `## 周六读书会 · 安排

排好了，**下午三点**在老地方见：

| 时间 | 内容 |
|---|---|
| 15:00 | 签到、分茶 |
| 15:20 | 《三体》第二部 |

茶点约 \`8\` 人份；投影仪 ~~图书馆借~~ 阿明自带。`;

const choices = rowsOf([
  button({ id: "send", group_id: "plan", render: { label: "发到群里", visited_label: "已发送" } }),
  button({ id: "later", group_id: "plan", render: { label: "再改改", style: 0 } }),
]);

/** What 小林 sends: a poster. */
const poster = `<body style="margin:0;width:480px;height:300px;display:grid;place-content:center;text-align:center;
  background:linear-gradient(135deg,#0a76e0,#5b3fc4);color:#fff;font-family:'Noto Sans CJK SC',sans-serif">
  <div style="font-size:56px;font-weight:700">周末读书会</div>
  <div style="font-size:28px;margin-top:12px">11 月 21 日 · 老地方</div></body>`;

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
      viewport: size === "phone" ? { width: 390, height: 844 } : { width: 1440, height: 1020 },
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
  clock.advance(SECOND);
  const personalDm = { kind: "dm", person: "lin", bot: personal.uin } as const;
  await emulator.control.call("say", { person: "lin", chat: personalDm, text: "群公告发了吗？" });
  clock.advance(SECOND);
  await answerAsPerson(emulator.napcat(personal.uin).httpUrl, "发了，就差你没回 😄");
  clock.advance(6 * MINUTE);
  await openChat(page, "小林", demoBot.name);
  if (size === "phone") await page.locator("#tabs [data-to=chat]").click();
  const picture = { kind: "image", name: "海报.png", base64: await drawPoster() } as const;
  const wish = await say({ person: "lin", chat: linDm, text: "按这张海报排一下流程？", files: [picture] });
  await reply(wish, { msg_type: 6, input_notify: { input_type: 1, input_second: 60 } });
  const answer = { msg_type: 2, markdown: { content: forQQMarkdown(plan) }, keyboard: choices };
  await reply(wish, answer, 2);
  await reply(wish, answer, 2);
  await reply(wish, { msg_type: 7, media: await uploadPlan(bot) }, 3);
  clock.advance(40 * SECOND);
  const [shown] = emulator.world.messages(linDm).filter(({ buttons }) => buttons);
  const thanks = { person: "lin", chat: linDm, text: "太好了，茶点我来买 🍪" };
  const last = await say({ ...thanks, ...(shown && { quote: shown.id }) });
  await reply(last, { msg_type: 6, input_notify: { input_type: 1, input_second: 60 } });
  await settle(page);
  await page.screenshot({ path: out, animations: "disabled", caret: "hide" });
  if (stage.errors.length > 0) throw new Error(stage.errors.join("\n"));
} finally {
  await browser.close();
}

async function drawPoster(): Promise<string> {
  const sheet = await browser.newPage({ viewport: { width: 480, height: 300 } });
  await sheet.setContent(poster);
  const png = await sheet.screenshot();
  await sheet.close();
  return png.toString("base64");
}

async function answerAsPerson(httpUrl: string, text: string): Promise<void> {
  const message = [{ type: "text", data: { text } }];
  const body = JSON.stringify({ user_id: Number(personUin("lin")), message });
  const response = await fetch(`${httpUrl}/send_private_msg`, { method: "POST", body });
  if (!response.ok) throw new Error(`send_private_msg: HTTP ${response.status}`);
}

async function uploadPlan(bot: TestBot): Promise<object> {
  const path = `/v2/users/${openid(demoBot.appId, "user", "lin")}/files`;
  const file_data = Buffer.from(plan).toString("base64");
  const { answer } = await bot.call("POST", path, { file_type: 4, file_name: "周六读书会.md", file_data });
  return answer;
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
