import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { describe, expect, test } from "vitest";
import { resolveAccount } from "../config/account.ts";
import type { CallbackRefusal } from "../transport/transport.ts";
import { auditFindings } from "./audit.ts";
import { accountFindings, host, riskFindings, statusFindings, type Checked } from "./checks.ts";
import type { LineFacts } from "./facts.ts";

const bot = { appId: "102000001", appSecret: "a-secret-of-the-bot" };
const hook = { ...bot, webhookPath: "/qq" };
const TOKEN = "a-token-of-16-or-more";
const ready = { connected: true, lifecycle: "ready" as const };

interface Seed {
  readonly channels?: Readonly<Record<string, unknown>>;
  readonly rest?: Readonly<Record<string, unknown>>;
  readonly accountId?: string;
  readonly status?: Partial<ChannelAccountSnapshot> & { readonly facts?: LineFacts };
}

function checkedOf(qq: Readonly<Record<string, unknown>>, seed: Seed = {}): Checked {
  // The test writes what the schema takes.
  const cfg = { ...seed.rest, channels: { qq, ...seed.channels } } as OpenClawConfig;
  const account = resolveAccount(cfg, seed.accountId, {});
  const snapshot = seed.status && { accountId: account.accountId, ...seed.status };
  return { account, snapshot, cfg, env: {} };
}

const names = (qq: Readonly<Record<string, unknown>>, seed?: Seed): readonly string[] =>
  accountFindings(checkedOf(qq, seed)).map(({ check }) => check);

describe("A6: nothing is found where nothing is wrong", () => {
  test.each([
    ["an official bot", bot],
    ["a bot with a webhook", hook],
    ["NapCat on this machine, without a token", { wsUrl: "ws://127.0.0.1:3001" }],
    ["NapCat on this machine, with a short one", { httpUrl: "http://localhost:3000", accessToken: "short" }],
    ["NapCat in the network, with a token", { wsUrl: "ws://192.168.1.5:3001", accessToken: TOKEN }],
    ["NapCat in a container", { httpUrl: "http://napcat:3000", accessToken: TOKEN }],
    ["NapCat on the internet, encrypted", { wsUrl: "wss://napcat.example.com", accessToken: TOKEN }],
    ["two bots", { ...bot, accounts: { work: { appId: "102000002", appSecret: "another" } } }],
    [
      "two personal accounts on one machine",
      {
        accounts: {
          one: { wsUrl: "ws://127.0.0.1:3001", accessToken: TOKEN },
          two: { wsUrl: "ws://127.0.0.1:3011", accessToken: TOKEN },
        },
      },
    ],
    ["named groups and people", { ...bot, groups: { G1: {} }, groupPolicy: "open" }],
    ["everybody may talk, without tools", { ...bot, groupPolicy: "open", groups: { "*": { tools: { deny: ["*"] } } } }],
  ])("%s", (_name, qq) => {
    expect(names(qq)).toEqual([]);
    expect(names(qq, { status: ready })).toEqual("webhookPath" in qq ? ["webhook-never-called"] : []);
  });

  test("of an account that is switched off", () => {
    expect(names({ enabled: false, wsUrl: "ws://198.51.100.7:3001" })).toEqual([]);
  });
});

