import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { FakeClock } from "../testing/fake-clock.ts";
import type { FakeNet } from "../testing/fake-net.ts";
import type { Recorder } from "../testing/recorder.ts";
import type { OneBotTransport } from "./onebot.ts";
import { createAcceptedPair, createFakeNapCat, UIN, type FakeNapCat } from "./testing/fake-napcat.ts";
import { createRig, TOKEN, type Rig } from "./testing/rig.ts";

let rig: Rig;
let clock: FakeClock;
let net: FakeNet;
let seen: Recorder;
let napcat: FakeNapCat;
let keys: Rig["keys"];

beforeEach(() => {
  rig = createRig();
  ({ clock, net, seen, napcat, keys } = rig);
});

/** An answer over HTTP. */
const ok = (data: unknown) => ({ json: { status: "ok", retcode: 0, data, message: "", wording: "" } });

/** What NapCat posts: the signature is over the bytes. */
const post = (body: unknown, token = TOKEN) => {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const signature = `sha1=${createHmac("sha1", token).update(bytes).digest("hex")}`;
  return { headers: { "x-signature": signature, "x-self-id": `${UIN}` }, body: new Uint8Array(bytes) };
};

/** The API of an account that nothing is wrong with; `history` is what somebody has written to it. */
const answerAs = (uin: number, history: readonly object[] = []): void => {
  net.always("POST /get_login_info", ok({ user_id: uin, nickname: "Bot" }));
  net.always("POST /get_version_info", ok({ app_name: "NapCat.Onebot", app_version: "4.18.19" }));
  net.always("POST /get_status", ok({ online: true }));
  net.always("POST /get_recent_contact", ok([]));
  net.always("POST /get_group_system_msg", ok({}));
  net.always("POST /get_friend_msg_history", ok({ messages: history }));
};
const now = (): number => Math.floor(clock.now() / 1000);

const headers = (more: Record<string, string> = {}) => ({
  authorization: `Bearer ${TOKEN}`,
  "x-self-id": `${UIN}`,
  "x-client-role": "Universal",
  ...more,
});

/** NapCat dials the gateway. */
async function accept(line: OneBotTransport, more: Record<string, string> = {}) {
  const pair = createAcceptedPair();
  napcat.attach(pair.end);
  expect(line.admits(headers(more))).toBeUndefined();
  line.acceptSocket(pair.raw, headers(more));
  await clock.settle();
  napcat.lifecycle();
  await clock.settle();
  return pair.end;
}

describe("C4: an upgrade", () => {
  it.each([
    ["without a token", { authorization: "" }, 401],
    ["with a wrong token", { authorization: "Bearer wrong" }, 401],
    ["with a token that begins alike", { authorization: `Bearer ${TOKEN}x` }, 401],
    ["of another account than selfId", { "x-self-id": "10002" }, 403],
    ["of an unknown role", { "x-client-role": "Admin" }, 400],
  ])("%s is refused", (_what, more, status) => {
    const line = rig.startAccepting({ selfId: `${UIN}` });
    expect(line.admits(headers(more))).toBe(status);
  });

  it.each([
    ["NapCat's", {}],
    ["go-cqhttp's", { authorization: `Token ${TOKEN}`, "x-client-role": "Event" }],
    ["one in lower case", { authorization: `bearer ${TOKEN}`, "x-client-role": "api" }],
  ])("%s is let in", (_whose, more) => {
    const line = rig.startAccepting();
    expect(line.admits(headers(more))).toBeUndefined();
  });

  it("is refused where no token is configured, where nothing is accepted, and where the line does not run", async () => {
    const open = rig.startAccepting({ accessToken: "" });
    expect(open.admits(headers({ authorization: "Bearer " }))).toBe(401);
    rig.stop.abort();
    await rig.stopped();
    expect(open.admits(headers())).toBe(503);
    const pair = createAcceptedPair();
    open.acceptSocket(pair.raw, headers());
    expect(pair.end.left).toBe(true);
  });

  it("is refused on a line that only dials", () => {
    net.expectDials(1);
    expect(rig.start().admits(headers())).toBe(404);
  });
});

