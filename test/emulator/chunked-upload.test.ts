import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { defaultSeed } from "../../emulator/seed.ts";
import { digest, mp4, png } from "./files.ts";
import { APP_ID, rawBot, type Answer, type RawBot } from "./raw-bot.ts";

const MB = 1024 * 1024;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;

interface Part {
  readonly index: number;
  readonly presigned_url: string;
  readonly block_size: string;
}

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
afterEach(() => emulator.close());

const start = async (options: EmulatorOptions = {}): Promise<void> => {
  clock = createManualClock();
  emulator = await createEmulator({ clock, ...options });
  raw = await rawBot(emulator);
};
const tenByteParts = { tune: { partBytes: 10, callRates: {} } };
const call = (name: string, body: object, by = raw): Promise<Answer> =>
  by.call("POST", by.paths.dm("lin").replace("messages", name), body);
const planOf = (bytes: Buffer, more: object = {}): object => ({
  file_type: 4,
  file_name: "数据.bin",
  file_size: String(bytes.length),
  md5: digest("md5", bytes),
  sha1: digest("sha1", bytes),
  md5_10m: digest("md5", bytes.subarray(0, 10_002_432)),
  ...more,
});
const prepare = async (bytes: Buffer, more: object = {}): Promise<{ id: string; parts: Part[] }> => {
  const { body } = await call("upload_prepare", planOf(bytes, more));
  return { id: String(body["upload_id"]), parts: body["parts"] as Part[] };
};
const put = (part: Part | undefined, bytes: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(part?.presigned_url ?? "", { method: "PUT", body: new Uint8Array(bytes), headers });
/** The bytes of each part, in order. */
const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
const finish = (upload_id: string, part_index: number, bytes: Buffer, more: object = {}): Promise<Answer> =>
  call("upload_part_finish", { upload_id, part_index, block_size: bytes.length, md5: digest("md5", bytes), ...more });
const bring = async ({ id, parts }: { id: string; parts: Part[] }, bytes: Buffer): Promise<void> => {
  const size = Number(parts[0]?.block_size);
  for (const [at, piece] of pieces(bytes, size).entries()) {
    expect((await put(parts[at], piece)).status).toBe(200);
    expect((await finish(id, at + 1, piece)).body).toEqual({});
  }
};
const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));

describe("a chunked upload", () => {
  test("is prepared, put, finished and completed; then it can be sent", async () => {
    await start(tenByteParts);
    const bytes = randomBytes(25);
    const prepared = await call("upload_prepare", planOf(bytes));
    const id = String(prepared.body["upload_id"]);
    expect(prepared.body).toEqual({
      upload_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      block_size: "10",
      parts: [1, 2, 3].map((index) => ({
        index,
        presigned_url: expect.stringMatching(`^${emulator.url}/_cos/${id}/${index}\\?sign=`),
        block_size: index === 3 ? "5" : "10",
      })),
      upload_config: { concurrency: 1, retry_timeout: 300, retry_delay: 1 },
    });
    await bring({ id, parts: prepared.body["parts"] as Part[] }, bytes);
    const done = await call("files", { file_type: 4, upload_id: id, srv_send_msg: false });
    expect(done.body).toMatchObject({ ttl: 300, id: "", raw_url: "", file_info: expect.any(String) });
    const media = { file_info: done.body["file_info"] };
    await raw.call("POST", raw.paths.dm("lin"), { msg_type: 7, media });
    expect(emulator.world.messages(dm).at(-1)?.media).toMatchObject({
      kind: "file",
      name: "数据.bin",
      size: 25,
      sha256: digest("sha256", bytes),
    });
  });

  test("takes parts in any order and twice, each with an ETag", async () => {
    await start(tenByteParts);
    const bytes = randomBytes(20);
    const [one = bytes, two = bytes] = pieces(bytes, 10);
    const { id, parts } = await prepare(bytes);
    await put(parts[1], randomBytes(10));
    for (const [part, piece] of [
      [parts[1], two],
      [parts[0], one],
      [parts[0], one],
    ] as const) {
      const answer = await put(part, piece);
      expect({ status: answer.status, etag: answer.headers.get("etag") }).toEqual({
        status: 200,
        etag: `"${digest("md5", piece)}"`,
      });
    }
    await finish(id, 2, two);
    await finish(id, 1, one);
    expect(outcome(await call("files", { upload_id: id }))).toBe("ok");
  });

  test("of an image answers where it can be had; a file does not", async () => {
    await start();
    const upload = await prepare(png, { file_type: 1 });
    await bring(upload, png);
    const url = String((await call("files", { upload_id: upload.id })).body["raw_url"]);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(png);
  });

  test("is of 5 MiB parts; of a large whole only size and digest are kept", async () => {
    await start({ tune: { callRates: {} } });
    const bytes = randomBytes(16 * MB);
    const { id, parts } = await prepare(bytes);
    expect(parts.map((part) => part.block_size)).toEqual(["5242880", "5242880", "5242880", "1048576"]);
    await bring({ id, parts }, bytes);
    const { body } = await call("files", { upload_id: id });
    await raw.call("POST", raw.paths.dm("lin"), { msg_type: 7, media: { file_info: body["file_info"] } });
    expect(emulator.world.messages(dm).at(-1)?.media).toMatchObject({
      size: bytes.length,
      sha256: digest("sha256", bytes),
      notKept: true,
    });
  });

  test("of bytes that the bot has brought before needs no parts", async () => {
    await start(tenByteParts);
    await call("files", { file_type: 2, file_data: mp4.toString("base64") });
    const { id, parts } = await prepare(mp4, { file_type: 2 });
    expect(parts).toEqual([]);
    expect(outcome(await call("files", { file_type: 2, upload_id: id }))).toBe("ok");
  });

  test("of bytes that only another bot has brought needs them", async () => {
    const other = { appId: "102000002", secret: "another-secret", name: "别的" };
    await start({ ...tenByteParts, seed: { ...defaultSeed, bots: [...defaultSeed.bots, other] } });
    await call("files", { file_type: 1, file_data: png.toString("base64") }, await rawBot(emulator, other));
    expect((await prepare(png)).parts).not.toEqual([]);
  });
});

