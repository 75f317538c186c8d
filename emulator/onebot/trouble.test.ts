import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  dm,
  GROUP,
  group,
  LIN,
  openStage,
  rawClient,
  UIN,
  type Frame,
  type RawClient,
  type Stage,
} from "./testing/raw-client.ts";

let stage: Stage;
let client: RawClient;
beforeEach(async () => {
  stage = await openStage({ token: "secret" });
  client = await online();
});
afterEach(() => stage.emulator.close());

const online = async (): Promise<RawClient> => {
  const socket = stage.connect("/?access_token=secret");
  expect(await socket.next()).toMatchObject({ meta_event_type: "lifecycle" });
  return socket;
};
const state = () => stage.emulator.world.snapshot().accounts[0];
/** Takes what a client was told, once everything on the way has come. */
const settled = async (socket: RawClient): Promise<Frame[]> => {
  socket.send({ action: "get_status", echo: "settled" });
  const frames: Frame[] = [];
  for (let frame = await socket.next(); frame["echo"] !== "settled"; frame = await socket.next()) frames.push(frame);
  return frames;
};

test("a new token closes sockets without a code and refuses until the old one is back", async () => {
  await stage.trouble({ what: "bad-token", token: "other" });
  expect(await client.closed).toBe(1005);
  expect(await stage.connect("/?access_token=secret").next()).toMatchObject({ retcode: 1403 });
  expect((await stage.call("get_status", {}, { authorization: "Bearer secret" })).status).toBe(403);
  await stage.trouble({ what: "good-token" });
  client = await online();
});

test("a kick is told once, leaves sockets open and fails sends until a new login", async () => {
  await stage.trouble({ what: "kick" });
  expect(await client.next()).toMatchObject({
    post_type: "notice",
    notice_type: "bot_offline",
    user_id: Number(UIN),
    tag: "下线通知",
    message: "你的帐号当前登录已失效，请重新登录。",
  });
  expect(state()).toMatchObject({ online: false, kicked: true });
  stage.clock.advance(30_000);
  expect(await client.next()).toMatchObject({ meta_event_type: "heartbeat", status: { online: false, good: true } });
  expect(await client.call("get_status")).toMatchObject({ data: { online: false } });
  const sent = await client.call("send_group_msg", { group_id: GROUP, message: "hi" });
  expect(sent["message"]).toMatch(`"result": 1006514,\n    "errMsg": "网络连接异常!"`);
  await stage.say("早");
  expect(await settled(client)).toEqual([]);
  await expect(stage.trouble({ what: "net-back" })).rejects.toThrow("relogin");
  await stage.trouble({ what: "relogin" });
  expect(await client.closed).toBe(1006);
  client = await online();
  expect(state()).toMatchObject({ online: true, kicked: false });
  expect(await settled(client)).toEqual([]);
  expect(await client.call("get_group_msg_history", { group_id: GROUP })).toMatchObject({
    data: { messages: [{ raw_message: "早" }] },
  });
});

describe("loss of the network", () => {
  test("is seen in heartbeats only, and history ends where it began", async () => {
    await stage.say("前");
    await client.next();
    await stage.trouble({ what: "net-loss" });
    await stage.say("中");
    stage.clock.advance(30_000);
    expect(await client.next()).toMatchObject({ meta_event_type: "heartbeat", status: { online: false } });
    expect(await client.call("get_group_msg_history", { group_id: GROUP })).toMatchObject({
      data: { messages: [{ raw_message: "前" }] },
    });
    expect(await settled(client)).toEqual([]);
  });

  test("ends with the last 30 messages of each chat, with their old times", async () => {
    await stage.trouble({ what: "net-loss" });
    const since = Math.floor(stage.clock.now() / 1000);
    for (let i = 1; i <= 35; i += 1) await stage.say(`群${i}`);
    await stage.say("私", { chat: dm });
    stage.clock.advance(600_000);
    await stage.trouble({ what: "net-back" });
    const frames = (await settled(client)).filter((frame) => frame["post_type"] === "message");
    expect(frames.map((frame) => frame["raw_message"])).toEqual([
      ...Array.from({ length: 30 }, (_, at) => `群${at + 6}`),
      "私",
    ]);
    expect(new Set(frames.map((frame) => frame["time"]))).toEqual(new Set([since]));
  });

  test("ends without what is older than the process", async () => {
    await stage.trouble({ what: "net-loss" });
    await stage.say("旧");
    stage.clock.advance(1000);
    await stage.trouble({ what: "restart" });
    await stage.say("新");
    client = await online();
    await stage.trouble({ what: "net-back" });
    expect((await settled(client)).map((frame) => frame["raw_message"])).toEqual(["新"]);
  });

  test("may end without them", async () => {
    await stage.trouble({ what: "net-loss" });
    await stage.say("丢");
    await stage.trouble({ what: "net-back", burst: false });
    await stage.say("新");
    expect((await settled(client)).map((frame) => frame["raw_message"])).toEqual(["新"]);
  });
});

