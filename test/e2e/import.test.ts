// Moving in by the host's own command line: no gateway runs, the configuration is the user's file.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gatewayConfig, type JsonObject } from "../../demo/config.ts";
import { gatewayEnvironment } from "../../demo/environment.ts";
import { OPENCLAW, ROOT } from "../../demo/host.ts";
import { runGroup, type CommandResult } from "../../demo/process.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";

const PLUGIN = join(ROOT, "extensions", "qq");

interface Home {
  readonly stateDir: string;
  config(): Promise<string>;
  openclaw(command: string): Promise<CommandResult>;
}

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "qq-import-"));
  await buildPlugin(PLUGIN, join(ROOT, ".cache", "build", "qq.json"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A user's home with the plugin and these settings; nothing runs in it. */
async function home(name: string, settings: JsonObject): Promise<Home> {
  const directory = join(root, name);
  const own = { directory, stateDir: join(directory, "state"), configPath: join(directory, "openclaw.json") };
  await mkdir(own.stateDir, { recursive: true });
  const port = 18_789;
  const token = "0".repeat(32);
  const model = { baseUrl: "http://127.0.0.1:1/v1" };
  const config = gatewayConfig({ ...own, port, token, model, loadPaths: [PLUGIN], config: settings });
  await writeFile(own.configPath, JSON.stringify(config, null, 2));
  const env = { ...gatewayEnvironment({ ...own, port, token }, process.env), OLD_TOKEN: "the-token-of-napcat" };
  return {
    stateDir: own.stateDir,
    config: () => readFile(own.configPath, "utf8"),
    openclaw: (command) =>
      runGroup([OPENCLAW, ...command.split(" ")], { cwd: directory, env }, AbortSignal.timeout(120_000)),
  };
}

test("openclaw qq import writes what its dry run showed, keeps references, and --undo brings the old settings back", async () => {
  const old = { httpUrl: "http://127.0.0.1:3000", token: "${OLD_TOKEN}", selfId: "10001" };
  const user = await home("valid", { plugins: { entries: { "napcat-qq": { enabled: true, config: old } } } });
  const before = JSON.parse(await user.config()) as JsonObject;

  const dry = await user.openclaw("qq import --dry-run --json");
  expect([dry.code, JSON.parse(dry.stdout)]).toMatchObject([0, { ok: true, moves: [{ from: "napcat-qq" }] }]);
  expect(dry.stdout).not.toContain("the-token-of-napcat");
  expect(JSON.parse(await user.config())).toMatchObject({ plugins: before["plugins"] });

  expect((await user.openclaw("qq import")).code).toBe(0);
  expect(JSON.parse(await user.config())).toMatchObject({
    channels: { qq: { httpUrl: "http://127.0.0.1:3000", accessToken: "${OLD_TOKEN}", selfId: "10001" } },
    plugins: { entries: { "napcat-qq": { enabled: false } } },
  });
  expect(await readdir(join(user.stateDir, "qq"))).toEqual([expect.stringMatching(/^import-backup-.*\.json$/)]);

  expect((await user.openclaw("qq import --undo")).code).toBe(0);
  const after = JSON.parse(await user.config()) as JsonObject;
  expect(after["plugins"]).toEqual(before["plugins"]);
  expect(after).not.toHaveProperty("channels.qq");
});

test("openclaw doctor --fix moves in what makes the configuration invalid, which no other command can", async () => {
  const channels = {
    qq: { wsUrl: "ws://127.0.0.1:3001", accessToken: "a-token", admins: "1838552185", adminOnlyChat: true },
  };
  const user = await home("invalid", { channels });
  expect((await user.openclaw("qq import --dry-run")).code).not.toBe(0);
  const { stdout } = await user.openclaw("doctor --fix --non-interactive --yes");
  expect(stdout.replaceAll(/[│\s]+/g, " ")).toContain("channels.qq.adminOnlyChat -> channels.qq.dmPolicy");
  expect(JSON.parse(await user.config())).toMatchObject({
    channels: {
      qq: { wsUrl: "ws://127.0.0.1:3001", accessToken: "a-token", dmPolicy: "allowlist", allowFrom: ["1838552185"] },
    },
  });
  expect((await user.openclaw("config validate")).code).toBe(0);
});
