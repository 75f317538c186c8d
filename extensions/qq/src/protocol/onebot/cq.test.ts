import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCq } from "./cq.ts";

const text = (said: string) => ({ type: "text", data: { text: said } });

/** As section 4.7 writes values. */
function escapeCq(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("[", "&#91;").replaceAll("]", "&#93;").replaceAll(",", "&#44;");
}

describe("C5: CQ strings", () => {
  it.each([
    ["", []],
    ["hi", [text("hi")]],
    ["[CQ:at,qq=10001] a&amp;b&#91;c&#93;,d", [{ type: "at", data: { qq: "10001" } }, text(" a&b[c],d")]],
    [
      "[CQ:face,id=14][CQ:dice]",
      [
        { type: "face", data: { id: "14" } },
        { type: "dice", data: {} },
      ],
    ],
    [
      "x[CQ:image,file=a.png,url=http://x/?a=1&amp;b=2]",
      [text("x"), { type: "image", data: { file: "a.png", url: "http://x/?a=1&b=2" } }],
    ],
    ["[CQ:json,data={&#34;a&#34;:&#91;1&#44;2&#93;}]", [{ type: "json", data: { data: "{&#34;a&#34;:[1,2]}" } }]],
    ["[CQ:reply,id=]", [{ type: "reply", data: { id: "" } }]],
    // Escaped twice: what the first step leaves is what was said.
    ["&amp;#91;CQ:at,qq=all&amp;#93;", [text("&#91;CQ:at,qq=all&#93;")]],
    ["a&#44;b", [text("a,b")]],
  ])("%s", (message, segments) => {
    expect(parseCq(message)).toEqual(segments);
  });

  it.each(["[CQ: bad]", "[CQ:]", "[CQ:at,qq=1", "[CQ:at,qq]", "[CQ:at,]", "[cq:at,qq=1]", "&#91;CQ:at,qq=all&#93;"])(
    "%s stays text",
    (message) => {
      expect(parseCq(message).every(({ type }) => type === "text")).toBe(true);
    },
  );

  it("a name of the prototype is a name like any other", () => {
    const [segment] = parseCq("[CQ:__proto__,__proto__=x,constructor=y]");
    expect(segment?.type).toBe("__proto__");
    expect(Object.entries(segment?.data ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  it("what an implementation escapes comes back as it was", () => {
    const said = fc.string({
      minLength: 1,
      unit: fc.constantFrom("&", "#", "9", "1", ";", "[", "]", ",", "=", "a", "中", "\n", "amp"),
    });
    fc.assert(
      fc.property(said, said, said, (before, value, behind) => {
        expect(parseCq(`${escapeCq(before)}[CQ:x,a=${escapeCq(value)},b=1]${escapeCq(behind)}`)).toEqual([
          text(before),
          { type: "x", data: { a: value, b: "1" } },
          text(behind),
        ]);
      }),
    );
  });
});
