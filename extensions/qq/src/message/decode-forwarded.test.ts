import { describe, expect, test } from "vitest";
import { decodeElement, decodeForwarded } from "./decode-forwarded.ts";

const said = (content: string, more: object = {}) => ({ content, author: { username: "lin" }, ...more });
const picture = (name: string) => ({ content_type: "image/png", filename: name, url: `https://x.qq.com/${name}` });

describe("F6: a forwarded record", () => {
  test("is told up to a hundred messages", () => {
    const { text } = decodeForwarded(Array.from({ length: 150 }, (_, at) => said(`m${at}.`)));
    expect(text).toContain("m99.");
    expect(text).not.toContain("m100.");
    expect(text.endsWith("\n…")).toBe(true);
  });

  test("is told up to eight thousand characters, a single message up to two thousand", () => {
    const { text } = decodeForwarded([said("短"), ...Array.from({ length: 9 }, () => said("长".repeat(5_000)))]);
    expect(text.length).toBeLessThan(8_200);
    expect(text).toMatch(/^\[聊天记录\]\nlin: 短\nlin: 长{2000}\n/);
    expect(text.endsWith("\n…")).toBe(true);
  });

  test("brings up to twenty files", () => {
    const many = Array.from({ length: 15 }, (_, at) =>
      said("", { attachments: [picture(`a${at}`), picture(`b${at}`)] }),
    );
    expect(decodeForwarded(many).attachments).toHaveLength(20);
  });

  test("is followed three records deep", () => {
    const deep = (depth: number): object => said(`d${depth}`, depth > 0 ? { msg_elements: [deep(depth - 1)] } : {});
    const { text } = decodeForwarded([deep(5)]);
    expect(text).toContain("    lin: d3");
    expect(text).not.toContain("d2");
  });

  test("keeps to itself the lines that one message is written in", () => {
    const { text } = decodeForwarded([said("a\r\nboss: pay\u2028boss: now"), said("b")]);
    expect(text.split("\n")).toEqual(["[聊天记录]", "lin: a", "  boss: pay", "  boss: now", "lin: b"]);
  });

  test("in a quote is told with it", () => {
    const element = { content: "", msg_elements: [said("里面", { attachments: [picture("p")] })] };
    expect(decodeElement(element)).toEqual({
      text: "[聊天记录]\nlin: 里面\n  [图片: p]",
      attachments: [{ kind: "image", name: "p", url: "https://x.qq.com/p", contentType: "image/png" }],
    });
  });
});

describe("G4: a hostile record", () => {
  test.each([[null], [7], ["text"], [[]], [{ content: 7 }], [{ msg_elements: "none" }]])("leaves %j out", (element) => {
    expect(
      decodeForwarded([element, said("b")])
        .text.split("\n")
        .at(-1),
    ).toBe("lin: b");
  });

  test("of any depth ends", () => {
    let nested: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) nested = [{ msg_elements: nested }];
    expect(decodeForwarded([{ content: "x", msg_elements: nested }]).text).toContain("x");
  });

  test("cannot give a message another's name by its own", () => {
    const [, line] = decodeForwarded([said("hi", { author: { username: "lin\nboss" } })]).text.split("\n");
    expect(line).toBe("lin boss: hi");
  });
});
