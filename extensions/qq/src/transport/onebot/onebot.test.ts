import { beforeEach, describe, expect, it } from "vitest";
import type { FakeClock } from "../testing/fake-clock.ts";
import { FAKE_NOW } from "../testing/fake-clock.ts";
import type { FakeNet } from "../testing/fake-net.ts";
import type { Recorder } from "../testing/recorder.ts";
import { UIN, type FakeNapCat } from "./testing/fake-napcat.ts";
import { createRig, TOKEN, type Rig } from "./testing/rig.ts";

const WHY = "GET /";

let rig: Rig;
let clock: FakeClock;
let net: FakeNet;
let seen: Recorder;
let napcat: FakeNapCat;
let start: Rig["start"];
let dialled: Rig["dialled"];
let up: Rig["up"];
let keys: Rig["keys"];

beforeEach(() => {
  rig = createRig();
  ({ clock, net, seen, napcat, start, dialled, up, keys } = rig);
});

describe("C4: a connection to wsUrl", () => {
  it("is opened with the token, asks whose account it is, and is ready then", async () => {
    net.expectDials(1);
    start();
    const server = await dialled(0);
    expect(server.url).toBe("ws://localhost:3001/");
    expect(server.headers).toEqual({ authorization: `Bearer ${TOKEN}` });
    napcat.attach(server);
    server.open();
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "connecting", why: "asking whose account it is" });
    napcat.lifecycle();
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "ready", why: "connected to localhost:3001" });
    expect(napcat.calls.slice(0, 3).map(({ action }) => action)).toEqual([
      "get_login_info",
      "get_version_info",
      "get_status",
    ]);
    expect(seen.lines.join("\n")).toContain('account=10001 software="NapCat.Onebot 4.18.19"');
  });

  it("does without the lifecycle event after 5 s", async () => {
    net.expectDials(1);
    start();
    const server = await dialled(0);
    napcat.attach(server);
    server.open();
    await clock.advance(4999);
    expect(napcat.calls).toEqual([]);
    await clock.advance(1);
    expect(seen.status?.state).toBe("ready");
  });

  it("C5: hands messages on in their order, and counts what it leaves out by name", async () => {
    net.expectDials(1);
    start();
    await up();
    napcat.write({ id: 5, at: clock.now(), group: 30001 });
    napcat.write({ id: 4, at: clock.now() });
    napcat.write({ id: 6, at: clock.now(), user: UIN });
    await clock.settle();
    expect(keys()).toEqual(["message:group:30001:5", "message:c2c:20001:4"]);
    expect(seen.accepted.map(({ lane }) => lane)).toEqual(["group:30001", "c2c:20001"]);
    expect(JSON.parse(seen.accepted[0]?.text ?? "")).toMatchObject({ message_id: 5, group_id: 30001 });
    expect(seen.dropped).toEqual(["own message"]);
    expect(new Set(seen.ways)).toEqual(new Set(["segments"]));
    expect(rig.memory.kept.get("group:30001")).toMatchObject({ messageId: "5" });
  });

  it("asks again what it speaks to when the answer is late, and goes on without one where there is none", async () => {
    net.expectDials(2);
    napcat.silent.add("get_version_info");
    start();
    const server = await up();
    await clock.advance(15_000);
    expect(seen.status?.state).toBe("connecting");
    napcat.silent.clear();
    await clock.advance(5000);
    expect(seen.status?.state).toBe("ready");
    expect(seen.lines.join("\n")).toContain('account=10001 software="NapCat.Onebot 4.18.19"');
    napcat.refused.set("get_version_info", { retcode: 1404, message: "不支持的API get_version_info" });
    server.close(1006);
    await clock.advance(5000);
    await up(1);
    expect(seen.status?.state).toBe("ready");
    expect(seen.lines.at(-1)).toContain('account=10001 software=""');
  });

  it("stops when selfId is another account, and says which keys disagree", async () => {
    net.expectDials(1);
    start({ selfId: "10002" });
    await up();
    await clock.advance(5000);
    await rig.stopped();
    expect(rig.failure).toMatchObject({ code: "QQ_CONFIG", path: "selfId" });
    expect(seen.status).toMatchObject({ state: "stopped", why: expect.stringMatching(/selfId is 10002.*10001/) });
  });

  it("stops when httpUrl and wsUrl are of two accounts", async () => {
    net.expectDials(1);
    answerHttp({ user_id: 10009, nickname: "Other" });
    start({ httpUrl: "http://localhost:3000" });
    await up();
    await rig.stopped();
    expect(rig.failure).toMatchObject({ code: "QQ_CONFIG", path: "httpUrl" });
  });

  it("is given up when nobody opens it in connectionTimeoutMs", async () => {
    net.expectDials(2);
    start({ connectionTimeoutMs: 2000 });
    await dialled(0);
    await clock.advance(2000);
    expect(seen.status).toMatchObject({ state: "waiting", reason: "unreachable", retryAt: FAKE_NOW + 2000 + 3750 });
    await clock.advance(5000);
    await dialled(1);
  });

  it("pauses for reconnectIntervalMs first, then longer up to a minute, and never gives up", async () => {
    net.expectDials(60);
    start();
    for (let dial = 0; dial < 40; dial++) {
      (await dialled(dial)).close(1006);
      while (net.dials.length === dial + 1) await clock.advance(500);
    }
    const gaps = net.dials.slice(1).map(({ dialledAt }, index) => dialledAt - (net.dials[index]?.dialledAt ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(5000);
    expect(gaps[1]).toBeGreaterThan(gaps[0] ?? 0);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
    expect(gaps.at(-1)).toBe(gaps.at(-2));
    expect(seen.status?.state).toBe("connecting");
    expect(seen.statuses.some(({ why }) => why.includes("check that NapCat runs"))).toBe(true);
  });

  it("has one socket and one timer at a time", async () => {
    net.expectDials(3);
    start();
    for (let index = 0; index < 3; index++) {
      const server = await up(index);
      expect(net.dials.filter(({ left }) => !left)).toHaveLength(1);
      server.close(1005);
      if (index < 2) while (net.dials.length === index + 1) await clock.advance(500);
    }
  });
});

