import { describe, expect, it } from "vitest";
import { digest, mp4, png, silk, wav } from "../../../test/emulator/files.ts";
import { dm, group, openNapcat, segmentOf, type Frame } from "./testing/napcat-stage.ts";

const TEMP = "/app/.config/QQ/NapCat/temp";
const HOUR = 60 * 60_000;
const picture = { kind: "image", name: "红.png", bytes: png } as const;
const document = { kind: "file", name: "报告.txt", bytes: Buffer.from("quarterly figures") } as const;
const noBackend = { status: "failed", retcode: 400, message: expect.stringMatching(/^packetBackend不可用/) as string };

const bytesAt = async (url: unknown): Promise<Buffer> => Buffer.from(await (await fetch(String(url))).arrayBuffer());
const ids = ({ data }: ReturnType<typeof segmentOf>): string => String(data["file_id"] ?? data["file"]);

describe("files that people send (4.5)", () => {
  it("tells a picture by the MD5 of its bytes, and its size as a string", async () => {
    await using napcat = await openNapcat();
    const [event] = await napcat.sendFile(dm, picture);
    const { type, data } = segmentOf(event);
    const file = `${digest("md5", png).toUpperCase()}.png`;
    expect({ type, data }).toEqual({
      type: "image",
      data: {
        summary: "",
        file,
        sub_type: 0,
        url: expect.stringContaining("/_qq/download?") as string,
        file_size: `${png.length}`,
      },
    });
    expect(new URL(String(data["url"])).origin).toBe(napcat.httpUrl);
    expect(await bytesAt(data["url"])).toEqual(png);
  });

  it("tells voice as SILK with a path of another machine, videos with an address, files with an id", async () => {
    await using napcat = await openNapcat();
    const [voice] = await napcat.sendFile(dm, { kind: "voice", name: "a.silk", bytes: silk });
    const record = segmentOf(voice);
    const name = `${digest("md5", silk)}.amr`;
    expect(record).toMatchObject({
      type: "record",
      data: { file: name, path: `${TEMP}/${name}`, file_size: `${silk.length}` },
    });
    expect(await bytesAt(record.data["url"])).toEqual(silk);
    const [film] = await napcat.sendFile(dm, { kind: "video", name: "a.mp4", bytes: mp4 });
    expect(segmentOf(film)).toMatchObject({ type: "video", data: { file: `${digest("md5", mp4)}.mp4` } });
    const [text] = await napcat.sendFile(dm, document);
    const { type, data } = segmentOf(text);
    expect([type, data["file"], data["file_size"]]).toEqual(["file", "报告.txt", "17"]);
    expect(data["file_id"]).toMatch(/^\/[0-9a-f-]{36}$/);
    expect(await bytesAt(data["url"])).toEqual(document.bytes);
  });

  it("tells files of groups twice, by two ids that both work (10.26)", async () => {
    await using napcat = await openNapcat();
    const events = await napcat.sendFile(group, document);
    const message = events.find((event) => event["post_type"] === "message");
    const notice = events.find((event) => event["notice_type"] === "group_upload");
    const upload = notice?.["file"] as Record<string, unknown>;
    expect(upload).toEqual({ id: expect.any(String) as string, name: "报告.txt", size: 17, busid: 102 });
    const fileId = ids(segmentOf(message));
    expect(upload["id"]).not.toBe(fileId);
    for (const file_id of [fileId, upload["id"]]) {
      expect(await napcat.call("get_file", { file_id })).toMatchObject({ data: { file_name: "报告.txt" } });
    }
  });

  it("has addresses for two hours, and then others (8.1)", async () => {
    await using napcat = await openNapcat();
    const [event] = await napcat.sendFile(dm, picture);
    const { url, file } = segmentOf(event).data;
    napcat.clock.advance(2 * HOUR - 1);
    expect((await fetch(String(url))).status).toBe(200);
    napcat.clock.advance(1);
    const gone = await fetch(String(url));
    expect([gone.status, await gone.text()]).toEqual([400, expect.stringContaining("download url has expired")]);
    const { data } = await napcat.call("get_image", { file });
    expect(await bytesAt(data?.["url"])).toEqual(png);
  });

  it("forgets its keys with a restart, but not QQ its addresses (10.20)", async () => {
    await using napcat = await openNapcat();
    const [event] = await napcat.sendFile(dm, picture);
    const { url, file } = segmentOf(event).data;
    await napcat.emulator.control.call("fault", { do: "napcat", account: dm.bot, what: "restart" });
    expect(await napcat.call("get_image", { file })).toMatchObject({
      retcode: 200,
      message: "file not found",
      data: null,
    });
    expect(await bytesAt(url)).toEqual(png);
  });

  it("has no address in voice and files without the packet backend (10.40)", async () => {
    await using napcat = await openNapcat({ packetBackend: false });
    const [voice] = await napcat.sendFile(dm, { kind: "voice", name: "a.silk", bytes: silk });
    const [text] = await napcat.sendFile(dm, document);
    const [image] = await napcat.sendFile(dm, picture);
    expect(segmentOf(voice).data).not.toHaveProperty("url");
    expect(segmentOf(text).data).not.toHaveProperty("url");
    expect(segmentOf(image).data).toHaveProperty("url");
    const file_id = ids(segmentOf(text));
    expect(await napcat.call("get_private_file_url", { file_id })).toMatchObject(noBackend);
    expect(await napcat.call("get_group_file_url", { group_id: 1, file_id })).toMatchObject(noBackend);
    expect((await napcat.call("get_file", { file_id })).data).toMatchObject({ file_size: "17" });
  });
});

