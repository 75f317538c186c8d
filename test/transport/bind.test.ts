import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock } from "../../emulator/clock.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { openid } from "../../emulator/ids.ts";
import { createOfficialApi } from "../../extensions/qq/src/transport/official/api.ts";
import { createTokenSource } from "../../extensions/qq/src/transport/official/token.ts";
import { systemClock, type Clock } from "../../extensions/qq/src/transport/clock.ts";
import type { Outside } from "../../extensions/qq/src/transport/transport.ts";
import { bindByScan, type BindCode, type BindNews, type BoundBot } from "../../extensions/qq/src/setup/bind.ts";

const bot = { appId: "102000001", secret: "Wq7mT2xLp9Zs4BvKemulator" };
const look = { unicode: true, colour: false, lightBackground: false, columns: 80 };

let time: ReturnType<typeof createManualClock>;
let emulator: Emulator;
let outside: Outside;
beforeEach(async () => {
  time = createManualClock();
  emulator = await createEmulator({ clock: time });
  outside = { clock: createQuickClock(), fetch: globalThis.fetch, WebSocket: globalThis.WebSocket, random: () => 0 };
});
afterEach(() => emulator.close());

/** Pauses are over at once, and QQ's clock has moved on by them; deadlines of calls run as they are. */
function createQuickClock(): Clock {
  return {
    now: () => time.now(),
    async sleep(ms, signal) {
      if (ms >= 10_000) return await systemClock.sleep(ms, signal);
      await systemClock.sleep(1, signal);
      time.advance(ms);
    },
  };
}

interface Scanned {
  readonly bot: BoundBot;
  readonly codes: readonly BindCode[];
  readonly news: readonly BindNews["state"][];
}

/** Scans; `onCode` is the person with the phone, told of each code with its number. */
async function scan(onCode: (number: number, task: string) => unknown): Promise<Scanned> {
  const codes: BindCode[] = [];
  const news: BindNews["state"][] = [];
  const bound = await bindByScan({
    outside,
    baseUrl: emulator.url,
    source: "OpenClaw",
    signal: new AbortController().signal,
    look,
    waiting: ({ state }) => void news.push(state),
    async show(code) {
      codes.push(code);
      await onCode(codes.length, new URL(code.url).searchParams.get("task_id") ?? "");
    },
  });
  return { bot: bound, codes, news };
}

const confirm = (task?: string) =>
  emulator.control.call("bind", { do: "confirm", bot: bot.appId, person: "lin", ...(task && { task }) });

test("A2: a scan gives AppID, secret and owner of the bot that was picked", async () => {
  const scanned = await scan((_, task) => confirm(task));
  expect(scanned.bot).toEqual({
    appId: bot.appId,
    appSecret: bot.secret,
    ownerOpenid: openid(bot.appId, "user", "lin"),
  });
  expect(scanned.news).toEqual([]);
});

test("A2: a bot that is created on the phone can be called with what the scan gave", async () => {
  const { bot: made } = await scan(() => emulator.control.call("bind", { do: "confirm", name: "扫码助手" }));
  const account = { appId: made.appId, appSecret: made.appSecret, apiBaseUrl: emulator.url };
  const api = createOfficialApi(outside, account, createTokenSource(outside, account));
  expect(await api.me()).toMatchObject({ username: "扫码助手" });
});

test("A2: a code that nobody scans runs out on QQ's clock, and the next one works", async () => {
  const { codes, news } = await scan((number, task) => number === 3 && confirm(task));
  expect(codes).toHaveLength(3);
  expect(new Set(codes.map(({ url }) => url)).size).toBe(3);
  expect(news).toEqual(["expired", "expired"]);
  expect(emulator.refusals()).toEqual([]);
});

test("A2: the scan outlives polls that are cut, answered by a proxy, refused and lost on the way back", async () => {
  const answers = [
    { kind: "reset" },
    { kind: "html", status: 502 },
    { kind: "error", status: 500 },
    { kind: "reset", delivered: true },
  ] as const;
  for (const answer of answers) await emulator.control.call("fault", { do: "http", call: "/lite/poll", answer });
  await emulator.control.call("bind", { do: "fail", call: "poll", times: 2 });
  const { bot: made, codes, news } = await scan((_, task) => confirm(task));
  expect(made.appSecret).toBe(bot.secret);
  expect(codes).toHaveLength(1);
  expect(news).toEqual(["lost", "back"]);
});

test("a confirmation that comes while QQ cannot be reached is had when it can", async () => {
  await emulator.control.call("fault", { do: "http", call: "/lite/poll", times: 20, answer: { kind: "reset" } });
  const { codes } = await scan((_, task) => confirm(task));
  expect(codes).toHaveLength(1);
});
