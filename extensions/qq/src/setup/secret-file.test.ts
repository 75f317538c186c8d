import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasFile, writeSecretFile } from "./secret-file.ts";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "qq-secret-"));
  path = join(directory, "secret");
});
afterEach(() => rm(directory, { recursive: true }));

const text = (file: string): Promise<string> => readFile(file, "utf8");
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

test("A5: a secret is written for its owner alone, also where the file was open to others", async () => {
  expect(await hasFile(path)).toBe(false);
  expect(await writeSecretFile(path, "one")).toMatchObject({ path });
  expect([await text(path), await modeOf(path)]).toEqual(["one\n", 0o600]);
  await chmod(path, 0o644);
  await writeSecretFile(path, "two");
  expect([await text(path), await modeOf(path)]).toEqual(["two\n", 0o600]);
  expect(await readdir(directory)).toEqual(["secret"]);
});

test("what was read of the file before stays what it was: it is replaced and not written over", async () => {
  await writeFile(path, "one");
  const { ino } = await stat(path);
  await writeSecretFile(path, "two");
  expect((await stat(path)).ino).not.toBe(ino);
});

test("what stood there is put back, and what was not there goes", async () => {
  await writeFile(path, "old", { mode: 0o640 });
  await (await writeSecretFile(path, "new")).undo();
  expect([await text(path), await modeOf(path)]).toEqual(["old", 0o640]);
  const other = join(directory, "other");
  await (await writeSecretFile(other, "new")).undo();
  expect(await readdir(directory)).toEqual(["secret"]);
});

test("a link stays one, and it is said where it leads", async () => {
  const link = join(directory, "link");
  await writeFile(path, "old");
  await symlink(path, link);
  expect(await hasFile(link)).toBe(true);
  expect(await writeSecretFile(link, "new")).toMatchObject({ path });
  expect(await text(path)).toBe("new\n");
  expect(await readdir(directory)).toEqual(["link", "secret"]);
});

test("a link that leads nowhere makes no file elsewhere", async () => {
  const elsewhere = join(directory, "elsewhere");
  await symlink(elsewhere, path);
  expect(await hasFile(path)).toBe(true);
  await writeSecretFile(path, "new");
  expect(await hasFile(elsewhere)).toBe(false);
});

test("a path that cannot be written is told by name, and nothing is left beside it", async () => {
  await mkdir(path);
  await expect(writeSecretFile(path, "one")).rejects.toThrow(/secret .*\(EISDIR\).*--secret-file/);
  await expect(writeSecretFile(join(directory, "no", "such"), "one")).rejects.toThrow(/ENOENT/);
  expect(await readdir(directory)).toEqual(["secret"]);
});

test("nothing is left beside a file that cannot be replaced", async () => {
  await writeFile(path, "old");
  const written = await writeSecretFile(path, "new");
  await rm(path);
  await mkdir(path);
  await expect(written.undo()).rejects.toThrow(/EISDIR/);
  expect(await readdir(directory)).toEqual(["secret"]);
});
