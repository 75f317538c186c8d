import { beforeEach, describe, expect, it } from "vitest";
import { QQApiError, QQTransportError } from "../../errors.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import type { Socket } from "../socket.ts";
import { createHttpRoad, UnreachedError } from "./http-road.ts";
import { createLineCalls } from "./line-calls.ts";
import { createSocketRoad, type SocketRoad } from "./socket-road.ts";

const HTTP = { httpUrl: "http://127.0.0.1:3000/", accessToken: "the-secret" };
const LIKE = "POST /send_like";

let clock: FakeClock;
let net: FakeNet;
let seen: Recorder;
/** What went out over the socket. */
let sent: { action: string; params: unknown; echo: string }[];
let road: SocketRoad;
let socket: Socket & { ended?: boolean };

beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  seen = createRecorder();
  sent = [];
  socket = {
    next: async () => undefined,
    send: (text) => void sent.push(JSON.parse(text) as (typeof sent)[number]),
    abandon: () => undefined,
    get end() {
      return socket.ended ? { code: 1006, why: "gone" } : undefined;
    },
  };
  road = createSocketRoad(clock, socket);
});

const ok = (data: unknown) => ({ json: { status: "ok", retcode: 0, data, message: "", wording: "", echo: "r4nd" } });
const overHttp = () => createLineCalls({ http: createHttpRoad(net, HTTP), socket: () => undefined, log: seen.log });
const overSocket = () => createLineCalls({ http: undefined, socket: () => road, log: seen.log });
const overBoth = () => createLineCalls({ http: createHttpRoad(net, HTTP), socket: () => road, log: seen.log });

function reply(index: number, more: object = {}): boolean {
  const echo = sent[index]?.echo;
  return road.answered({ kind: "reply", echo, retcode: 0, data: null, text: "", more: false, ...more });
}

/** One of the frames of an answer in several. */
function frame(data: object): string {
  return JSON.stringify({ status: "ok", retcode: 0, data, message: "", wording: "", stream: "stream-action" });
}

