import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QQError, type QQApiError } from "../../errors.ts";
import type { V2Message } from "../../protocol/official/messages.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type Scripted } from "../testing/fake-net.ts";
import { createOfficialApi, type OfficialApi } from "./api.ts";
import { sendOfficial } from "./send.ts";
import { createTokenSource } from "./token.ts";

const TOKEN = "POST /app/getAppAccessToken";
const SEND = "POST /v2/users/U1/messages";
const account = { appId: "1", appSecret: "the-secret", apiBaseUrl: "https://api.bot.qq.com" };
const reply: V2Message = { msg_type: 0, content: "private words", msg_id: "m1", msg_seq: 3 };
const proactive: V2Message = { msg_type: 0, content: "private words" };
const sent = { json: { id: "out1", timestamp: "2026", ext_info: { ref_idx: "REFIDX_1==" } } };
const refused = (status: number, code: number, more: object = {}): Scripted => ({
  status,
  json: { message: "private words 203.0.113.7 refused", code, err_code: code, trace_id: "0af1", ...more },
});

let clock: FakeClock;
let net: FakeNet;
let api: OfficialApi;
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  api = createOfficialApi(net, account, createTokenSource(net, account));
  net.always(TOKEN, { json: { access_token: "t1", expires_in: "7200" } });
});
afterEach(() => net.verify());

/** The outcome of a call, with the clock moved as far as its pauses and deadlines ask. */
async function outcome<T>(work: Promise<T>): Promise<T | QQApiError> {
  const settled = work.catch((error: unknown) => {
    if (error instanceof QQError) return error as QQApiError;
    throw error;
  });
  await clock.advance(120_000);
  return await settled;
}
const sends = (): unknown[] => net.calls.filter(({ call }) => call === SEND).map(({ body }) => body);

describe("calls", () => {
  it("carry the token with its scheme and the body as it is", async () => {
    net.on(SEND, sent);
    expect(await outcome(api.sendV2("users", "U1", reply))).toEqual({ answer: sent.json });
    expect(net.calls.at(-1)).toMatchObject({
      url: "https://api.bot.qq.com/v2/users/U1/messages",
      authorization: "QQBot t1",
      body: reply,
    });
  });

  it("go to the group's own endpoint", async () => {
    net.on("POST /v2/groups/G1/messages", sent);
    expect(await outcome(api.sendV2("groups", "G1", reply))).toEqual({ answer: sent.json });
  });

  it.each([
    ["401", 401, 0],
    ["11241", 401, 11241],
    ["11243", 401, 11243],
    ["11244", 200, 11244],
  ])("renew the token once after %s", async (_name, status, code) => {
    net.on(SEND, refused(status, code), sent);
    net.on(
      TOKEN,
      { json: { access_token: "t1", expires_in: 7200 } },
      { json: { access_token: "t2", expires_in: 7200 } },
    );
    expect(await outcome(api.sendV2("users", "U1", reply))).toHaveProperty("answer");
    expect(net.calls.at(-1)?.authorization).toBe("QQBot t2");
  });

  it("renew it once, not twice", async () => {
    net.on(SEND, refused(401, 11244), refused(401, 11244));
    expect(await outcome(api.sendV2("users", "U1", reply))).toMatchObject({ kind: "token" });
  });

  it("repeat a temporary fault twice with the very same body, after 0.5 to 4 s each", async () => {
    net.on(SEND, refused(500, 50015014), refused(400, 40054006), refused(500, 50055001));
    expect(await outcome(api.sendV2("users", "U1", reply))).toMatchObject({ kind: "temporary", mayHaveArrived: false });
    expect(sends()).toEqual([reply, reply, reply]);
    const times = net.calls.filter(({ call }) => call === SEND).map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) {
      expect(at - times[index]!).toBeGreaterThanOrEqual(500);
      expect(at - times[index]!).toBeLessThanOrEqual(4000);
    }
  });

  it("wait as long as Retry-After says, up to 10 s", async () => {
    net.on(SEND, { status: 429, json: { code: 100001 }, headers: { "retry-after": "7" } }, sent);
    const began = clock.now();
    expect(await outcome(api.sendV2("users", "U1", reply))).toHaveProperty("answer");
    expect(net.calls.at(-1)!.at - began).toBe(7000);
    net.on(SEND, { status: 429, json: { code: 100001 }, headers: { "retry-after": "11" } });
    expect(await outcome(api.sendV2("users", "U1", reply))).toMatchObject({ refusal: { retryAfterMs: 11_000 } });
  });

  it.each([
    ["bug", 22006, 400],
    ["config", 11265, 403],
    ["permission", 40034105, 400],
    ["target", 11255, 500],
    ["content", 40034006, 400],
    ["url", 40054010, 400],
    ["reply-window", 40034128, 400],
    ["quota", 40034122, 400],
    ["media", 850026, 400],
    ["rate-limited", 100001, 429],
  ])("never repeat %s (%i)", async (kind, code, status) => {
    net.on(SEND, refused(status, code));
    const error = await outcome(api.sendV2("users", "U1", reply));
    expect(error).toMatchObject({ kind, refusal: { platformCode: code, status, traceId: "0af1" } });
    expect(error).toHaveProperty("message", expect.stringMatching(`code ${code}, HTTP ${status}, .*trace 0af1`));
  });

  it.each([304023, 304024])(
    "take a message under review (%i) for what it is: not refused, and not shown yet",
    async (code) => {
      net.on(SEND, refused(202, code, { data: { message_audit: { audit_id: "A1" } } }));
      expect(await outcome(api.sendV2("users", "U1", reply))).toEqual({ auditId: "A1" });
      expect(sends()).toHaveLength(1);
    },
  );

  it("say no secret, token, text or openid in an error", async () => {
    net.on(SEND, refused(400, 40054010));
    const error = await outcome(api.sendV2("users", "U1", reply));
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error)).not.toMatch(/the-secret|t1|private words|U1/);
  });
});

