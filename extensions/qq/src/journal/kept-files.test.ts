import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openKeptFiles } from "./kept-files.ts";

const DAY = 24 * 3_600_000;

function openTemp() {
  const root = mkdtempSync(join(tmpdir(), "qq-kept-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return openKeptFiles(join(root, "kept"));
}

const file = (text: string, name = "图.png") => {
  const bytes = new TextEncoder().encode(text);
  return { name, size: bytes.length, read: async (start: number, end: number) => bytes.slice(start, end) };
};

test("F9: a file is kept byte for byte under its name, and goes when it was sent", async () => {
  const kept = openTemp();
  const path = await kept.keep(file("pixels"));
  expect(basename(path)).toBe("图.png");
  expect(await readFile(path, "utf8")).toBe("pixels");
  await kept.drop(path);
  expect(await readdir(kept.directory)).toEqual([]);
});

test("two files of one name do not meet", async () => {
  const kept = openTemp();
  const paths = [await kept.keep(file("a")), await kept.keep(file("b"))];
  expect(await Promise.all(paths.map((path) => readFile(path, "utf8")))).toEqual(["a", "b"]);
});

test("what is none of ours is never removed", async () => {
  const kept = openTemp();
  const path = await kept.keep(file("a"));
  for (const other of [dirname(path), kept.directory, dirname(kept.directory), "/"]) await kept.drop(other);
  expect(await readFile(path, "utf8")).toBe("a");
});

test("a file that cannot be read to its end leaves nothing behind", async () => {
  const kept = openTemp();
  const broken = { name: "x", size: 5, read: async () => Promise.reject(new Error("gone")) };
  await expect(kept.keep(broken)).rejects.toThrow("gone");
  expect(await readdir(kept.directory)).toEqual([]);
});

test("what nobody came for goes after a week", async () => {
  const kept = openTemp();
  const path = await kept.keep(file("a"));
  const at = new Date("2026-11-20T00:00:00Z");
  await utimes(dirname(path), at, at);
  await kept.prune(at.getTime() + 7 * DAY);
  expect(await readdir(kept.directory)).toHaveLength(1);
  await kept.prune(at.getTime() + 7 * DAY + 1);
  expect(await readdir(kept.directory)).toEqual([]);
  await openKeptFiles("/nowhere/at/all").prune(0);
});
