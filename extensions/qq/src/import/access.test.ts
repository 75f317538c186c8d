import { describe, expect, test } from "vitest";
import { fit } from "./fit.ts";
import { getAt } from "./paths.ts";
import { planImport } from "./plan.ts";
import { planLines } from "./report.ts";

// Who may talk, before and after: what narrowed is narrow still, and each key has a fate.

type Settings = Readonly<Record<string, unknown>>;

function moveIn(channels: Settings) {
  const plan = planImport({ channels }, { force: false });
  const channel = plan.changes.find(({ path }) => path.join(".") === "channels.qq")?.after;
  return { plan, channel: channel as Settings, at: (path: string) => getAt(channel, path.split(".")) };
}

const told = (plan: ReturnType<typeof planImport>) => planLines(plan, "en", true).join("\n");

const groups = (entry: unknown) =>
  moveIn({ qqbot: { appId: "102000001", clientSecret: "s", groupPolicy: "open", groups: { G1: entry } } });

describe("groups of an official bot", () => {
  test.each([
    [{ enabled: "false" }, { enabled: false }],
    [{ allowFrom: "OPENID" }, { allowFrom: ["OPENID"] }],
    [{ allowFrom: [1, "qqbot:AAA"] }, { allowFrom: ["1", "AAA"] }],
    [{ tools: { allow: "read", deny: "exec, write" } }, { tools: { allow: ["read"], deny: ["exec", "write"] } }],
    [{ toolsBySender: { A: { deny: "exec" } } }, { toolsBySender: { A: { deny: ["exec"] } } }],
    [
      { requireMention: "no", systemPrompt: "Short." },
      { requireMention: false, systemPrompt: "Short." },
    ],
    [true, {}],
  ])("%j is understood", (entry, moved) => {
    const { plan, at } = groups(entry);
    expect(plan.wrong).toEqual([]);
    expect(at("groups.G1")).toEqual(moved);
  });

  test.each([
    ["enabled", { enabled: "perhaps" }],
    ["allowFrom", { allowFrom: { A: true } }],
    ["tools", { tools: { allow: true } }],
    ["tools", { tools: "restricted" }],
    ["tools", { tools: { only: ["read"] } }],
    ["toolsBySender", { toolsBySender: { A: { deny: [{}] } } }],
  ])("a group is switched off whose %s was not understood: %j", (key, entry) => {
    const { plan, at } = groups(entry);
    expect(plan.wrong).toEqual([]);
    expect(at("groups.G1")).toEqual({ enabled: false });
    expect(told(plan)).toContain(`channels.qqbot.groups.G1.${key}: its value was not understood, so this group is`);
  });

  test("a group that is only switched off stays so", () => {
    expect(groups("off").at("groups.G1")).toEqual({ enabled: false });
  });

  test("an account's own groups are read with the base's policy: a list of groups stays one", () => {
    const { at } = moveIn({
      qqbot: {
        groupPolicy: "allowlist",
        groupAllowFrom: ["G1"],
        groups: { G1: {} },
        accounts: { b: { appId: "102000002", groupAllowFrom: ["SOMEBODY"] } },
      },
    });
    expect(at("groupPolicy")).toBe("open");
    expect(at("accounts.b")).toMatchObject({ groupPolicy: "allowlist", groupAllowFrom: ["SOMEBODY"] });
  });

  test("direct messages for a list with nobody on it are off, also where the base was open", () => {
    const account = { appId: "102000002", dmPolicy: "allowlist" };
    const { plan, at } = moveIn({ qqbot: { appId: "102000001", dmPolicy: "open", accounts: { b: account } } });
    expect(plan.wrong).toEqual([]);
    expect(at("accounts.b")).toMatchObject({ dmPolicy: "disabled", allowFrom: [] });
  });

  test("beside an open base, the account that is moved in stays closed", () => {
    const { plan, at } = moveIn({
      qq: {
        appId: "102000009",
        groupPolicy: "open",
        groupAllowFrom: ["*"],
        dmPolicy: "open",
        allowFrom: ["*"],
      },
      qqbot: { appId: "102000001", clientSecret: "s" },
    });
    expect(plan.wrong).toEqual([]);
    expect(at("accounts.qqbot")).toMatchObject({
      dmPolicy: "pairing",
      allowFrom: [],
      groupPolicy: "allowlist",
      groupAllowFrom: [],
    });
    expect(told(plan)).toContain("channels.qqbot.groupPolicy (not set) -> channels.qq.accounts.qqbot.groupPolicy");
  });
});

