import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutMarkdown, cutText } from "./cut.ts";
import { childrenOf, parseMarkdown, type Node, type NodeOf } from "./markdown.ts";
import { documents, wordsOf } from "./testing/documents.ts";

const limits = fc.integer({ min: 140, max: 1200 });
const modes = fc.constantFrom("length" as const, "newline" as const);

describe("F1: for any document", () => {
  test("F1: no part is over the limit, none is empty, no surrogate pair is cut", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 2, max: 900 }), modes, (text, limit, mode) => {
        for (const part of [...cutMarkdown(text, limit, mode), ...cutText(text, limit)]) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.trim()).not.toBe("");
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test("F1: every word, cell and line of code arrives, in order", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, limits, modes, (text, limit, mode) => {
        // A head is there again in every part of its table.
        const heads = new Set(ofType(text, "table").flatMap((table) => wordsOf(sourceOf(text, table.children[0]))));
        const arrived = cutMarkdown(text, limit, mode).flatMap(wordsOf);
        expect(arrived.filter((word) => !heads.has(word))).toEqual(wordsOf(text).filter((word) => !heads.has(word)));
        expect(new Set(arrived)).toEqual(new Set(wordsOf(text)));
      }),
    );
  });

  test(
    "F1: every fence is closed in its part, and every row is below the head of its table",
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(documents, limits, modes, (text, limit, mode) => {
          const parts = cutMarkdown(text, limit, mode);
          const heads = ofType(text, "table").map((table) => sourceOf(text, table.children[0]));
          const code = ofType(text, "code").map((node) => node.value);
          const inParts = parts.flatMap((part) => ofType(part, "code").map((node) => node.value));
          expect(inParts.join("\n").split("\n").filter(Boolean)).toEqual(code.join("\n").split("\n").filter(Boolean));
          for (const part of parts) {
            for (const node of ofType(part, "code")) expect(sourceOf(part, node)).toMatch(/^(`{3,}|~{3,})[^]*\1$/);
            for (const table of ofType(part, "table")) expect(heads).toContain(sourceOf(part, table.children[0]));
          }
          const prose = parts.flatMap((part) => ofType(part, "text").map((node) => node.value)).join("\n");
          expect(prose).not.toMatch(/\|\s*-|`{3}|~{3}/);
        }),
      );
    },
  );
});

