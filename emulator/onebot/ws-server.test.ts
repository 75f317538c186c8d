import { afterEach, describe, expect, test } from "vitest";
import { LIN, openStage, UIN, GROUP, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
afterEach(() => stage.emulator.close());

const DENIAL = {
  status: "failed",
  retcode: 1403,
  data: null,
  message: "token验证失败",
  wording: "token验证失败",
  echo: null,
  stream: "normal-action",
};

describe("who has the wrong token", () => {
  test.each([
    ["no token", "/", {}],
    ["a wrong query", "/?access_token=nope", {}],
    ["a right header beside a wrong query", "/?access_token=nope", { authorization: "Bearer secret" }],
    ["another scheme word", "/", { authorization: "Token secret" }],
    ["a scheme word in lower case", "/api", { authorization: "bearer secret" }],
  ])("is let in, told by a frame and closed without a code: %s", async (_, path, headers: Record<string, string>) => {
    stage = await openStage({ token: "secret" });
    const client = stage.connect(path, headers);
    expect(await client.next()).toEqual(DENIAL);
    expect(await client.closed).toBe(1005);
    expect(stage.emulator.refusals().map(({ refused }) => refused)).toEqual(["1403 token验证失败"]);
  });

  test.each([
    ["a query", "/?access_token=secret", {}],
    ["a right query beside a wrong header", "/?access_token=secret", { authorization: "Bearer nope" }],
    ["Bearer", "/", { authorization: "Bearer secret" }],
    ["a bare header", "/", { authorization: "secret" }],
    ["a header beside an empty query", "/?access_token=", { authorization: "Bearer secret" }],
  ])("and who has the right one is welcome: %s", async (_, path, headers: Record<string, string>) => {
    stage = await openStage({ token: "secret" });
    expect(await stage.connect(path, headers).next()).toMatchObject({ meta_event_type: "lifecycle" });
  });
});

describe("a socket", () => {
  test.each(["/", "/event", "/xyz/"])("at %s gets the lifecycle first, then events, and may call", async (path) => {
    stage = await openStage();
    const client = stage.connect(path);
    expect(await client.next()).toEqual({
      time: Math.floor(stage.clock.now() / 1000),
      self_id: Number(UIN),
      post_type: "meta_event",
      meta_event_type: "lifecycle",
      sub_type: "connect",
    });
    await stage.say("早");
    expect(await client.next()).toMatchObject({ post_type: "message", raw_message: "早" });
    expect(await client.call("get_login_info")).toMatchObject({ data: { user_id: Number(UIN), nickname: "小助手" } });
  });

  test.each(["/api", "/api/", "/api?x=1"])("at %s gets answers only", async (path) => {
    stage = await openStage();
    const client = stage.connect(path);
    await client.call("get_status");
    await stage.say("早");
    expect(await client.call("get_status")).toMatchObject({ data: { online: true, good: true, stat: {} } });
    expect(client.waiting()).toEqual([]);
  });

  test("of every client gets every event; answers go to who has asked", async () => {
    stage = await openStage();
    const [one, other] = [await stage.online(), await stage.online()];
    await stage.say("早");
    expect(await one.next()).toEqual(await other.next());
    await one.call("get_status");
    expect(other.waiting()).toEqual([]);
  });

  test("takes binary frames and JSON5", async () => {
    stage = await openStage();
    const client = await stage.online();
    client.sendText(Buffer.from("{action: 'get_login_info', /* who */ params: {}, echo: {a: 1},}"));
    expect(await client.next()).toMatchObject({ retcode: 0, echo: { a: 1 } });
  });

  test("answers pings and sends none", async () => {
    stage = await openStage();
    const client = await stage.online();
    client.ping();
    await client.call("get_status");
    await expect.poll(() => client.pongs()).toBe(1);
  });

  test("that sends more than 50 MiB in a frame is closed with 1009", async () => {
    stage = await openStage();
    const client = await stage.online();
    client.sendText(" ".repeat(50 * 1024 * 1024 + 1));
    expect(await client.closed).toBe(1009);
  });

  test("hears nothing of what was said before it came", async () => {
    stage = await openStage();
    await stage.say("早");
    const client = await stage.online();
    await stage.say("晚");
    expect(await client.next()).toMatchObject({ raw_message: "晚" });
  });

  test("cannot be had by plain HTTP", async () => {
    stage = await openStage();
    const response = await fetch(stage.emulator.napcat(UIN).wsUrl.replace("ws", "http"));
    expect([response.status, await response.text()]).toEqual([426, "Upgrade Required"]);
  });
});

const beat = {
  self_id: Number(UIN),
  post_type: "meta_event",
  meta_event_type: "heartbeat",
  status: { online: true, good: true },
  interval: 30_000,
};

describe("heartbeats", () => {
  test("come from one timer that the first client starts", async () => {
    stage = await openStage();
    const first = await stage.online();
    stage.clock.advance(20_000);
    const second = await stage.online();
    stage.clock.advance(10_000);
    expect(await first.next()).toMatchObject(beat);
    expect(await second.next()).toMatchObject(beat);
    stage.clock.advance(30_000);
    expect(await first.next()).toMatchObject(beat);
    expect(await first.call("get_status")).toMatchObject({ retcode: 0 });
  });

  test("do not come when their interval is 0", async () => {
    stage = await openStage({ napcat: { heartInterval: 0 } });
    const client = await stage.online();
    stage.clock.advance(600_000);
    await stage.say("早");
    expect(await client.next()).toMatchObject({ post_type: "message" });
  });

  test("are not sent to clients that only call", async () => {
    stage = await openStage();
    const client = stage.connect("/api");
    await client.call("get_status");
    stage.clock.advance(60_000);
    await client.call("get_status");
    expect(client.waiting()).toEqual([]);
  });
});

describe("answers", () => {
  test("have seven fields in this order", async () => {
    stage = await openStage();
    const client = await stage.online();
    expect(Object.keys(await client.call("get_login_info"))).toEqual([
      "status",
      "retcode",
      "data",
      "message",
      "wording",
      "echo",
      "stream",
    ]);
  });

  test.each([
    ["unparsable text", "nonsense", { retcode: 1400, message: "json解析失败,请检查数据格式", echo: null, data: null }],
    ["an array", "[]", { retcode: 1404, message: "不支持的API undefined", echo: null }],
    ["an unknown action", `{"action":"fly"}`, { retcode: 1404, message: "不支持的API fly", echo: null }],
    ["an unknown action with an echo", `{"action":"fly","echo":"x"}`, { retcode: 1404, echo: "x" }],
    ["no echo", `{"action":"get_status"}`, { retcode: 0, echo: "" }],
    ["an empty echo", `{"action":"get_status","echo":null}`, { retcode: 0, echo: "" }],
    [
      "a parameter that is missing",
      `{"action":"get_msg","echo":1}`,
      { retcode: 1400, message: "Schema compilation error: Expected required property", echo: 1 },
    ],
    [
      "a parameter of another type",
      `{"action":"get_group_list","params":{"no_cache":"maybe"},"echo":1}`,
      { retcode: 1400, message: "Schema compilation error: Expected boolean" },
    ],
    [
      "an action that fails",
      `{"action":"get_msg","params":{"message_id":1}}`,
      { retcode: 1200, message: "消息不存在", echo: "" },
    ],
  ])("to %s", async (_, text, answer) => {
    stage = await openStage();
    const client = await stage.online();
    client.sendText(text);
    const { message, wording } = await (async () => {
      const frame = await client.next();
      expect(frame).toMatchObject(answer);
      return frame;
    })();
    expect(wording).toBe(message);
  });

  test("of actions without a result have no data, or null, as each is", async () => {
    stage = await openStage();
    const client = stage.connect("/api");
    for (const [action, params] of [
      ["clean_cache", {}],
      ["send_like", { user_id: LIN }],
      ["friend_poke", { user_id: LIN }],
      [".handle_quick_operation", { context: {}, operation: {} }],
      ["nc_get_packet_status", {}],
    ] as const) {
      const answer = await client.call(action, params);
      expect([action, "data" in answer, answer["retcode"]]).toEqual([action, false, 0]);
    }
    expect(await client.call("mark_msg_as_read", {})).toMatchObject({ data: null, retcode: 0 });
  });

  test.each(["get_status_async", "get_status_rate_limited"])("of %s are those of the plain name", async (name) => {
    stage = await openStage();
    expect(await (await stage.online()).call(name)).toMatchObject({ status: "ok", data: { online: true } });
  });

  test("come in the order they are ready", async () => {
    stage = await openStage();
    const client = await stage.online();
    await stage.trouble({ what: "delay", action: "get_status", ms: 1000 });
    client.send({ action: "get_status", echo: "slow" });
    client.send({ action: "get_login_info", echo: "fast" });
    expect(await client.next()).toMatchObject({ echo: "fast" });
    stage.clock.advance(1000);
    expect(await client.next()).toMatchObject({ echo: "slow" });
  });

  test("do not come at all to a send without a message", async () => {
    stage = await openStage();
    const client = await stage.online();
    client.send({ action: "send_group_msg", params: { group_id: GROUP }, echo: "lost" });
    expect(await client.call("get_status", {}, "next")).toMatchObject({ echo: "next" });
  });

  test("take numbers for texts and texts for numbers", async () => {
    stage = await openStage();
    const client = await stage.online();
    await stage.say("早");
    await client.next();
    expect(
      await client.call("get_group_msg_history", { group_id: Number(GROUP), count: "1", reverse_order: "true" }),
    ).toMatchObject({
      data: { messages: [{ raw_message: "早" }] },
    });
  });
});
