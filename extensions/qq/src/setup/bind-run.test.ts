import { createCipheriv } from "node:crypto";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { beforeEach, describe, expect, test } from "vitest";
import { QQConfigError } from "../errors.ts";
import { createFakeClock, type FakeClock } from "../transport/testing/fake-clock.ts";
import { createFakeNet, type FakeNet } from "../transport/testing/fake-net.ts";
import { runBind, type BindRun } from "./bind-run.ts";
import { withBoundBot } from "./bind-save.ts";

const SECRET = "DG5g3B4j9X2KOErG";
const OWNER = "7FABD5615BFA1E24D2DCFF130B2C59B5";
const bound = { appId: "102000001", appSecret: SECRET, ownerOpenid: OWNER };
const config = (qq: object, more: object = {}): OpenClawConfig => ({ channels: { qq }, ...more });

let clock: FakeClock;
let net: FakeNet;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  net.always("POST /app/getAppAccessToken", { json: { access_token: "token", expires_in: "7200" } });
  net.always("GET /users/@me", { json: { id: "1", username: "小助手" } });
});

/** A QQ on which somebody confirms at once; it learns the key as it is told. */
function confirming(): FakeNet["fetch"] {
  let key = "";
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname === "/lite/create_bind_task") {
      key = ((await request.json()) as { key: string }).key;
      return Response.json({ retcode: 0, data: { task_id: "t1" } });
    }
    if (pathname !== "/lite/poll_bind_result") return await net.fetch(input, init);
    const cipher = createCipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.alloc(12));
    const sealed = Buffer.concat([Buffer.alloc(12), cipher.update(SECRET), cipher.final(), cipher.getAuthTag()]);
    const data = {
      status: 2,
      bot_appid: bound.appId,
      bot_encrypt_secret: sealed.toString("base64"),
      user_openid: OWNER,
    };
    return Response.json({ retcode: 0, data });
  };
}

interface Outcome {
  readonly cfg: OpenClawConfig;
  readonly said: string;
  readonly files: Readonly<Record<string, string>>;
  readonly error: unknown;
}

async function run(cfg: OpenClawConfig, wish: Partial<BindRun> = {}): Promise<Outcome> {
  let current = cfg;
  const said: string[] = [];
  const files: Record<string, string> = {};
  const end = runBind({
    force: false,
    env: {},
    locale: "en",
    outside: { ...net, fetch: confirming() },
    signal: new AbortController().signal,
    look: { unicode: true, colour: false, lightBackground: false, columns: 80 },
    config: {
      read: async () => current,
      change: async (change) => (current = change(current)),
      writeSecret: async (path, secret) => void (files[path] = secret),
    },
    say: (lines) => void said.push(lines),
    ...wish,
  }).catch((error: unknown) => error);
  await clock.advance(5_000);
  return { error: await end, cfg: current, said: said.join("\n"), files };
}

describe("a scan at the terminal", () => {
  test("A2: saves the bot as the default account, names it, and says what is left to do", async () => {
    const { cfg, said, error } = await run({});
    expect(error).toBeUndefined();
    expect(cfg).toEqual({
      channels: { qq: { appId: "102000001", appSecret: SECRET, enabled: true, allowFrom: [OWNER] } },
      commands: { ownerAllowFrom: [`qq:${OWNER}`] },
    });
    expect(said).toContain("https://q.qq.com/qqbot/openclaw/connect.html?task_id=t1&source=OpenClaw&_wv=2");
    expect(said).toContain('The bot with AppID 102000001 is saved as account "default".');
    expect(said).toContain("小助手");
    expect(said).toContain("1. Write to the bot in QQ");
    expect(said).not.toContain(SECRET);
  });

  test("A2: speaks Chinese where the terminal does", async () => {
    const { said } = await run({}, { locale: "zh" });
    expect(said).toContain("请用手机 QQ 扫描二维码");
    expect(said).toContain("AppID 102000001 的机器人已保存为账号“default”。");
  });

  test("saves under the name that was given, beside what is there", async () => {
    const { cfg, error } = await run(config({ appId: "102000009", appSecret: "old" }), { accountId: "Work" });
    expect(error).toBeUndefined();
    expect(cfg.channels?.["qq"]).toMatchObject({ appId: "102000009", accounts: { work: { appId: "102000001" } } });
  });

  test("saves the bot although the check of it fails: its secret is shown only once", async () => {
    net.always("GET /users/@me", { json: { message: "ip", code: 11298, err_code: 40023002 }, status: 401 });
    const { cfg, said, error } = await run({});
    expect(error).toBeUndefined();
    expect(cfg.channels?.["qq"]).toMatchObject({ appSecret: SECRET });
    expect(said).toContain("IP allow-list");
  });

  test("writes nothing when the outcome would not be valid", async () => {
    const before = config({ accounts: { work: { unknownKey: true } } });
    const { cfg, error } = await run(before, { accountId: "work" });
    expect(error).toBeInstanceOf(QQConfigError);
    expect(cfg).toBe(before);
  });
});

