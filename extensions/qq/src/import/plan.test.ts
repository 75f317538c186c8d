import { describe, expect, test } from "vitest";
import { ChannelSchema } from "../config/schema.ts";
import { getAt } from "./paths.ts";
import { planImport, type Plan } from "./plan.ts";
import { planJson, planLines } from "./report.ts";
import { oldConfigs } from "./testing/predecessors.ts";

const fresh = { force: false };
const config = (name: string) => oldConfigs[name] ?? {};
const after = (plan: Plan, path: string): unknown =>
  plan.changes.find((change) => change.path.join(".") === path)?.after;

describe.each(Object.keys(oldConfigs))("%s", (name) => {
  const plan = planImport(config(name), fresh);

  test("becomes a configuration that the schema takes, told key by key in both languages", async () => {
    expect(plan.wrong).toEqual([]);
    expect(ChannelSchema.safeParse(after(plan, "channels.qq")).error?.issues ?? []).toEqual([]);
    for (const locale of ["en", "zh"] as const) {
      const lines = planLines(plan, locale, true);
      await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`goldens/${name}.${locale}.txt`);
    }
  });

  test("tells of each old key, and shows no secret", () => {
    const told = JSON.stringify(planJson(plan)) + planLines(plan, "en", true).join("\n");
    for (const secret of [
      "old-secret",
      "secret-1",
      "stt-secret",
      "token-in-the-url",
      "a-token-of",
      "change-me",
      "napcat-token",
    ]) {
      expect(told).not.toContain(secret);
    }
    for (const { predecessor, fates } of plan.moves) {
      const section = getAt(config(name), predecessor.path) as object;
      for (const key of Object.keys(section).filter((one) => one !== "accounts")) {
        expect(fates.map(({ from }) => from).join(" ")).toContain(`${predecessor.path.join(".")}.${key}`);
      }
    }
  });

  test("is done once: a second run finds nothing", () => {
    let cfg: object = config(name);
    for (const { path, after: value } of plan.changes) cfg = put(cfg, path, value);
    expect(planImport(cfg as Record<string, unknown>, fresh).moves).toEqual([]);
  });
});

function put(cfg: object, [key = "", ...rest]: readonly string[], value: unknown): object {
  const below = (cfg as Record<string, unknown>)[key];
  const next = rest.length === 0 ? value : put(below ?? {}, rest, value);
  return JSON.parse(JSON.stringify({ ...cfg, [key]: next })) as object;
}

describe("what was set up already", () => {
  const one = { appId: "102000001", appSecret: "mine" };
  const tencent = config("tencent-minimal");
  const withQQ = (qq: object, channels: object = getAt(tencent, ["channels"]) as object) => ({
    ...tencent,
    channels: { ...channels, qq },
  });

  test.each([
    ["as the base", one, "channels.qq"],
    ["as an account", { accounts: { work: one } }, "channels.qq.accounts.work"],
    ["as a number", { accounts: { work: { ...one, appId: 102_000_001 } } }, "channels.qq.accounts.work"],
  ])("the same bot %s stops the move; --force overwrites that account and no other", (_, qq, place) => {
    const refused = planImport(withQQ(qq), fresh);
    expect(refused.changes).toEqual([]);
    expect(refused.moves.map(({ conflicts }) => conflicts)).toEqual([[place]]);
    const forced = planImport(withQQ(qq), { force: true });
    const entry = getAt({ channels: { qq: after(forced, "channels.qq") } }, place.split("."));
    expect(entry).toMatchObject({ appSecret: "old-secret-1" });
  });

  test("another bot is left alone: the old one becomes an account beside it, named by --account", () => {
    const other = { appId: "102000009", appSecret: "mine", dmPolicy: "disabled" };
    const closed = { dmPolicy: "pairing", groupPolicy: "allowlist" };
    expect(after(planImport(withQQ(other), fresh), "channels.qq")).toEqual({
      ...other,
      accounts: { qqbot: { enabled: true, appId: "102000001", appSecret: "old-secret-1", ...closed } },
    });
    const named = planImport(withQQ(other), { force: false, account: "old" });
    expect(after(named, "channels.qq")).toHaveProperty("accounts.old.appId", "102000001");
  });

  test("a policy that stands at the base is kept whole, and said so: a list for everybody does not open it", () => {
    const open = { qqbot: { appId: "102000001", clientSecret: "s", dmPolicy: "open" } };
    const plan = planImport(withQQ({ dmPolicy: "pairing" }, open), fresh);
    expect(after(plan, "channels.qq")).toMatchObject({ dmPolicy: "pairing", appId: "102000001" });
    expect(after(plan, "channels.qq")).not.toHaveProperty("allowFrom");
    expect(planLines(plan, "en", true).join("\n")).toContain("something else stands there already");
  });

  test("two predecessors at once become two accounts, each with its own way in", () => {
    const both = {
      channels: { qqbot: { appId: "102000001", clientSecret: "s" }, napcat: { url: "http://127.0.0.1:3000" } },
    };
    const channel = after(planImport(both, fresh), "channels.qq");
    expect(channel).toMatchObject({ appId: "102000001", accounts: { napcat: { httpUrl: "http://127.0.0.1:3000" } } });
    const only = planImport(both, { force: false, from: "napcat" });
    expect(only.moves.map(({ predecessor }) => predecessor.id)).toEqual(["napcat"]);
    expect(after(only, "channels.qq")).not.toHaveProperty("appId");
  });
});

