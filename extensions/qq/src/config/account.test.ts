import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { describe, expect, test } from "vitest";
import { isConfigured, listAccountIds, resolveAccount, resolveDefaultAccountId, type Env } from "./account.ts";

function config(qq: Readonly<Record<string, unknown>>): OpenClawConfig {
  return { channels: { qq } };
}

const base = { appId: "102000001", appSecret: "base-secret" };

function resolve(qq: Readonly<Record<string, unknown>>, accountId?: string, env: Env = {}) {
  return resolveAccount(config(qq), accountId, env);
}

describe("B1: accounts", () => {
  test("an account inherits what it does not set, and what it sets wins", () => {
    const qq = {
      ...base,
      name: "Base",
      locale: "zh",
      webhookPath: "/base",
      allowFrom: ["A"],
      accounts: { work: { appId: "102000002", allowFrom: ["B"], groups: { G: {} } }, home: { appSecret: "own" } },
    };
    const work = resolve(qq, "work");
    expect(work).toMatchObject({ accountId: "work", name: "Base", locale: "zh", webhookPath: "/base" });
    expect(work.config).toMatchObject({ allowFrom: ["B"], groups: { G: {} } });
    expect(work.config).not.toHaveProperty("accounts");
    expect(work.credentials).toMatchObject({ ok: true, value: { appId: "102000002", appSecret: "base-secret" } });
    expect(resolve(qq, "home").credentials).toMatchObject({
      ok: true,
      value: { appId: "102000001", appSecret: "own" },
    });
    expect(resolve(qq, "default").credentials).toMatchObject({ ok: true, value: base });
  });

  test("all are listed; defaultAccount names the one that is meant when none is named", () => {
    const qq = { ...base, defaultAccount: "work", accounts: { work: { appId: 102_000_002 }, home: {} } };
    expect(listAccountIds(config(qq))).toEqual(["default", "home", "work"]);
    expect(resolveDefaultAccountId(config(qq))).toBe("work");
    for (const accountId of [null, undefined]) {
      expect(resolveAccount(config(qq), accountId, {})).toMatchObject({ accountId: "work", appId: "102000002" });
    }
  });

  test("an account runs only when it and the channel are enabled", () => {
    const accounts = { off: { enabled: false }, on: { enabled: true }, silent: {} };
    for (const [id, expected] of Object.entries({ off: false, on: true, silent: true, default: true })) {
      expect(resolve({ accounts }, id).enabled).toBe(expected);
      expect(resolve({ accounts, enabled: false }, id).enabled).toBe(false);
    }
  });

  test.each([
    [{}, false],
    [{ webhookPath: "/x" }, false],
    [{ appId: "102000001" }, true],
    [{ appSecret: "x" }, true],
    [{ appSecretFile: "/missing" }, true],
  ])("%j is set up: %j", (qq, expected) => {
    expect(isConfigured(resolve(qq))).toBe(expected);
  });

  test("no channels.qq at all is an account that is not set up", () => {
    const account = resolveAccount({}, undefined, {});
    expect(account).toMatchObject({ accountId: "default", enabled: true, secretSource: "none", appId: undefined });
    expect(isConfigured(account)).toBe(false);
  });
});

describe("C7: the transport and why", () => {
  test.each([
    [base, "websocket", "appId without webhookPath"],
    [{ ...base, webhookPath: "/qq" }, "webhook", "webhookPath is set"],
    [{ ...base, webhookPath: "/qq", transport: "websocket" }, "websocket", "transport is set"],
    [{ ...base, transport: "webhook" }, "webhook", "transport is set"],
  ])("%j is %s: %s", (qq, transport, transportWhy) => {
    expect(resolve(qq)).toMatchObject({ transport, transportWhy });
  });

  test("B2: the callbacks' path has a default", () => {
    expect(resolve({ transport: "webhook" }).webhookPath).toBe("/qq-official-webhook");
    expect(resolve({ webhookPath: "/mine" }).webhookPath).toBe("/mine");
  });
});

describe("A4: the environment", () => {
  const env = {
    QQ_BOT_API_BASE_URL: " http://127.0.0.1:8080/ ",
    QQ_BOT_APP_ID: "109999999",
    QQ_BOT_APP_SECRET: "env-secret",
    QQ_APP_SECRET: "fallback-secret",
  };

  test("fills the default account", () => {
    const account = resolve({}, undefined, env);
    expect(account).toMatchObject({ secretSource: "env", appId: "109999999", apiBaseUrl: "http://127.0.0.1:8080" });
    expect(account.credentials).toEqual({
      ok: true,
      value: { appId: "109999999", appSecret: "env-secret", apiBaseUrl: "http://127.0.0.1:8080" },
    });
  });

  test.each([
    [{ QQ_APP_SECRET: "fallback-secret" }, "fallback-secret"],
    [{ QQ_BOT_APP_SECRET: "", QQ_APP_SECRET: " fallback-secret\n" }, "fallback-secret"],
  ])("falls back to QQ_APP_SECRET: %j", (env, appSecret) => {
    expect(resolve({ appId: "102000001" }, undefined, env).credentials).toMatchObject({
      ok: true,
      value: { appSecret },
    });
  });

  test("is weaker than the configuration, key by key", () => {
    const account = resolve({ ...base, apiBaseUrl: "https://proxy.example" }, undefined, env);
    expect(account.credentials).toMatchObject({
      value: { appId: "102000001", appSecret: "base-secret", apiBaseUrl: "https://proxy.example" },
    });
    expect(resolve({ appId: "102000001" }, undefined, env).credentials).toMatchObject({
      value: { appId: "102000001", appSecret: "env-secret" },
    });
  });

  test("does not speak for another account", () => {
    const work = resolve({ accounts: { work: {} } }, "work", env);
    expect(work).toMatchObject({ appId: undefined, secretSource: "none", apiBaseUrl: "https://api.bot.qq.com" });
    expect(work.credentials.ok).toBe(false);
  });

  test.each([
    [{ LANG: "zh_CN.UTF-8" }, {}, "zh"],
    [{ LANG: "zh_CN.UTF-8" }, { locale: "en" }, "en"],
    [{}, {}, "en"],
    [{}, { locale: "zh" }, "zh"],
  ] as const)("gives the language: %j with %j is %s", (env, qq, locale) => {
    expect(resolve(qq, undefined, env).locale).toBe(locale);
    expect(resolve({ accounts: { work: qq } }, "work", env).locale).toBe(locale);
  });
});

describe("B2: the values as the platform takes them", () => {
  test("an AppID may be a number; a base has no slash at its end", () => {
    const account = resolve({ ...base, appId: 102_000_001, apiBaseUrl: "https://sandbox.api.sgroup.qq.com/" });
    expect(account).toMatchObject({ appId: "102000001", apiBaseUrl: "https://sandbox.api.sgroup.qq.com" });
  });
});
