// Writes what is derived from the configuration schema: the plugin's manifest, its package's channel entry and
// docs/configuration.md. `--check` writes nothing and fails when a file differs.
import { readFileSync, writeFileSync } from "node:fs";
import { CHANNEL_META, documentedKeys, pluginManifest } from "../extensions/qq/src/config/manifest.ts";
import { setupMetadata } from "../extensions/qq/src/config/setup-fields.ts";
import { configurationPage, type DocumentedKey, type KeySchema } from "./lib/configuration-page.ts";

const root = new URL("..", import.meta.url);
const packageUrl = new URL("extensions/qq/package.json", root);
const pkg = JSON.parse(readFileSync(packageUrl, "utf8")) as {
  version: string;
  openclaw: { channel: Record<string, unknown> };
};
pkg.openclaw.channel = { ...pkg.openclaw.channel, ...CHANNEL_META, setup: setupMetadata() };

const manifest = pluginManifest(pkg.version);
// What zod writes is JSON schema.
const schemas = (manifest.channelConfigs.qq.schema.properties ?? {}) as Readonly<Record<string, KeySchema>>;
const keys: readonly DocumentedKey[] = documentedKeys().map(([key, text]) => ({
  key,
  text,
  schema: schemas[key] ?? {},
}));

const files: readonly (readonly [path: string, content: string])[] = [
  ["extensions/qq/openclaw.plugin.json", json(manifest)],
  ["extensions/qq/package.json", json(pkg)],
  ["docs/configuration.md", configurationPage("en", keys)],
  ["docs/configuration.zh-CN.md", configurationPage("zh", keys)],
];

const check = process.argv.includes("--check");
const stale = files.filter(([path, content]) => read(path) !== content);
for (const [path, content] of stale) if (!check) writeFileSync(new URL(path, root), content);
const names = stale.map(([path]) => path).join(", ");
if (stale.length === 0) console.log("generated files are up to date");
else console.log(check ? `generated files are stale: ${names}; run npm run generate` : `generated ${names}`);
if (check && stale.length > 0) process.exitCode = 1;

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch {
    return undefined;
  }
}
