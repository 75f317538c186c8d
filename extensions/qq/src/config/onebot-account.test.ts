import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { describe, expect, onTestFinished, test } from "vitest";
import type { OneBotAccess } from "../transport/onebot/account.ts";
import { isConfigured, listAccountIds, resolveAccount, settled, type Env, type OneBotAccount } from "./account.ts";
import { examples } from "./testing/examples.ts";

type Channel = Readonly<Record<string, unknown>>;

const TOKEN = "a-token-of-16-or-more";

function resolve(qq: Channel, accountId?: string, env: Env = {}, mode?: "strict" | "inspect") {
  const cfg: OpenClawConfig = { channels: { qq } };
  return resolveAccount(cfg, accountId, env, mode);
}

function oneBot(qq: Channel, accountId?: string, mode?: "strict" | "inspect"): OneBotAccount {
  const account = resolve(qq, accountId, {}, mode);
  if (account.transport !== "onebot") throw new Error(`the account is ${account.transport}`);
  return account;
}

const access = (qq: Channel, accountId?: string): OneBotAccess => settled(oneBot(qq, accountId).credentials);

function refusal(qq: Channel, accountId?: string) {
  const { credentials } = oneBot(qq, accountId);
  if (credentials.ok) throw new Error("the account was expected to be incomplete");
  return credentials.error;
}

function tokenFile(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), "qq-token-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "token");
  writeFileSync(file, content);
  return file;
}

describe("C7: the transport and why", () => {
  const official = { appId: "102000001", appSecret: "secret" };

  test.each([
    [{ httpUrl: "http://localhost:3000" }, "onebot", "httpUrl is set"],
    [{ wsUrl: "ws://localhost:3001" }, "onebot", "wsUrl is set"],
    [{ reversePath: "/qq-onebot" }, "onebot", "reversePath is set"],
    [{ transport: "onebot" }, "onebot", "transport is set"],
    [{ ...official, httpUrl: "http://localhost:3000" }, "onebot", "httpUrl is set"],
    [{ ...official, wsUrl: "ws://localhost:3001", webhookPath: "/qq" }, "onebot", "wsUrl is set"],
    [{ ...official, wsUrl: "ws://localhost:3001", transport: "websocket" }, "websocket", "transport is set"],
    [{ accessToken: TOKEN }, "websocket", "appId without webhookPath"],
  ])("%j is %s: %s", (qq, transport, transportWhy) => {
    expect(resolve(qq)).toMatchObject({ transport, transportWhy });
  });

  test.each([
    [{ httpUrl: "http://localhost:3000" }, official, "websocket", "appId without webhookPath"],
    [{ httpUrl: "http://localhost:3000", webhookPath: "/qq" }, official, "webhook", "webhookPath is set"],
    [{ transport: "onebot" }, official, "websocket", "appId without webhookPath"],
    [{ ...official, transport: "webhook" }, { appId: "102000002" }, "webhook", "transport is set"],
    [official, { wsUrl: "ws://localhost:3001" }, "onebot", "wsUrl is set"],
    [{ ...official, transport: "webhook" }, { httpUrl: "http://localhost:3000" }, "onebot", "httpUrl is set"],
    [{ ...official, webhookPath: "/qq" }, { transport: "onebot" }, "onebot", "transport is set"],
    [{ httpUrl: "http://localhost:3000" }, { transport: "websocket" }, "websocket", "transport is set"],
    [{ httpUrl: "http://localhost:3000" }, { name: "Work" }, "onebot", "httpUrl is set"],
  ])("what an account sets wins over what it inherits: %j with %j is %s: %s", (base, work, transport, transportWhy) => {
    expect(resolve({ ...base, accounts: { work } }, "work")).toMatchObject({ transport, transportWhy });
  });

  test("the environment's AppID does not turn a personal account into a bot", () => {
    expect(resolve({ httpUrl: "http://localhost:3000" }, undefined, { QQ_BOT_APP_ID: "109999999" })).toMatchObject({
      transport: "onebot",
      appId: undefined,
    });
  });
});

