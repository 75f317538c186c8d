import { describe, expect, test } from "vitest";
import { nameOf, safeName, withExtension } from "./media-names.ts";

describe("names of files", () => {
  test.each([
    ["报告 2026（终稿）.pdf", "pdf", "报告 2026（终稿）.pdf"],
    ["../../etc/passwd", "", "passwd"],
    ["C:\\Users\\lin\\图.png", "png", "图.png"],
    ["photo", "jpg", "photo.jpg"],
    ["", "png", "file.png"],
    [".bashrc", "txt", "bashrc.txt"],
    ["..", "", "file"],
    ["evil\u202egnp.exe", "exe", "evilgnp.exe"],
    ["a\u0000b\nc.txt", "txt", "abc.txt"],
    ['what?<is>"this"|*:.md', "md", "whatisthis.md"],
    ["👨‍👩‍👧.jpg", "jpg", "👨‍👩‍👧.jpg"],
    ["v1.2.3 of the long story", "txt", "v1.2.3 of the long story.txt"],
  ])("%j with %j is %j", (name, extension, safe) => {
    expect(safeName(name, extension)).toBe(safe);
  });

  test("a long one keeps its extension, and no half of a character", () => {
    const name = safeName(`a${"🙂".repeat(60)}.png`, "png");
    expect(name).toMatch(/^a(?:🙂)+\.png$/u);
    expect(name.length).toBeLessThanOrEqual(80);
  });

  test.each([
    ["/state/media/outbound/notes---4856ff59-a124-4ee8-bfb9-5d82086a47d0.md", "notes.md"],
    ["C:\\media\\outbound\\报告---4856FF59-A124-4EE8-BFB9-5D82086A47D0", "报告"],
    ["/workspace/a---b.tar.gz", "a---b.tar.gz"],
    ["/workspace/4856ff59-a124-4ee8-bfb9-5d82086a47d0.md", "4856ff59-a124-4ee8-bfb9-5d82086a47d0.md"],
  ])("%j is %j again, whatever the host has called its copy", (path, name) => {
    expect(nameOf(path)).toBe(name);
  });

  test("what it was turned into has its own extension", () => {
    expect(withExtension("歌.v2.mp3", "silk")).toBe("歌.v2.silk");
    expect(withExtension("歌", "silk")).toBe("歌.silk");
  });
});