describe("C4: a socket that NapCat dials", () => {
  it("is waited for honestly, and brings events and takes calls", async () => {
    const line = rig.startAccepting();
    await clock.settle();
    const nobody = { state: "waiting", reason: "nobody", why: expect.stringContaining("nobody has connected yet") };
    expect(seen.status).toMatchObject(nobody);
    const end = await accept(line);
    expect(seen.status?.state).toBe("ready");
    napcat.write({ id: 1, at: clock.now() });
    await clock.settle();
    expect(keys()).toEqual(["message:c2c:20001:1"]);
    end.close(1006);
    await clock.settle();
    expect(seen.status).toMatchObject({
      state: "waiting",
      reason: "lost",
      why: expect.stringContaining("dials again"),
    });
  });

  it("takes the place of an older one of its account: the newest wins", async () => {
    const line = rig.startAccepting();
    const older = await accept(line);
    const statuses = seen.statuses.length;
    const newer = await accept(line);
    expect(older.left).toBe(true);
    expect(newer.left).toBe(false);
    napcat.write({ id: 1, at: clock.now() });
    await clock.settle();
    expect(keys()).toEqual(["message:c2c:20001:1"]);
    expect(seen.statuses.slice(statuses).map(({ state }) => state)).not.toContain("waiting");
  });

  it("G4: is refused to another account while one is connected, whose events are left out too", async () => {
    const line = rig.startAccepting();
    const end = await accept(line);
    expect(line.admits(headers({ "x-self-id": "10002" }))).toBe(403);
    expect(line.admits(headers())).toBeUndefined();
    const message = {
      post_type: "message",
      message_type: "private",
      message_id: 3,
      user_id: 20001,
      time: 1,
      message: [{ type: "text", data: { text: "hi" } }],
    };
    end.say({ ...message, self_id: 10002 });
    end.say({ ...message, message_id: 4, self_id: UIN });
    await clock.settle();
    expect(keys()).toEqual(["message:c2c:20001:4"]);
    expect(seen.dropped).toEqual(["event of another account"]);
    end.close(1006);
    await clock.settle();
    expect(line.admits(headers({ "x-self-id": "10002" }))).toBeUndefined();
  });

  it("of another account in place of one that is gone is that account's", async () => {
    const line = rig.startAccepting();
    const first = await accept(line);
    first.close(1006);
    const [pair, other] = [createAcceptedPair(), createFakeNapCat(clock, 10002)];
    other.attach(pair.end);
    line.acceptSocket(pair.raw, headers({ "x-self-id": "10002" }));
    other.lifecycle();
    await clock.settle();
    other.write({ id: 5, at: clock.now() });
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
    expect(keys()).toEqual(["message:c2c:20001:5"]);
  });

  it("C4: for calls alone is left when it does not answer, though it never says anything by itself", async () => {
    const line = rig.startAccepting();
    const api = createAcceptedPair();
    napcat.attach(api.end);
    line.acceptSocket(api.raw, headers({ "x-client-role": "API" }));
    await clock.advance(120_000);
    expect(api.end.left).toBe(false);
    expect(napcat.count("get_status")).toBeGreaterThan(1);
    napcat.silent.add("get_status");
    await clock.advance(60_000);
    expect(api.end.left).toBe(true);
  });

  it("G2: has what was missed before it read from history", async () => {
    const line = rig.startAccepting();
    const first = await accept(line);
    napcat.write({ id: 1, at: clock.now(), group: 30001 });
    await clock.advance(2000);
    first.close(1006);
    await clock.advance(60_000);
    napcat.miss({ id: 2, at: clock.now(), group: 30001 });
    await accept(line);
    await clock.advance(1000);
    expect(keys()).toEqual(["message:group:30001:1", "message:group:30001:2"]);
  });

  it("may be two: one for calls, one for events", async () => {
    const line = rig.startAccepting();
    const [api, event] = [createAcceptedPair(), createAcceptedPair()];
    line.acceptSocket(api.raw, headers({ "x-client-role": "API" }));
    napcat.attach(api.end);
    line.acceptSocket(event.raw, headers({ "x-client-role": "Event" }));
    await clock.advance(5000);
    expect(seen.status?.state).toBe("ready");
    expect(napcat.count("get_login_info")).toBe(1);
    event.end.say({
      post_type: "message",
      message_type: "private",
      message_id: 3,
      user_id: 20001,
      self_id: UIN,
      time: 1,
      message: [{ type: "text", data: { text: "hi" } }],
    });
    await clock.settle();
    expect(keys()).toEqual(["message:c2c:20001:3"]);
  });

  it("of another account than selfId is left, and the line goes on", async () => {
    const line = rig.startAccepting({ selfId: "10002" });
    const pair = createAcceptedPair();
    napcat.attach(pair.end);
    const nameless = { authorization: `Bearer ${TOKEN}` };
    line.acceptSocket(pair.raw, nameless);
    await clock.advance(6000);
    expect(pair.end.left).toBe(true);
    const other = { state: "waiting", reason: "account", why: expect.stringContaining("selfId is 10002") };
    expect(seen.status).toMatchObject(other);
    expect(line.admits(nameless)).toBeUndefined();
  });
});