describe("B3: the configurations of the document run as they stand", () => {
  test.each(["the page of the personal account: minimal", "the page of the personal account: set-up"])("%s", (name) => {
    const qq = examples[name] as Channel;
    const account = oneBot(qq);
    expect(account).toMatchObject({ accountId: "default", enabled: true, exposure: undefined });
    expect(isConfigured(account)).toBe(true);
    expect(settled(account.credentials)).toEqual({
      httpUrl: "http://localhost:3000",
      wsUrl: "ws://localhost:3001",
      accepts: false,
      ...("accessToken" in qq && { accessToken: "your-token-if-required" }),
      connectionTimeoutMs: 30_000,
      reconnectIntervalMs: 5000,
      base64MaxBytes: 8 * 1024 * 1024,
      sendGapMs: 1000,
    });
  });

  test("B1: two accounts, and no third", () => {
    const qq = examples["the page of the personal account: several"] as Channel;
    expect(listAccountIds({ channels: { qq } })).toEqual(["main", "secondary"]);
    expect(oneBot(qq, "main").name).toBe("Main QQ");
    expect(access(qq, "main")).toMatchObject({ httpUrl: "http://localhost:3000", wsUrl: "ws://localhost:3001" });
    expect(access(qq, "secondary")).toMatchObject({ httpUrl: "http://localhost:3002", wsUrl: "ws://localhost:3003" });
  });
});

describe("B3: the addresses", () => {
  const reverse = { reversePath: "/qq-onebot", accessToken: TOKEN };

  test.each([
    [{ transport: "onebot" }, "http://localhost:3000", "ws://localhost:3001", false],
    [{ wsUrl: "ws://localhost:3003" }, undefined, "ws://localhost:3003", false],
    [{ httpUrl: "http://127.0.0.1:3002/" }, "http://127.0.0.1:3002", "ws://localhost:3001", false],
    [{ httpUrl: "http://napcat:3000/one/" }, "http://napcat:3000/one", "ws://napcat:3001", false],
    [{ httpUrl: "http://[fd00::2]:3000" }, "http://[fd00::2]:3000", "ws://[fd00::2]:3001", false],
    [reverse, undefined, undefined, true],
    [{ ...reverse, httpUrl: "http://napcat:3000" }, "http://napcat:3000", undefined, true],
    [{ ...reverse, wsUrl: "ws://napcat:3001" }, undefined, "ws://napcat:3001", true],
  ])("%j calls %s, dials %s, accepts: %s", (qq, httpUrl, wsUrl, accepts) => {
    const found = access(qq);
    expect([found.httpUrl, found.wsUrl, found.accepts]).toEqual([httpUrl, wsUrl, accepts]);
  });

  test("B1: an account with an address of its own takes over neither the base's other one nor its QQ number", () => {
    const base = { httpUrl: "http://localhost:3000", wsUrl: "ws://localhost:3001", selfId: 10_001, sendGapMs: 5 };
    const accounts = { ws: { wsUrl: "ws://localhost:3003" }, same: { name: "Same" }, reverse };
    const of = (id: string) => access({ ...base, accounts }, id);
    expect(of("ws")).toMatchObject({ wsUrl: "ws://localhost:3003", sendGapMs: 5 });
    expect(of("ws")).not.toHaveProperty("httpUrl");
    expect(of("ws")).not.toHaveProperty("selfId");
    expect(of("same")).toMatchObject({ httpUrl: base.httpUrl, wsUrl: base.wsUrl, selfId: "10001" });
    expect(of("reverse")).toMatchObject({ accepts: true });
    expect(of("reverse")).not.toHaveProperty("httpUrl");
    expect(of("reverse")).not.toHaveProperty("wsUrl");
  });

  test("B1: a path on the gateway is shared, and makes no account of the base", () => {
    const qq = { ...reverse, accounts: { one: { selfId: "10001" }, two: { httpUrl: "http://localhost:3002" } } };
    expect(listAccountIds({ channels: { qq } })).toEqual(["one", "two"]);
    expect(access(qq, "one")).toMatchObject({ accepts: true, selfId: "10001" });
    expect(access(qq, "two")).toMatchObject({ accepts: true, httpUrl: "http://localhost:3002" });
    expect(access(qq, "two")).not.toHaveProperty("wsUrl");
  });

  test("each number is taken as it stands", () => {
    const qq = { wsUrl: "ws://x:1", connectionTimeoutMs: 1, reconnectIntervalMs: 2, base64MaxMb: 0.5, sendGapMs: 0 };
    expect(access(qq)).toMatchObject({
      connectionTimeoutMs: 1,
      reconnectIntervalMs: 2,
      base64MaxBytes: 524_288,
      sendGapMs: 0,
    });
  });
});

