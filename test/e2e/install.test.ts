// The plugin gets into a real gateway the two ways a user has: its folder, and the tarball that npm would serve.
import { execFile } from "node:child_process";
import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPENCLAW, ROOT } from "../../demo/host.ts";
import { runGroup } from "../../demo/process.ts";
import { openid } from "../../emulator/ids.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";
import { bot, dm, openWorld, seed, type World } from "./support.ts";

const PLUGIN = join(ROOT, "extensions", "qq");
const one = bot(1);
const run = promisify(execFile);
const minute = (): AbortSignal => AbortSignal.timeout(60_000);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "openclaw-qq-install-"));
  await buildPlugin(PLUGIN, join(ROOT, ".cache", "build", "qq.json"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A gateway with the plugin installed; its configuration gives neither doctor nor audit anything to say. */
async function openInstalled(source: string): Promise<World> {
  const appSecretFile = join(directory, "secret");
  await writeFile(appSecretFile, one.secret, { mode: 0o600 });
  const world = await openWorld({
    seed: seed([one]),
    plugin: { kind: "install", source },
    channel: () => ({
      appId: one.appId,
      appSecretFile,
      dmPolicy: "allowlist",
      allowFrom: [openid(one.appId, "user", "lin")],
    }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
  return world;
}

/** Runs a command of the host's CLI; answers what it said, without the name of the gateway's directory, which holds "qq". */
async function say(world: World, command: string): Promise<string> {
  const { code, stdout, stderr } = await world.gateway.cli(command.split(" "));
  if (code !== 0) throw new Error(`openclaw ${command} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout.replaceAll(world.gateway.directory, "<home>").replaceAll(basename(world.gateway.directory), "<home>");
}

interface Inspected {
  readonly plugin: {
    readonly status: string;
    readonly enabled: boolean;
    readonly version: string;
    readonly dependencyStatus: { readonly hasDependencies: boolean };
  };
  readonly capabilities: readonly object[];
  readonly diagnostics: readonly object[];
  readonly install: { readonly source: string };
}

async function inspect(world: World): Promise<Inspected> {
  return JSON.parse(await say(world, "plugins inspect qq --json")) as Inspected;
}

const healthy = {
  plugin: { status: "loaded", enabled: true, dependencyStatus: { hasDependencies: false } },
  capabilities: [{ kind: "channel", ids: ["qq"] }],
  diagnostics: [],
};

const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(PLUGIN, file), "utf8"));

describe("from its folder", () => {
  let world: World;

  beforeAll(async () => {
    world = await openInstalled(PLUGIN);
  });

  afterAll(async () => world?.close());

  test("A1: it is loaded as a channel, without a diagnostic", async () => {
    expect(await inspect(world)).toMatchObject({ ...healthy, install: { source: "path" } });
  });

  test("A1: neither doctor has anything to say about it, and the configuration is left as it is", async () => {
    const before = await readFile(world.gateway.configPath, "utf8");
    expect(await say(world, "plugins doctor")).toMatch(/Plugin discovery, module loading, .* checks passed/);
    expect(await say(world, "config validate")).toContain("Config valid");
    const doctor = await say(world, "doctor --non-interactive");
    expect(doctor).toContain("Doctor complete");
    expect(doctor.split("\n").filter((line) => /qq/i.test(line))).toEqual([]);
    expect(await readFile(world.gateway.configPath, "utf8")).toBe(before);
  });

  test("A1: the host's code scan finds nothing in it, tests and all", async () => {
    const { findings } = JSON.parse(await say(world, "security audit --deep --json")) as {
      findings: readonly { readonly checkId: string; readonly detail: string }[];
    };
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ checkId }) => checkId.startsWith("plugins.code_safety"))).toEqual([]);
  });

  test("A1 C6: it answers", async () => {
    expect((await world.ask("lin", dm("lin", one), "hello folder")).text).toContain("hello folder");
  });

  test("A1: the command as a user types it at the root of the repository says no word of warning", async () => {
    const args = ["plugins", "install", "./extensions/qq", "--force", "--accept-capabilities"];
    const { code, stdout, stderr } = await runGroup(
      [OPENCLAW, ...args],
      { cwd: ROOT, env: world.gateway.env },
      minute(),
    );
    expect([code, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining("Installed plugin: qq")]);
    expect(`${stdout}${stderr}`).not.toMatch(/danger|suspicious|critical|error/i);
  });
});

describe("from its tarball", () => {
  interface Packed {
    readonly filename: string;
    readonly size: number;
    readonly files: readonly { readonly path: string }[];
  }
  let packed: Packed;
  let world: World;

  beforeAll(async () => {
    const shell = process.platform === "win32";
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", directory], { cwd: PLUGIN, shell });
    [packed] = JSON.parse(stdout) as [Packed];
    world = await openInstalled(`npm-pack:${join(directory, packed.filename)}`);
  });

  afterAll(async () => world?.close());

  test("A1: it holds what is needed to run and to read, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    const needed = ["README.md", "package.json", "openclaw.plugin.json", "dist/index.js", "dist/setup-entry.js"];
    const contracts = ["dist/secret-contract-api.js", "dist/doctor-contract-api.js"];
    expect(paths).toEqual(expect.arrayContaining([...needed, ...contracts, "skills/qq/SKILL.md"]));
    const allowed =
      /^(?:README\.md|LICENSE|package\.json|openclaw\.plugin\.json|skills\/qq\/SKILL\.md|dist\/THIRD_PARTY_NOTICES\.txt|dist\/(?:chunks\/)?[\w-]+\.js)$/;
    expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
    expect(packed.size).toBeLessThan(1024 * 1024);
  });

  test("A1: it runs nothing when it is installed, and starts no process when it runs", async () => {
    const pkg = (await json("package.json")) as Record<string, unknown>;
    for (const key of ["scripts", "dependencies", "optionalDependencies", "bundleDependencies", "gypfile"]) {
      expect(pkg).not.toHaveProperty(key);
    }
    const installed = join(world.gateway.stateDir, "npm", "projects");
    const files = await Array.fromAsync(glob("*/node_modules/@openclaw/qq/dist/**/*.js", { cwd: installed }));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const code = await readFile(join(installed, file), "utf8");
      expect(code).not.toMatch(/child_process|\beval\s*\(|new\s+Function\b|process\.dlopen|\.node["']/);
    }
  });

  test("A1: it is loaded as a channel, without a diagnostic, and answers", async () => {
    expect(await inspect(world)).toMatchObject(healthy);
    expect((await world.ask("lin", dm("lin", one), "hello tarball")).text).toContain("hello tarball");
  });
});

describe("what it says of itself", () => {
  test("A1: package and manifest agree", async () => {
    const pkg = (await json("package.json")) as {
      readonly version: string;
      readonly openclaw: {
        readonly channel: { readonly id: string };
        readonly runtimeExtensions: readonly string[];
        readonly extensions: readonly string[];
      };
    };
    const manifest = (await json("openclaw.plugin.json")) as Record<string, unknown>;
    expect(manifest).toMatchObject({ id: "qq", version: pkg.version, channels: [pkg.openclaw.channel.id] });
    expect(pkg.openclaw.runtimeExtensions).toHaveLength(pkg.openclaw.extensions.length);
  });

  test("A1 A7: what is generated from the schema is up to date", async () => {
    const generate = [join(ROOT, "scripts", "generate.ts"), "--check"];
    const { code, stdout } = await runGroup(generate, { cwd: ROOT, env: process.env }, minute());
    expect([code, stdout.trim()]).toEqual([0, "generated files are up to date"]);
  });
});
