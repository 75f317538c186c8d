import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeOneBotMessage } from "./decode-onebot-message.ts";
import { captionApart, encodeOneBot, mentionsAsText } from "./encode-onebot.ts";
import type { MediaKind, OutboundContent } from "./outbound.ts";

const media = (kind: MediaKind, caption?: string): OutboundContent => ({
  kind: "media",
  media: { kind, name: "a.bin", size: 3, source: "base64://AAAA" },
  ...(caption !== undefined && { caption }),
});

describe("C5: what goes out", () => {
  test("text is text, whatever it looks like", () => {
    const text = "[CQ:at,qq=all] @20001 <@1> &#91;";
    expect(encodeOneBot({ content: { kind: "text", text } })).toEqual([{ type: "text", data: { text } }]);
  });

  test("any text comes back as one text segment, and names nobody", () => {
    const pieces = fc.constantFrom(
      "[CQ:at,qq=10001]",
      "[CQ:image,file=file:///etc/passwd]",
      "@all",
      "&amp;",
      "]",
      " x",
      "中",
    );
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1 }), (said) => {
        const text = `a${said.join("")}z`;
        const message = encodeOneBot({ content: { kind: "text", text } });
        const event = { message_type: "group", self_id: 10001, user_id: 1, group_id: 2, message_id: 3, message };
        expect(decodeOneBotMessage(event)).toMatchObject({ text, mentionsBot: false, attachments: [] });
      }),
    );
  });

  test("only a group's message mentions, by number and never everybody", () => {
    const message = { content: { kind: "text", text: "hi <@20001>, <@all> <@123> <@20002>" } } as const;
    const segments = encodeOneBot(message, "group");
    expect(segments).toEqual([
      { type: "text", data: { text: "hi " } },
      { type: "at", data: { qq: "20001" } },
      { type: "text", data: { text: ", <@all> <@123> " } },
      { type: "at", data: { qq: "20002" } },
    ]);
    expect(encodeOneBot(message, "c2c")).toEqual([{ type: "text", data: { text: message.content.text } }]);
    const texts = mentionsAsText(segments)?.map(({ type, data }) => type === "text" && data.text);
    expect(texts?.join("")).toBe("hi @20001, <@all> <@123> @20002");
    expect(mentionsAsText(encodeOneBot(message))).toBeUndefined();
  });

  test("Markdown goes as its text", () => {
    expect(encodeOneBot({ content: { kind: "markdown", text: "# A" } })).toEqual([
      { type: "text", data: { text: "# A" } },
    ]);
  });

  test("nothing is made of nothing", () => {
    expect(encodeOneBot({ content: { kind: "text", text: "" } })).toEqual([]);
  });
});

describe("F5: quotes", () => {
  test("stand in front", () => {
    expect(encodeOneBot({ content: { kind: "text", text: "hi" }, quote: "-5" })).toEqual([
      { type: "reply", data: { id: "-5" } },
      { type: "text", data: { text: "hi" } },
    ]);
  });
});

describe("F6: media", () => {
  test.each([
    ["image", { type: "image", data: { file: "base64://AAAA", name: "a.bin" } }],
    ["voice", { type: "record", data: { file: "base64://AAAA" } }],
    ["video", { type: "video", data: { file: "base64://AAAA", name: "a.bin" } }],
    ["file", { type: "file", data: { file: "base64://AAAA", name: "a.bin" } }],
  ] as const)("%s", (kind, segment) => {
    expect(encodeOneBot({ content: media(kind) })).toEqual([segment]);
  });

  test("a caption goes along with a picture, and apart from everything else", () => {
    expect(encodeOneBot({ content: media("image", "look") })[0]).toEqual({ type: "text", data: { text: "look" } });
    expect(captionApart(media("image", "look"))).toBeUndefined();
    for (const kind of ["voice", "video", "file"] as const) {
      expect(encodeOneBot({ content: media(kind, "look") })).toHaveLength(1);
      expect(captionApart(media(kind, "look"))).toBe("look");
      expect(captionApart(media(kind, ""))).toBeUndefined();
    }
  });

  test("what an official bot has uploaded is nothing here", () => {
    expect(encodeOneBot({ content: { kind: "media", media: { kind: "image", fileInfo: "x" } } })).toEqual([]);
  });
});