/** What a promise rejects with. */
async function caught(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("C4: a call over HTTP", () => {
  it("carries the token, and JSON in ASCII alone", async () => {
    net.on("POST /set_friend_add_request", ok(undefined));
    await overHttp().call("set_friend_add_request", { flag: "1", approve: true, remark: "李华" });
    expect(net.calls[0]).toMatchObject({
      url: "http://127.0.0.1:3000/set_friend_add_request",
      authorization: "Bearer the-secret",
      body: { flag: "1", approve: true, remark: "李华" },
    });
  });

  it("gives the data, with ids as strings", async () => {
    net.on("POST /get_login_info", ok({ user_id: 10001, nickname: "Bot" }));
    expect(await overHttp().call("get_login_info", {})).toMatchObject({ user_id: "10001", nickname: "Bot" });
  });

  it.each([
    [
      "refused with its meaning",
      { json: { retcode: 200, data: null, message: "点赞失败 今日已达上限" } },
      "quota",
      200,
    ],
    [
      "with a wrong token names accessToken",
      { html: '{"message":"token verify failed!"}', status: 403 },
      "token",
      1403,
    ],
    [
      "that the implementation has not",
      { json: { retcode: 404, data: null, message: "" }, status: 404 },
      "unsupported",
      404,
    ],
    ["not read as JSON", { html: "Invalid JSON", status: 400 }, "bug", 400],
  ])("%s", async (_what, answer, kind, platformCode) => {
    net.on(LIKE, answer);
    const error = await caught(overHttp().call("send_like", { user_id: 20001 }));
    expect(error).toBeInstanceOf(QQApiError);
    expect(error).toMatchObject({ kind, mayHaveArrived: false, refusal: { platformCode, call: "send_like" } });
    expect(String(error)).not.toMatch(/今日|the-secret/);
  });

  it("that QQ has not confirmed may have arrived", async () => {
    net.on("POST /send_group_msg", {
      json: { retcode: 200, data: null, message: 'Timeout: NTEvent sendMsg EventRet:\n{\n    "result": 0\n}\n' },
    });
    const error = await caught(overHttp().call("send_group_msg", { group_id: 30001, message: [] }));
    expect(error).toMatchObject({ kind: "temporary", mayHaveArrived: true });
  });

  it.each([
    ["ECONNREFUSED", false],
    ["ENOTFOUND", false],
    ["ECONNRESET", true],
    ["UND_ERR_SOCKET", true],
  ])("that fails with %s may have arrived: %s", async (cut, mayHaveArrived) => {
    net.on(LIKE, { cut });
    const error = await caught(overHttp().call("send_like", { user_id: 20001 }));
    expect(error).toBeInstanceOf(QQTransportError);
    expect(error).toMatchObject({ mayHaveArrived });
    expect(String(error)).toContain(cut);
  });

  it("has a deadline of its own, and may have arrived when it is over", async () => {
    net.on(LIKE, { silence: true });
    const error = caught(overHttp().call("send_like", { user_id: 20001 }, { timeoutMs: 7000 }));
    await clock.advance(6999);
    expect(clock.sleepers).toBe(1);
    await clock.advance(1);
    expect(await error).toMatchObject({ mayHaveArrived: true, message: expect.stringContaining("7000 ms") });
  });

  it.each([
    [404, "<html>nginx</html>"],
    [404, ""],
    [404, '{"error":"not found"}'],
    [501, "Not Implemented"],
  ])("that HTTP %i answers with %j never reached an API, and says nothing of what that has", async (status, html) => {
    net.on("POST /send_group_msg", { html, status });
    const error = await caught(overHttp().call("send_group_msg", { group_id: 30001, message: [] }));
    expect(error).toBeInstanceOf(UnreachedError);
    expect(error).toMatchObject({ mayHaveArrived: false, retry: "later" });
    net.on("POST /download_file_stream", { html, status });
    const stream = overHttp().stream("download_file_stream", { file_id: "/x" }, () => undefined);
    expect(await caught(stream)).toBeInstanceOf(UnreachedError);
  });

  it("to the port of the WebSocket server says so", async () => {
    net.on(LIKE, { html: "Upgrade Required", status: 426 });
    const error = await caught(overHttp().call("send_like", { user_id: 20001 }));
    expect(error).toMatchObject({ mayHaveArrived: false, message: expect.stringContaining("WebSocket server") });
  });

  it("to something else than a OneBot API says so", async () => {
    net.on(LIKE, { html: "<html>router</html>", status: 200 });
    expect(await caught(overHttp().call("send_like", { user_id: 20001 }))).toMatchObject({
      message: expect.stringContaining("no OneBot API"),
    });
  });

  it("whose data cannot be read is an error that names fields only", async () => {
    net.on("POST /get_login_info", ok({ user_id: "private words" }));
    const error = await caught(overHttp().call("get_login_info", {}));
    expect(error).toMatchObject({ code: "QQ_PROTOCOL", message: expect.stringContaining("user_id") });
    expect(String(error)).not.toContain("private words");
  });

  it("that answers in several frames gives each", async () => {
    const body = [
      frame({ type: "stream", data_type: "file_info", file_size: 5 }),
      frame({ type: "stream", data_type: "file_chunk", index: 0, data: "aGVsbG8=" }),
      frame({ type: "response", data_type: "file_complete", total_bytes: 5 }),
    ];
    net.on("POST /download_file_stream", { html: `${body.join("\r\n\r\n")}\r\n\r\n`, status: 200 });
    const taken: unknown[] = [];
    await overHttp().stream("download_file_stream", { file_id: "/x" }, (data) => void taken.push(data));
    expect(taken).toMatchObject([{ data_type: "file_info" }, { data: "aGVsbG8=" }, { data_type: "file_complete" }]);
  });
});

describe("F6: an answer in many frames", () => {
  const piece = frame({ type: "stream", data_type: "file_chunk", data: "A".repeat(8 * 1024 * 1024) });

  it("may be longer than any one of them", async () => {
    net.on("POST /download_file_stream", { html: `${piece}\r\n\r\n`.repeat(13), status: 200 });
    let taken = 0;
    await overHttp().stream("download_file_stream", { file_id: "/x" }, () => void taken++);
    expect(taken).toBe(13);
  });

  it("is given up where one of them has no end", async () => {
    net.on("POST /download_file_stream", { html: `${piece}\r\n\r\n${"A".repeat(97 * 1024 * 1024)}`, status: 200 });
    const error = await caught(overHttp().stream("download_file_stream", { file_id: "/x" }, () => undefined));
    expect(error).toMatchObject({ code: "QQ_TRANSPORT", message: expect.stringContaining("RangeError") });
  });
});

describe("C4: a call over the socket", () => {
  it("finds its answer by its echo, in whatever order answers come", async () => {
    const calls = overSocket();
    const first = calls.call("get_status", {});
    const second = calls.call("get_login_info", {});
    expect(sent.map(({ action }) => action)).toEqual(["get_status", "get_login_info"]);
    expect(reply(1, { data: { user_id: 10001 } })).toBe(true);
    expect(reply(0, { data: { online: false } })).toBe(true);
    expect(await second).toMatchObject({ user_id: "10001" });
    expect(await first).toMatchObject({ online: false });
  });

  it("whose answer is late is unknown, and the late answer is nobody's", async () => {
    const error = caught(overSocket().call("send_like", { user_id: 20001 }));
    await clock.advance(30_000);
    expect(await error).toMatchObject({ mayHaveArrived: true });
    expect(reply(0)).toBe(false);
    expect(road.answered({ kind: "reply", echo: { a: 1 }, retcode: 0, data: null, text: "", more: false })).toBe(false);
    expect(clock.sleepers).toBe(0);
  });

  it("that the socket's end cuts off may have arrived; one after it surely has not", async () => {
    const error = caught(overSocket().call("send_like", { user_id: 20001 }));
    road.ended("closed with 1006");
    expect(await error).toMatchObject({ mayHaveArrived: true, message: expect.stringContaining("1006") });
    socket.ended = true;
    expect(await caught(overSocket().call("send_like", { user_id: 20001 }))).toMatchObject({ mayHaveArrived: false });
    expect(sent).toHaveLength(1);
    expect(clock.sleepers).toBe(0);
  });

  it("F6: larger than a frame is refused before it is sent", async () => {
    const file = `base64://${"A".repeat(50 * 1024 * 1024)}`;
    const error = await caught(overSocket().call("upload_group_file", { group_id: 1, file, name: "a" }));
    expect(error).toMatchObject({ code: "QQ_MEDIA", retry: "never" });
    expect(sent).toEqual([]);
  });

  it("that answers in several frames gives each, and its deadline is for the next one", async () => {
    const taken: unknown[] = [];
    const done = overSocket().stream("download_file_stream", { file_id: "/x" }, (data) => void taken.push(data), {
      timeoutMs: 1000,
    });
    for (let index = 0; index < 5; index++) {
      await clock.advance(900);
      reply(0, { data: { type: "stream", data_type: "file_chunk", index }, more: true });
    }
    await clock.advance(900);
    reply(0, { data: { type: "response", data_type: "file_complete" } });
    await done;
    expect(taken).toHaveLength(6);
    const stalled = caught(
      overSocket().stream("download_file_stream", { file_id: "/x" }, () => undefined, { timeoutMs: 1000 }),
    );
    await clock.advance(1000);
    expect(await stalled).toMatchObject({ mayHaveArrived: true });
  });

  it("without a socket says so", async () => {
    const calls = createLineCalls({ http: undefined, socket: () => undefined, log: seen.log });
    expect(await caught(calls.call("get_status", {}))).toMatchObject({ mayHaveArrived: false });
  });
});

describe("C4: with both roads", () => {
  it.each([{ cut: "ECONNREFUSED" }, { html: "", status: 403 }, { html: "", status: 426 }, { html: "", status: 404 }])(
    "a call that HTTP surely did not take (%o) goes over the socket, which is said once",
    async (answer) => {
      net.on(LIKE, answer, answer);
      const calls = overBoth();
      for (let index = 0; index < 2; index++) {
        const done = calls.call("send_like", { user_id: 20001 });
        await clock.settle();
        reply(index);
        await done;
      }
      expect(seen.lines.filter((line) => line.includes("go over the socket"))).toHaveLength(1);
    },
  );

  it.each([{ cut: "ECONNRESET" }, { html: "", status: 500 }])(
    "one that HTTP may have taken (%o) does not",
    async (answer) => {
      net.on(LIKE, answer);
      expect(await caught(overBoth().call("send_like", { user_id: 20001 }))).toMatchObject({ mayHaveArrived: true });
      expect(sent).toEqual([]);
    },
  );
});
