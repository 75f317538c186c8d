import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { QQMediaError, type QQError } from "../../errors.ts";
import type { MediaFile, UploadedMedia } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import { computeFile } from "../testing/computed-file.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type Scripted } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import type { Transport } from "../transport.ts";
import { officialAbilities } from "./abilities.ts";
import { createOfficialApi } from "./api.ts";
import { digestFile } from "./file-digests.ts";
import { createTokenSource } from "./token.ts";

const MB = 1024 * 1024;
const account = { appId: "1", appSecret: "the-secret", apiBaseUrl: "https://api.bot.qq.com" };
const C2C = "POST /v2/users/U1/files";
const GROUP = "POST /v2/groups/G1/files";
const SEND = "POST /v2/users/U1/messages";
const person: Target = { kind: "c2c", userId: "U1" };
const group: Target = { kind: "group", groupId: "G1" };
const channel: Target = { kind: "channel", channelId: "C1" };
const taken = (info: string, ttl: unknown = 300): Scripted => ({
  json: { file_info: info, ...(ttl !== "none" && { ttl }), id: "", raw_url: "" },
});
const refused = (code: number, status = 400): Scripted => ({ status, json: { code, err_code: code, message: "no" } });

let clock: FakeClock;
let net: FakeNet;
let recorder: Recorder;
let line: Omit<Transport, "run">;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  recorder = createRecorder();
  const api = createOfficialApi(net, account, createTokenSource(net, account));
  line = officialAbilities({ outside: net, api, apiBaseUrl: account.apiBaseUrl, log: recorder.log });
  net.always("POST /app/getAppAccessToken", { json: { access_token: "t1", expires_in: "7200" } });
});
afterEach(() => net.verify());

/** The outcome of an upload, with the clock moved as far as its pauses may ask. */
async function upload(target: Target, file: MediaFile, signal?: AbortSignal): Promise<UploadedMedia | QQError> {
  const done = line.upload!(target, file, signal).catch((error: QQError) => error);
  await clock.advance(60_000);
  return await done;
}
const bodies = (call: string) => net.calls.filter((each) => each.call === call).map(({ body }) => body);
const hash = (name: string, of: Uint8Array): string => createHash(name).update(of).digest("hex");
const small = (kind: MediaFile["kind"] = "image", size = 1000) => computeFile(size, kind, `a.${kind}`);

describe("a small file", () => {
  test("F6: goes up in one call as base64, by its kind, and is not shown by it", async () => {
    net.on(C2C, taken("i1"), taken("i2"), taken("i3"), taken("i4"));
    for (const kind of ["image", "video", "voice", "file"] as const) await upload(person, small(kind));
    const file_data = Buffer.from(small().bytes()).toString("base64");
    const shown = { srv_send_msg: false, file_data };
    expect(bodies(C2C)).toEqual([
      { file_type: 1, ...shown },
      { file_type: 2, ...shown },
      { file_type: 3, ...shown },
      { file_type: 4, ...shown, file_name: "a.file" },
    ]);
  });

  test("F6: 5 MiB in one call, a byte more in parts", async () => {
    net.on(C2C, taken("i1"));
    expect(await upload(person, small("file", 5 * MB))).toEqual({ kind: "file", fileInfo: "i1" });
    net.on("POST /v2/users/U1/upload_prepare", { json: { upload_id: "u", parts: [] } });
    net.on(C2C, taken("i2"));
    expect(await upload(person, small("file", 5 * MB + 1))).toEqual({ kind: "file", fileInfo: "i2" });
    expect(bodies(C2C)[1]).toMatchObject({ upload_id: "u" });
  });

  test("goes up in parts where a proxy finds the call too large", async () => {
    net.on(C2C, { status: 413, html: "<html>" }, taken("i1"));
    net.on("POST /v2/users/U1/upload_prepare", { json: { upload_id: "u", parts: [] } });
    expect(await upload(person, small())).toEqual({ kind: "image", fileInfo: "i1" });
  });
});

