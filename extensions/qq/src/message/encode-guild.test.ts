import { array, assert, constantFrom, pre, property } from "fast-check";
import { expect, test } from "vitest";
import { decodeOfficial } from "./decode-official.ts";
import { encodeGuildText } from "./encode-guild.ts";

test("F7: what would be markup in a guild arrives as it was written, and marks stay marks", () => {
  expect(encodeGuildText("a < b && c > d")).toBe("a &lt; b &amp;&amp; c &gt; d");
  expect(encodeGuildText("&amp;")).toBe("&amp;amp;");
  const marks = '<@!123> <@456> <qqbot-at-user id="7" /> <#100010> <emoji:4>';
  expect(encodeGuildText(marks)).toBe(marks);
  expect(encodeGuildText("<@someone> <#general>")).toBe("&lt;@someone&gt; &lt;#general&gt;");
});

test("F7: nobody is made to call everybody", () => {
  expect(encodeGuildText("<qqbot-at-everyone />")).toBe("&lt;qqbot-at-everyone /&gt;");
});

test("F7: any text that has no marks comes back out of a guild as it went in", () => {
  const author = { id: "U" };
  const read = (content: string): string => {
    const d = { id: "m", content, channel_id: "C", guild_id: "G", author };
    const decoded = decodeOfficial(JSON.stringify({ op: 0, s: 1, id: "x", t: "MESSAGE_CREATE", d }), 0);
    return decoded.kind === "message" ? decoded.message.text : "";
  };
  const pieces = array(constantFrom("&", "<", ">", "a", "amp;", "lt;", "@!", "1", "#", " b", "🐱"), {
    minLength: 1,
  });
  assert(
    property(pieces, (parts) => {
      const text = parts.join("").trim();
      pre(text !== "" && !/<@!?\d+>|<#\d+>/.test(text));
      expect(read(encodeGuildText(text))).toBe(text);
    }),
  );
});