describe("a restart", () => {
  test("cuts sockets, takes nobody while it lasts, and tells nothing of what is older", async () => {
    await stage.trouble({ what: "restart", ms: 5000 });
    expect(await client.closed).toBe(1006);
    expect(state()).toMatchObject({ down: true, sessions: 0 });
    expect(await stage.connect("/?access_token=secret").closed).toBe(1006);
    await expect(stage.call("get_status")).rejects.toThrow("fetch failed");
    const plain = stage.emulator.napcat(UIN).wsUrl.replace("ws:", "http:");
    await expect(fetch(plain)).rejects.toThrow("fetch failed");
    await stage.say("错过");
    stage.clock.advance(5000);
    client = await online();
    expect(await settled(client)).toEqual([]);
    expect(await client.call("get_group_msg_history", { group_id: GROUP })).toMatchObject({
      data: { messages: [{ raw_message: "错过" }] },
    });
  });

  test("may leave holes in histories", async () => {
    await stage.say("前");
    await stage.trouble({ what: "restart", ms: 5000, holes: true });
    stage.clock.advance(1000);
    await stage.say("洞");
    stage.clock.advance(4000);
    await stage.say("后");
    client = await online();
    const { data } = await client.call("get_group_msg_history", { group_id: GROUP });
    expect((data as { messages: Frame[] }).messages.map((message) => message["raw_message"])).toEqual(["前", "后"]);
  });
});

test("a stall reads, answers and tells nothing, and then everything", async () => {
  await stage.trouble({ what: "stall", ms: 50_000 });
  client.send({ action: "get_login_info", echo: "late" });
  client.ping();
  const http = stage.call("get_status", {}, { authorization: "Bearer secret" });
  await stage.say("早");
  stage.clock.advance(49_999);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([client.waiting(), client.pongs()]).toEqual([[], 0]);
  stage.clock.advance(1);
  expect([await client.next(), await client.next()]).toEqual(
    expect.arrayContaining([expect.objectContaining({ raw_message: "早" }), expect.objectContaining({ echo: "late" })]),
  );
  expect((await http).body).toMatchObject({ retcode: 0 });
  await expect.poll(() => client.pongs()).toBe(1);
});

test("who gives a call up during a stall harms nobody", async () => {
  await stage.trouble({ what: "stall", ms: 50_000 });
  const given = new AbortController();
  const call = fetch(`${stage.emulator.napcat(UIN).httpUrl}/get_status`, {
    method: "POST",
    body: new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("{")) }),
    duplex: "half",
    signal: given.signal,
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  given.abort();
  await expect(call).rejects.toThrow("aborted");
  await new Promise((resolve) => setTimeout(resolve, 50));
  stage.clock.advance(50_000);
  expect((await stage.call("get_status", {}, { authorization: "Bearer secret" })).body).toMatchObject({ retcode: 0 });
});

