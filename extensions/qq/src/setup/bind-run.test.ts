import { createCipheriv } from "node:crypto";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { beforeEach, describe, expect, test } from "vitest";
import { resolveAccount } from "../config/account.ts";
import { QQConfigError } from "../errors.ts";
import { createFakeClock, type FakeClock } from "../transport/testing/fake-clock.ts";
import { createFakeNet, type FakeNet } from "../transport/testing/fake-net.ts";
import { runBind, type BindRun } from "./bind-run.ts";
import { withBoundBot } from "./bind-save.ts";
import { nextSteps } from "./next-steps.ts";

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

interface Given extends Partial<Omit<BindRun, "config">> {
  /** What stands on the disk. */
  readonly files?: Readonly<Record<string, string>>;
  /** Why the configuration is not written. */
  readonly refuses?: Error;
}

async function run(cfg: OpenClawConfig, { files: onDisk = {}, refuses, ...wish }: Given = {}): Promise<Outcome> {
  let current = cfg;
  const said: string[] = [];
  const files = { ...onDisk };
  const end = runBind({
    force: false,
    env: {},
    locale: "en",
    outside: { ...net, fetch: confirming() },
    signal: new AbortController().signal,
    look: { unicode: true, colour: false, lightBackground: false, columns: 80 },
    config: {
      read: async () => current,
      change: async (change) => {
        if (refuses) throw refuses;
        return (current = change(current));
      },
      hasFile: async (path) => path in files,
      writeSecret: async (path, secret) => {
        const before = files[path];
        files[path] = secret;
        return { path, undo: async () => void (before === undefined ? delete files[path] : (files[path] = before)) };
      },
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

  test("A5: the file of the bot that is inherited is not another account's to write over", async () => {
    const before = config({ appId: "1020", appSecretFile: "/run/a", accounts: { work: { name: "Work" } } });
    const files = { "/run/a": "old" };
    const outcome = await run(before, { accountId: "work", force: true, files });
    expect(outcome.error).toBeUndefined();
    expect(outcome.files).toEqual(files);
    expect(outcome.cfg.channels?.["qq"]).toMatchObject({
      appSecretFile: "/run/a",
      accounts: { work: { appId: "102000001", appSecret: SECRET } },
    });
  });

  test("A5: the default account's file is its own, whether it is named or not", async () => {
    for (const accounts of [{ default: { name: "Bot" } }, { default: {}, work: { appId: "1030" } }]) {
      const { cfg, files } = await run(config({ appId: "102000001", appSecretFile: "/run/a", accounts }));
      expect(files).toEqual({ "/run/a": SECRET });
      expect(JSON.stringify(cfg)).not.toContain(SECRET);
    }
    const named = config({ appSecret: "base", accounts: { default: { appId: "102000001", appSecretFile: "/run/b" } } });
    expect(await run(named)).toMatchObject({ error: undefined, files: { "/run/b": SECRET } });
  });

  test("A5: a file that holds something else is written over only after a yes, asked before the scan", async () => {
    const files = { "/run/other": "somebody's" };
    const nobody = await run({}, { secretFile: "/run/other", files });
    expect(nobody).toMatchObject({ cfg: {}, files, said: "" });
    expect(nobody.error).toHaveProperty("message", expect.stringContaining("/run/other is there already"));
    const no = await run({}, { secretFile: "/run/other", files, ask: () => Promise.resolve(false) });
    expect(no).toMatchObject({ files, said: "" });
    const written = { "/run/other": SECRET };
    const yes = await run({}, { secretFile: "/run/other", files, ask: () => Promise.resolve(true) });
    expect(yes).toMatchObject({ files: written });
    expect((await run({}, { secretFile: "/run/other", files, force: true })).files).toEqual(written);
    const own = config({ appId: "102000001", appSecretFile: "/run/other" });
    expect((await run(own, { secretFile: "/run/other", files })).files).toEqual(written);
  });

  test("A5: the file is what it was when the configuration cannot be written", async () => {
    const files = { "/run/qq": "old" };
    const before = config({ appId: "102000001", appSecretFile: "/run/qq" });
    const outcome = await run(before, { files, refuses: new Error("locked") });
    expect(outcome).toMatchObject({ cfg: before, files, error: expect.objectContaining({ message: "locked" }) });
  });

  test("A5: another bot in place of a secret reference is asked for twice", async () => {
    const appSecret = { source: "env", provider: "default", id: "QQ_SECRET" };
    const questions: string[] = [];
    const ask = (question: string) => Promise.resolve(questions.push(question) < 2);
    const before = config({ appId: "999", appSecret });
    expect((await run(before, { ask })).cfg).toBe(before);
    expect(questions[1]).toContain("is a secret reference");
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

  const OLD = "0123456789ABCDEF0123456789ABCDEF";
  const ofOldBot = { appId: "999", appSecret: "old", allowFrom: [OLD, "10001", "accessGroup:staff"] };
  const oldOwner = { commands: { ownerAllowFrom: [`qq:${OLD}`] } };

  test("D1: of another bot takes the place of those of the old one, and is an owner beside them", () => {
    const { cfg, allowed, owner } = after(config(ofOldBot, oldOwner));
    expect([allowed, owner]).toEqual([true, true]);
    expect(cfg.channels?.["qq"]).toMatchObject({ allowFrom: ["10001", "accessGroup:staff", OWNER] });
    expect(cfg.commands?.ownerAllowFrom).toEqual([`qq:${OLD}`, `qq:${OWNER}`]);
  });

  test("D1: of one more bot is on a list of its own: the one it would inherit is of another bot's people", () => {
    const { cfg, allowed, owner } = withBoundBot(config(ofOldBot, oldOwner), "work", bound, {});
    expect([allowed, owner]).toEqual([true, true]);
    expect(cfg.channels?.["qq"]).toMatchObject({
      allowFrom: ofOldBot.allowFrom,
      accounts: { work: { allowFrom: ["10001", "accessGroup:staff", OWNER] } },
    });
    expect(cfg.commands?.ownerAllowFrom).toEqual([`qq:${OLD}`, `qq:${OWNER}`]);
    const beside = config({ accounts: { old: ofOldBot } }, oldOwner);
    expect(withBoundBot(beside, "work", bound, {})).toMatchObject({ allowed: true, owner: true });
  });

  test("people of accounts that inherit the list stay on it", () => {
    const shared = config({ ...ofOldBot, accounts: { default: {}, work: { appId: "1030", appSecret: "t" } } });
    expect(after(shared).cfg.channels?.["qq"]).toMatchObject({ allowFrom: [...ofOldBot.allowFrom, OWNER] });
  });

  test("of the same bot changes no list, and is named an owner once", () => {
    const same = config({ ...ofOldBot, appId: bound.appId }, oldOwner);
    expect(after(same)).toMatchObject({ allowed: false, owner: false });
    const again = after(after(config(ofOldBot, oldOwner)).cfg);
    expect(again.cfg.commands?.ownerAllowFrom).toEqual([`qq:${OLD}`, `qq:${OWNER}`]);
    const known = config(ofOldBot, { commands: { ownerAllowFrom: [`qq:${OWNER}`] } });
    expect(after(known).cfg.commands?.ownerAllowFrom).toEqual([`qq:${OWNER}`]);
  });

  test("D1: where QQ does not say who, another bot's people go, and the step left is to pair", async () => {
    const { ownerOpenid: _, ...unknown } = bound;
    const { cfg, allowed } = withBoundBot(config({ ...ofOldBot, allowFrom: [OLD] }), "work", unknown, {});
    expect(allowed).toBe(false);
    const account = resolveAccount(cfg, "work", {}, "inspect");
    expect(account.config.allowFrom).toEqual([]);
    expect(nextSteps(account, { gatewayPort: 1 }, "en")[0]).toContain("It answers with a pairing code");
    const listed = config({ ...ofOldBot, dmPolicy: "allowlist", allowFrom: [OLD] });
    expect(withBoundBot(listed, "default", unknown, {}).cfg.channels?.["qq"]).toMatchObject({ allowFrom: [OLD] });
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
