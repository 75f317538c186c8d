import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dropBackup, lastBackup, retireBackup, writeBackup } from "./backup.ts";
import { legacyConfigRules, moveInOrphans } from "./doctor.ts";
import type { Section } from "./moved.ts";
import { withAt } from "./paths.ts";
import { runImport, type ImportOptions, type ImportParts } from "./run.ts";
import { oldConfigs } from "./testing/predecessors.ts";

const plain: ImportOptions = { dryRun: false, undo: false, force: false, json: false };
const tencent = oldConfigs["tencent-minimal"] ?? {};

const written = (text: string, heading: string) => text.split(heading)[1]?.split("\n\n")[0];
const move = (config: Section) => moveInOrphans(config, {});

let directory: string;
let cfg: Section;
let minute: number;
let parts: ImportParts;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "qq-import-"));
  cfg = tencent;
  minute = 0;
  parts = {
    read: async () => cfg,
    write: async (changes) => {
      for (const { path, after } of changes) cfg = withAt(cfg, path, after);
    },
    keep: (changes) => writeBackup(directory, changes, new Date(Date.UTC(2026, 10, 23, 2, minute++))),
    lastBackup: () => lastBackup(directory),
    dropBackup,
    retireBackup,
    locale: "en",
  };
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test("a dry run changes nothing and shows what the real one writes", async () => {
  const dry = await runImport({ ...plain, dryRun: true }, parts);
  expect(cfg).toBe(tencent);
  expect(await parts.lastBackup()).toBeUndefined();
  const real = await runImport(plain, parts);
  expect(written(dry.text, "What would be written:")).toBe(written(real.text, "Written:"));
  expect([dry.code, real.code]).toEqual([0, 0]);
});

test("what was there is kept where only its owner can read it, and comes back exactly", async () => {
  const { text } = await runImport(plain, parts);
  expect(cfg).toMatchObject({ channels: { qq: { appSecret: "old-secret-1" } } });
  expect(cfg).not.toHaveProperty("channels.qqbot");
  const last = await parts.lastBackup();
  expect(text).toContain(last?.file);
  expect((await stat(last?.file ?? "")).mode & 0o777).toBe(0o600);
  expect(await readFile(last?.file ?? "", "utf8")).toContain("old-secret-1");
  expect(await runImport({ ...plain, undo: true }, parts)).toMatchObject({ code: 0 });
  expect(cfg).toEqual(tencent);
});

test("nothing is put back over what was changed since, unless it is forced", async () => {
  await runImport(plain, parts);
  cfg = withAt(cfg, ["channels", "qq", "dmPolicy"], "disabled");
  const refused = await runImport({ ...plain, undo: true }, parts);
  expect(refused.code).toBe(1);
  expect(refused.text).toContain("channels.qq was changed after the import");
  expect(cfg).toHaveProperty("channels.qq.dmPolicy", "disabled");
  expect(await runImport({ ...plain, undo: true, force: true }, parts)).toMatchObject({ code: 0 });
  expect(cfg).toEqual(tencent);
});

test("two imports are put back one after the other", async () => {
  const both = {
    channels: { qqbot: { appId: "102000001", clientSecret: "s" }, napcat: { url: "http://127.0.0.1:3000" } },
  };
  cfg = both;
  await runImport({ ...plain, from: "qqbot" }, parts);
  const between = cfg;
  await runImport({ ...plain, from: "napcat" }, parts);
  const first = await runImport({ ...plain, undo: true }, parts);
  expect(first.text).toMatch(/import-backup-.*02-01-.*\.json\.undone;/);
  expect(cfg).toEqual(between);
  expect(await runImport({ ...plain, undo: true }, parts)).toMatchObject({ code: 0 });
  expect(cfg).toEqual(both);
  expect(await runImport({ ...plain, undo: true }, parts)).toMatchObject({ code: 1 });
  expect(await readdir(directory)).toHaveLength(2);
});

test("of an import that the host refused no backup stays, so that undo does not put back what never went", async () => {
  const refusing = { ...parts, write: () => Promise.reject(new Error("refused by the host")) };
  await expect(runImport(plain, refusing)).rejects.toThrow("refused by the host");
  expect(await readdir(directory)).toEqual([]);
});

test.each(['{"version": 1, "chan', '{"version": 2}'])(
  "a backup that cannot be read is told by its file: %s",
  async (text) => {
    await runImport(plain, parts);
    const file = (await parts.lastBackup())?.file ?? "";
    await writeFile(file, text);
    const imported = cfg;
    const { code, text: told } = await runImport({ ...plain, undo: true }, parts);
    expect(code).toBe(1);
    expect(told.trim().split("\n")).toEqual([expect.stringContaining(`${file} cannot be read as a backup`)]);
    expect(cfg).toBe(imported);
  },
);

