import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { InboundAttachment } from "../../message/inbound.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeOneBotCalls, refused, type FakeOneBotCalls } from "../testing/fake-onebot-calls.ts";
import type { InboundFile } from "../transport.ts";
import { rememberAbilities } from "./abilities.ts";
import { openFile } from "./media-in.ts";

const MB = 1024 * 1024;
const url = "https://multimedia.nt.qq.com.cn/download?rkey=a";
const path = "/app/.config/QQ/NapCat/temp/a.wav";

let clock: FakeClock;
let calls: FakeOneBotCalls;
let software: string;
beforeEach(() => {
  clock = createFakeClock();
  calls = createFakeOneBotCalls(clock);
  software = "NapCat.Onebot 4.18.19";
});
afterEach(() => calls.verify());
const open = async (attachment: InboundAttachment, maxBytes = 50 * MB): Promise<InboundFile> =>
  await openFile(
    rememberAbilities(
      calls,
      () => software,
      () => 0,
    ),
    attachment,
    { maxBytes, base64MaxBytes: 8 * MB },
  );
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const text = ({ bytes }: InboundFile): string => Buffer.from(bytes ?? []).toString();

/** The frames of a download: each piece of `sizes` bytes. */
function frames(sizes: readonly number[], { announced, total }: { announced?: number; total?: number } = {}) {
  const sum = sizes.reduce((a, b) => a + b, 0);
  return [
    { type: "stream", data_type: "file_info", file_name: "报告.pdf", file_size: announced ?? sum, chunk_size: 524_288 },
    ...sizes.map((size, index) => ({
      type: "stream",
      data_type: "file_chunk",
      index,
      data: Buffer.alloc(size, index + 1).toString("base64"),
      size,
    })),
    { type: "response", data_type: "file_complete", total_chunks: sizes.length, total_bytes: total ?? sum },
  ];
}

