import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPlain } from "./plain.ts";
import { documents, wordsOf } from "./testing/documents.ts";

describe("F7: toPlain", () => {
  test.each([
    ["# Title\ntext\n## Next #\n\nmore", "Title\ntext\n\nNext\nmore"],
    ["**bold** *italic* ~~gone~~ ***both*** `code`", "bold italic gone both code"],
    ["snake_case_name README.md 1.2.3 __init__.py a_b", "snake_case_name README.md 1.2.3 __init__.py a_b"],
    ["`a*b*c` 2*3*4 x**2 + y**2 10~20 ~5天或~10天", "a*b*c 2*3*4 x**2 + y**2 10~20 ~5天或~10天"],
    ["**重点：**内容 **“引”**的 **见[链](https://a.cn)：**好", "重点：内容 “引”的 见链 (https://a.cn)：好"],
    ["\\*not\\* \\# a\\_b &amp; &lt;x&gt; \\**x**y", "*not* # a_b & <x> **x**y"],
    ["- a\n    - b\n- c", "• a\n  • b\n• c"],
    ["3. c\n4. d", "3. c\n4. d"],
    ["- [x] done\n- [ ] open", "☑ done\n☐ open"],
    ["- a\n\n  ```\n  x\n    y\n  ```", "• a\n\n  x\n    y"],
    ["> a\n>\n> - b", "│ a\n│\n│ • b"],
    ["```js\nif (a) {\n    b(`x`);\n}\n```\nend", "if (a) {\n    b(`x`);\n}\n\nend"],
    [
      "[docs](https://a.cn/x) [https://a.cn](https://a.cn) [a.cn](https://a.cn)",
      "docs (https://a.cn/x) https://a.cn https://a.cn",
    ],
    ["<https://a.cn> https://b.cn/c www.c.cn me@d.cn", "https://a.cn https://b.cn/c www.c.cn me@d.cn"],
    ["[see][r] [r]\n\n[r]: https://r.cn\n[u]: https://u.cn", "see (https://r.cn) r (https://r.cn)\n\nu: https://u.cn"],
    ["![cat #208px #320px](https://a.cn/c.png) ![](https://b.cn)", "cat (https://a.cn/c.png) https://b.cn"],
    ["a\n\n***\n\nb", "a\n\n————\n\nb"],
    ["a  \nb\\\nc\nd", "a\nb\nc\nd"],
    ["<div>\n<b>in</b> it\n</div>", "in it"],
    ["a<br>b <b>c</b><!-- d --> <img alt=\"e\" src='https://f.cn'>", "a\nb c e (https://f.cn)"],
    ["List<String> <your-token> <T>", "List<String> <your-token> <T>"],
    ['<qqbot-at-user id="ABC" /> <emoji:4> <@!1> <#2>', '<qqbot-at-user id="ABC" /> <emoji:4> <@!1> <#2>'],
    ["note[^1]\n\n[^1]: said **below**", "note[1]\n\n[1] said below"],
    ["a\r\n\r\n* b\r\n", "a\n\n• b"],
    ["", ""],
  ])("F7: %j reads %j", (markdown, plain) => {
    expect(toPlain(markdown)).toBe(plain);
  });

  test("F7: a narrow table is lines, a wide one records that name each cell", () => {
    expect(toPlain("| 名称 | 值 |\n|:-|-|\n| a | `x\\|y` |\n| b | |")).toBe("名称 | 值\na | x|y\nb | –");
    expect(
      toPlain("| Name | What it is for |\n|-|-|\n| alpha | a cell that is too wide for a phone |\n| beta | |"),
    ).toBe("Name: alpha\nWhat it is for: a cell that is too wide for a phone\n\nName: beta\nWhat it is for: –");
  });

  test("F7: a long run of lines stays one", () => {
    const log = Array.from({ length: 4000 }, (_, index) => `line ${index} of *a* log`).join("\n");
    expect(toPlain(log)).toBe(log.replaceAll("*", ""));
  });

  test("F7: no word of text or code is lost, and none changes its place", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, (text) => {
        const plain = toPlain(text);
        // A record says the headers of its table again.
        expect([...new Set(wordsOf(plain))].toSorted()).toEqual([...new Set(wordsOf(text))].toSorted());
        if (!text.includes("|")) expect(wordsOf(plain)).toEqual(wordsOf(text));
      }),
    );
  });

  test("F7: no mark of Markdown is left of a document", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, (text) => {
        const plain = toPlain(text);
        expect(plain).not.toMatch(/^\s*(?:#|={3}|- |\|)|\*\*|\]\(|<div|\|\s*:?-/m);
        // Inside of a fence stand the marks of the other kind of fence, which are code.
        if (!/~~~|````/.test(text)) expect(plain.replaceAll(/^\s*~~~$/gm, "")).not.toMatch(/```/);
      }),
    );
  });

  test("F7: what is plain keeps its words", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(documents, (text) => {
        const plain = toPlain(text);
        expect(wordsOf(toPlain(plain))).toEqual(wordsOf(plain));
      }),
    );
  });
});
