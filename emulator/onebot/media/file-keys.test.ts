import { describe, expect, it } from "vitest";
import { png } from "../../../test/emulator/files.ts";
import { createFileKeys, hashName } from "./file-keys.ts";
import { createMediaFixture } from "./testing/media.ts";

const HOUR = 60 * 60_000;
const file = createMediaFixture("x", "x.txt");

describe("keys of files (6.5, 10.20)", () => {
  it("live for a day after they were last used", () => {
    const keys = createFileKeys();
    keys.register("/a", file, 0);
    expect(keys.find("/a", 23 * HOUR)).toBe(file);
    expect(keys.find("/a", 46 * HOUR)).toBe(file);
    expect(keys.find("/a", 70 * HOUR)).toBeUndefined();
    expect(keys.find("/b", 0)).toBeUndefined();
  });

  it("are 5000 at most, the oldest going first", () => {
    const keys = createFileKeys();
    for (let index = 0; index <= 5000; index += 1) keys.register(`/${index}`, file, 0);
    expect(keys.find("/0", 0)).toBeUndefined();
    expect(keys.find("/1", 0)).toBe(file);
    expect(keys.find("/5000", 0)).toBe(file);
  });

  it("of pictures are the upper-case MD5 of their bytes, so that two messages share one and the newest wins", () => {
    const [one, other] = [createMediaFixture(png, "a.png", "image"), createMediaFixture(png, "b.png", "image")];
    expect(hashName(one)).toMatch(/^[0-9A-F]{32}\.png$/);
    const keys = createFileKeys();
    keys.register(hashName(one), one, 0);
    keys.register(hashName(other), other, 0);
    expect(keys.find(hashName(one), 0)).toBe(other);
  });
});
