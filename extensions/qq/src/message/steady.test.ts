import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutBehind, steadyMarkdown, textBehind, wholeBlocks } from "./steady.ts";
import { forQQMarkdown } from "./tables.ts";
import { documents } from "./testing/documents.ts";

const share = fc.float({ min: 0, max: 1, noNaN: true });

/** Blocks as models write them, with lists and tables close below a text. */
const tight = documents.map((text) => text.replaceAll(/\n\n(?=[-|1])/g, "\n"));

describe("steadyMarkdown", () => {
  test("F8: what is shown of any document stays as it is, however the document goes on", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(documents, tight), share, (text, part) => {
        const steady = steadyMarkdown(text.slice(0, Math.round(part * text.length)));
        expect(forQQMarkdown(text).startsWith(steady)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a word may still grow, Chinese does not", "see exam", "see"],
    ["中文。", "中文。", "中文。"],
    ["an address is not shown by halves", "看 https://example.com/a", "看"],
    ["a list gets a blank line before it, once it surely is one", "three things:\n- on", "three things:"],
    ["a list that surely is one", "three things:\n- one mo", "three things:\n\n- one"],
    ["a rule may still become a list", "text\n* *", "text"],
    ["a mark alone may be a rule", "text\n-", "text"],
    ["a year may be a number of a list", "text\n19", "text"],
    ["a line with a bar may be the head of a table", "text\n\na | b\n", "text"],
    ["code may have bars", "```sh\nls | wc -l\nec", "```sh\nls | wc -l"],
    ["a link of unusual length is not waited for", `a ${"x".repeat(90)}`, `a ${"x".repeat(10)}`],
  ])("F8: %s", (_why, partial, shown) => {
    expect(steadyMarkdown(partial)).toBe(shown);
  });

  test("F8: a table is shown when it has ended", () => {
    const table = "| a | b |\n|---|---|\n| 1 | 2 |";
    expect(steadyMarkdown(`${table}\n| 3`)).toBe("");
    expect(steadyMarkdown(`${table}\n\nand `)).toBe(forQQMarkdown(`${table}\n\nand`));
  });
});

test("F8: wholeBlocks leaves the block out that is being written", () => {
  expect(wholeBlocks("one\n\ntwo\n\n- three\n- fo")).toBe("one\n\ntwo");
  expect(wholeBlocks("one")).toBe("");
});

describe("cutBehind", () => {
  test("F8: the first part begins with what is shown, and no part is too long", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 200, max: 800 }), (text, limit) => {
        const shown = wholeBlocks(text.slice(0, limit));
        const parts = cutBehind(shown, text, limit, "newline") ?? expect.unreachable();
        expect(parts[0]?.startsWith(shown)).toBe(true);
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 200 },
    );
  });

  test("F8: a text that begins otherwise is not cut at all", () => {
    expect(cutBehind("one", "two", 100, "length")).toBeUndefined();
  });
});

describe("textBehind", () => {
  test.each([
    ["words", 5, "Hello world", "world"],
    ["blocks", 3, "one\n\n  two", "  two"],
    ["code, in a fence of its own", 12, "```js\nlet a;\nlet b;\n```\nend", "```js\nlet b;\n```\nend"],
    ["code that has ended", 16, "~~~\n```\ncode\n~~~\nend", "end"],
    ["nothing", 4, "done", ""],
  ])("F8: what is behind are %s", (_what, units, text, rest) => {
    expect(textBehind(units, text)).toBe(rest);
  });
});
