import { describe, expect, test } from "vitest";
import { encodeOneBot } from "../../message/encode-onebot.ts";
import type { MediaKind, OutboundMessage } from "../../message/outbound.ts";
import { contentInHistory, contentToSend, isSameContent } from "./sent-content.ts";

const text = (words: string): OutboundMessage => ({ content: { kind: "text", text: words }, quote: "5" });
const media = (kind: MediaKind, name: string, size: number, caption?: string): OutboundMessage => ({
  content: {
    kind: "media",
    media: { kind, name, size, source: "base64://AAAA" },
    ...(caption !== undefined && { caption }),
  },
});
const same = (message: OutboundMessage, seen: unknown): boolean =>
  isSameContent(contentToSend(encodeOneBot(message), message), contentInHistory(seen));

describe("F9: what is the same message", () => {
  test.each<[string, OutboundMessage, unknown]>([
    ["a text whose white space QQ has changed", text("a\n\n b\u200B "), [{ type: "text", data: { text: "a\r\n b" } }]],
    ["a text without the quote that QQ could not find", text("a"), { type: "text", data: { text: "a" } }],
    ["a text as a CQ string", text("[CQ:at,qq=all] & b"), "[CQ:reply,id=5]&#91;CQ:at,qq=all&#93; &amp; b"],
    [
      "a text with its mention",
      text("hi <@20001> you"),
      [
        { type: "text", data: { text: "hi " } },
        { type: "at", data: { qq: "20001", name: "Alice" } },
        { type: "text", data: { text: " you" } },
      ],
    ],
    ["a text whose mention went as text", text("hi <@20001> you"), [{ type: "text", data: { text: "hi @20001 you" } }]],
    ["a text in two segments", text("ab"), ["a", "b"].map((text) => ({ type: "text", data: { text } }))],
    [
      "a picture with its caption, of the same size",
      media("image", "a.png", 4, "look"),
      [
        { type: "text", data: { text: "look" } },
        { type: "image", data: { file: "ABC.png", file_size: "4" } },
      ],
    ],
    ["a picture of no known size", media("image", "a.png", 4), [{ type: "image", data: { file: "ABC.png" } }]],
    [
      "a voice, which is converted",
      media("voice", "a.mp3", 4),
      [{ type: "record", data: { file: "x.amr", file_size: "9" } }],
    ],
    ["a file by its name", media("file", "a.pdf", 4), [{ type: "file", data: { file: "a.pdf", file_size: "5" } }]],
    ["a file by its size", media("file", "a.pdf", 4), [{ type: "file", data: { file: "a(1).pdf", file_size: "4" } }]],
  ])("%s", (_, message, seen) => {
    expect(same(message, seen)).toBe(true);
  });

  test.each<[string, OutboundMessage, unknown]>([
    ["another text", text("a"), [{ type: "text", data: { text: "ab" } }]],
    [
      "a picture for its caption",
      text("look"),
      [
        { type: "text", data: { text: "look" } },
        { type: "image", data: {} },
      ],
    ],
    ["a picture of another size", media("image", "a.png", 4), [{ type: "image", data: { file_size: "5" } }]],
    ["a video for a picture", media("image", "a.png", 4), [{ type: "video", data: { file_size: "4" } }]],
    ["another file", media("file", "a.pdf", 4), [{ type: "file", data: { file: "b.pdf", file_size: "5" } }]],
    ["nothing", text("a"), []],
    ["nonsense", text("a"), [null, 7, { type: 3 }, "x"]],
  ])("is not %s", (_, message, seen) => {
    expect(same(message, seen)).toBe(false);
  });
});
