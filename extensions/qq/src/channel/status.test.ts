import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { describe, expect, test } from "vitest";
import { resolveAccount, type QQAccount } from "../config/account.ts";
import { createRecorder } from "../transport/testing/recorder.ts";
import type { LineStatus } from "../transport/transport.ts";
import { describeAccount, describeLine } from "./describe.ts";
import { describeIssues, statusIssues } from "./status-issues.ts";
import { lineReport, statusAdapter, type StatusPatch } from "./status.ts";

const TOKEN = "a-token-of-16-or-more";
const WHY = "你的帐号当前登录已失效; log in again";

function account(qq: Readonly<Record<string, unknown>>): QQAccount {
  return resolveAccount({ channels: { qq } }, undefined, {});
}

/** What the host knows of the account after each of the reports. */
function after(of: QQAccount, statuses: readonly LineStatus[], signal = new AbortController().signal) {
  const snapshot: StatusPatch = {};
  const report = lineReport(of, createRecorder().log, (patch) => Object.assign(snapshot, patch), signal);
  for (const status of statuses) report.status(status);
  return { snapshot, report };
}

const napcat = account({ wsUrl: "ws://localhost:3001" });
const ready: LineStatus = { state: "ready", since: 1000, why: "connected" };
const offline: LineStatus = { state: "offline", since: 2000, why: WHY };
const deaf: LineStatus = { state: "deaf", since: 3000, why: "no messages" };

describe("A6: what the status shows of a line", () => {
  test("a logged-out account is connected and not well, and its own words are shown", () => {
    expect(after(napcat, [ready, offline]).snapshot).toMatchObject({
      connected: true,
      lifecycle: "recovering",
      healthState: "offline",
      stateReason: WHY,
      lastError: WHY,
      lastConnectedAt: 1000,
    });
  });

  test("a line that brings nothing is told apart from that", () => {
    const { snapshot } = after(napcat, [ready, deaf]);
    expect(snapshot).toMatchObject({ connected: true, healthState: "deaf", lastError: "no messages" });
  });

  test("in Chinese the advice comes before the line's words", () => {
    const { snapshot } = after(account({ wsUrl: "ws://localhost:3001", locale: "zh" }), [offline]);
    expect(snapshot.lastError).toBe(`QQ 账号未登录；请在 NapCat 中重新登录（WebUI 或扫描日志中的二维码）（${WHY}）`);
  });

  test.each([
    ["token", "访问令牌被拒绝"],
    ["unreachable", "连不上 NapCat"],
    ["nobody", "还没有人连过来"],
    ["lost", "连接断开"],
    ["silent", "没有动静"],
    ["unanswered", "不应答"],
    ["account", "与配置不符"],
  ] as const)("why the line is down is told in Chinese too: %s", (reason, advice) => {
    const zh = account({ wsUrl: "ws://localhost:3001", locale: "zh" });
    const waiting = { state: "waiting", since: 4000, why: "the words", retryAt: 5000, reason } as const;
    const expected = expect.stringMatching(new RegExp(`^[^（]*${advice}.*（the words）$`));
    expect(after(zh, [waiting]).snapshot.lastError).toEqual(expected);
    const connecting = { state: "connecting", since: 4000, why: "the words", reason } as const;
    expect(after(zh, [ready, connecting]).snapshot.lastError).toEqual(expected);
    expect(after(napcat, [waiting]).snapshot.lastError).toBe("the words");
  });

  test.each([
    ["ready", ready, { connected: true, lifecycle: "ready", lastError: null }],
    ["connecting", { state: "connecting", since: 4000, why: "dialling" } as const, { connected: false }],
    ["waiting", { state: "waiting", since: 4000, why: "gone", retryAt: 5000 } as const, { lastError: "gone" }],
    ["stopped", { state: "stopped", since: 4000, why: "no" } as const, { lifecycle: "blocked", connected: false }],
  ])("%s ends both", (_state, next, expected) => {
    const { snapshot } = after(napcat, [offline, deaf, next]);
    expect(snapshot).toMatchObject(expected);
    expect(snapshot.healthState).toBeUndefined();
  });

  test("a loss counts as one from the moment the line was up, logged in or not", () => {
    const lost = { state: "waiting", since: 4000, why: "closed with 1006", retryAt: 5000 } as const;
    for (const before of [ready, offline, deaf]) {
      expect(after(napcat, [before, lost]).snapshot.lastDisconnect).toEqual({ at: 4000, error: "closed with 1006" });
    }
    expect(after(napcat, [lost]).snapshot).not.toHaveProperty("lastDisconnect");
  });

  test("a connection over which nothing comes any more is told as an error, a dial is none", () => {
    const silent = { state: "connecting", since: 4000, why: "nothing has come for 30 s" } as const;
    expect(after(napcat, [ready, silent]).snapshot).toMatchObject({ connected: false, lastError: silent.why });
    expect(after(napcat, [silent]).snapshot).not.toHaveProperty("lastError");
    expect(after(napcat, [ready, silent, ready]).snapshot).toMatchObject({ connected: true, lastError: null });
    expect(after(account({ appId: "102000001" }), [ready, silent]).snapshot.lastError).toBeNull();
  });

  test("a stopped account reports no more than that", () => {
    expect(after(napcat, [offline], AbortSignal.abort()).snapshot).toMatchObject({ lifecycle: "stopped" });
  });
});