describe("actions on files (6.5)", () => {
  it("gives paths, addresses of pictures, and base64 where it is set so", async () => {
    await using napcat = await openNapcat();
    const key = segmentOf((await napcat.sendFile(dm, picture))[0]).data["file"];
    const plain = await napcat.call("get_image", { file: key });
    expect(plain.data).toEqual({
      file: `${TEMP}/${key}`,
      url: expect.stringContaining(napcat.httpUrl) as string,
      file_size: String(png.length),
      file_name: key,
    });
    const file_id = ids(segmentOf((await napcat.sendFile(dm, document))[0]));
    const { data } = await napcat.call("get_file", { file_id });
    expect(data).toMatchObject({ file: `${TEMP}/报告.txt`, url: `${TEMP}/报告.txt` });
    await napcat.emulator.control.call("napcat", { account: dm.bot, settings: { enableLocalFile2Url: true } });
    const rich = await napcat.call("get_file", { file_id });
    expect(rich.data?.["base64"]).toBe(document.bytes.toString("base64"));
  });

  it("converts voice, always with base64", async () => {
    await using napcat = await openNapcat();
    const { file } = segmentOf((await napcat.sendFile(dm, { kind: "voice", name: "a.wav", bytes: wav }))[0]).data;
    const { data } = await napcat.call("get_record", { file, out_format: "wav" });
    expect(Buffer.from(String(data?.["base64"]), "base64")).toEqual(wav);
    expect(await napcat.call("get_record", { file, out_format: "aiff" })).toMatchObject({
      retcode: 200,
      message: "转换失败 out_format 字段可能格式不正确",
    });
    expect(await napcat.call("get_record", { file })).toMatchObject({
      retcode: 400,
      message: "Schema compilation error: Expected required property",
    });
  });

  it("reads voice, as QQ hears it", async () => {
    await using napcat = await openNapcat();
    const [event] = await napcat.sendFile(dm, { kind: "voice", name: "a.wav", bytes: wav, transcript: "几点？" });
    const heard = await napcat.call("fetch_ptt_text", { message_id: event?.["message_id"] });
    expect(heard.data).toEqual({ text: "几点？" });
    expect((await napcat.call("fetch_ptt_text", { message_id: 1 })).message).toBe("消息不存在");
  });

  it("gives addresses of chat files, and knows no others", async () => {
    await using napcat = await openNapcat();
    const file_id = ids(segmentOf((await napcat.sendFile(dm, document))[0]));
    for (const [action, more] of [
      ["get_private_file_url", {}],
      ["get_group_file_url", { group_id: 1 }],
    ] as const) {
      const { data } = await napcat.call(action, { ...more, file_id });
      expect(await bytesAt(data?.["url"])).toEqual(document.bytes);
      expect(await napcat.call(action, { ...more, file_id: "/x" })).toMatchObject({
        retcode: 200,
        message: "real fileUUID not found!",
      });
    }
  });

  it.each(["get_file", "get_image"])("%s does not know an address or a foreign key", async (action) => {
    await using napcat = await openNapcat();
    for (const file of ["https://example.com/a.png", "ABC.png"]) {
      expect(await napcat.call(action, { file })).toMatchObject({ retcode: 200, message: "file not found" });
    }
  });
});

