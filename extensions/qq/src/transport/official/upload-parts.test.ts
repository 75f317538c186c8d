import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { QQError } from "../../errors.ts";
import type { FileAnswer } from "../../protocol/official/messages.ts";
import { computeFile, type ComputedFile } from "../testing/computed-file.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type Scripted } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import { createOfficialApi } from "./api.ts";
import { digestFile } from "./file-digests.ts";
import { createTokenSource } from "./token.ts";
import { uploadInParts } from "./upload-parts.ts";

const account = { appId: "1", appSecret: "the-secret", apiBaseUrl: "https://api.bot.qq.com" };
const PREPARE = "POST /v2/users/U1/upload_prepare";
const FINISH = "POST /v2/users/U1/upload_part_finish";
const FILES = "POST /v2/users/U1/files";
const place = { scene: "users", openid: "U1" } as const;
const taken: Scripted = { json: { file_info: "info", ttl: 300 } };
const refused = (code: number, status = 400): Scripted => ({ status, json: { code, err_code: code, message: "no" } });

/** A plan of `count` parts of 100 bytes, numbered from `first`. */
const plan = (count: number, more: object = {}, first = 1) => ({
  upload_id: "up1",
  block_size: "100",
  parts: Array.from({ length: count }, (_, at) => ({
    index: first + at,
    presigned_url: `https://cos.example/part/${first + at}?sign=s3cret`,
  })),
  ...more,
});
const put = (index: number): string => `PUT /part/${index}`;

let clock: FakeClock;
let net: FakeNet;
let recorder: Recorder;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  recorder = createRecorder();
  net.always("POST /app/getAppAccessToken", { json: { access_token: "t1", expires_in: "7200" } });
});
afterEach(() => net.verify());

async function upload(
  file: ComputedFile,
  { ms = 3_600_000, signal, base = account.apiBaseUrl }: { ms?: number; signal?: AbortSignal; base?: string } = {},
): Promise<FileAnswer | QQError> {
  const api = createOfficialApi(net, account, createTokenSource(net, account));
  const digests = await digestFile(file);
  const context = { outside: net, api, apiBaseUrl: base, log: recorder.log };
  const done = uploadInParts(context, place, file, digests, signal).catch((error: QQError) => error);
  await clock.advance(ms);
  return await done;
}
const calls = (call: string) => net.calls.filter((each) => each.call === call);
const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

