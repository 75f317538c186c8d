import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forQQMarkdown } from "./tables.ts";
import { documents, wordsOf } from "./testing/documents.ts";

const table = "| Name | Value |\n|-|:-:|\n| a | `x\\|y` |\n| **b** | |";
const list = "- **Name**: a\n    - **Value**: `x|y`\n- **Name**: **b**\n    - **Value**: –";

describe("F7: forQQMarkdown", () => {
  test("F7: a table becomes a list, and what is around it stays", () => {
    expect(forQQMarkdown(`# T\n\n${table}\n\n> q`)).toBe(`# T\n\n${list}\n\n> q`);
    expect(forQQMarkdown(`text\n${table}`)).toBe(`text\n\n${list}`);
    expect(forQQMarkdown("| A | B |\n|-|-|\n")).toBe("- **A**: –\n    - **B**: –\n");
    expect(forQQMarkdown("| **A** | |\n|-|-|\n| 1 | 2 | 3 |")).toContain("- **A**: 1\n    - **2**: 2");
  });

  test("F7: a table keeps its place in a quote or an item", () => {
    expect(forQQMarkdown("> | A | B |\n> |-|-|\n> | 1 | 2 |")).toBe("> - **A**: 1\n>     - **B**: 2");
    expect(forQQMarkdown("- | A | B |\n  |-|-|\n  | 1 | 2 |\n- x")).toBe("- - **A**: 1\n      - **B**: 2\n\n- x");
  });

  test("F7: tables stay where the client is known to show them", () => {
    expect(forQQMarkdown(`a\n\n${table}`, { tables: "keep" })).toBe(`a\n\n${table}`);
  });

  test("F7: a list gets a blank line before it, a nested one none", () => {
    expect(forQQMarkdown("a:\n- b\n    - c\n1. d")).toBe("a:\n\n- b\n    - c\n\n1. d");
    expect(forQQMarkdown("> a\n> - b")).toBe("> a\n>\n> - b");
    expect(forQQMarkdown("# a\n- b")).toBe("# a\n\n- b");
  });

  test.each([
    "```js\n| a |\n|-|\n- b\n```",
    "$$\n\\frac{a}{b}\n$$",
    "![a #1px #2px](https://b.cn)",
    "__u__ <https://a.cn>\u200B\n***",
  ])("F7: %j stays byte for byte", (text) => {
    expect(forQQMarkdown(text)).toBe(text);
  });

  test("F7: every word of any document stays, and nothing changes at the second time", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, (text) => {
        const shown = forQQMarkdown(text);
        expect(new Set(wordsOf(shown))).toEqual(new Set(wordsOf(text)));
        expect(forQQMarkdown(shown)).toBe(shown);
        expect(wordsOf(forQQMarkdown(text, { tables: "keep" }))).toEqual(wordsOf(text));
      }),
    );
  });
});
