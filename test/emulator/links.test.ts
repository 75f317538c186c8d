import { describe, expect, test } from "vitest";
import { findUrl } from "../../emulator/urls.ts";
import { widenLinks } from "../../extensions/qq/src/message/links.ts";

const links = [
  "https://github.com/openclaw/openclaw/issues/4535?x=1#top",
  "http://example.com",
  "www.example.com",
  "example.com/path.html",
  "see [the docs](https://docs.openclaw.ai/channels/qq).",
  "ftp://files.example.org/a.zip",
  "run install.sh, then read README.md and main.py",
  "链接在https://example.cn/路径，请查看",
  "写信到 someone@example.com",
  "sub.domain.example.co.uk:8080/x",
  "文件.md",
];

describe("where QQ refuses links", () => {
  test.each(links)("F4: %s gets through and can still be read", (text) => {
    expect(findUrl(text, [])).toBeDefined();
    const widened = widenLinks(text);
    expect(findUrl(widened, [])).toBeUndefined();
    expect(widened.replaceAll("．", ".").replaceAll("：//", "://")).toBe(text);
  });

  test.each(["1.2.3", "v2026.9.6", "3.14 and 2.71", "no link here. Next sentence.", "等等...好的", "12:30", "a. b"])(
    "F4: %s stays as it is",
    (text) => {
      expect(widenLinks(text)).toBe(text);
    },
  );
});