describe("what a chunked upload refuses", () => {
  test.each([
    ["above the hard limit", { file_size: 200 * MB + 1 }, 850031],
    ["above what is left of the day", { file_size: 150 * MB }, 40093002],
    ["of nothing", { file_size: 0 }, 50035],
    ["without name", { file_name: "" }, 50035],
    ["with a digest that is none", { sha1: "x" }, 50035],
    ["of no type", { file_type: 0 }, 50035],
  ])("preparing %s", async (_, more, code) => {
    await start({ tune: { dayBytes: 100 * MB } });
    expect(outcome(await call("upload_prepare", planOf(png, more)))).toBe(code);
  });

  test("what is prepared counts for the day", async () => {
    await start({ tune: { dayBytes: 100 } });
    const outcomes = [];
    for (let n = 0; n < 3; n += 1) outcomes.push(outcome(await call("upload_prepare", planOf(randomBytes(40)))));
    expect(outcomes).toEqual(["ok", "ok", 40093002]);
  });

  test.each([
    ["with Authorization", (part: Part) => put(part, Buffer.alloc(10), { authorization: "QQBot x" }), 403],
    [
      "without the signature",
      (part: Part) => put({ ...part, presigned_url: part.presigned_url.replace(/\?.*/, "") }, Buffer.alloc(10)),
      403,
    ],
    [
      "of a part that is none",
      (part: Part) => put({ ...part, presigned_url: part.presigned_url.replace("/1?", "/9?") }, Buffer.alloc(10)),
      403,
    ],
    ["of too many bytes", (part: Part) => put(part, Buffer.alloc(11)), 400],
  ])("a PUT %s", async (_, send, status) => {
    await start(tenByteParts);
    const [part] = (await prepare(randomBytes(25))).parts;
    const answer = await send(part as Part);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain("<Error>");
  });

  test("a PUT after the address is over", async () => {
    await start(tenByteParts);
    const [part] = (await prepare(randomBytes(25))).parts;
    clock.advance(60 * 60_000);
    expect((await put(part, Buffer.alloc(10))).status).toBe(403);
  });

  test.each([
    ["that was not put", 2, {}],
    ["with another md5", 1, { md5: digest("md5", png) }],
    ["of another size", 1, { block_size: 9 }],
    ["that is none", 7, {}],
    ["of an upload that is none", 1, { upload_id: "x" }],
  ])("finishing a part %s", async (_, index, more) => {
    await start(tenByteParts);
    const bytes = randomBytes(20);
    const [piece = bytes] = pieces(bytes, 10);
    const { id, parts } = await prepare(bytes);
    await put(parts[0], piece);
    expect(outcome(await finish(id, index, piece, more))).toBe(40093001);
    expect(outcome(await finish(id, 1, piece))).toBe("ok");
  });

  test("finishing a part that is shorter than announced, though its finish says so", async () => {
    await start(tenByteParts);
    const { id, parts } = await prepare(randomBytes(20));
    const short = randomBytes(9);
    expect((await put(parts[0], short)).status).toBe(200);
    expect(outcome(await finish(id, 1, short))).toBe(40093001);
  });

  test("a finish for a group of an upload for a person", async () => {
    await start(tenByteParts);
    const bytes = randomBytes(5);
    const { id, parts } = await prepare(bytes);
    await put(parts[0], bytes);
    const body = { upload_id: id, part_index: 1, block_size: 5, md5: digest("md5", bytes) };
    const path = raw.paths.group("test-group").replace("messages", "upload_part_finish");
    expect(outcome(await raw.call("POST", path, body))).toBe(40093001);
  });

  test("completing before every part is finished, which can be made good", async () => {
    await start(tenByteParts);
    const bytes = randomBytes(20);
    const [one = bytes, two = bytes] = pieces(bytes, 10);
    const { id, parts } = await prepare(bytes);
    await put(parts[0], one);
    await finish(id, 1, one);
    await put(parts[1], two);
    expect(outcome(await call("files", { upload_id: id }))).toBe(40093001);
    await finish(id, 2, two);
    expect(outcome(await call("files", { upload_id: id }))).toBe("ok");
  });

  test.each(["md5", "sha1", "md5_10m"])("completing a file whose %s is another", async (name) => {
    await start(tenByteParts);
    const bytes = randomBytes(20);
    const wrong = digest(name === "sha1" ? "sha1" : "md5", png);
    const upload = await prepare(bytes, { [name]: wrong });
    await bring(upload, bytes);
    expect(outcome(await call("files", { upload_id: upload.id }))).toBe(40093001);
  });

  test("completing as an image what is none", async () => {
    await start(tenByteParts);
    const bytes = randomBytes(20);
    const upload = await prepare(bytes);
    await bring(upload, bytes);
    expect(outcome(await call("files", { file_type: 1, upload_id: upload.id }))).toBe(850019);
  });

  test("more than ten finishes a second", async () => {
    await start({ tune: { partBytes: 1 } });
    const bytes = randomBytes(12);
    const { id, parts } = await prepare(bytes);
    const outcomes = [];
    for (const [at, piece] of pieces(bytes, 1).entries()) {
      await put(parts[at], piece);
      outcomes.push(outcome(await finish(id, at + 1, piece)));
    }
    expect(outcomes.filter((each) => each === "ok")).toHaveLength(10);
    expect(outcomes.at(-1)).toBe(100001);
  });
});

