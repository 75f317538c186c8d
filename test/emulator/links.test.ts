import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findUrl } from "../../emulator/urls.ts";
import { numberLinks, widenLinks } from "../../extensions/qq/src/message/links.ts";

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

const word = fc.constantFrom("a", "x-y", "文件", "see", "1", "v1", "README", "main", "e", "g", "_", "。", "，");
const ending = fc.constantFrom("sh", "md", "py", "com", "cn", "io", "dev", "js", "x", "1", "rc1", "html", "me");
const piece = fc.oneof(
  word,
  fc.constantFrom(
    " ",
    "\n",
    "(",
    ")",
    "[",
    "](",
    "`",
    "/",
    ":",
    "@",
    "#",
    "?",
    ".",
    "..",
    "-",
    "http://",
    "https://",
    "ftp://",
    "www.",
  ),
  fc.tuple(word, ending).map((parts) => parts.join(".")),
  fc.tuple(word, word, ending).map((parts) => parts.join(".")),
);
const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

describe("where QQ refuses links, for any text", () => {
  test("F4: widened links get through, and nothing is lost", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(texts, (text) => {
        const widened = widenLinks(text);
        expect(findUrl(widened, [])).toBeUndefined();
        expect(widened.replaceAll("．", ".").replaceAll("：//", "://")).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test(
    "F4: numbered links get through a filter that normalizes what it reads, and each link is told",
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(texts, (text) => {
          const numbered = numberLinks(text, (number) => `[链接${number}]`);
          expect(findUrl(numbered.text.normalize("NFKC"), [])).toBeUndefined();
          for (const [, number] of numbered.text.matchAll(/\[链接(\d+)\]/g)) {
            expect(numbered.links[Number(number) - 1]).toBeDefined();
          }
        }),
        { numRuns: 1000 },
      );
    },
  );
});