const dataOf = (frames: readonly Frame[]): (Frame["data"] | undefined)[] => frames.map(({ data }) => data);

describe("download streams (8.4)", () => {
  it("send a file in chunks, each frame with the same echo", async () => {
    await using napcat = await openNapcat();
    const file_id = ids(segmentOf((await napcat.sendFile(dm, document))[0]));
    const frames = await napcat.stream("download_file_stream", { file_id, chunk_size: 7 });
    expect(frames.every(({ status, stream }) => status === "ok" && stream === "stream-action")).toBe(true);
    const [info, first, second, third, end] = dataOf(frames);
    expect(info).toEqual({
      type: "stream",
      data_type: "file_info",
      file_name: "报告.txt",
      file_size: 17,
      chunk_size: 7,
    });
    const base = { type: "stream", data_type: "file_chunk" };
    expect(first).toEqual({ ...base, index: 0, data: btoa("quarter"), size: 7, progress: 41, base64_size: 12 });
    expect(second).toMatchObject({ index: 1, size: 7, progress: 82 });
    expect(third).toMatchObject({ index: 2, size: 3, progress: 100 });
    expect(end).toEqual({
      type: "response",
      data_type: "file_complete",
      total_chunks: 3,
      total_bytes: 17,
      message: "Download completed",
    });
  });

  it("tell the size of a picture and the format of voice", async () => {
    await using napcat = await openNapcat();
    const image = segmentOf((await napcat.sendFile(dm, picture))[0]).data["file"];
    const [info] = dataOf(await napcat.stream("download_file_image_stream", { file: image }));
    expect(info).toMatchObject({ width: 1, height: 1, chunk_size: 65_536 });
    const voice = segmentOf((await napcat.sendFile(dm, { kind: "voice", name: "a.wav", bytes: wav }))[0]).data["file"];
    const frames = dataOf(await napcat.stream("download_file_record_stream", { file: voice, out_format: "wav" }));
    expect(frames[0]).toMatchObject({ out_format: "wav", file_size: wav.length });
    expect(Buffer.from(String(frames[1]?.["data"]), "base64")).toEqual(wav);
  });

  it("say that they failed, and why", async () => {
    await using napcat = await openNapcat();
    const [frame] = await napcat.stream("download_file_stream", { file: "https://example.com/a" });
    expect(frame).toMatchObject({
      status: "failed",
      retcode: 1200,
      data: { type: "error", data_type: "error" },
      message: "Download failed: file not found",
      stream: "stream-action",
    });
  });

  it("are separated by empty lines over HTTP, without a content type (1.3)", async () => {
    await using napcat = await openNapcat();
    const file_id = ids(segmentOf((await napcat.sendFile(dm, document))[0]));
    const response = await fetch(`${napcat.httpUrl}/download_file_stream?file_id=${encodeURIComponent(file_id)}`);
    expect(response.headers.get("content-type")).toBeNull();
    const text = await response.text();
    expect(text.endsWith("\r\n\r\n")).toBe(true);
    const frames = text.split("\r\n\r\n").filter((part) => part !== "");
    expect(frames.map((frame) => (JSON.parse(frame) as Frame).data?.["data_type"])).toEqual([
      "file_info",
      "file_chunk",
      "file_complete",
    ]);
  });
});