describe("A6: what is wrong in the configuration is found by name", () => {
  test.each([
    ["credentials", { appId: "102000001" }],
    ["credentials", { reversePath: "/qq-onebot", accessToken: "short" }],
    ["napcat-token", { wsUrl: "ws://192.168.1.5:3001" }],
    ["napcat-token", { wsUrl: "ws://napcat:3001", accessToken: "fifteen-letters" }],
    ["plain-address", { wsUrl: "ws://napcat.example.com:3001", accessToken: TOKEN }],
    ["plain-address", { httpUrl: "http://[2001:db8::1]:3000", wsUrl: "ws://127.0.0.1:3001", accessToken: TOKEN }],
    ["plain-address", { ...bot, apiBaseUrl: "http://203.0.113.9" }],
    ["open-dms", { ...bot, dmPolicy: "open", allowFrom: ["*"] }],
    ["open-groups", { ...bot, groupPolicy: "open" }],
    ["open-groups", { ...bot, groupAllowFrom: ["*"] }],
    ["open-groups", { ...bot, groups: { "*": { allowFrom: ["*"] } } }],
    ["open-groups", { ...bot, groupPolicy: "open", groups: { "*": { tools: { deny: ["group:fs"] } } } }],
  ])("%s: %j", (check, qq) => {
    expect(names(qq)).toEqual([check]);
  });

  test.each([
    ["same-bot", { ...bot, accounts: { work: bot } }],
    ["same-napcat", { wsUrl: "ws://localhost:3001", accounts: { work: { wsUrl: "ws://127.0.0.1:3001/" } } }],
    [
      "same-napcat",
      {
        wsUrl: "ws://localhost:3001",
        selfId: 10001,
        accounts: { work: { wsUrl: "ws://127.0.0.1:9", selfId: "10001" } },
      },
    ],
  ])("%s is told of both accounts, and not while one is off", (check, { accounts, ...base }) => {
    const qq = { ...base, accounts };
    expect(names(qq, { accountId: "default" })).toEqual([check]);
    expect(names(qq, { accountId: "work" })).toEqual([check]);
    expect(
      names({ ...base, accounts: { work: { ...accounts.work, enabled: false } } }, { accountId: "default" }),
    ).toEqual([]);
  });

  test.each([
    [bot, { qqbot: { appId: bot.appId } }],
    [bot, { qqbot: { accounts: { main: { appId: Number(bot.appId) } } } }],
    [{ wsUrl: "ws://localhost:3001" }, { napcat: { url: "http://127.0.0.1:3001/api" } }],
  ])("sibling-plugin: %j against %j", (qq, channels) => {
    expect(names(qq, { channels })).toEqual(["sibling-plugin"]);
    const [name = ""] = Object.keys(channels);
    expect(names(qq, { channels: { [name]: { ...Object.values(channels)[0], enabled: false } } })).toEqual([]);
    expect(names({ ...bot, appId: "102000099" }, { channels })).toEqual([]);
  });

  test("D6: tools that are out of reach make open groups harmless", () => {
    const open = { ...bot, groupPolicy: "open" };
    for (const rest of [
      { tools: { profile: "messaging" } },
      { tools: { allow: ["web_search"] } },
      { tools: { deny: ["group:runtime", "group:fs", "group:automation"] } },
      { agents: { defaults: { sandbox: { mode: "all" } } } },
    ]) {
      expect(names(open, { rest })).toEqual([]);
    }
    expect(names(open, { rest: { tools: { allow: ["exec"] } } })).toEqual(["open-groups"]);
    expect(
      names(bot, { rest: { channels: { defaults: {} } }, channels: { defaults: { groupPolicy: "open" } } }),
    ).toEqual(["open-groups"]);
  });
});

const refused = (refusal: CallbackRefusal): LineFacts => ({ refused: { [refusal]: 2 } });

