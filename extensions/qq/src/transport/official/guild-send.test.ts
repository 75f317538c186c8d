import { describe, expect, test } from "vitest";
import { encodeGuild } from "./guild-send.ts";

describe("encodeGuild", () => {
  test("F7: a text goes escaped, tied to the message it answers, without a number", () => {
    const anchor = { msgId: "08ab", msgSeq: 3 };
    expect(encodeGuild({ content: { kind: "text", text: "1 < 2" }, anchor })).toEqual({
      content: "1 &lt; 2",
      msg_id: "08ab",
    });
  });

  test("F7: markdown goes as text, and its buttons stay behind", () => {
    const button = { id: "b", label: "B", look: "plain", action: { kind: "link", url: "https://qq.com" } } as const;
    const content = { kind: "markdown", text: "**hi**", keyboard: [[button]] } as const;
    expect(encodeGuild({ content })).toEqual({ content: "**hi**" });
  });

  test("F5: a quote names the message, and a lost one does not lose the answer", () => {
    expect(encodeGuild({ content: { kind: "text", text: "yes" }, quote: "08cd" })).toEqual({
      content: "yes",
      message_reference: { message_id: "08cd", ignore_get_message_error: true },
    });
  });

  test("F6: a picture goes as a form, with its caption escaped", () => {
    const media = { kind: "image", name: "a.png", bytes: new Uint8Array([1, 2, 3]) } as const;
    const anchor = { msgId: "08ab", msgSeq: 1 };
    const form = encodeGuild({ content: { kind: "media", media, caption: "a & b" }, anchor });
    if (!(form instanceof FormData)) throw new Error("no form");
    expect(form.get("content")).toBe("a &amp; b");
    expect(form.get("msg_id")).toBe("08ab");
    expect(form.get("file_image")).toBeInstanceOf(Blob);
  });
});
