import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { QQError } from "../../errors.ts";
import type { MediaFile } from "../../message/outbound.ts";
import { computeFile } from "../testing/computed-file.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet } from "../testing/fake-net.ts";
import { createFakeOneBotCalls, refused, unconfirmed, type FakeOneBotCalls } from "../testing/fake-onebot-calls.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import type { SourceMedia } from "./media-out.ts";
import { createOneBotSending, type OneBotSending } from "./sending.ts";

const MB = 1024 * 1024;
const LIMIT = 8 * MB;
const group = { kind: "group", groupId: "30001" } as const;
const PATH = "/app/.config/QQ/NapCat/temp/x.bin";

let clock: FakeClock;
let calls: FakeOneBotCalls;
let seen: Recorder;
let software: string;
let sending: OneBotSending;
beforeEach(() => {
  clock = createFakeClock();
  calls = createFakeOneBotCalls(clock);
  seen = createRecorder();
  software = "NapCat.Onebot 4.18.19";
  const access = {
    accepts: false,
    connectionTimeoutMs: 1,
    reconnectIntervalMs: 1,
    base64MaxBytes: LIMIT,
    sendGapMs: 0,
  };
  const self = () => ({ id: "10001", name: "Bot", software });
  sending = createOneBotSending({
    calls,
    access,
    outside: createFakeNet(clock),
    log: seen.log,
    self,
    openings: () => 0,
    isSent: () => false,
  });
});
afterEach(() => {
  calls.verify();
  expect(clock.sleepers).toBe(0);
});

async function upload(file: MediaFile, ms = 0, signal?: AbortSignal): Promise<SourceMedia & QQError> {
  const done = sending.upload(group, file, signal).catch((error: unknown) => error);
  await clock.advance(ms);
  // Either of the two: the test says which.
  return (await done) as SourceMedia & QQError;
}

/** NapCat's end of an upload: it keeps what comes, in whatever order, and answers as NapCat does. */
function takeUploads({ lose = () => false, afterMs = 0 }: { lose?: (step: Step) => boolean; afterMs?: number } = {}) {
  const streams = new Map<string, { pieces: Map<number, Buffer>; total: number; sha256: string }>();
  const files: Buffer[] = [];
  calls.always("upload_file_stream", (params) => {
    // What the transport calls the action with; the fake has looked at nothing yet.
    const step = params as Step;
    if (lose(step)) return unconfirmed();
    if (step.is_complete) {
      const stream = streams.get(step.stream_id);
      const pieces = Array.from({ length: stream?.total ?? 1 }, (_, at) => stream?.pieces.get(at));
      if (!stream || pieces.includes(undefined)) return refused("media", { retry: "later" });
      const whole = Buffer.concat(pieces.flatMap((piece) => piece ?? []));
      if (createHash("sha256").update(whole).digest("hex") !== stream.sha256) return refused("media");
      files.push(whole);
      return { data: { type: "response", status: "file_complete", file_path: PATH, file_size: whole.length } };
    }
    const stream = streams.get(step.stream_id) ?? {
      pieces: new Map<number, Buffer>(),
      total: step.total_chunks,
      sha256: step.expected_sha256,
    };
    streams.set(step.stream_id, stream);
    stream.pieces.set(step.chunk_index, Buffer.from(step.chunk_data, "base64"));
    return { data: { type: "stream", status: "chunk_received" }, afterMs };
  });
  return { files, streams };
}

interface Step {
  readonly stream_id: string;
  readonly is_complete?: true;
  readonly total_chunks: number;
  readonly expected_sha256: string;
  readonly chunk_data: string;
  readonly chunk_index: number;
  readonly filename: string;
}