describe("A6: what a running line has noticed is found by name", () => {
  test.each([
    ["webhook-never-called", hook, {}],
    ["webhook-signature", hook, refused("wrong-signature")],
    ["webhook-wrong-bot", hook, refused("another-bot")],
    ["webhook-unsigned", hook, refused("unsigned")],
    ["clock", hook, { ...refused("stale"), aheadMs: 412_000 }],
    [
      "groups-only-mentions",
      { ...bot, groups: { "*": { requireMention: false } } },
      { groups: { mentions: true, all: false } },
    ],
  ] as const)("%s", (check, qq, facts) => {
    expect(names(qq, { status: { ...ready, facts } })).toEqual([check]);
  });

  test.each([
    ["QQ has asked, signed", hook, { validated: true }],
    ["the console has asked just now", hook, { askedAt: Date.now() - 9 * 60_000 }],
    ["somebody has written in an earlier run", hook, { heard: true }],
    [
      "all messages come",
      { ...bot, groups: { "*": { requireMention: false } } },
      { groups: { mentions: true, all: true } },
    ],
    ["only mentions are wanted", bot, { groups: { mentions: true, all: false } }],
    ["of another kind of line", bot, refused("wrong-signature")],
  ] as const)("nothing when %s", (_name, qq, facts) => {
    expect(names(qq, { status: { ...ready, facts } })).toEqual([]);
  });

  test("an unsigned question for the address proves nothing for long", () => {
    const status = { ...ready, facts: { askedAt: Date.now() - 11 * 60_000 } };
    expect(names(hook, { status })).toEqual(["webhook-never-called"]);
  });

  test.each([
    [1, undefined, "warning"],
    [2, undefined, "warning"],
    [3, undefined, "error"],
    [1000, 1, "warning"],
  ])("%d forged callbacks, the last good one at %s: %s", (times, lastEventAt, level) => {
    const facts = { refused: { "wrong-signature": times } };
    const status = { ...ready, ...(lastEventAt !== undefined && { lastEventAt }), facts };
    expect(accountFindings(checkedOf(hook, { status }))).toMatchObject([{ check: "webhook-signature", level }]);
  });

  test("calls of strangers say nothing once events have come", () => {
    const status = { ...ready, lastEventAt: 1, facts: refused("unsigned") };
    expect(names(hook, { status })).toEqual([]);
  });

  test("the line's own words, and the intents that it went without", () => {
    const lost = { status: { connected: false, lastError: "no answer from QQ" } };
    expect(accountFindings(checkedOf(bot, lost))).toMatchObject([{ check: "line", saw: { en: "no answer from QQ" } }]);
    expect(statusFindings(checkedOf(bot, lost))).toEqual([]);
    expect(names({ wsUrl: "ws://127.0.0.1:3001" }, { status: { lastError: "x", healthState: "deaf" } })).toEqual([
      "napcat-deaf",
    ]);
    expect(names(bot, { status: { ...ready, facts: { without: ["INTERACTION"] } } })).toEqual(["intents"]);
  });

  test("facts of another version of this plugin are left alone", () => {
    // What an older version might have written.
    const facts = { refused: 7 } as unknown as LineFacts;
    expect(names(hook, { status: { ...ready, facts } })).toEqual(["webhook-never-called"]);
  });
});

describe("the host's version", () => {
  test.each([
    ["2026.9.6", []],
    ["2026.9.7-beta.1", []],
    ["2026.12.1", []],
    [undefined, []],
    ["dev", []],
    ["2026.9.5", ["error"]],
    ["2025.12.30", ["error"]],
    ["2027.1.0", ["warning"]],
  ])("%s: %j", (version, levels) => {
    expect(host(version).map(({ level }) => level)).toEqual(levels);
  });
});

describe("D6: the security audit", () => {
  test("says nothing of what is closed, which is the default", () => {
    expect(auditFindings(checkedOf(bot))).toEqual([]);
    expect(auditFindings(checkedOf({ wsUrl: "ws://127.0.0.1:3001" }))).toEqual([]);
  });

  test("names open groups, and leaves open DMs to the host, which says them of every channel", () => {
    const open = checkedOf({ ...bot, dmPolicy: "open", allowFrom: ["*"], groupAllowFrom: ["*"] });
    expect(riskFindings(open).map(({ check }) => check)).toEqual(["open-dms", "open-groups"]);
    expect(auditFindings(open)).toEqual([
      {
        checkId: "channels.qq.open-groups",
        severity: "warn",
        title:
          "QQ default: channels.qq.groupAllowFrom lets every member of every group speak, and the agent may use exec, process, write, edit, apply_patch, gateway, cron there",
        detail: "a stranger can talk the agent into changing this machine",
        remediation: expect.stringContaining("list the groups in channels.qq.groups"),
      },
    ]);
  });
});

test("every finding says what was seen, why it matters and what to do, in both languages and without the secret", () => {
  const found = [
    ...accountFindings(checkedOf({ ...bot, ...hook, dmPolicy: "open", groupPolicy: "open", accounts: { work: bot } })),
    ...accountFindings(checkedOf({ wsUrl: "ws://napcat.example.com:3001", accessToken: "short-token" })),
    ...(["wrong-signature", "another-bot", "unsigned"] as const).flatMap((refusal) =>
      accountFindings(checkedOf(hook, { status: { ...ready, facts: refused(refusal) } })),
    ),
  ];
  expect(found.length).toBeGreaterThan(6);
  for (const { saw, why, fix } of found) {
    for (const words of [saw, why, fix]) {
      expect(words?.en).toMatch(/^[\x20-\x7e（）\u4e00-\u9fff→ ]+$/);
      expect(words?.zh).toMatch(/[\u4e00-\u9fff]/);
    }
  }
  expect(JSON.stringify(found)).not.toMatch(/a-secret-of-the-bot|short-token/);
});