describe("what cannot be sent", () => {
  test.each(["image", "video", "voice", "file"] as const)("F6: a %s of 250 MB is refused unread", async (kind) => {
    const file = computeFile(250 * MB, kind);
    const error = await upload(person, file);
    expect(error).toBeInstanceOf(QQMediaError);
    expect(error).toMatchObject({ retry: "never", message: expect.stringMatching(/250 MB.*200 MB.*link/) });
    expect(file.reads).toEqual([]);
    expect(net.calls).toEqual([]);
  });

  test("an empty file", async () => {
    expect(await upload(person, small("file", 0))).toBeInstanceOf(QQMediaError);
  });

  test("a file that is shorter than it said, or gone", async () => {
    const file = small();
    const shorter = { ...file, read: async () => new Uint8Array(10) };
    const gone = { ...file, read: async () => Promise.reject(new Error("ENOENT: /home/secret/path")) };
    for (const bad of [shorter, gone]) {
      const error = await upload(person, bad);
      expect(error).toBeInstanceOf(QQMediaError);
      expect((error as Error).message).not.toContain("/home");
    }
  });

  test("F6: above the soft limit it goes as a file with its name, as QQ would show it anyway", async () => {
    net.on("POST /v2/users/U1/upload_prepare", { json: { upload_id: "u", parts: [] } });
    net.on(C2C, taken("i1"));
    expect(await upload(person, small("image", 21 * MB))).toEqual({ kind: "file", fileInfo: "i1" });
    expect(bodies(C2C)[0]).toMatchObject({ file_type: 4, file_name: "a.image" });
  });
});

describe("a format that QQ does not take", () => {
  test.each(["image", "video", "voice"] as const)("F6: a %s goes as a file then", async (kind) => {
    net.on(C2C, refused(850019), taken("i1"));
    expect(await upload(person, small(kind))).toEqual({ kind: "file", fileInfo: "i1" });
    expect(bodies(C2C)[1]).toMatchObject({ file_type: 4, file_name: `a.${kind}` });
    expect(recorder.lines).toEqual([expect.stringMatching(/^info .* goes as a file scene=users .*code 850019/)]);
  });

  test("a converted voice goes as what it was before; so does one that a group fails on", async () => {
    const original = computeFile(2000, "file", "song.mp3");
    const voice = { ...computeFile(1000, "voice", "song.silk"), original };
    net.on(C2C, refused(850019), taken("i1"));
    await upload(person, voice);
    net.on(GROUP, ...Array.from({ length: 3 }, () => refused(50015014, 500)), taken("i2"));
    expect(await upload(group, voice)).toEqual({ kind: "file", fileInfo: "i2" });
    const file_data = Buffer.from(original.bytes()).toString("base64");
    const asFile = { file_type: 4, srv_send_msg: false, file_name: "song.mp3", file_data };
    expect([bodies(C2C).at(-1), bodies(GROUP).at(-1)]).toEqual([asFile, asFile]);
  });

  test("a file is not tried again as a file, and other refusals are no matter of the kind", async () => {
    net.on(C2C, refused(850019), refused(850031));
    expect(await upload(person, small("file"))).toMatchObject({ kind: "media" });
    expect(await upload(person, small("image"))).toMatchObject({ refusal: { platformCode: 850031 } });
  });
});