describe("a chunked upload", () => {
  test("F6: prepares, puts every part without the token, confirms it and finishes", async () => {
    const file = computeFile(250);
    net.on(PREPARE, { json: plan(3) });
    for (const index of [1, 2, 3]) net.on(put(index), { html: "", status: 200 });
    net.always(FINISH, { json: {} });
    net.on(FILES, taken);
    expect(await upload(file)).toEqual(taken.json);
    const bytes = file.bytes();
    expect(calls(PREPARE)[0]?.body).toEqual({
      file_type: 4,
      file_name: "数据.bin",
      file_size: 250,
      md5: md5(bytes),
      sha1: createHash("sha1").update(bytes).digest("hex"),
      md5_10m: md5(bytes),
    });
    const cut = [bytes.subarray(0, 100), bytes.subarray(100, 200), bytes.subarray(200, 250)];
    expect([1, 2, 3].map((index) => calls(put(index))[0]?.body)).toEqual(cut);
    expect(net.calls.filter(({ call }) => call.startsWith("PUT")).map(({ authorization }) => authorization)).toEqual([
      null,
      null,
      null,
    ]);
    expect(calls(FINISH).map(({ body }) => body)).toEqual(
      cut.map((part, at) => ({ upload_id: "up1", part_index: at + 1, block_size: part.length, md5: md5(part) })),
    );
    expect(calls(FILES)[0]?.body).toEqual({
      file_type: 4,
      srv_send_msg: false,
      file_name: "数据.bin",
      upload_id: "up1",
    });
  });

  test("F6: without parts the platform has the file already: nothing is put", async () => {
    net.on(PREPARE, { json: plan(0) });
    net.on(FILES, taken);
    expect(await upload(computeFile(250))).toEqual(taken.json);
    expect(net.calls).toHaveLength(3);
  });

  test("F6: one part in a hundred fails: each is tried again by itself, after the pause that QQ asks for", async () => {
    net.on(PREPARE, { json: plan(100, { upload_config: { retry_delay: 2 } }) });
    for (let index = 1; index <= 100; index++) {
      const failure: readonly Scripted[] =
        index === 40 ? [{ cut: "ECONNRESET" }] : index === 70 ? [{ html: "<x/>", status: 500 }] : [];
      net.on(put(index), ...failure, { html: "", status: 200 });
    }
    net.on(FINISH, ...Array.from({ length: 10 }, () => ({ json: {} })), refused(40093001));
    net.always(FINISH, { json: {} });
    net.on(FILES, taken);
    const file = computeFile(9_950);
    expect(await upload(file)).toEqual(taken.json);
    expect(calls(put(40)).map(({ at }) => at - (calls(put(40))[0]?.at ?? 0))).toEqual([0, 2000]);
    expect(calls(put(70))).toHaveLength(2);
    expect(calls(put(11))).toHaveLength(1);
    expect(calls(FINISH)).toHaveLength(101);
    // Digested in one piece, then every part once: a part that fails is not read again.
    expect(file.reads).toHaveLength(101);
  });

  test("bytes are sent again with every third confirmation that is refused", async () => {
    net.on(PREPARE, { json: plan(1) });
    net.always(put(1), { html: "", status: 200 });
    net.on(FINISH, ...Array.from({ length: 4 }, () => refused(40093001)), { json: {} });
    net.on(FILES, taken);
    expect(await upload(computeFile(90))).toEqual(taken.json);
    expect(calls(put(1))).toHaveLength(2);
  });

  test("F6: an upload that QQ has lost is begun anew, once", async () => {
    net.on(PREPARE, { json: plan(1, { upload_config: { retry_timeout: 3 } }) }, { json: plan(1) });
    net.always(put(1), { html: "", status: 200 });
    net.on(FINISH, ...Array.from({ length: 4 }, () => refused(40093001)), { json: {} });
    net.on(FILES, taken);
    expect(await upload(computeFile(90))).toEqual(taken.json);
    expect(calls(PREPARE)).toHaveLength(2);
    expect(recorder.lines).toEqual([expect.stringMatching(/^info upload begun anew size=90 .*code 40093001/)]);
  });

  test("the second loss is the end", async () => {
    net.always(PREPARE, { json: plan(1, { upload_config: { retry_timeout: 1 } }) });
    net.always(put(1), { html: "<Error/>", status: 403 });
    expect(await upload(computeFile(90))).toMatchObject({ code: "QQ_API", retry: "later", refusal: { status: 403 } });
    expect(calls(PREPARE)).toHaveLength(2);
    expect(calls(put(1))).toHaveLength(2);
  });

  test("F6: today's volume is used up: nothing is tried again, and the line says what to do", async () => {
    net.on(PREPARE, refused(40093002));
    expect(await upload(computeFile(90))).toMatchObject({
      kind: "quota",
      retry: "never",
      message: expect.stringMatching(/2 GB.*tomorrow/),
    });
  });

  test("a part that hangs is tried three times, whatever the time for all of it", async () => {
    net.on(PREPARE, { json: plan(1) });
    net.on(put(1), { silence: true }, { silence: true }, { silence: true });
    expect(await upload(computeFile(90))).toMatchObject({ code: "QQ_TRANSPORT", retry: "later" });
    expect(calls(put(1)).map(({ at }) => Math.round((at - (calls(put(1))[0]?.at ?? 0)) / 1000))).toEqual([0, 301, 602]);
  });

  test("an abort ends it: no further call, no sleeper", async () => {
    const stop = new AbortController();
    net.on(PREPARE, { json: plan(5) });
    net.on(put(1), { silence: true });
    const done = upload(computeFile(450), { ms: 1000, signal: stop.signal });
    await clock.settle();
    stop.abort(new Error("stopped"));
    expect(await done).toMatchObject({ code: "QQ_TRANSPORT" });
    expect(clock.sleepers).toBe(0);
    expect(calls(put(2))).toHaveLength(0);
  });

  test("an error names neither the signed address nor the file", async () => {
    net.on(PREPARE, { json: plan(1, { upload_config: { retry_timeout: 1 } }) });
    net.always(put(1), { cut: "ECONNRESET" });
    const error = await upload(computeFile(90));
    expect(error).toMatchObject({ message: expect.stringMatching(/ECONNRESET/) });
    expect(JSON.stringify(error) + (error as Error).message).not.toMatch(/s3cret|cos\.example|数据/);
  });

  test("parts go nowhere without TLS, but with a base that has none", async () => {
    const part = { index: 1, presigned_url: "http://127.0.0.1:9/part/1" };
    net.on(PREPARE, { json: { ...plan(0), parts: [part] } });
    expect(await upload(computeFile(90))).toMatchObject({ code: "QQ_PROTOCOL", message: expect.stringMatching(/TLS/) });
    net.on(PREPARE, { json: { ...plan(0), parts: [part] } });
    net.on(put(1), { html: "", status: 200 });
    net.on(FINISH, { json: {} });
    net.on(FILES, taken);
    expect(await upload(computeFile(90), { base: "http://127.0.0.1:9" })).toEqual(taken.json);
  });

  test("as many parts at a time as QQ says, and no more blocks in memory", async () => {
    net.on(PREPARE, { json: plan(6, { upload_config: { concurrency: "3" } }) });
    for (let index = 1; index <= 6; index++) net.always(put(index), { silence: true });
    const file = computeFile(600);
    const stop = new AbortController();
    const done = upload(file, { ms: 0, signal: stop.signal });
    await clock.settle();
    expect(net.calls.filter(({ call }) => call.startsWith("PUT"))).toHaveLength(3);
    expect(file.reads.slice(1).map(([start]) => start)).toEqual([0, 100, 200]);
    stop.abort();
    await done;
  });
});