describe("a blocked address", () => {
  it.each([
    [{ code: 11298, err_code: 40023002 }, 401],
    [{ code: 11298 }, 401],
    [{ code: 0, err_code: 40023002 }, 401],
    [{ code: 11298, err_code: 99 }, 401],
  ])("%j is no token trouble", async (codes, status) => {
    net.on(SEND, { status, json: { message: "接口访问源IP不在白名单: 203.0.113.7", ...codes } });
    expect(await outcome(api.sendV2("users", "U1", reply))).toMatchObject({
      kind: "ip-blocked",
      refusal: { seenAddress: "203.0.113.7" },
      message: expect.stringContaining("203.0.113.7"),
    });
  });

  it.each([
    ["source ip 2001:db8::17 not allowed", "2001:db8::17"],
    ["ip:198.51.100.4,denied", "198.51.100.4"],
    ["code 11298 at 12:30:45", undefined],
    ["999.1.1.1", undefined],
  ])("reads the address in %j", async (message, address) => {
    net.on(SEND, { status: 401, json: { code: 11298, message } });
    expect(await outcome(api.sendV2("users", "U1", reply))).toMatchObject({ refusal: { seenAddress: address } });
  });
});

describe("an unknown outcome", () => {
  const lost: readonly (readonly [string, Scripted])[] = [
    ["a cut connection", { cut: "ECONNRESET" }],
    ["silence", { silence: true }],
    ["a proxy's 502", { html: "<html>", status: 502, headers: { "x-tps-trace-id": "ab12" } }],
    ["an answer without an id", { json: {} }],
    ["a page with status 200", { html: "<html>", status: 200 }],
  ];

  it.each(lost)("of a reply after %s is found out with the same msg_seq", async (_name, fault) => {
    net.on(SEND, fault, refused(400, 40054005));
    expect(await outcome(api.sendV2("users", "U1", reply))).toEqual({ duplicate: true });
    expect(sends()).toEqual([reply, reply]);
  });

  it.each(lost)("of a proactive message after %s is told, and nothing is sent twice", async (_name, fault) => {
    net.on(SEND, fault);
    expect(await outcome(api.sendV2("users", "U1", proactive))).toMatchObject({ mayHaveArrived: true });
    expect(sends()).toHaveLength(1);
  });

  it("stays unknown when a later try is refused", async () => {
    net.on(SEND, { cut: "ECONNRESET" }, refused(400, 40034128));
    expect(await outcome(api.sendV2("users", "U1", reply))).toMatchObject({
      kind: "reply-window",
      mayHaveArrived: true,
    });
  });

  it("is none when the platform refused with a code: a proactive message is sent again", async () => {
    net.on(SEND, refused(500, 50015014), sent);
    expect(await outcome(api.sendV2("users", "U1", proactive))).toHaveProperty("answer");
  });

  it("is none when there was no token to send with: a proactive message is tried again", async () => {
    const account = { appId: "2", appSecret: "x", apiBaseUrl: "http://127.0.0.1:1" };
    const other = createFakeNet(clock);
    const api = createOfficialApi(other, account, createTokenSource(other, account));
    other.on(TOKEN, { cut: "ENOTFOUND" }, { json: { access_token: "t", expires_in: 7200 } });
    other.on(SEND, sent);
    expect(await outcome(api.sendV2("users", "U1", proactive))).toHaveProperty("answer");
    other.verify();
  });

  it("ends with the caller's signal", async () => {
    net.on(SEND, { silence: true });
    const stop = new AbortController();
    const work = api.sendV2("users", "U1", reply, stop.signal).catch((error: unknown) => error);
    await clock.settle();
    stop.abort();
    expect(await work).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: true });
    expect(clock.sleepers).toBe(0);
  });
});

describe("sendOfficial", () => {
  const words = {
    content: { kind: "text", text: "hi" },
    anchor: { msgId: "m1", msgSeq: 2 },
    quote: "REFIDX_0==",
  } as const;

  it("encodes a reply with its anchor and quote, and tells by what it can be quoted", async () => {
    net.on(SEND, sent);
    expect(await sendOfficial(api, { kind: "c2c", userId: "U1" }, words)).toEqual({
      messageId: "out1",
      quoteIndex: "REFIDX_1==",
    });
    expect(sends()).toEqual([
      { msg_type: 0, content: "hi", msg_id: "m1", msg_seq: 2, message_reference: { message_id: "REFIDX_0==" } },
    ]);
  });

  it("counts a dedupe answer as delivered", async () => {
    net.on("POST /v2/groups/G1/messages", refused(400, 40054005));
    expect(await sendOfficial(api, { kind: "group", groupId: "G1" }, words)).toEqual({ duplicate: true });
  });
});
