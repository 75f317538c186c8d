import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** What a package carries as WASM and its own licence does not name. The source of each is at the address, unchanged. */
const COMPILED_IN: Readonly<Record<string, string>> = {
  "mpg123-decoder":
    "contains libmpg123, LGPL-2.1, https://mpg123.org; built by https://github.com/eshaz/wasm-audio-decoders",
  "opus-decoder":
    "contains libopus, BSD-3-Clause, https://opus-codec.org; built by https://github.com/eshaz/wasm-audio-decoders",
  "silk-wasm": "contains the SILK codec, BSD-3-Clause, Skype Limited; built by https://github.com/idranme/silk-wasm",
};

/**
 * The licences of what is bundled: each package whose modules went into `moduleIds`, with the text that it brings.
 * A package that names no licence ends the build.
 */
export async function thirdPartyNotices(moduleIds: Iterable<string>): Promise<string> {
  const roots = new Set(
    Array.from(moduleIds).flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []),
  );
  const notices = await Promise.all([...roots].toSorted().map(noticeOf));
  const head = "This plugin contains code of the packages below, under their licences.\n";
  return [head, ...notices].join(`\n${"-".repeat(80)}\n\n`);
}

async function noticeOf(root: string): Promise<string> {
  const { name, version, license } = Manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const file = (await readdir(root)).find((entry) => /^(?:licen[cs]e|copying)(?:\..*)?$/i.test(entry));
  const text = file === undefined ? "" : `\n${(await readFile(join(root, file), "utf8")).trim()}\n`;
  const compiledIn = COMPILED_IN[name];
  return `${name} ${version} (${license})\n${compiledIn === undefined ? "" : `${compiledIn}\n`}${text}`;
}