describe("fail-parts", () => {
  test("every third PUT fails, by a cut connection and by HTTP 500 in turn, until reset", async () => {
    await start({ tune: { partBytes: 1, callRates: {} } });
    await emulator.control.call("fault", { do: "fail-parts", every: 3, call: "put" });
    const { parts } = await prepare(randomBytes(9));
    const seen = [];
    for (const part of parts) {
      seen.push(
        await put(part, Buffer.alloc(1)).then(
          ({ status }) => status,
          () => "cut",
        ),
      );
    }
    expect(seen).toEqual([200, 200, "cut", 200, 200, 500, 200, 200, "cut"]);
    emulator.reset();
    const [part] = (await prepare(randomBytes(3))).parts;
    for (let n = 0; n < 4; n += 1) expect((await put(part, Buffer.alloc(1))).status).toBe(200);
  });

  test("every second finish fails with 40093001, and the same again passes", async () => {
    await start(tenByteParts);
    await emulator.control.call("fault", { do: "fail-parts", every: 2, call: "finish" });
    const bytes = randomBytes(10);
    const { id, parts } = await prepare(bytes);
    await put(parts[0], bytes);
    const outcomes = [];
    for (let n = 0; n < 4; n += 1) outcomes.push(outcome(await finish(id, 1, bytes)));
    expect(outcomes).toEqual(["ok", 40093001, "ok", 40093001]);
    expect(outcome(await call("files", { upload_id: id }))).toBe("ok");
  });

  test("of every none is nonsense", async () => {
    await start();
    const fault = { do: "fail-parts", every: 0, call: "put" } as const;
    await expect(emulator.control.call("fault", fault)).rejects.toThrow("every");
  });
});

test("the wire log holds the size of parts, under the bot", async () => {
  await start(tenByteParts);
  const { parts } = await prepare(randomBytes(10));
  await put(parts[0], Buffer.from("0123456789"));
  const entry = emulator.wire().findLast(({ title }) => title.startsWith("PUT /_cos/"));
  expect(entry).toMatchObject({ bot: APP_ID, body: { request: "<10 bytes>" } });
});