describe("personal accounts", () => {
  const account = { wsUrl: "ws://127.0.0.1:3002", enableGroupMessages: true };

  test.each([
    [{ admins: ["12345"] }, { ...account, adminOnlyChat: true }, ["12345"]],
    [{ allowUsers: ["777"] }, account, ["777"]],
    [{ admins: ["12345"], adminOnlyChat: "true" }, account, ["12345"]],
  ])("what the base narrows is narrow in its account: %j and %j", (base, own, people) => {
    const { plan, at } = moveIn({ napcat: { ...base, accounts: { b: own } } });
    expect(plan.wrong).toEqual([]);
    expect(at("accounts.b")).toMatchObject({
      dmPolicy: "allowlist",
      allowFrom: people,
      groupPolicy: "allowlist",
      groupAllowFrom: people,
    });
  });

  test("an account that says nothing of access inherits it, and repeats nothing", () => {
    const { at } = moveIn({ napcat: { allowUsers: ["777"], accounts: { b: { wsUrl: "ws://127.0.0.1:3002" } } } });
    expect(at("accounts.b")).toEqual({ wsUrl: "ws://127.0.0.1:3002" });
  });

  test.each([
    ["adminOnlyChat", { adminOnlyChat: true }],
    ["adminOnlyChat", { adminOnlyChat: "perhaps" }],
    ["allowUsers", { allowUsers: [""] }],
  ])("%s that leaves nobody lets nobody in, and says so: %j", (key, entry) => {
    const { plan, channel } = moveIn({ napcat: { url: "http://127.0.0.1:3000", enableGroupMessages: true, ...entry } });
    expect(plan.wrong).toEqual([]);
    expect(channel).toMatchObject({
      dmPolicy: "disabled",
      allowFrom: [],
      groupPolicy: "allowlist",
      groupAllowFrom: [],
    });
    expect(told(plan)).toContain(`channels.napcat.${key} -> channels.qq.allowFrom: it names nobody`);
  });

  test("a list of groups without a group in it lets none in", () => {
    const { channel } = moveIn({
      napcat: { url: "http://127.0.0.1:3000", groupWhitelist: [""], groupMentionOnly: true },
    });
    expect(channel).toHaveProperty("groups", {});
  });

  test("a key that changed nothing is told all the same", () => {
    const { plan } = moveIn({ napcat: { url: "http://127.0.0.1:3000", adminOnlyChat: false, requireMention: "what" } });
    expect(told(plan)).toContain("channels.napcat.adminOnlyChat: nothing in it to take over");
    expect(told(plan)).toContain("channels.napcat.requireMention: nothing in it to take over");
  });
});

describe("what the schema refuses", () => {
  test.each([
    { groupAllowFrom: [{}] },
    { groups: { G1: { enabled: "no" } } },
    { accounts: { b: { groups: { G1: { tools: { deny: "exec" } } } } } },
  ])("is never taken out where it keeps somebody out: %j", (channel) => {
    const { wrong, channel: left } = fit(channel, []);
    expect(wrong).not.toEqual([]);
    expect(left).toEqual(channel);
  });

  test("has one fate each", () => {
    const place = "channels.qq.groups";
    const channel = { groups: { G1: { systemPrompt: 1 }, G2: { systemPrompt: 2 } } };
    const fates = [
      { from: "old.groups", to: place },
      { from: "old.requireMention", to: place },
    ];
    const fitted = fit(channel, fates);
    expect(fitted).toMatchObject({ wrong: [], channel: { groups: { G1: {}, G2: {} } } });
    expect(fitted.fates.map(({ from, to }) => [from, to])).toEqual([
      ["old.groups", place],
      ["old.requireMention", place],
      [`${place}.G1.systemPrompt`, undefined],
      [`${place}.G2.systemPrompt`, undefined],
    ]);
  });
});
