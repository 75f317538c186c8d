import { expect, test } from "vitest";
import { resolveAccount, type OfficialAccount } from "../config/account.ts";
import { createFakeClock, FAKE_NOW } from "../transport/testing/fake-clock.ts";
import { createFakeNet, type Scripted } from "../transport/testing/fake-net.ts";
import { askPlatform } from "./official-checks.ts";

const TOKEN = "POST /app/getAppAccessToken";
const ME = "GET /users/@me";
const GATEWAY = "GET /gateway/bot";
const granted: Scripted = { json: { access_token: "t", expires_in: "7200" } };
const me: Scripted = { json: { id: "1", username: "小助手" } };
const gateway = (remaining: number): Scripted => ({
  json: {
    url: "wss://api.bot.qq.com/websocket",
    shards: 1,
    session_start_limit: { total: 1000, remaining, reset_after: 3_600_000, max_concurrency: 1 },
  },
});
const at = (offMs: number): Record<string, string> => ({ date: new Date(FAKE_NOW + offMs).toUTCString() });

function official(more: Record<string, unknown> = {}): OfficialAccount {
  const qq = { appId: "102000001", appSecret: "a-secret-of-a-bot", ...more };
  const account = resolveAccount({ channels: { qq } }, undefined, {});
  if (account.transport === "onebot") throw new Error("no official bot");
  return account;
}

/** Asks with these answers; what is asked beyond them is a surprise. */
async function ask(answers: readonly (readonly [string, Scripted])[], account = official()) {
  const net = createFakeNet(createFakeClock());
  for (const [call, answer] of answers) net.on(call, answer);
  const findings = await askPlatform(account, net, 200);
  net.verify();
  return findings;
}

const levels = (findings: Awaited<ReturnType<typeof ask>>): readonly string[] =>
  findings.map(({ check, level }) => `${check} ${level}`);

test("A6: a bot that is well is named, with its sessions and the clock", async () => {
  const findings = await ask([
    [TOKEN, { ...granted, headers: at(0) }],
    [ME, me],
    [GATEWAY, gateway(999)],
  ]);
  expect(levels(findings)).toEqual([
    "platform ok",
    "token ok",
    "ip-allow-list ok",
    "bot-profile ok",
    "gateway-address ok",
    "session-limit ok",
    "clock ok",
  ]);
  expect(findings[3]?.saw.zh).toContain("小助手");
  expect(new Set(findings.map(({ accountId }) => accountId))).toEqual(new Set(["default"]));
});

test("A6: a bot on a webhook is not asked for a gateway", async () => {
  const findings = await ask(
    [
      [TOKEN, granted],
      [ME, me],
    ],
    official({ webhookPath: "/qq" }),
  );
  expect(levels(findings)).toEqual(["platform ok", "token ok", "ip-allow-list ok", "bot-profile ok"]);
});

test("A6: a wrong secret is told with code and trace, and nothing else is asked", async () => {
  const refused: Scripted = {
    json: { code: 100016, message: "invalid appid or secret" },
    headers: { "x-tps-trace-ID": "abc123" },
  };
  const [finding, ...more] = await ask([[TOKEN, refused]]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ check: "token", level: "error", area: "auth" });
  expect(finding?.saw.en).toBe("QQ gives this bot no access token (code 100016, HTTP 200, trace abc123)");
  expect(finding?.fix?.en).toMatch(/compare both with q\.qq\.com/);
  expect(finding?.fix?.zh).toMatch(/AppID 或 AppSecret/);
});

test("A6: an address that is not in the allow-list is told as QQ saw it", async () => {
  const message = "接口访问源IP不在白名单 203.0.113.7";
  const findings = await ask([
    [TOKEN, granted],
    [ME, { status: 401, json: { code: 11298, err_code: 40023002, message } }],
  ]);
  expect(levels(findings)).toEqual(["platform ok", "token ok", "ip-allow-list error"]);
  expect(findings[2]?.saw.en).toMatch(/^QQ sees this machine as 203\.0\.113\.7 /);
  expect(findings[2]?.fix?.en).toMatch(/IP allow-list.*proxy's address/);
});

test("A6: no answer is a matter of the network, and a profile that is refused is one of its own", async () => {
  expect(levels(await ask([[TOKEN, { cut: "ECONNREFUSED" }]]))).toEqual(["platform error"]);
  const banned = await ask([
    [TOKEN, granted],
    [ME, { status: 403, json: { code: 11265, message: "banned" } }],
    [GATEWAY, gateway(999)],
  ]);
  expect(levels(banned)).toContain("bot-profile error");
  expect(banned.find(({ check }) => check === "bot-profile")?.fix?.en).toMatch(/banned; appeal/);
});

test("A6: a gateway that is not named, and sessions that run out", async () => {
  const well: readonly (readonly [string, Scripted])[] = [
    [TOKEN, granted],
    [ME, me],
  ];
  const few = await ask([...well, [GATEWAY, gateway(99)]]);
  expect(few.at(-1)).toMatchObject({ check: "session-limit", level: "warning" });
  expect(few.at(-1)?.saw.en).toBe("only 99 of 1000 new sessions are left for 60 min");
  expect((await ask([...well, [GATEWAY, gateway(100)]])).at(-1)).toMatchObject({ level: "ok" });
  const limited = await ask([...well, [GATEWAY, { status: 429, json: { code: 100001, message: "too many" } }]]);
  expect(limited.at(-1)).toMatchObject({ check: "gateway-address", level: "error" });
});

test.each([
  [60_000, "ok"],
  [-62_000, "warning"],
  [299_000, "warning"],
  [301_000, "error"],
  [-301_000, "error"],
] as const)("A6: QQ's clock %i ms off ours is %s", async (offMs, level) => {
  const refused: Scripted = { status: 401, json: { code: 100016 }, headers: at(offMs) };
  const findings = await ask([[TOKEN, refused]]);
  expect(findings.find(({ check }) => check === "clock")).toMatchObject({ level });
});

const clockSeen = async (offMs: number) =>
  (await ask([[TOKEN, { status: 401, json: { code: 100016 }, headers: at(offMs) }]])).at(-1)?.saw;

test("A6: a slow clock is called behind, a fast one ahead", async () => {
  expect(await clockSeen(400_000)).toEqual({
    en: "this machine's clock is 400 s behind QQ's",
    zh: "本机时钟比 QQ 慢 400 秒",
  });
  expect((await clockSeen(-400_000))?.en).toBe("this machine's clock is 400 s ahead of QQ's");
});
