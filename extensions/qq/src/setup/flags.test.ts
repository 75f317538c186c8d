import { relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setupContract } from "./contract.ts";
import { withAccount } from "./save.ts";

const qq = (channel: object) => ({ channels: { qq: channel } });
const none = {};
const official = withAccount(none, "default", { appId: "1020", appSecret: "s" });
const napcat = withAccount(none, "default", { wsUrl: "ws://127.0.0.1:3001", accessToken: "a-token-of-16-or-more" });

/** As the host runs `channels add`: parsed, prepared, validated, applied. */
async function add(flags: Readonly<Record<string, unknown>>, { cfg = none, accountId = "default" } = {}) {
  const parsed = setupContract.parseInput(flags);
  if (!parsed.ok) throw new Error(parsed.error);
  const common = { cfg, accountId };
  const input = await setupContract.prepareAccountConfigInput?.({
    ...common,
    input: parsed.value,
    runtime: { log: vi.fn(), error: vi.fn(), exit: vi.fn() },
  });
  const refusal = setupContract.validateInput?.({ ...common, input });
  if (refusal != null) return { refusal };
  const written = setupContract.applyAccountConfig({ ...common, input });
  return { channel: written.channels?.["qq"] as Record<string, unknown> };
}

beforeEach(() => {
  for (const name of ["QQ_BOT_APP_ID", "QQ_BOT_APP_SECRET", "QQ_APP_SECRET", "LC_ALL", "LC_MESSAGES", "LANG"])
    vi.stubEnv(name, "");
  vi.stubEnv("OPENCLAW_LOCALE", "en");
});