/** An answer over HTTP. */
const ok = (data: unknown) => ({ json: { status: "ok", retcode: 0, data, message: "", wording: "", echo: "x" } });

function answerHttp(login: object): void {
  net.always("POST /get_login_info", ok(login));
  net.always("POST /get_version_info", ok({ app_name: "NapCat.Onebot", app_version: "4.18.19" }));
  net.always("POST /get_status", ok({ online: true, good: true }));
  net.always("POST /get_recent_contact", ok([]));
}

it("G1: events that have no room end the connection, and history brings them once there is some", async () => {
  net.expectDials(2);
  start();
  const server = await up();
  napcat.write({ id: 1, at: clock.now() });
  await clock.settle();
  const hung = Promise.withResolvers<void>();
  seen.onAccept = async () => await hung.promise;
  for (let id = 2; id <= 2003; id++) napcat.write({ id, at: clock.now() + id });
  await clock.advance(3000);
  expect(server.left).toBe(true);
  expect(seen.status).toMatchObject({ state: "waiting", why: "events come faster than they are stored" });
  expect(net.dials).toHaveLength(1);
  hung.resolve();
  await clock.advance(5000);
  await up(1);
  await clock.advance(5000);
  expect(keys().at(-1)).toBe("message:c2c:20001:2003");
  expect(new Set(keys()).size).toBe(2003);
});

describe("C4: a wrong token", () => {
  const refusal = { status: "failed", retcode: 1403, data: null, message: "token验证失败", echo: null };

  it("is recognised by NapCat's frame, shown with advice, and tried again every minute until it is corrected", async () => {
    net.expectDials(4);
    start();
    for (let index = 0; index < 3; index++) {
      const server = await dialled(index);
      server.open();
      server.say(refusal);
      server.close(1005);
      await clock.settle();
      expect(seen.status).toMatchObject({ state: "waiting", why: expect.stringContaining("accessToken") });
      await clock.advance(60_000);
    }
    expect(net.dials.map(({ dialledAt }) => dialledAt - FAKE_NOW)).toEqual([0, 60_000, 120_000, 180_000]);
    await up(3);
    expect(seen.status?.state).toBe("ready");
    napcat.write({ id: 1, at: clock.now() });
    await clock.settle();
    expect(keys()).toEqual(["message:c2c:20001:1"]);
  });

  it("is recognised by Lagrange's close code", async () => {
    net.expectDials(1);
    start();
    const server = await dialled(0);
    server.open();
    server.close(1002);
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "waiting", reason: "token", retryAt: FAKE_NOW + 60_000 });
    expect(seen.status?.why).toContain("accessToken");
  });

  it.each([401, 403])("is recognised by HTTP %i in place of the upgrade", async (status) => {
    net.expectDials(1);
    net.on(WHY, { html: "no", status });
    start();
    (await dialled(0)).close(1006);
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "waiting", retryAt: FAKE_NOW + 60_000 });
    expect(seen.status?.why).toContain("accessToken");
  });

  it("is suspected when the peer hangs up at once, twice in a row", async () => {
    net.expectDials(2);
    start();
    const first = await dialled(0);
    first.open();
    first.close(1005);
    await clock.settle();
    expect(seen.status?.why).not.toContain("accessToken");
    await clock.advance(5000);
    const second = await dialled(1);
    second.open();
    second.close(1005);
    await clock.settle();
    expect(seen.status?.why).toContain("accessToken");
  });
});

