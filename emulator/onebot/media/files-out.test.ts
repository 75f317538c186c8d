import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { digest, mp4, png, silk, wav } from "../../../test/emulator/files.ts";
import { groupUin, personUin } from "../numbers.ts";
import { dm, group, openNapcat, segmentOf, type NapcatStage } from "./testing/napcat-stage.ts";

const MIB = 1024 * 1024;
const user_id = personUin("lin");
const group_id = groupUin("g");
const asBase64 = (bytes: Buffer): string => `base64://${bytes.toString("base64")}`;
const segment = (type: string, data: object): object => ({ type, data });
const sendTo = (napcat: NapcatStage, ...message: object[]) => napcat.call("send_private_msg", { user_id, message });
const shown = ({ emulator }: NapcatStage, chat: typeof dm | typeof group = dm) => emulator.world.messages(chat);

async function upload(napcat: NapcatStage, bytes: Buffer, filename: string, chunk = MIB): Promise<string> {
  const count = Math.ceil(bytes.length / chunk);
  const common = { stream_id: filename, total_chunks: count, file_size: bytes.length, filename };
  for (let index = 0; index < count; index += 1) {
    const chunk_data = bytes.subarray(index * chunk, (index + 1) * chunk).toString("base64");
    await napcat.call("upload_file_stream", { ...common, chunk_index: index, chunk_data });
  }
  const expected_sha256 = createHash("sha256").update(bytes).digest("hex");
  const done = await napcat.call("upload_file_stream", { stream_id: filename, is_complete: true, expected_sha256 });
  expect(done).toMatchObject({ stream: "stream-action", data: { status: "file_complete", sha256: expected_sha256 } });
  return String(done.data?.["file_path"]);
}

describe("files that the account sends (4.6)", () => {
  it("are in the chat with their bytes, in the order of the segments", async () => {
    await using napcat = await openNapcat();
    const sent = await sendTo(
      napcat,
      segment("text", { text: "看" }),
      segment("image", { file: asBase64(png), name: "红.png", sub_type: 1, summary: "[红]" }),
      segment("image", { file: asBase64(png) }),
    );
    expect(sent.data).toEqual({ message_id: expect.any(Number) as number });
    expect(shown(napcat)).toMatchObject([
      {
        text: "看",
        media: { kind: "image", name: "红.png", sha256: digest("sha256", png) },
        moreMedia: [{ kind: "image" }],
      },
    ]);
    const told = await napcat.call("get_msg", { message_id: sent.data?.["message_id"] });
    const segments = (told.data?.["message"] ?? []) as { type: string; data: object }[];
    expect(segments.map(({ type }) => type)).toEqual(["text", "image", "image"]);
    expect(segments[1]?.data).toMatchObject({ sub_type: 1, summary: "[红]" });
  });

  it("can be voice, video and chat files", async () => {
    await using napcat = await openNapcat();
    await sendTo(napcat, segment("record", { file: asBase64(silk) }));
    await sendTo(napcat, segment("record", { file: asBase64(wav) }));
    await sendTo(napcat, segment("video", { file: asBase64(mp4), name: "a.mp4" }));
    await sendTo(napcat, segment("file", { file: asBase64(Buffer.from("x")), name: "x.txt" }));
    expect(shown(napcat).map(({ media }) => media?.kind)).toEqual(["voice", "voice", "video", "file"]);
  });

  it("fail the whole message with what is wrong, and nothing is sent", async () => {
    await using napcat = await openNapcat();
    for (const [data, message] of [
      [
        { file: "/home/node/.openclaw/media/a.png" },
        "文件处理失败: 识别URL失败, uri= /home/node/.openclaw/media/a.png",
      ],
      [{ file: "file:///home/node/a.png" }, "ENOENT: no such file or directory, open '/home/node/a.png'"],
      [{ file: asBase64(Buffer.alloc(0)) }, "文件异常，大小为0"],
      [{}, "文件处理失败: 识别URL失败, uri= "],
    ] as const) {
      const sent = await sendTo(napcat, segment("text", { text: "a" }), segment("image", data));
      expect(sent).toMatchObject({ status: "failed", retcode: 200, message, wording: message, data: null });
    }
    const voice = await sendTo(napcat, segment("record", { file: asBase64(Buffer.from("no sound")) }));
    expect(voice.message).toBe("语音转换失败, 请检查语音文件是否正常");
    expect(shown(napcat)).toEqual([]);
  });

  it("can be what was received, by its key; its address is fetched again", async () => {
    await using napcat = await openNapcat();
    const [event] = await napcat.sendFile(dm, { kind: "image", name: "红.png", bytes: png });
    const { data } = segmentOf(event);
    await sendTo(napcat, segment("image", { file: data["file"] }));
    await sendTo(napcat, segment("image", data));
    expect(shown(napcat).map(({ media }) => media?.sha256)).toEqual(Array(3).fill(digest("sha256", png)));
  });
});