describe("an upload that is known already", () => {
  test("F6: is used for everybody in chats of its kind until shortly before its end", async () => {
    net.on(C2C, taken("i1"), taken("i2"));
    const other: Target = { kind: "c2c", userId: "U2" };
    await line.upload!(person, small());
    await clock.advance(300_000 - 30_000 - 1);
    expect(await line.upload!(other, small())).toEqual({ kind: "image", fileInfo: "i1" });
    await clock.advance(1);
    expect(await line.upload!(person, small())).toEqual({ kind: "image", fileInfo: "i2" });
  });

  test("F6: not in the other kind of chat, of another kind, or with other bytes", async () => {
    net.on(C2C, taken("i1"), taken("i2"), taken("i3"));
    net.on(GROUP, taken("i4"));
    await upload(person, small());
    await upload(group, small());
    await upload(person, small("video"));
    await upload(person, { ...small(), read: async () => new Uint8Array(1000) });
    expect(bodies(C2C)).toHaveLength(3);
    expect(bodies(GROUP)).toHaveLength(1);
  });

  test("a file belongs to its name, a picture has none", async () => {
    net.on(C2C, taken("i1"), taken("i2"), taken("i3"));
    await upload(person, small("file"));
    expect(await upload(person, { ...small("file"), name: "b.txt" })).toMatchObject({ fileInfo: "i2" });
    await upload(person, small());
    expect(await upload(person, { ...small(), name: "b.png" })).toMatchObject({ fileInfo: "i3" });
  });

  test.each([
    ["0 is kept for a day", 0, 24 * 3_600_000 - 60_000],
    ["a week, too", 7 * 86_400, 24 * 3_600_000 - 60_000],
    ["30 s is not kept", "30", 0],
    ["none is not kept", "none", 0],
  ])("a ttl of %s", async (_, ttl, keptMs) => {
    net.on(C2C, taken("i1", ttl));
    await upload(person, small());
    if (keptMs > 0) {
      await clock.advance(keptMs - 60_000);
      expect(await upload(person, small())).toMatchObject({ fileInfo: "i1" });
      await clock.advance(60_000);
    }
    net.on(C2C, taken("i2"));
    expect(await upload(person, small())).toMatchObject({ fileInfo: "i2" });
  });

  test.each([304080, 304082, 304083])("F6: is forgotten when a send is refused with %i", async (code) => {
    net.on(C2C, taken("i1", 0), taken("i2", 0));
    const media = (await upload(person, small())) as UploadedMedia;
    net.on(SEND, refused(code));
    await expect(line.send(person, { content: { kind: "media", media } })).rejects.toMatchObject({ kind: "media" });
    expect(await upload(person, small())).toMatchObject({ fileInfo: "i2" });
  });

  test("and kept when it is refused for something else", async () => {
    net.on(C2C, taken("i1", 0));
    const media = (await upload(person, small())) as UploadedMedia;
    net.on(SEND, refused(40034128));
    await expect(line.send(person, { content: { kind: "media", media } })).rejects.toMatchObject({
      kind: "reply-window",
    });
    expect(await upload(person, small())).toMatchObject({ fileInfo: "i1" });
  });

  test("the oldest of more than 200 is let go", async () => {
    net.always(C2C, taken("i", 0));
    for (let size = 1; size <= 201; size++) await upload(person, small("image", size));
    await upload(person, small("image", 2));
    expect(bodies(C2C)).toHaveLength(201);
    await upload(person, small("image", 1));
    expect(bodies(C2C)).toHaveLength(202);
  });
});

describe("an abort", () => {
  test("ends the upload before it reads or calls anything more", async () => {
    const file = small("file", 3 * MB);
    const signal = AbortSignal.abort(new Error("stopped"));
    expect(await upload(person, file, signal)).toMatchObject({ code: "QQ_TRANSPORT", retry: "later" });
    expect(file.reads).toEqual([]);
    expect(net.calls).toEqual([]);
  });
});

describe("an abort between two parts", () => {
  test("is a QQError as well, and nothing more is asked", async () => {
    const stop = new AbortController();
    const parts = [1, 2].map((index) => ({ index, presigned_url: `https://cos.example/part/${index}` }));
    const toJSON = (): object => {
      stop.abort(new Error("stopped"));
      return {};
    };
    net.on("POST /v2/users/U1/upload_prepare", { json: { upload_id: "u", parts } });
    net.on("PUT /part/1", { html: "", status: 200 });
    net.on("POST /v2/users/U1/upload_part_finish", { json: { toJSON } });
    const error = await upload(person, small("file", 6 * MB), stop.signal);
    expect(error).toMatchObject({ code: "QQ_TRANSPORT", retry: "later" });
  });
});

describe("a guild chat", () => {
  test("F6: gets a picture along with the message", async () => {
    const file = small("image", 5000);
    const media = await upload(channel, file);
    expect(media).toEqual({ kind: "image", name: "a.image", bytes: file.bytes() });
    expect(net.calls).toEqual([]);
  });

  test.each([
    ["a file", small("file")],
    ["a voice", small("voice")],
    ["a picture of 11 MB", small("image", 11 * MB)],
  ])("F6: takes not %s: refused unread, with what to do", async (_, file) => {
    expect(await upload({ kind: "dm", guildId: "D1" }, file)).toMatchObject({
      code: "QQ_MEDIA",
      message: expect.stringMatching(/pictures of up to 10 MB.*link/),
    });
    expect(file.reads).toEqual([]);
  });
});

describe("digests", () => {
  test("are those of all bytes, and md5_10m that of the first 10 002 432", async () => {
    const file = computeFile(11 * MB + 7);
    const bytes = file.bytes();
    expect(await digestFile(file)).toEqual({
      md5: hash("md5", bytes),
      sha1: hash("sha1", bytes),
      md5Of10M: hash("md5", bytes.subarray(0, 10_002_432)),
    });
    expect(Math.max(...file.reads.map(([, length]) => length))).toBe(MB);
  });
});
