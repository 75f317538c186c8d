// Voice conversion as it is delivered: bundled, with its decoders inside, and no node_modules around.
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSample, sineWav } from "../../extensions/qq/src/media/testing/samples.ts";
import type * as voice from "../../extensions/qq/src/media/voice.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";
import { root } from "../../scripts/lib/tools.ts";

let directory: string;
let dist: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "media-build-"));
  const plugin = join(directory, "plugin");
  await mkdir(plugin);
  const source = JSON.stringify(join(root, "extensions", "qq", "src", "media", "voice.ts"));
  await writeFile(join(plugin, "index.ts"), `export { fromSilk, toSilk } from ${source};`);
  await writeFile(join(plugin, "package.json"), `{ "type": "module" }`);
  dist = join(plugin, "dist");
  await buildPlugin(plugin, join(directory, "stamp.json"));
}, 60_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

describe("the bundle of src/media", () => {
  it.each([
    ["wav", () => sineWav(440, 0.5, 0.4, 44_100)],
    ["mp3", () => readSample("tone.mp3")],
    ["vorbis", () => readSample("tone.ogg")],
    ["opus", () => readSample("tone.opus")],
    ["m4a", () => readSample("tone.m4a")],
  ])(
    "F6: makes SILK of %s, and WAV of that, with nothing beside it",
    async (_, read) => {
      // The bundle has the types of what it was made of.
      const { fromSilk, toSilk } = (await import(pathToFileURL(join(dist, "index.js")).href)) as typeof voice;
      const { silk, durationMs } = await toSilk(read());
      expect(new TextDecoder().decode(silk.subarray(1, 10))).toBe("#!SILK_V3");
      expect((await fromSilk(silk)).length).toBe(44 + 2 * 24 * Math.ceil(durationMs / 20) * 20);
    },
    30_000,
  );

  it("A1: makes no code of text, starts no process and knows no network", async () => {
    const files = await Array.fromAsync(glob("**/*", { cwd: dist }));
    expect(files.filter((name) => name.includes(".")).filter((name) => !name.endsWith(".js"))).toEqual([
      "THIRD_PARTY_NOTICES.txt",
    ]);
    for (const name of files.filter((name) => name.endsWith(".js"))) {
      const code = await readFile(join(dist, name), "utf8");
      expect(code).not.toMatch(
        /child_process|\beval\s*\(|new\s+Function\b|\bfetch\s*\(|XMLHttpRequest|readFile|process\.env/,
      );
    }
  });

  it("loads nothing heavy before there is a voice", async () => {
    const entry = await readFile(join(dist, "index.js"), "utf8");
    expect(entry).not.toMatch(/from "\.\/chunks\/(?:worker|mp3|opus|vorbis)/);
    expect(entry.length).toBeLessThan(20_000);
  });
});