describe("F6: a file that somebody sent", () => {
  test("a picture has a fresh address by its key", async () => {
    calls.on("get_image", { data: { file: path, url, file_size: "3" } });
    expect(await open({ kind: "image", key: "ABC.png" })).toEqual({ url });
    expect(calls.seen[0]?.params).toEqual({ file: "ABC.png" });
  });

  test("a path of NapCat's own machine is no address: the bytes are read from it instead", async () => {
    calls.on("get_image", { data: { file: path, url: path, file_size: "6" } });
    calls.on("download_file_stream", { frames: frames([3, 3]) });
    const { bytes, url } = await open({ kind: "image", key: "ABC.png" });
    expect(url).toBeUndefined();
    expect([...(bytes ?? [])]).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test("a voice message comes as WAV, as it was made there", async () => {
    calls.on("get_record", { data: { file: path, url: path, file_size: "4", base64: base64("RIFF") } });
    expect(text(await open({ kind: "voice", key: "a.amr" }))).toBe("RIFF");
    expect(calls.seen[0]?.params).toEqual({ file: "a.amr", out_format: "wav" });
  });

  test("a voice message that cannot be converted there comes as it was recorded", async () => {
    calls.on("get_record", refused("media"));
    calls.on("download_file_stream", { frames: frames([9]) });
    expect((await open({ kind: "voice", key: "a.amr" })).bytes).toHaveLength(9);
  });

  test("a file has an address where the packet backend works, asked for by its chat", async () => {
    calls.on("get_private_file_url", { data: { url } });
    calls.on("get_group_file_url", { data: { url } });
    expect(await open({ kind: "file", key: "/u1" })).toEqual({ url });
    expect(await open({ kind: "file", key: "/u1", groupId: "30001" })).toEqual({ url });
    expect(calls.seen.map(({ params }) => params)).toEqual([{ file_id: "/u1" }, { group_id: 30001, file_id: "/u1" }]);
  });

  test("a file of 30 MB comes in pieces", async () => {
    calls.on("get_private_file_url", refused("unsupported"));
    calls.on("download_file_stream", { frames: frames(Array.from({ length: 60 }, () => MB / 2)) });
    const file = await open({ kind: "file", key: "/u1" });
    expect(file).toMatchObject({ name: "报告.pdf" });
    expect(file.bytes).toHaveLength(30 * MB);
    expect(calls.seen[1]?.params).toEqual({ file_id: "/u1", chunk_size: 524_288 });
  });

  test("a video comes in pieces; what has no pieces is asked for whole", async () => {
    software = "LLOneBot 5";
    calls.on("get_file", { data: { file: path, base64: base64("mp4"), file_size: "3" } });
    expect(text(await open({ kind: "video", key: "a.mp4" }))).toBe("mp4");
    expect(calls.seen.map(({ action }) => action)).toEqual(["get_file"]);
  });
});

describe("F6: what is too large for one base64 text", () => {
  // As WAV a voice message has some sixteen times the bytes.
  test.each([
    ["get_image", { kind: "image", key: "A.png", size: 8 * MB + 1 }],
    ["get_record", { kind: "voice", key: "a.amr", size: MB }],
    ["get_file", { kind: "video", key: "a.mp4", size: 9 * MB }],
  ] as const)("comes in pieces, without %s", async (action, attachment) => {
    calls.on("download_file_stream", { frames: frames([MB, MB]) }, refused("media"));
    expect((await open(attachment)).bytes).toHaveLength(2 * MB);
    await expect(open(attachment)).rejects.toMatchObject({ kind: "media" });
    expect(calls.of(action)).toEqual([]);
  });

  test("comes whole where there are no pieces, be that known or not", async () => {
    const picture = { kind: "image", key: "A.png", size: 9 * MB } as const;
    calls.on("download_file_stream", refused("unsupported"));
    calls.always("get_image", { data: { file: path, url } });
    expect(await open(picture)).toEqual({ url });
    software = "LLOneBot 5";
    expect(await open(picture)).toEqual({ url });
    expect(calls.seen.map(({ action }) => action)).toEqual(["download_file_stream", "get_image", "get_image"]);
  });

  test("up to that it is asked for whole", async () => {
    calls.on("get_image", { data: { file: path, url } });
    calls.on("get_record", { data: { base64: base64("RIFF") } });
    expect(await open({ kind: "image", key: "A.png", size: 8 * MB })).toEqual({ url });
    expect(text(await open({ kind: "voice", key: "a.amr", size: MB / 2 }))).toBe("RIFF");
  });
});

describe("F6: too large a file", () => {
  test.each<[string, { size?: number }, () => void]>([
    ["as the message says", { size: 11 }, () => undefined],
    ["as the first frame says", {}, () => calls.on("download_file_stream", { frames: frames([4], { announced: 11 }) })],
    ["as its pieces say", {}, () => calls.on("download_file_stream", { frames: frames([6, 6, 6], { announced: 3 }) })],
  ])("is refused %s", async (_, facts, script) => {
    script();
    await expect(open({ kind: "video", key: "a.mp4", ...facts }, 10)).rejects.toMatchObject({ code: "QQ_MEDIA" });
  });

  test("is refused as base64, by what it says and by what it is", async () => {
    calls.on("get_record", { data: { file_size: "11", base64: "" } }, { data: { base64: base64("x".repeat(20)) } });
    const voice = { kind: "voice", key: "a.amr" } as const;
    await expect(open(voice, 10)).rejects.toMatchObject({ code: "QQ_MEDIA" });
    await expect(open(voice, 10)).rejects.toMatchObject({ code: "QQ_MEDIA" });
  });
});

describe("F6: what does not come whole is an error", () => {
  test.each([
    ["a piece is missing", [...frames([3, 3]).slice(0, 1), ...frames([3, 3]).slice(2)]],
    ["pieces are in the wrong order", [0, 2, 1, 3].flatMap((at) => frames([3, 3])[at] ?? [])],
    ["the end is missing", frames([3, 3]).slice(0, -1)],
    ["fewer bytes than announced", frames([3], { announced: 6, total: 3 })],
  ])("%s", async (_, cut) => {
    calls.on("download_file_stream", { frames: cut });
    calls.on("get_file", refused("target"));
    await expect(open({ kind: "video", key: "a.mp4" })).rejects.toMatchObject({ kind: "target" });
  });

  test("nothing that could be asked is an error that says what to do", async () => {
    software = "SomethingElse 1.0";
    await expect(open({ kind: "video", key: "a.mp4" })).rejects.toMatchObject({ code: "QQ_MEDIA" });
    await expect(open({ kind: "video", url })).rejects.toMatchObject({ code: "QQ_MEDIA" });
  });
});
