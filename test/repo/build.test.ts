import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildPlugin } from "../../scripts/lib/build.ts";

describe("buildPlugin", () => {
  let plugin = "";
  let stamp = "";
  beforeEach(async () => {
    const directory = await mkdtemp(join(tmpdir(), "build-"));
    plugin = join(directory, "plugin");
    stamp = join(directory, "stamp.json");
    await put("src/shared.ts", "export const shared: string = 'shared text';");
    await put(
      "index.ts",
      `import { defineChannelPluginEntry } from "openclaw/plugin-sdk/channel-core";
       import { createHash } from "node:crypto";
       import { shared } from "./src/shared.ts";
       /** A comment for readers of the source. */
       export default [defineChannelPluginEntry, createHash, shared];`,
    );
    await put("setup-entry.ts", `import { shared } from "./src/shared.ts"; export default shared;`);
  });
  afterEach(() => rm(join(plugin, ".."), { recursive: true, force: true }));

  async function put(name: string, text: string): Promise<void> {
    await mkdir(join(plugin, name, ".."), { recursive: true });
    await writeFile(join(plugin, name), text);
  }
  const read = (name: string): Promise<string> => readFile(join(plugin, "dist", name), "utf8");

  it("makes a module of each entry that exists, with shared code once and the host outside", async () => {
    await expect(buildPlugin(plugin, stamp)).resolves.toBe(true);
    const files = (await readdir(join(plugin, "dist"), { recursive: true })).sort();
    expect(files).toEqual(["THIRD_PARTY_NOTICES.txt", "chunks", "chunks/shared.js", "index.js", "setup-entry.js"]);
    const index = await read("index.js");
    expect(index).toContain(`from "openclaw/plugin-sdk/channel-core"`);
    expect(index).toContain(`from "node:crypto"`);
    expect(index).not.toContain("shared text");
    expect(index).not.toMatch(/A comment for readers|^\/\//m);
  });

  it("does nothing when nothing has changed, and builds again when something has", async () => {
    await buildPlugin(plugin, stamp);
    await expect(buildPlugin(plugin, stamp)).resolves.toBe(false);
    await put("src/shared.ts", "export const shared: string = 'other text';");
    await expect(buildPlugin(plugin, stamp)).resolves.toBe(true);
    await expect(read("chunks/shared.js")).resolves.toContain("other text");
  });

  it("builds again when the output was touched", async () => {
    await buildPlugin(plugin, stamp);
    await writeFile(join(plugin, "dist", "index.js"), "");
    await expect(buildPlugin(plugin, stamp)).resolves.toBe(true);
  });

  it("does not look at tests", async () => {
    await buildPlugin(plugin, stamp);
    await put("src/shared.test.ts", "// a test");
    await expect(buildPlugin(plugin, stamp)).resolves.toBe(false);
  });

  it("refuses an import that is not there and keeps the last build", async () => {
    await buildPlugin(plugin, stamp);
    await put("index.ts", `import { gone } from "no-such-package"; export default gone;`);
    await expect(buildPlugin(plugin, stamp)).rejects.toThrow("no-such-package");
    await expect(read("index.js")).resolves.toContain("defineChannelPluginEntry");
  });
});