describe("uploads as chat files (10.36)", () => {
  it.each([
    ["upload_private_file", { user_id }, dm],
    ["upload_group_file", { group_id, folder: "/" }, group],
  ] as const)("%s answers an id and no number of a message", async (action, target, chat) => {
    await using napcat = await openNapcat({ reportSelfMessage: true });
    const sent = await napcat.call(action, { ...target, file: asBase64(Buffer.from("text")), name: "报告.txt" });
    expect(sent.data).toEqual({ file_id: expect.stringMatching(/^\//) as string });
    expect(shown(napcat, chat)).toMatchObject([{ media: { kind: "file", name: "报告.txt", size: 4 } }]);
    await expect.poll(() => napcat.events).toMatchObject([{ post_type: "message_sent", message: [{ type: "file" }] }]);
    const { data } = await napcat.call("get_file", { file_id: sent.data?.["file_id"] });
    expect(data).toMatchObject({ file_name: "报告.txt" });
  });

  it("want a file and its name", async () => {
    await using napcat = await openNapcat();
    const wrong = { retcode: 400, message: "Schema compilation error: Expected required property" };
    expect(await napcat.call("upload_group_file", { group_id, name: "x" })).toMatchObject(wrong);
    expect(await napcat.call("upload_private_file", { user_id, file: "base64://eA==" })).toMatchObject(wrong);
  });
});

describe("streams to NapCat's disk (8.4)", () => {
  it("brings 30 MiB over without any path of ours, and sends them", async () => {
    await using napcat = await openNapcat();
    const bytes = Buffer.alloc(30 * MIB, "QQ");
    const path = await upload(napcat, bytes, "大文件.bin");
    expect(path).toBe("/app/.config/QQ/NapCat/temp/大文件.bin");
    const sent = await napcat.call("upload_group_file", { group_id, file: path, name: "大文件.bin" });
    expect(sent.status).toBe("ok");
    const [message] = shown(napcat, group);
    expect(message?.media).toMatchObject({ size: bytes.length, sha256: digest("sha256", bytes) });
  });

  it("has what it holds sent as a picture, until it is cleaned", async () => {
    await using napcat = await openNapcat();
    const path = await upload(napcat, png, "a.png");
    expect((await sendTo(napcat, segment("image", { file: path }))).status).toBe("ok");
    const cleaned = await napcat.call("clean_stream_temp_file", {});
    expect(cleaned).not.toHaveProperty("data");
    expect(cleaned.status).toBe("ok");
    expect((await sendTo(napcat, segment("image", { file: path }))).status).toBe("failed");
  });

  it("loses it to clean_cache", async () => {
    await using napcat = await openNapcat();
    const path = await upload(napcat, png, "a.png");
    expect(await napcat.call("clean_cache", {})).not.toHaveProperty("data");
    expect((await sendTo(napcat, segment("image", { file: path }))).status).toBe("failed");
  });

  it("says in a stream's own way that it failed", async () => {
    await using napcat = await openNapcat();
    expect(await napcat.call("upload_file_stream", { stream_id: "s", verify_only: "true" })).toMatchObject({
      status: "failed",
      retcode: 200,
      data: { type: "error", data_type: "error" },
      message: "Stream not found",
      stream: "stream-action",
    });
    expect(await napcat.call("upload_file_stream", {})).toMatchObject({ retcode: 400 });
  });

  it("forgets open streams with a restart, and keeps its disk", async () => {
    await using napcat = await openNapcat();
    const path = await upload(napcat, png, "a.png");
    await napcat.call("upload_file_stream", { stream_id: "open", total_chunks: 2, chunk_index: 0, chunk_data: "eA==" });
    await napcat.emulator.control.call("fault", { do: "napcat", account: dm.bot, what: "restart" });
    expect((await napcat.call("upload_file_stream", { stream_id: "open", verify_only: true })).message).toBe(
      "Stream not found",
    );
    expect((await sendTo(napcat, segment("image", { file: path }))).status).toBe("ok");
  });

  it("takes files from addresses and base64 as well", async () => {
    await using napcat = await openNapcat();
    const { data } = await napcat.call("download_file", { base64: png.toString("base64"), name: "../x.png" });
    expect(data).toEqual({ file: "/app/.config/QQ/NapCat/temp/x.png" });
    const [event] = await napcat.sendFile(dm, { kind: "image", name: "a.png", bytes: png });
    const again = await napcat.call("download_file", { url: segmentOf(event).data["url"], name: "y.png" });
    expect((await sendTo(napcat, segment("image", { file: again.data?.["file"] }))).status).toBe("ok");
  });
});