describe("an account that is there", () => {
  const other = config({ appId: "999", appSecret: "old", webhookPath: "/hook" });

  test("A2: keeps its bot where nobody can be asked, and is told so before the scan", async () => {
    const { cfg, said, error } = await run(other);
    expect(error).toBeInstanceOf(QQConfigError);
    expect(cfg).toBe(other);
    expect(said).toContain("AppID 999");
  });

  test("A2: gets another bot only after a yes", async () => {
    const questions: string[] = [];
    const ask = (answer: boolean) => (question: string) => Promise.resolve((questions.push(question), answer));
    expect((await run(other, { ask: ask(false) })).cfg).toBe(other);
    const { cfg } = await run(other, { ask: ask(true) });
    expect(questions).toEqual(Array(2).fill(expect.stringContaining("Replace it with 102000001?")));
    expect(cfg.channels?.["qq"]).toMatchObject({ appId: "102000001", appSecret: SECRET });
    expect(cfg.channels?.["qq"]).not.toHaveProperty("webhookPath");
  });

  test("gets it without a question when that is forced", async () => {
    const { cfg } = await run(other, { force: true });
    expect(cfg.channels?.["qq"]).toMatchObject({ appId: "102000001" });
  });

  test("is not asked about the same bot, which keeps its road: a lost secret is had again by a scan", async () => {
    const { cfg, error } = await run(config({ appId: 102000001, appSecret: "old", webhookPath: "/hook" }));
    expect(error).toBeUndefined();
    expect(cfg.channels?.["qq"]).toMatchObject({ appSecret: SECRET, webhookPath: "/hook" });
  });

  test("A5: a secret in a file stays in that file, and is not in the configuration", async () => {
    const { cfg, files } = await run(config({ appId: "102000001", appSecretFile: "/run/qq" }));
    expect(files).toEqual({ "/run/qq": SECRET });
    expect(cfg.channels?.["qq"]).toMatchObject({ appSecretFile: "/run/qq" });
    expect(JSON.stringify(cfg)).not.toContain(SECRET);
  });

  test("A5: a secret reference becomes text only after a yes", async () => {
    const reference = { source: "env", provider: "default", id: "QQ_SECRET" };
    const before = config({ appId: "102000001", appSecret: reference });
    expect((await run(before)).cfg).toBe(before);
    const { cfg } = await run(before, { ask: () => Promise.resolve(true) });
    expect(cfg.channels?.["qq"]).toMatchObject({ appSecret: SECRET });
  });

  test("a personal account is left alone, before anybody scans", async () => {
    const before = config({ wsUrl: "ws://127.0.0.1:3001", accessToken: "token" });
    const { cfg, said, error } = await run(before);
    expect(error).toHaveProperty("message", expect.stringContaining("--account NAME"));
    expect(cfg).toBe(before);
    expect(said).toBe("");
  });
});

const after = (cfg: OpenClawConfig) => withBoundBot(cfg, "default", bound, {});

describe("who scanned", () => {
  test("D6: is put on no list that the operator has written", () => {
    const { cfg, allowed, owner } = after(
      config({ allowFrom: ["A"] }, { commands: { ownerAllowFrom: ["telegram:1"] } }),
    );
    expect([allowed, owner]).toEqual([false, false]);
    expect(cfg).toMatchObject({ channels: { qq: { allowFrom: ["A"] } }, commands: { ownerAllowFrom: ["telegram:1"] } });
  });

  test.each(["open", "disabled"])("is not listed where messages are %s", (dmPolicy) => {
    expect(after(config({ dmPolicy })).cfg.channels?.["qq"]).not.toHaveProperty("allowFrom");
  });

  test("changes no policy: strangers still pair", () => {
    expect(after({}).cfg.channels?.["qq"]).not.toHaveProperty("dmPolicy");
    expect(after(config({ dmPolicy: "pairing" })).cfg.channels?.["qq"]).toMatchObject({ dmPolicy: "pairing" });
  });

  test("is not made up where QQ does not say it", () => {
    const { cfg, owner } = withBoundBot({}, "default", { appId: "1", appSecret: "s" }, {});
    expect(owner).toBe(false);
    expect(cfg).toEqual({ channels: { qq: { appId: "1", appSecret: "s", enabled: true } } });
  });
});