describe("A6: which silence the host may judge", () => {
  test.each([
    [{ wsUrl: "ws://localhost:3001" }, true],
    [{ httpUrl: "http://localhost:3000" }, true],
    [{ appId: "102000001" }, true],
    [{ reversePath: "/qq-onebot", accessToken: TOKEN }, false],
    [{ appId: "102000001", webhookPath: "/qq" }, false],
  ])("%j: %j", (qq, judged) => {
    const { snapshot, report } = after(account(qq), [ready]);
    report.activity(1234);
    expect(snapshot.lastEventAt).toBe(1234);
    expect(snapshot.lastTransportActivityAt).toBe(judged ? 1234 : undefined);
  });
});

describe("A6: who the account is", () => {
  test("is shown once the line knows it, with the software behind it", () => {
    const { snapshot, report } = after(napcat, [ready]);
    report.identity?.({ id: "10001", name: "小号", software: "NapCat.Onebot 4.18.19" });
    const runtime = { accountId: "default", ...snapshot } as ChannelAccountSnapshot;
    expect(describeLine(napcat, runtime)).toEqual({
      stateReason: "connected",
      bot: { id: "10001", username: "小号", software: "NapCat.Onebot 4.18.19" },
      mode: "onebot (wsUrl is set), QQ 10001 on NapCat.Onebot 4.18.19",
    });
    expect(describeLine(napcat, undefined)).toEqual({});
  });

  test("G3: addresses are shown, the token never", () => {
    const described = describeAccount(
      account({ httpUrl: "http://napcat:3000", reversePath: "/qq-onebot", accessToken: TOKEN, selfId: 10_001 }),
    );
    expect(described).toEqual({
      mode: "onebot (httpUrl is set)",
      httpUrl: "http://napcat:3000",
      baseUrl: "http://napcat:3000",
      reversePath: "/qq-onebot",
      webhookPath: "/qq-onebot",
      selfId: "10001",
      dmPolicy: "pairing",
      tokenSource: "config",
      tokenStatus: "available",
    });
  });

  test("an implementation that anybody can use is a warning", () => {
    const open = account({ wsUrl: "ws://napcat:3001" });
    const cfg = { channels: { qq: { wsUrl: "ws://napcat:3001" } } };
    const described = {
      ...describeAccount(open),
      issues: describeIssues({ account: open, snapshot: undefined, cfg, env: {} }),
    };
    const snapshot = { accountId: "default", enabled: true, configured: true, ...described };
    expect(snapshot.tokenStatus).toBe("not needed");
    expect(statusAdapter.collectStatusIssues?.([snapshot])).toEqual([
      {
        channel: "qq",
        accountId: "default",
        kind: "config",
        message:
          "channels.qq.accessToken is empty though NapCat is on napcat; whoever reaches its port can use the account",
        fix: "set a token of 16 characters or more in NapCat's network settings, and the same as channels.qq.accessToken",
      },
    ]);
    expect(statusAdapter.collectStatusIssues?.([{ ...snapshot, enabled: false }])).toEqual([]);
  });
});

describe("A6: advice", () => {
  const wrong = { appId: "102000001", appSecret: "s", webhookPath: "/qq", locale: "zh" };
  const shown = { accountId: "default", enabled: true, configured: true, connected: true, lifecycle: "ready" } as const;

  test("is in the account's language, after what the line says itself", () => {
    const issues = describeIssues({
      account: account(wrong),
      snapshot: shown,
      cfg: { channels: { qq: wrong } },
      env: {},
    });
    // `issues` is a field of ours.
    const told = statusIssues([{ ...shown, lastError: "no", issues } as ChannelAccountSnapshot], undefined, "en");
    expect(told).toMatchObject([
      { message: "no", kind: "runtime" },
      { message: "/qq 尚未收到任何事件；webhook 模式的机器人只能收到 QQ 推送到该地址的消息", kind: "config" },
    ]);
    expect(told[1]?.fix).toContain("「开发设置 → 回调配置」");
  });

  test("is left to the host where it lists the error itself, and where nobody wants the account to run", () => {
    const silent = { ...shown, lastError: "no", lifecycle: "blocked" } as const;
    expect(statusIssues([silent, { ...shown, lastError: "no", enabled: false }], undefined, "en")).toEqual([]);
  });

  test("on the host itself comes once", () => {
    const told = statusIssues([shown, { ...shown, accountId: "work" }], "2025.1.1", "en");
    expect(told).toMatchObject([{ accountId: "default", fix: "run `openclaw update`" }]);
    expect(statusIssues([shown], "2026.9.6", "en")).toEqual([]);
  });
});