describe("what is taken", () => {
  test("people keep their ids byte for byte, without the prefix of the old channel and without its marker", () => {
    const channel = after(planImport(config("openclaw-china-accounts"), fresh), "channels.qq");
    expect(channel).toHaveProperty("accounts.bot1.allowFrom", ["AAA", "BBB"]);
    const open = after(planImport(config("tencent-webhook-groups"), fresh), "channels.qq");
    expect(open).toMatchObject({ allowFrom: ["*"], dmPolicy: "open", webhookPath: "/qqbot/webhook" });
  });

  test("a value that the schema refuses is dropped with the schema's own words", () => {
    const plan = planImport({ channels: { qqbot: { appId: "my bot", clientSecret: "s" } } }, fresh);
    expect(plan.wrong).toEqual([]);
    expect(after(plan, "channels.qq")).not.toHaveProperty("appId");
    expect(planLines(plan, "en", true).join("\n")).toContain("refused here: write the AppID from q.qq.com");
  });

  test("an account of a name that the host takes for another stops the move, and says which", () => {
    const accounts = JSON.parse('{"__proto__":{"appId":"102000003"},"主号":{"appId":"102000004"},"ok":{}}') as object;
    const plan = planImport({ channels: { qqbot: { appId: "102000001", accounts } } }, fresh);
    expect(plan.wrong).toEqual([
      expect.stringMatching(/^channels\.qqbot\.accounts\.__proto__: rename this account first/),
      expect.stringMatching(/^channels\.qqbot\.accounts\.主号: rename/),
    ]);
  });

  test("keys named like what every object has are keys like any other", () => {
    const plan = planImport(
      { channels: { napcat: { url: "http://127.0.0.1:1", constructor: 1, toString: "x" } } },
      fresh,
    );
    const dropped = plan.moves.flatMap(({ fates }) =>
      fates.filter(({ to }) => to === undefined).map(({ from }) => from),
    );
    expect(dropped).toEqual(expect.arrayContaining(["channels.napcat.constructor", "channels.napcat.toString"]));
  });

  test("rules of bindings follow, and the old plugin is switched off", () => {
    const plan = planImport(config("tencent-webhook-groups"), fresh);
    expect(after(plan, "bindings")).toMatchObject([{ match: { channel: "qq" } }, { match: { channel: "telegram" } }]);
    expect(after(plan, "plugins.entries.qqbot")).toEqual({ enabled: false });
    expect(plan.changes.find(({ path }) => path.join(".") === "channels.qqbot")).not.toHaveProperty("after");
  });
});