describe("F6: a file on its way out", () => {
  test("goes as base64 up to the limit", async () => {
    const file = computeFile(LIMIT, "image", "a.png");
    const media = await upload(file);
    expect(media).toMatchObject({ kind: "image", name: "a.png", size: LIMIT });
    expect(media.source.slice(0, 9)).toBe("base64://");
    expect(Buffer.from(media.source.slice(9), "base64").equals(file.bytes())).toBe(true);
    expect(calls.seen).toEqual([]);
  });

  test("of 30 MB goes in pieces, and no more than a few of them are in memory", async () => {
    const napCat = takeUploads({ afterMs: 100 });
    const file = computeFile(30 * MB + 5, "file", "../报告 final.PDF");
    const media = await upload(file, 10_000);
    expect(media).toEqual({ kind: "file", name: "../报告 final.PDF", size: 30 * MB + 5, source: PATH });
    expect(napCat.files).toHaveLength(1);
    expect(napCat.files[0]?.equals(file.bytes())).toBe(true);
    const longest = Math.max(...file.reads.map(([, length]) => length));
    expect(longest).toBeLessThanOrEqual(512 * 1024);
    // The first opens the upload, three at a time follow, and the last call ends it.
    expect(calls.seen.map(({ at }) => (at - FAKE_NOW) / 100)).toEqual([
      0,
      ...Array.from({ length: 60 }, (_, at) => Math.floor(at / 3) + 1),
      21,
    ]);
    const [first] = calls.seen;
    expect(first?.params).toMatchObject({ total_chunks: 61, file_size: 30 * MB + 5, chunk_index: 0 });
    expect(first?.params).toMatchObject({ filename: expect.stringMatching(/^[0-9a-f-]{36}\.pdf$/) });
    expect(calls.seen.at(-1)?.params).toEqual({ stream_id: expect.any(String), is_complete: true });
    // In no call more base64 than a piece has.
    const longestCall = Math.max(...calls.seen.map(({ params }) => JSON.stringify(params).length));
    expect(longestCall).toBeLessThan(MB);
  });

  test("a piece without an answer is sent again, and only that", async () => {
    let lost = 0;
    const napCat = takeUploads({ lose: (step) => step.chunk_index === 3 && lost++ < 2 });
    expect(await upload(computeFile(9 * MB), 10_000)).toMatchObject({ source: PATH });
    expect(calls.seen).toHaveLength(18 + 2 + 1);
    expect(napCat.streams.size).toBe(1);
  });

  test("an upload that was lost on the way is begun anew, once", async () => {
    const napCat = takeUploads({
      lose: (step) => {
        // A restart forgets the pieces so far.
        if (step.chunk_index === 9 && napCat.streams.size === 1 && !isRestarted) {
          isRestarted = true;
          napCat.streams.get(step.stream_id)?.pieces.clear();
        }
        return false;
      },
    });
    let isRestarted = false;
    expect(await upload(computeFile(9 * MB), 10_000)).toMatchObject({ source: PATH });
    expect(napCat.streams.size).toBe(2);
    expect(seen.lines).toEqual([expect.stringMatching(/^info upload begun anew size=/)]);
  });

  test("an upload that fails for good is an error", async () => {
    takeUploads({ lose: (step) => step.chunk_index === 1 });
    expect(await upload(computeFile(9 * MB), 60_000)).toMatchObject({ code: "QQ_TRANSPORT" });
  });

  test("what is given up stops", async () => {
    const stop = new AbortController();
    takeUploads({ lose: () => true });
    const done = upload(computeFile(9 * MB), 0, stop.signal);
    stop.abort();
    expect(await done).toMatchObject({ code: "QQ_TRANSPORT" });
    expect(calls.seen.length).toBeLessThanOrEqual(1);
  });

  test("G4: goes by its bytes though it has an address, which another may have come to answer at by now", async () => {
    const napCat = takeUploads();
    const address = "https://example.com/a.mp4";
    expect(await upload({ ...computeFile(10, "image", "a.png"), address })).toMatchObject({
      source: expect.stringMatching(/^base64:/) as unknown,
    });
    expect(await upload({ ...computeFile(9 * MB, "video", "a.mp4"), address })).toMatchObject({ source: PATH });
    expect(napCat.files).toHaveLength(1);
  });

  test("with an address that is too large for base64 is fetched by an implementation that takes no uploads", async () => {
    calls.on("upload_file_stream", refused("unsupported"));
    const file = { ...computeFile(9 * MB, "video", "a.mp4"), address: "https://example.com/a.mp4" };
    const media = await upload(file);
    expect(media.source).toBe("https://example.com/a.mp4");
    calls.on("send_group_msg", { data: { message_id: 1 } });
    await sending.send(group, { content: { kind: "media", media } });
    // 10 s and the time for 9 MB twice: to fetch it, and to hand it to QQ.
    expect(calls.of("send_group_msg")[0]?.timeoutMs).toBe(2 * (10_000 + 36_000) + 15_000);
  });

  test("F9: one that may have been shown all the same is not handed over again", async () => {
    const napCat = takeUploads();
    const media = await upload(computeFile(9 * MB, "video", "a.mp4"));
    calls.on("send_group_msg", refused("media", { mayHaveArrived: true }));
    calls.always("get_group_msg_history", refused("unsupported"));
    const sent = sending.send(group, { content: { kind: "media", media } }).catch((error: unknown) => error);
    await clock.advance(60_000);
    expect(await sent).toMatchObject({ mayHaveArrived: true });
    expect(napCat.files).toHaveLength(1);
  });

  test("one that NapCat has deleted by now is uploaded again before it is shown", async () => {
    const napCat = takeUploads();
    const media = await upload(computeFile(9 * MB, "video", "a.mp4"));
    await clock.advance(9.5 * 60_000);
    calls.on("send_group_msg", { data: { message_id: 2 } });
    await sending.send(group, { content: { kind: "media", media } });
    expect(napCat.files).toHaveLength(2);
  });

  test("no way to get it there is an error that says what to do, and is asked for once", async () => {
    calls.on("upload_file_stream", refused("unsupported"));
    for (let tries = 0; tries < 2; tries++) {
      expect(await upload(computeFile(9 * MB))).toMatchObject({
        code: "QQ_MEDIA",
        message: expect.stringContaining("base64MaxMb 8"),
      });
    }
    expect(calls.seen).toHaveLength(1);
  });

  test("an implementation that is known to have no uploads is not asked", async () => {
    software = "go-cqhttp v1.2.0";
    expect(await upload(computeFile(9 * MB))).toMatchObject({ code: "QQ_MEDIA" });
    software = "SomethingElse 1.0";
    expect(await upload(computeFile(10))).toMatchObject({
      code: "QQ_MEDIA",
      message: expect.stringContaining("sends no files"),
    });
    expect(calls.seen).toEqual([]);
  });

  test("an empty one is refused, and a video of more than 100 MB goes as a file", async () => {
    takeUploads();
    expect(await upload(computeFile(0))).toMatchObject({ code: "QQ_MEDIA" });
    const media = await upload({ ...computeFile(101 * MB, "video", "a.mp4"), address: "https://example.com/a.mp4" });
    expect(media).toMatchObject({ kind: "file", name: "a.mp4" });
  });

  test("one that was uploaded for an official bot cannot go out here", async () => {
    const media = { kind: "image", fileInfo: "info" } as const;
    await expect(sending.send(group, { content: { kind: "media", media } })).rejects.toMatchObject({
      code: "QQ_PROTOCOL",
    });
  });
});