describe("C4: liveness", () => {
  it("is three heartbeats: a half-open socket is left then, and not before", async () => {
    net.expectDials(2);
    start();
    const server = await up();
    for (let beat = 0; beat < 4; beat++) {
      await clock.advance(30_000);
      napcat.heartbeat();
    }
    await clock.advance(59_999);
    expect(seen.status?.state).toBe("ready");
    await clock.advance(1);
    expect(seen.status).toMatchObject({
      state: "connecting",
      reason: "silent",
      why: expect.stringContaining("nothing has come for 60 s"),
    });
    await clock.advance(29_999);
    expect(server.left).toBe(false);
    await clock.advance(1);
    expect(server.left).toBe(true);
    expect(seen.status).toMatchObject({ state: "waiting", reason: "lost", why: "nothing has come for 90 s" });
    await clock.advance(5000);
    await up(1);
    expect(seen.status?.state).toBe("ready");
  });

  it.each([10_000, 60_000])("survives a stall of %i ms", async (stall) => {
    net.expectDials(1);
    start();
    const server = await up();
    await clock.advance(30_000);
    napcat.heartbeat();
    await clock.advance(29_999 + stall);
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
    await clock.advance(50_000);
    expect(server.left).toBe(false);
  });

  it("of a peer without heartbeats is asked for, and the socket left when it no longer answers", async () => {
    net.expectDials(2);
    start();
    const server = await up();
    const asked = napcat.count("get_status");
    await clock.advance(45_000 + 30_000 * 10);
    expect(napcat.count("get_status") - asked).toBe(11);
    expect(server.left).toBe(false);
    napcat.silent.add("get_status");
    await clock.advance(49_999);
    expect(server.left).toBe(false);
    await clock.advance(1);
    expect(server.left).toBe(true);
    await clock.advance(5000);
    await dialled(1);
  });

  it("of a peer with heartbeats is never asked for", async () => {
    net.expectDials(1);
    start();
    await up();
    const asked = napcat.count("get_status");
    for (let beat = 0; beat < 20; beat++) {
      await clock.advance(30_000);
      napcat.heartbeat();
    }
    expect(napcat.count("get_status")).toBe(asked);
  });
});