test.each(["__proto__", "constructor", "主号", "a b", "-x", ""])(
  "--account %j is refused: it would mean another",
  async (account) => {
    expect(await runImport({ ...plain, account }, parts)).toMatchObject({
      code: 2,
      text: expect.stringContaining(`--account ${account} is no name for an account`),
    });
    expect(cfg).toBe(tencent);
  },
);

test("--account is written as the host reads it", async () => {
  await runImport({ ...plain, account: " Old_Bot " }, parts);
  expect(cfg).toHaveProperty("channels.qq.accounts.old_bot.appId", "102000001");
});

test("an address is shown without the password and the token in it, also when it is put back", async () => {
  const wsUrl = "ws://me:PASSWORD@127.0.0.1:3001/x?access_token=SECRET&v=PLAIN#t=HASH";
  cfg = { channels: { qq: { wsUrl, admins: "1", adminOnlyChat: true } } };
  await runImport(plain, parts);
  const { text } = await runImport({ ...plain, undo: true, dryRun: true }, parts);
  expect(text).toContain('"ws://********@127.0.0.1:3001/x?access_token=********&v=********#t=********"');
});

test("exit codes: a conflict is 1, an unknown name is 2, nothing to do is 0", async () => {
  cfg = { channels: { ...(tencent["channels"] as object), qq: { appId: "102000001" } } };
  expect((await runImport(plain, parts)).code).toBe(1);
  expect(await runImport({ ...plain, from: "wechat" }, parts)).toMatchObject({
    code: 2,
    text: expect.stringContaining("write one of qqbot, napcat, napcat-qq, qq"),
  });
  cfg = {};
  expect(await runImport(plain, { ...parts, locale: "zh" })).toEqual({
    code: 0,
    text: "没有可迁移的内容：未找到其他 QQ 插件的配置。\n",
  });
  expect((await runImport({ ...plain, undo: true }, parts)).code).toBe(1);
});

test("as JSON it is one document, without a secret", async () => {
  const { text } = await runImport({ ...plain, json: true }, parts);
  expect(JSON.parse(text)).toMatchObject({ ok: true, moves: [{ from: "qqbot" }], backup: expect.any(String) });
  expect(text).not.toContain("old-secret-1");
});

describe("the host's doctor", () => {
  test("moves in what another plugin has left in channels.qq, and says so first", () => {
    const orphan = oldConfigs["openclaw-qq"] ?? {};
    const rule = legacyConfigRules.find(({ path }) => path[1] === "qq");
    expect(rule?.match(undefined, orphan)).toBe(true);
    const { config, changes } = move(orphan);
    expect(config).toMatchObject({ channels: { qq: { wsUrl: "ws://127.0.0.1:3001", dmPolicy: "allowlist" } } });
    expect(changes.join("")).toContain("channels.qq.blockedUsers");
    expect(rule?.match(undefined, config)).toBe(false);
    expect(move(config)).toEqual({ config, changes: [] });
  });

  test("leaves a section alone that its own plugin still serves", () => {
    const served = oldConfigs["napcat-plugin"] ?? {};
    expect(move(served).config).toBe(served);
    expect(move({ ...served, plugins: {} }).config).toHaveProperty("channels.qq.httpUrl");
  });

  const napcat = { channels: { napcat: { url: "http://127.0.0.1:3000" } } };
  const ours = join(import.meta.dirname, "..", "..");

  test.each([
    ["a plugin of another name", { entries: { "my-napcat": { enabled: true } } }],
    ["a plugin from a folder", { load: { paths: ["/opt/plugins/bridge"] } }],
    ["a folder around this plugin, with others in it", { load: { paths: [join(ours, "..")] } }],
  ])("leaves alone what %s may serve", (_, plugins) => {
    const cfgOf = { ...napcat, plugins };
    expect(move(cfgOf)).toEqual({ config: cfgOf, changes: [] });
    expect(legacyConfigRules.some(({ match }) => match(undefined, cfgOf))).toBe(false);
  });

  test.each([
    ["a plugin that is switched off", { entries: { "my-napcat": { enabled: false } } }],
    ["plugins of other channels", { entries: { qq: { enabled: true }, qqbot: { enabled: true }, telegram: {} } }],
    ["this plugin itself, linked by its folder", { load: { paths: [ours] } }],
  ])("moves in what only %s could be meant to serve, and says where the old values stay", (_, plugins) => {
    const { config, changes } = move({ ...napcat, plugins });
    expect(config).toHaveProperty("channels.qq.httpUrl");
    expect(changes.join("\n")).toContain("openclaw.json.bak");
  });

  test("leaves a configuration of this plugin as it is", () => {
    const own = {
      channels: { qq: { wsUrl: "ws://127.0.0.1:3001", accessToken: "x", accounts: { a: { appId: "1020" } } } },
    };
    expect(move(own)).toEqual({ config: own, changes: [] });
    expect(move(own).config).toBe(own);
  });
});