describe("F1: cutMarkdown", () => {
  test("a document within the limit is one part, byte for byte; nothing is no part", () => {
    const text = "\r\n  # A\r\n\r\n*  b ";
    expect(cutMarkdown(`${text}\n \n`, 20)).toEqual([text.trimEnd()]);
    expect(cutMarkdown(" \n\n", 20)).toEqual([]);
    expect(cutMarkdown("", 20)).toEqual([]);
  });

  test("F1: cuts between blocks, and a heading goes with what it is above of", () => {
    const [a, b] = [words("a", 60), words("b", 40)];
    expect(cutMarkdown(`${a}\n\n## B\n\n${b}`, 70)).toEqual([a, `## B\n\n${b}`]);
    expect(cutMarkdown(`# A\n\n- ${a}\n- ${b}`, 70)).toEqual([`# A\n\n- ${a}`, `- ${b}`]);
  });

  test("F1: fills a part with sentences, then words, of what does not fit", () => {
    const text = `${words("a", 30)}\n\nFirst sentence of many words here. Second sentence of more words here. Third.`;
    expect(cutMarkdown(text, 80)).toEqual([
      `${words("a", 30)}\n\nFirst sentence of many words here.`,
      "Second sentence of more words here. Third.",
    ]);
    expect(cutMarkdown(words("ab", 150), 100)).toEqual([words("ab", 98), words("ab", 51)]);
  });

  test("F1: in newline mode a part ends at a blank line as long as there is one", () => {
    const text = `${words("a", 30)}\n\nFirst sentence of many words here. Second sentence of more words here. Third.`;
    expect(cutMarkdown(text, 80, "newline")).toEqual(text.split("\n\n"));
    expect(cutMarkdown(`a\n\nb\n\n${words("c", 77)}`, 80, "newline")).toEqual(["a\n\nb", words("c", 77)]);
  });

  test("F1: a fence is closed and opened again with its info string, in an item too", () => {
    const code = Array.from({ length: 8 }, (_, index) => `line ${index} of the code`);
    const parts = cutMarkdown(
      ["- item", "  ~~~ts title=x", ...code.map((line) => `  ${line}`), "  ~~~"].join("\n"),
      120,
    );
    expect(parts).toEqual([
      ["- item", "  ~~~ts title=x", ...code.slice(0, 4).map((line) => `  ${line}`), "  ~~~"].join("\n"),
      ["  ~~~ts title=x", ...code.slice(4, 8).map((line) => `  ${line}`), "  ~~~"].join("\n"),
    ]);
  });

  test("F1: a fence without an end gets one", () => {
    const code = Array.from({ length: 20 }, (_, index) => `line ${index}`).join("\n");
    for (const part of cutMarkdown(`\`\`\`js\n${code}`, 80)) expect(part).toMatch(/^```js\nline[^]*\n```$/);
  });

  test("F1: a line of code over the limit is cut hard, and no unit of it is lost", () => {
    const code = "0123456789abcdef👩‍👩‍👧‍👦".repeat(20);
    const parts = cutMarkdown(`\`\`\`\n${code}\n\`\`\``, 100);
    expect(parts.map((part) => part.slice(4, -4)).join("")).toBe(code);
    expect(parts.every((part) => /^```\n[^\n]*\n```$/.test(part))).toBe(true);
  });

  test("F1: a table is cut between rows, and each part has its head", () => {
    const head = "| Name | Value |\n|:-|--:|";
    const rows = Array.from({ length: 6 }, (_, index) => `| row ${index} | ${index} |`);
    expect(cutMarkdown([head, ...rows].join("\n"), 70)).toEqual([
      [head, ...rows.slice(0, 3)].join("\n"),
      [head, ...rows.slice(3, 6)].join("\n"),
    ]);
  });

  test("F1: a row over the limit becomes a list of its cells", () => {
    const cell = words("w", 61);
    expect(cutMarkdown(`| A | B |\n|-|-|\n| 1 | 2 |\n| ${cell} | a\\|b |\n| 3 | 4 |`, 80)).toEqual([
      `| A | B |\n|-|-|\n| 1 | 2 |\n\n- **A**: ${words("w", 43)}`,
      ` ${words("w", 17)}\n   - **B**: a|b\n\n| A | B |\n|-|-|\n| 3 | 4 |`,
    ]);
  });

  test("F1: what follows a cut inside of an item does not become code", () => {
    const text = `1. ${words("a", 40)}\n    - ${words("b", 40)}\n    - ${words("c", 40)}\n2. d`;
    expect(cutMarkdown(text, 100)).toEqual([
      `1. ${words("a", 40)}\n    - ${words("b", 40)}`,
      `   - ${words("c", 40)}\n2. d`,
    ]);
  });

  test("F1: what follows an item in a quote is not moved with it", () => {
    const text = `> 1. - ${words("a", 41)}\n>       b\n> \n> > ${words("c", 151)}`;
    const [first, ...rest] = cutMarkdown(text, 100);
    expect(first).toContain(`b\n> \n> > c`);
    expect(rest.length).toBeGreaterThan(0);
    for (const part of rest) expect(part).toMatch(/^> > c/);
  });

  test("F1: links and inline code stay whole where they fit", () => {
    const link = `[${words("link", 40)}](https://example.com/${"x".repeat(20)})`;
    const code = `\`${words("code", 50)}\``;
    expect(cutMarkdown(`${words("a", 40)} ${link} ${code}`, 90)).toEqual([words("a", 40), link, code]);
    expect(cutMarkdown(`${words("a", 63)} <qqbot-at-user id="ABC" /> b`, 80)).toEqual([
      words("a", 63),
      '<qqbot-at-user id="ABC" /> b',
    ]);
  });

  test("F1: text does not become a block because it was cut before it", () => {
    for (const mark of ["- ", "# ", "> ", "1. ", "```", "~~~"]) {
      const parts = cutMarkdown(`${words("ab", 75)} ${mark} ${words("cd", 60)}`, 77);
      expect(parts.slice(1).every((part) => !part.startsWith(mark))).toBe(true);
      expect(parts.join(" ").split(/\s+/)).toEqual(`${words("ab", 75)} ${mark} ${words("cd", 60)}`.split(/\s+/));
    }
  });

  test("F1: characters of several code points stay whole", () => {
    const family = "👩‍👩‍👧‍👦";
    expect(cutMarkdown(family.repeat(20), 70)).toEqual([
      family.repeat(6),
      family.repeat(6),
      family.repeat(6),
      family.repeat(2),
    ]);
    expect(cutText("🇨🇳".repeat(6), 10)).toEqual(["🇨🇳🇨🇳", "🇨🇳🇨🇳", "🇨🇳🇨🇳"]);
    expect(cutText(`e${"\u0301".repeat(10)}`, 4).join("")).toBe(`e${"\u0301".repeat(10)}`);
  });

  test("quotes nested beyond reason are cut as text", () => {
    const deep = `${">".repeat(5000)} end`;
    expect(cutMarkdown(deep, 100).join("").replaceAll(" ", "")).toBe(deep.replaceAll(" ", ""));
  });

  test("a long document is read window by window as it would be at once", () => {
    const text = Array.from({ length: 900 }, (_, index) => `- item ${index}\n  - inner ${index}`).join("\n");
    expect(parseMarkdown(text)?.children).toHaveLength(1);
    expect(ofType(text, "listItem")).toHaveLength(1800);
    const last = ofType(text, "listItem").at(-1);
    expect(sourceOf(text, last)).toBe("- inner 899");
    expect(last?.position?.start.line).toBe(1800);
  });
});

describe("cutText", () => {
  test("cuts at blank lines, lines, sentences and words, and keeps indentation", () => {
    expect(cutText("first line\n\n  second\n  third", 24)).toEqual(["first line\n\n  second", "  third"]);
    expect(cutText("一句话。另一句话。再一句", 10)).toEqual(["一句话。另一句话。", "再一句"]);
    expect(cutText("*not* [marks](x) here", 12)).toEqual(["*not*", "[marks](x)", "here"]);
  });
});

/** So many units, ending in a word. */
function words(word: string, units: number): string {
  return `${word} `
    .repeat(units)
    .slice(0, units)
    .replace(/ $/, word.at(-1) ?? "");
}

function ofType<T extends Node["type"]>(text: string, type: T): NodeOf<T>[] {
  const all = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(all)];
  const nodes = (parseMarkdown(text)?.children ?? []).flatMap(all);
  return nodes.filter((node): node is NodeOf<T> => node.type === type);
}

function sourceOf(text: string, node: Node | undefined): string {
  return text.slice(node?.position?.start.offset, node?.position?.end.offset);
}
