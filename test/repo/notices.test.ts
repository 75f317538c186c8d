import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPlugin } from "../../scripts/lib/build.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PLUGIN = join(ROOT, "extensions", "qq");

test("A1: the tarball names every package whose code it holds, with its licence", async () => {
  await buildPlugin(PLUGIN, join(ROOT, ".cache", "build", "qq.json"));
  const notices = await readFile(join(PLUGIN, "dist", "THIRD_PARTY_NOTICES.txt"), "utf8");
  for (const line of [/^zod \d\S+ \(MIT\)$/m, /^silk-wasm \d\S+ \(MIT\)$/m, /libmpg123, LGPL-2\.1/, /Apache License/]) {
    expect(notices).toMatch(line);
  }
  expect(notices).not.toContain("GPL-3");
});
