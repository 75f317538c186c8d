import { describe, expect, test } from "vitest";
import type { UploadedMedia } from "../../message/outbound.ts";
import { encodeGuildMedia } from "./guild-media.ts";

const bytes = Uint8Array.from([1, 2, 3]);
const media: UploadedMedia = { kind: "image", name: "图.png", bytes };

describe("a guild message with a picture", () => {
  test("F6: is form data: objects as JSON, the picture as bytes", async () => {
    const form = encodeGuildMedia(media, { content: "look", msg_id: "m1", message_reference: { message_id: "m0" } });
    const image = form.get("file_image");
    expect([...form.keys()]).toEqual(["content", "msg_id", "message_reference", "file_image"]);
    expect([form.get("content"), form.get("msg_id"), form.get("message_reference")]).toEqual([
      "look",
      "m1",
      '{"message_id":"m0"}',
    ]);
    expect(image).toMatchObject({ name: "图.png" });
    expect(new Uint8Array(await (image as File).arrayBuffer())).toEqual(bytes);
  });

  test("a file that was uploaded elsewhere is refused", () => {
    expect(() => encodeGuildMedia({ kind: "image", fileInfo: "i" }, {})).toThrow(/cannot go to a guild chat/);
  });
});