describe("half-open sockets", () => {
  test("say and read nothing, and new ones are well", async () => {
    await stage.trouble({ what: "half-open" });
    client.send({ action: "send_group_msg", params: { group_id: GROUP, message: "hi" } });
    const other = await online();
    await stage.say("早");
    expect(await other.next()).toMatchObject({ raw_message: "早" });
    expect(client.waiting()).toEqual([]);
    expect(stage.emulator.world.messages(group)).toHaveLength(1);
  });

  test("may be so in one direction", async () => {
    await stage.trouble({ what: "half-open", way: "out" });
    client.send({ action: "send_group_msg", params: { group_id: GROUP, message: "hi" } });
    await stage.emulator.waitForReply({ chat: group });
    expect(client.waiting()).toEqual([]);
  });
});

test("a drop cuts sockets, and the NapCat goes on", async () => {
  await stage.trouble({ what: "drop" });
  expect(await client.closed).toBe(1006);
  client = await online();
});

test("who is deaf looks well and tells nothing", async () => {
  await stage.trouble({ what: "deaf", on: true });
  await stage.say("早");
  stage.clock.advance(30_000);
  expect(await client.next()).toMatchObject({ meta_event_type: "heartbeat", status: { online: true } });
  expect(await client.call("send_group_msg", { group_id: GROUP, message: "hi" })).toMatchObject({ retcode: 0 });
  await stage.trouble({ what: "deaf", on: false });
  await stage.say("晚");
  expect(await client.next()).toMatchObject({ raw_message: "晚" });
});

test("heartbeats can stop and come again", async () => {
  await stage.trouble({ what: "heartbeats", on: false });
  stage.clock.advance(90_000);
  expect(await settled(client)).toEqual([]);
});

test("an action can be unknown, and known again", async () => {
  await stage.trouble({ what: "unsupported", action: "set_input_status" });
  const typing = { user_id: LIN, event_type: 1 };
  expect(await client.call("set_input_status", typing)).toMatchObject({ retcode: 1404 });
  await stage.trouble({ what: "unsupported", action: "set_input_status", on: false });
  expect(await client.call("set_input_status", typing)).toMatchObject({ retcode: 0 });
});

describe("a call that is lost", () => {
  test.each([
    ["call", 0],
    ["answer", 1],
  ] as const)("by its %s has its effect so often", async (part, arrived) => {
    await stage.trouble({ what: "lose", action: "send_group_msg", part });
    client.send({ action: "send_group_msg", params: { group_id: GROUP, message: "hi" }, echo: "lost" });
    expect(await settled(client)).toEqual([]);
    expect(stage.emulator.world.messages(group)).toHaveLength(arrived);
  });

  test("by HTTP cuts the connection", async () => {
    await stage.trouble({ what: "lose", action: "send_group_msg", part: "answer" });
    const header = { authorization: "Bearer secret" };
    await expect(stage.call("send_group_msg", { group_id: GROUP, message: "hi" }, header)).rejects.toThrow();
    expect(stage.emulator.world.messages(group)).toHaveLength(1);
  });
});

test("raw text goes down as it is", async () => {
  const socket = rawClient(`${stage.emulator.napcat(UIN).wsUrl}/?access_token=secret`);
  await socket.next();
  await stage.trouble({ what: "raw", text: `{"post_type":"?"}` });
  expect(await socket.next()).toEqual({ post_type: "?" });
});

test("nonsense is refused", async () => {
  await expect(stage.emulator.control.call("fault", { do: "napcat", account: "1", what: "drop" })).rejects.toThrow(
    `no account "1"`,
  );
  await expect(stage.trouble({ what: "stall", ms: 0 })).rejects.toThrow("at least 1");
  await expect(stage.trouble({ what: "fly" } as never)).rejects.toThrow("no such trouble");
});

test("a reset makes everything well again, and keeps the sockets", async () => {
  await stage.trouble({ what: "kick" });
  await client.next();
  await stage.say("早");
  stage.emulator.reset();
  expect(state()).toMatchObject({ online: true, sessions: 1 });
  await stage.say("晚");
  expect(await client.next()).toMatchObject({ raw_message: "晚" });
});
