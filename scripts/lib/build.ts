import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { rolldown, VERSION, type Plugin } from "rolldown";
import { mediaPlugins } from "./bundle-media.ts";
import { thirdPartyNotices } from "./notices.ts";

/** Files the host loads one by one, so each stays a file of its own in dist/. Those that are there get built. */
const ENTRIES = ["index", "setup-entry", "secret-contract-api", "doctor-contract-api"];

/** What a build left behind, kept outside of the package: it is nobody's business there. */
interface Stamp {
  /** Of everything that decides the output. */
  readonly inputs: string;
  /** File of dist/ to the hash of its content. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Builds `<plugin>/dist` from the entries that exist: one ES module each, shared code in chunks, dependencies inside,
 * OpenClaw and Node's own modules outside. `stampFile` remembers the last build. Answers whether anything was built.
 */
export async function buildPlugin(plugin: string, stampFile: string): Promise<boolean> {
  const dist = join(plugin, "dist");
  const inputs = await hashInputs(plugin);
  if (await isFresh(dist, stampFile, inputs)) return false;
  const code = await bundle(plugin);
  await rm(dist, { recursive: true, force: true });
  const outputs: Record<string, string> = {};
  for (const [name, text] of code) {
    await mkdir(dirname(join(dist, name)), { recursive: true });
    await writeFile(join(dist, name), text);
    outputs[name] = hash(text);
  }
  await mkdir(dirname(stampFile), { recursive: true });
  await writeFile(stampFile, JSON.stringify({ inputs, outputs } satisfies Stamp));
  return true;
}

/**
 * Zod tries whether it may make code of text, and makes parsers so. A plugin that reads what strangers send must not, and
 * the host's scanner calls it dangerous. Zod's parsers without it are the ones it uses where that is forbidden.
 */
const noEval: Plugin = {
  name: "no-eval",
  transform(code, id) {
    if (!/[\\/]zod[\\/]v4[\\/]core[\\/]util\.js$/.test(id)) return null;
    const without = code.replace(/(?<=export const allowsEval = )[^]*?\n\}\);/, "{ value: false };");
    if (without === code) throw new Error(`${id} no longer has what keeps it from making code of text`);
    return without;
  },
};

/** File name to content. In memory first, so that a build that fails leaves the last good one alone. */
async function bundle(plugin: string): Promise<[string, string][]> {
  const entries = ENTRIES.filter((name) => existsSync(join(plugin, `${name}.ts`)));
  if (entries.length === 0) throw new Error(`there is no index.ts in ${plugin}`);
  const build = await rolldown({
    cwd: plugin,
    input: Object.fromEntries(entries.map((name) => [name, `./${name}.ts`])),
    platform: "node",
    external: [/^openclaw(\/|$)/, /^node:/],
    experimental: { attachDebugInfo: "none" },
    plugins: [noEval, ...mediaPlugins],
    moduleTypes: { ".wasm": "binary" },
    // An import that cannot be found is a mistake here, not an external module.
    onLog: (level, log, report) => report(log.code === "UNRESOLVED_IMPORT" ? "error" : level, log),
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name].js",
      comments: false,
      minify: false,
    });
    const files = output.map((file): [string, string] => [
      file.fileName,
      file.type === "chunk" ? file.code : Buffer.from(file.source).toString(),
    ]);
    const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    return [...files, ["THIRD_PARTY_NOTICES.txt", await thirdPartyNotices(modules)]];
  } finally {
    await build.close();
  }
}

async function hashInputs(plugin: string): Promise<string> {
  const digest = createHash("sha256").update(VERSION);
  for (const name of ["build.ts", "bundle-media.ts", "notices.ts"])
    digest.update(await readFile(join(import.meta.dirname, name)));
  const names = (await Array.fromAsync(glob("**/*.{ts,json}", { cwd: plugin, exclude: isNoInput }))).sort();
  for (const name of names) digest.update(`${name}\n`).update(await readFile(join(plugin, name)));
  return digest.digest("hex");
}

function isNoInput(name: string): boolean {
  return /(^|[\\/])(dist|node_modules)$/.test(name) || name.endsWith(".test.ts");
}

async function isFresh(dist: string, stampFile: string, inputs: string): Promise<boolean> {
  try {
    const stamp = JSON.parse(await readFile(stampFile, "utf8")) as Stamp;
    if (stamp.inputs !== inputs) return false;
    for (const [name, expected] of Object.entries(stamp.outputs)) {
      if (hash(await readFile(join(dist, name), "utf8")) !== expected) return false;
    }
    return true;
  } catch {
    return false;
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