describe("A5: the token", () => {
  test.each(["napcat", "napcat\n", "  napcat \r\n", "\uFEFFnapcat"])("%j is read from a file", (content) => {
    const qq = { wsUrl: "ws://localhost:3001", tokenFile: tokenFile(content) };
    expect(oneBot(qq).secretSource).toBe("file");
    expect(access(qq).accessToken).toBe("napcat");
  });

  test("a missing or empty file is an error that names the key, and stops only its account", () => {
    const qq = {
      wsUrl: "ws://localhost:3001",
      accessToken: "base",
      accounts: { gone: { tokenFile: "/nowhere/token" }, empty: { tokenFile: tokenFile(" \n") } },
    };
    expect(refusal(qq, "gone").message).toBe(
      "channels.qq.accounts.gone.tokenFile: the file cannot be read (ENOENT); give the path of a file that holds the access token",
    );
    expect(refusal(qq, "empty").message).toContain("accounts.empty.tokenFile: the file is empty");
    expect(access(qq, "default").accessToken).toBe("base");
  });

  test("by reference it can be shown without being resolved, and is an error when the account starts", () => {
    const ref = { source: "env", provider: "default", id: "NAPCAT_TOKEN" };
    const qq = { wsUrl: "ws://localhost:3001", accessToken: ref };
    expect(oneBot(qq, undefined, "inspect")).toMatchObject({ secretSource: "config" });
    expect(refusal(qq)).toMatchObject({ path: "channels.qq.accessToken", code: "QQ_CONFIG" });
  });

  test("a listener has none that is short, wherever it comes from", () => {
    const reverse = { reversePath: "/qq-onebot" };
    const short = { ...reverse, tokenFile: tokenFile("s3cr3t-token-15") };
    for (const qq of [reverse, short]) {
      expect(refusal(qq).message).toMatch(/^channels\.qq\.accessToken: .* 16 characters or more/);
      expect(refusal(qq).wording.zh).toMatch(/至少 16 个字符/);
    }
    expect(access({ ...reverse, tokenFile: tokenFile("s3cr3t-token--16") }).accepts).toBe(true);
    expect(`${refusal(short).stack} ${JSON.stringify(refusal(short))}`).not.toContain("s3cr3t");
  });

  test.each([
    [{ httpUrl: "http://192.168.1.5:3000" }, "192.168.1.5"],
    [{ wsUrl: "ws://napcat:3001" }, "napcat"],
    [{ httpUrl: "http://localhost:3000", wsUrl: "ws://napcat.example:3001" }, "napcat.example"],
    [{ httpUrl: "http://localhost:3000", wsUrl: "ws://127.0.0.1:3001" }, undefined],
    [{ wsUrl: "ws://[::1]:3001" }, undefined],
    [{ wsUrl: "ws://napcat:3001", accessToken: "any" }, undefined],
  ])("%j is open to everybody on %s", (qq, host) => {
    const { exposure } = oneBot(qq);
    if (host === undefined) expect(exposure).toBeUndefined();
    else {
      expect(exposure?.en).toMatch(`channels.qq.accessToken is empty though NapCat is on ${host}:`);
      expect(exposure?.zh).toContain(host);
    }
  });
});