describe("A2: channels add with flags", () => {
  test.each([
    ["one token", { token: "102000001:AppSecret_1" }, { appId: "102000001", appSecret: "AppSecret_1" }],
    ["a token with space around it", { token: " 102000001 : s " }, { appId: "102000001", appSecret: "s" }],
    [
      "AppID and secret",
      { appId: "1020", appSecret: "s", name: "Bot" },
      { appId: "1020", appSecret: "s", name: "Bot" },
    ],
    ["webhook", { token: "1020:s", transport: "webhook" }, { appId: "1020", appSecret: "s", transport: "webhook" }],
    [
      "a webhook path",
      { token: "1020:s", webhookPath: "/p" },
      { appId: "1020", appSecret: "s", transport: "webhook", webhookPath: "/p" },
    ],
    [
      "WebSocket",
      { token: "1020:s", transport: "websocket" },
      { appId: "1020", appSecret: "s", transport: "websocket" },
    ],
    [
      "NapCat's addresses",
      { httpUrl: "http://127.0.0.1:3000", wsUrl: "ws://127.0.0.1:3001", accessToken: "t", selfId: "10001" },
      { httpUrl: "http://127.0.0.1:3000", wsUrl: "ws://127.0.0.1:3001", accessToken: "t", selfId: "10001" },
    ],
  ])("%s", async (_name, flags, entry) => {
    expect(await add(flags)).toEqual({ channel: { ...entry, enabled: true } });
  });

  test.each(["napcat", "onebot"])("--transport %s alone means NapCat here, with a fresh token", async (transport) => {
    const tokens = await Promise.all([add({ transport }), add({ transport })]);
    for (const { channel } of tokens) {
      expect(channel).toEqual({
        enabled: true,
        transport: "onebot",
        wsUrl: "ws://127.0.0.1:3001",
        accessToken: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    }
    expect(tokens[0]?.channel?.["accessToken"]).not.toBe(tokens[1]?.channel?.["accessToken"]);
  });

  test("NapCat that dials us gets a path and a token", async () => {
    const { channel } = await add({ reversePath: "/qq-onebot" });
    expect(channel).toEqual({
      enabled: true,
      reversePath: "/qq-onebot",
      accessToken: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test("--account writes beside the base, and moves no key of it", async () => {
    const { channel } = await add({ token: "1030:t" }, { cfg: official, accountId: "work" });
    expect(channel).toEqual({
      appId: "1020",
      appSecret: "s",
      enabled: true,
      accounts: { default: {}, work: { appId: "1030", appSecret: "t", enabled: true } },
    });
    expect(setupContract.configPromotion).toBe("preserve-root");
  });

  test("a new secret replaces the old one and nothing else", async () => {
    expect(await add({ appSecret: "new" }, { cfg: official })).toEqual({
      channel: { appId: "1020", appSecret: "new", enabled: true },
    });
    expect(await add({ accessToken: "new" }, { cfg: napcat })).toEqual({
      channel: { wsUrl: "ws://127.0.0.1:3001", accessToken: "new", enabled: true },
    });
  });

  test("the token that is there stays", async () => {
    expect(await add({ selfId: "10001" }, { cfg: napcat })).toMatchObject({
      channel: { accessToken: "a-token-of-16-or-more" },
    });
  });

  test("a file takes the place of a secret", async () => {
    const path = new URL(import.meta.url).pathname;
    expect(await add({ appSecretFile: path }, { cfg: official })).toEqual({
      channel: { appId: "1020", appSecretFile: path, enabled: true },
    });
  });

  test("its path is written whole: the gateway runs in another directory", async () => {
    const path = new URL(import.meta.url).pathname;
    expect(await add({ appId: "1020", appSecretFile: relative(".", path) })).toMatchObject({
      channel: { appSecretFile: path },
    });
    expect(await add({ wsUrl: "ws://127.0.0.1:3001", tokenFile: relative(".", path) })).toMatchObject({
      channel: { tokenFile: path },
    });
  });

  test("from WebSocket to webhook and back, no path is left behind", async () => {
    const { channel } = await add({ webhookPath: "/p" }, { cfg: official });
    expect(await add({ transport: "websocket" }, { cfg: qq(channel ?? {}) })).toEqual({
      channel: { appId: "1020", appSecret: "s", transport: "websocket", enabled: true },
    });
  });

  test("from an official bot to a personal account, nothing of the bot stays", async () => {
    expect(await add({ wsUrl: "ws://127.0.0.1:3001", accessToken: "t" }, { cfg: official })).toEqual({
      channel: { wsUrl: "ws://127.0.0.1:3001", accessToken: "t", enabled: true },
    });
    expect(await add({ token: "1030:t" }, { cfg: napcat })).toEqual({
      channel: { appId: "1030", appSecret: "t", enabled: true },
    });
  });

  test("A4: --use-env takes the environment's bot, under either name of the secret", async () => {
    vi.stubEnv("QQ_BOT_APP_ID", "1020");
    for (const name of ["QQ_BOT_APP_SECRET", "QQ_APP_SECRET"]) {
      vi.stubEnv("QQ_BOT_APP_SECRET", "");
      vi.stubEnv(name, "s");
      expect(await add({ useEnv: true }, { cfg: official })).toEqual({ channel: { enabled: true } });
    }
  });
});

describe("A2: what is said once it is saved", () => {
  const written: string[] = [];
  const afterwards = async (flags: Readonly<Record<string, unknown>>, isTTY: boolean, cfg = none): Promise<string> => {
    const { channel } = await add(flags, { cfg });
    written.length = 0;
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
    Object.defineProperty(process.stdout, "isTTY", { value: isTTY, configurable: true });
    const runtime = { log: vi.fn(), error: vi.fn(), exit: vi.fn() };
    const { afterAccountConfigWritten } = setupContract;
    const saved = { cfg: qq(channel ?? {}), previousCfg: cfg, accountId: "default", input: {}, runtime };
    await afterAccountConfigWritten?.(saved);
    return written.join("");
  };
  const { isTTY } = process.stdout;
  afterEach(() => {
    vi.restoreAllMocks();
    Object.defineProperty(process.stdout, "isTTY", { value: isTTY, configurable: true });
  });

  test("a token that was there or was typed goes to a terminal, and into no log", async () => {
    const typed = { reversePath: "/qq-onebot", accessToken: "a-token-of-16-or-more" };
    const log = await afterwards(typed, false);
    expect(log).toContain("/qq-onebot");
    expect(log).toContain("<the token of this account>");
    expect(log).not.toContain("a-token-of-16");
    expect(await afterwards({ selfId: "10001" }, false, qq(typed))).not.toContain("a-token-of-16");
    expect(await afterwards(typed, true)).toContain('"token":"a-token-of-16-or-more"');
  });

  test("a fresh one is shown wherever the lines go: nobody knows it yet", async () => {
    expect(await afterwards({ reversePath: "/qq-onebot" }, false)).toMatch(/"token":"[0-9a-f]{32}"/);
  });
});

describe("A2: flags that cannot be taken", () => {
  test.each([
    ["a token without a secret", { token: "102000001" }, /102000001:AppSecret.*--access-token/],
    ["a token without digits", { token: "abc:def" }, /102000001:AppSecret/],
    ["a token and more", { token: "1020:s", appSecret: "s" }, /--app-secret/],
    ["two roads", { token: "1020:s", httpUrl: "http://a:3000" }, /\(--token\).*\(--http-url\)/],
    ["a road and flags of the other", { transport: "napcat", appId: "1020" }, /\(--app-id\).*\(--transport napcat\)/],
    [
      "a road and flags of the other, turned round",
      { transport: "webhook", wsUrl: "ws://a" },
      /--transport webhook.*--ws-url/,
    ],
    ["a secret twice", { appId: "1020", appSecret: "s", appSecretFile: "f" }, /--app-secret, --app-secret-file/],
    ["a token twice", { wsUrl: "ws://a", accessToken: "t", tokenFile: "f" }, /--access-token, --token-file/],
    ["an AppID alone", { appId: "1020" }, /--token, as AppID:AppSecret/],
    ["a secret alone", { appSecret: "s" }, /--token, as AppID:AppSecret/],
    ["nothing but a name", { name: "Bot" }, /--transport napcat.*openclaw qq bind/],
    ["an AppID that is none", { appId: "openid", appSecret: "s" }, /channels\.qq\.appId: .*q\.qq\.com/],
    [
      "a webhook path that is none",
      { token: "1020:s", webhookPath: "p" },
      /channels\.qq\.webhookPath: .*\/qq-official-webhook/,
    ],
    ["where NapCat listens", { wsUrl: "ws://0.0.0.0:3001" }, /channels\.qq\.wsUrl: .*127\.0\.0\.1/],
    ["a short token on an open path", { reversePath: "/qq-onebot", accessToken: "short" }, /16 characters/],
    ["a file that is not there", { appId: "1020", appSecretFile: "/no/such" }, /appSecretFile.*ENOENT/],
    ["a public address with a path", { token: "1020:s", publicUrl: "https://a/b" }, /https:\/\/bot\.example\.com/],
    ["a public address with a user", { token: "1020:s", publicUrl: "https://me:p@b.c" }, /https:\/\/bot\.example\.com/],
    ["an empty environment", { useEnv: true }, /QQ_BOT_APP_ID and QQ_BOT_APP_SECRET/],
    ["the environment and a secret", { useEnv: true, appSecret: "s" }, /leave the flags/],
  ])("%s", async (_name, flags, says) => {
    const { refusal } = await add(flags);
    expect(refusal).toMatch(says);
    expect(refusal).not.toMatch(/\n/);
  });

  test("the environment speaks for the default account only", async () => {
    vi.stubEnv("QQ_BOT_APP_ID", "1020");
    vi.stubEnv("QQ_BOT_APP_SECRET", "s");
    expect(await add({ useEnv: true }, { accountId: "work" })).toEqual({
      refusal: expect.stringMatching(/default account only/),
    });
  });

  test("they are told in Chinese where that is spoken", async () => {
    vi.stubEnv("OPENCLAW_LOCALE", "zh_CN");
    expect(await add({ token: "102000001" })).toEqual({ refusal: expect.stringMatching(/格式为 AppID:AppSecret/) });
  });

  test("A5: an account whose secret is a reference is complete", async () => {
    const secret = { source: "env", provider: "default", id: "QQ_SECRET" };
    const cfg = qq({ appId: "1020", appSecret: secret });
    expect(await add({ name: "Bot" }, { cfg })).toMatchObject({ channel: { name: "Bot", appSecret: secret } });
  });
});