describe("C4: a posted event", () => {
  const message = {
    post_type: "message",
    message_type: "private",
    message_id: 7,
    user_id: 20001,
    self_id: UIN,
    time: 1_790_000_000,
    message: [{ type: "text", data: { text: "private words 私" } }],
  };

  it("G1: is answered with 204 once it is stored, and with 500 when it could not be", async () => {
    const line = rig.startAccepting();
    const stored = Promise.withResolvers<void>();
    seen.onAccept = async () => await stored.promise;
    let answer: unknown;
    const posted = line.receivePost(post(message)).then((status) => (answer = status));
    await clock.settle();
    expect(answer).toBeUndefined();
    stored.resolve();
    await posted;
    expect(answer).toEqual({ status: 204 });
    expect(keys()).toEqual(["message:c2c:20001:7"]);
    seen.onAccept = async () => {
      throw new Error("disk full");
    };
    expect(await line.receivePost(post({ ...message, message_id: 8 }))).toEqual({ status: 500 });
    seen.onAccept = () => undefined;
    await clock.advance(1000);
    expect(keys()).toEqual(["message:c2c:20001:7", "message:c2c:20001:8"]);
  });

  it.each([
    ["without a signature", () => ({ ...post(message), headers: {} }), 401],
    ["with a signature by another token", () => post(message, "another"), 401],
    ["with a body that was changed", () => ({ ...post(message), body: new Uint8Array(Buffer.from("{}")) }), 401],
    ["of another account", () => ({ ...post(message), headers: { ...post(message).headers, "x-self-id": "1" } }), 403],
    ["that is no JSON", () => post("nonsense"), 400],
    ["that is no event", () => post({ retcode: 0 }), 400],
  ])("%s starts nothing", async (_what, request, status) => {
    const line = rig.startAccepting({ selfId: `${UIN}` });
    expect(await line.receivePost(request())).toEqual({ status });
    expect(keys()).toEqual([]);
    expect(seen.dropped).toHaveLength(1);
  });

  it("G2: that came over the socket too is stored once", async () => {
    const line = rig.startAccepting();
    await accept(line);
    napcat.write({ id: 7, at: clock.now() });
    await clock.settle();
    expect(await line.receivePost(post(message))).toEqual({ status: 204 });
    expect(keys()).toEqual(["message:c2c:20001:7"]);
  });

  it("G1: need not come before what was missed is read, where the API can be asked", async () => {
    const written = Math.floor(clock.now() / 1000);
    rig.memory.mark({ lane: "c2c:20001", messageId: "5", at: clock.now() - 60_000 });
    net.always("POST /get_login_info", ok({ user_id: UIN, nickname: "Bot" }));
    net.always("POST /get_version_info", ok({ app_name: "NapCat.Onebot", app_version: "4.18.19" }));
    net.always("POST /get_status", ok({ online: true }));
    net.always("POST /get_recent_contact", ok([]));
    net.always("POST /get_group_system_msg", ok({}));
    const missed = { ...message, message_id: 6, time: written };
    net.always("POST /get_friend_msg_history", ok({ messages: [missed] }));
    rig.startAccepting({ httpUrl: "http://127.0.0.1:3000" });
    await clock.advance(1000);
    expect(keys()).toEqual(["message:c2c:20001:6"]);
    // Whether events will be posted nobody knows yet.
    expect(seen.status?.state).toBe("waiting");
  });

  it("G1: that was turned away is read from history, once for all that were", async () => {
    answerAs(UIN);
    const line = rig.startAccepting({ httpUrl: "http://127.0.0.1:3000" });
    await line.receivePost(post({ ...message, time: now() }));
    await clock.advance(10_000);
    answerAs(UIN, [{ ...message, message_id: 8, time: now() }]);
    line.missed();
    await line.receivePost(post({ ...message, message_id: 9, time: now() + 90 }));
    line.missed();
    const asked = net.calls.filter(({ call }) => call.includes("recent")).length;
    await clock.advance(6000);
    expect(keys()).toEqual(["message:c2c:20001:7", "message:c2c:20001:9", "message:c2c:20001:8"]);
    line.missed();
    await clock.advance(50_000);
    expect(net.calls.filter(({ call }) => call.includes("recent"))).toHaveLength(asked + 1);
    await clock.advance(10_000);
    expect(net.calls.filter(({ call }) => call.includes("recent"))).toHaveLength(asked + 2);
  });

  it("G1: that there was no room for is read from history", async () => {
    answerAs(UIN);
    const line = rig.startAccepting({ httpUrl: "http://127.0.0.1:3000" });
    await line.receivePost(post({ ...message, time: now() }));
    await clock.advance(10_000);
    const asked = net.calls.filter(({ call }) => call.includes("recent")).length;
    seen.onAccept = async () => {
      throw new Error("disk full");
    };
    expect(await line.receivePost(post({ ...message, message_id: 8, time: now() }))).toEqual({ status: 500 });
    seen.onAccept = () => undefined;
    await clock.advance(6000);
    expect(net.calls.filter(({ call }) => call.includes("recent"))).toHaveLength(asked + 1);
  });

  it("G4: of another account is left out, until the API says that it is that account", async () => {
    answerAs(UIN);
    const line = rig.startAccepting({ httpUrl: "http://127.0.0.1:3000" });
    await line.receivePost(post({ ...message, time: now() }));
    await clock.advance(1000);
    const other = { ...message, self_id: 10002, user_id: 20002, time: now() };
    const posted = async (message_id: number) => await line.receivePost(post({ ...other, message_id }));
    expect(await posted(8)).toEqual({ status: 204 });
    await clock.advance(61_000);
    await posted(9);
    expect(keys()).toEqual(["message:c2c:20001:7"]);
    answerAs(10002);
    await clock.advance(61_000);
    await posted(10);
    expect(keys()).toEqual(["message:c2c:20001:7", "message:c2c:20002:10"]);
  });

  it("without a socket makes the line ready for as long as the API answers", async () => {
    net.always("POST /get_login_info", ok({ user_id: UIN, nickname: "Bot" }));
    net.always("POST /get_version_info", ok({ app_name: "NapCat.Onebot", app_version: "4.18.19" }));
    net.always("POST /get_status", ok({ online: true }));
    net.always("POST /get_recent_contact", ok([]));
    net.always("POST /get_group_system_msg", ok({}));
    net.always("POST /get_friend_msg_history", ok({ messages: [] }));
    const line = rig.startAccepting({ httpUrl: "http://127.0.0.1:3000" });
    await clock.settle();
    expect(seen.status?.state).toBe("waiting");
    await line.receivePost(post(message));
    // What was missed in the chat is read, and the pause after that goes by.
    await clock.advance(1000);
    expect(seen.status).toMatchObject({ state: "ready", why: "events are posted to the gateway" });
    net.always("POST /get_status", ok({ online: false }));
    await clock.advance(60_000);
    expect(seen.status?.state).toBe("offline");
    net.always("POST /get_status", { cut: "ECONNREFUSED" });
    await clock.advance(60_000);
    const unanswered = { state: "waiting", reason: "unanswered", why: expect.stringContaining("httpUrl") };
    expect(seen.status).toMatchObject(unanswered);
    net.always("POST /get_status", ok({ online: true }));
    await clock.advance(60_000);
    expect(seen.status?.state).toBe("ready");
  });
});

it("C4: two accounts run side by side", async () => {
  const other = createRig();
  const theirs = createFakeNapCat(other.clock, 10002);
  net.expectDials(1);
  other.net.expectDials(1);
  rig.start();
  other.start({ wsUrl: "ws://localhost:3002/", accessToken: "" });
  await rig.up();
  const server = await other.dialled(0);
  expect(server.headers).toEqual({});
  theirs.attach(server);
  server.open();
  theirs.lifecycle();
  await other.clock.settle();
  napcat.write({ id: 1, at: clock.now() });
  theirs.write({ id: 2, at: clock.now() });
  await clock.settle();
  expect(keys()).toEqual(["message:c2c:20001:1"]);
  expect(other.keys()).toEqual(["message:c2c:20001:2"]);
  server.close(1006);
  await other.clock.settle();
  expect(other.seen.status?.state).toBe("waiting");
  expect(seen.status?.state).toBe("ready");
});