describe("C4: the account", () => {
  it("that is kicked is offline with QQ's own words while the line is up, and its return is noticed", async () => {
    net.expectDials(1);
    start();
    await up();
    napcat.online = false;
    napcat.event({
      post_type: "notice",
      notice_type: "bot_offline",
      user_id: UIN,
      tag: "下线通知",
      message: "请重新登录。",
    });
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "offline", why: expect.stringContaining("下线通知 请重新登录。") });
    await clock.advance(30_000);
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status?.why).toContain("下线通知");
    napcat.miss({ id: 7, at: clock.now() });
    napcat.online = true;
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
    await clock.advance(1000);
    expect(keys()).toEqual(["message:c2c:20001:7"]);
  });

  it("that QQ has logged out is not online by a heartbeat or an answer that does not know it yet", async () => {
    net.expectDials(1);
    start();
    await up();
    napcat.event({ post_type: "notice", notice_type: "bot_offline", user_id: UIN, tag: "下线通知", message: "" });
    for (let beat = 0; beat < 3; beat++) {
      napcat.heartbeat();
      await clock.settle();
      expect(seen.status?.state).toBe("offline");
    }
    napcat.online = false;
    napcat.heartbeat();
    napcat.online = true;
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
  });

  it.each(["a pushed message", "a new connection"])("that QQ has logged out is online again by %s", async (what) => {
    const isNew = what === "a new connection";
    net.expectDials(isNew ? 2 : 1);
    start();
    const server = await up();
    napcat.event({ post_type: "notice", notice_type: "bot_offline", user_id: UIN, tag: "", message: "" });
    await clock.settle();
    expect(seen.status?.state).toBe("offline");
    if (isNew) {
      server.close(1006);
      await clock.advance(5000);
      await up(1);
    } else napcat.write({ id: 1, at: clock.now() });
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
    // What is read when it comes back goes on for a moment, and is a sign of life.
    await clock.advance(61_000);
    expect(seen.status?.state).toBe("connecting");
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
  });

  it("whose network is lost is offline by its heartbeats, without a notice", async () => {
    net.expectDials(1);
    start();
    await up();
    napcat.online = false;
    napcat.heartbeat();
    await clock.settle();
    expect(seen.status).toMatchObject({ state: "offline", why: expect.stringContaining("log in again") });
    napcat.write({ id: 1, at: clock.now() });
    await clock.settle();
    expect(seen.status?.state).toBe("ready");
  });

  it("is offline from the start when get_status says so", async () => {
    net.expectDials(1);
    napcat.online = false;
    start();
    await up();
    expect(seen.status?.state).toBe("offline");
  });

  it("that hears nothing is shown as such, reads from history meanwhile, and recovers by a pushed message", async () => {
    net.expectDials(1);
    start();
    await up();
    for (let minute = 1; minute <= 3; minute++) {
      napcat.miss({ id: minute, at: clock.now(), group: 30001 });
      for (let beat = 0; beat < 2; beat++) {
        await clock.advance(30_000);
        napcat.heartbeat();
        await clock.settle();
      }
      expect(seen.status?.state).toBe(minute < 2 ? "ready" : "deaf");
    }
    expect(keys()).toEqual(["message:group:30001:1", "message:group:30001:2", "message:group:30001:3"]);
    expect(seen.status?.why).toContain("restart NapCat");
    napcat.miss({ id: 8, at: clock.now(), group: 30002 });
    napcat.write({ id: 9, at: clock.now(), group: 30001 });
    await clock.advance(1000);
    expect(seen.status?.state).toBe("ready");
    expect(keys().slice(3).toSorted()).toEqual(["message:group:30001:9", "message:group:30002:8"]);
  });

  it("that hears nothing is found out, however many chats it has written in itself", async () => {
    net.expectDials(1);
    start();
    await up();
    for (let chat = 1; chat <= 30; chat++) napcat.miss({ id: chat, at: clock.now() + chat, group: 30000 + chat });
    for (let chat = 1; chat <= 8; chat++) {
      napcat.miss({ id: 100 + chat, at: clock.now() + 100 + chat, group: 40000 + chat, user: UIN });
    }
    for (let beat = 0; beat < 2; beat++) {
      await clock.advance(30_000);
      napcat.heartbeat();
    }
    await clock.advance(5000);
    expect(keys()).toHaveLength(30);
  });

  it.each([
    ["Server is closed", 5],
    ["消息undefined不存在", 1],
  ])(
    "with a chat whose history is refused (%s) is read from the others; that one %i times in 5 minutes",
    async (message, times) => {
      net.expectDials(1);
      start();
      await up();
      napcat.refused.set("get_friend_msg_history", { retcode: 1200, message });
      napcat.miss({ id: 1, at: clock.now() + 1, group: 30001 });
      napcat.miss({ id: 2, at: clock.now() + 1000 });
      for (let beat = 0; beat < 10; beat++) {
        await clock.advance(30_000);
        napcat.heartbeat();
      }
      await clock.settle();
      expect(keys()).toEqual(["message:group:30001:1"]);
      expect(napcat.count("get_friend_msg_history")).toBe(times);
      expect(seen.lines.filter((line) => line.startsWith("error"))).toEqual([]);
    },
  );

  it("whose history has no answer in two chats is left alone until the next look", async () => {
    net.expectDials(1);
    start();
    await up();
    napcat.silent.add("get_group_msg_history");
    for (let chat = 1; chat <= 5; chat++) napcat.miss({ id: chat, at: clock.now() + chat, group: 30000 + chat });
    await clock.advance(60_000);
    napcat.heartbeat();
    await clock.advance(45_000);
    expect(napcat.count("get_group_msg_history")).toBe(2);
    await clock.advance(45_000);
    expect(napcat.count("get_group_msg_history")).toBe(2);
    expect(seen.lines.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  it("that nobody writes to is asked about once a minute at most, and is not called deaf", async () => {
    net.expectDials(1);
    start();
    await up();
    napcat.write({ id: 1, at: clock.now(), group: 30001 });
    const asked = napcat.count("get_recent_contact");
    for (let beat = 0; beat < 20; beat++) {
      await clock.advance(30_000);
      napcat.heartbeat();
      await clock.settle();
    }
    expect(napcat.count("get_recent_contact") - asked).toBe(10);
    expect(napcat.count("get_group_msg_history")).toBe(0);
    expect(seen.status?.state).toBe("ready");
  });

  it("of an implementation that tells of no recent chats is asked once", async () => {
    net.expectDials(1);
    napcat.refused.set("get_recent_contact", { retcode: 1404, message: "不支持的API get_recent_contact" });
    start();
    await up();
    for (let beat = 0; beat < 20; beat++) {
      await clock.advance(30_000);
      napcat.heartbeat();
    }
    expect(napcat.count("get_recent_contact")).toBe(1);
  });

  it("of an implementation that told of none is asked anew on the next connection", async () => {
    net.expectDials(2);
    napcat.refused.set("get_recent_contact", { retcode: 1404, message: "不支持的API get_recent_contact" });
    start();
    const server = await up();
    await clock.advance(1000);
    server.close(1006);
    await clock.advance(5000);
    await up(1);
    await clock.advance(1000);
    expect(napcat.count("get_recent_contact")).toBe(2);
  });
});
