import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lastBackup, writeBackup } from "./backup.ts";
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
let parts: ImportParts;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "qq-import-"));
  cfg = tencent;
  parts = {
    read: async () => cfg,
    write: async (changes) => {
      for (const { path, after } of changes) cfg = withAt(cfg, path, after);
    },
    keep: (changes) => writeBackup(directory, changes, new Date("2026-11-23T02:00:00.000Z")),
    lastBackup: () => lastBackup(directory),
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

  test("leaves a configuration of this plugin as it is", () => {
    const own = {
      channels: { qq: { wsUrl: "ws://127.0.0.1:3001", accessToken: "x", accounts: { a: { appId: "1020" } } } },
    };
    expect(move(own)).toEqual({ config: own, changes: [] });
    expect(move(own).config).toBe(own);
  });
});
