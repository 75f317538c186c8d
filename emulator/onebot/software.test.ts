import { afterEach, describe, expect, test } from "vitest";
import type { Software } from "./settings.ts";
import { GROUP, openStage, UIN, type Frame, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
const open = async (software: Software, token = ""): Promise<void> => {
  stage = await openStage({ token, napcat: { software } });
};
afterEach(() => stage.emulator.close());

describe("a wrong token", () => {
  test("is a frame and a close with LLOneBot, where the header wins", async () => {
    await open("llonebot", "secret");
    const client = stage.connect("/?access_token=secret", { authorization: "Bearer nope" });
    const denial = await client.next();
    expect(denial).toMatchObject({ retcode: 1403 });
    expect(denial).not.toHaveProperty("stream");
    await client.closed;
    expect(await stage.connect("/?access_token=nope", { authorization: "Bearer secret" }).next()).toMatchObject({
      post_type: "meta_event",
    });
  });

  test("is close 1002 with Lagrange, which takes the header only", async () => {
    await open("lagrange", "secret");
    expect(await stage.connect("/?access_token=secret").closed).toBe(1002);
    expect(await stage.connect("/", { authorization: "Bearer secret" }).next()).toMatchObject({
      post_type: "meta_event",
    });
  });

  test("is HTTP 401 with go-cqhttp, which takes any scheme word", async () => {
    await open("go-cqhttp", "secret");
    expect(await stage.connect("/").closed).toBe(1006);
    expect((await stage.call("get_status")).status).toBe(401);
    const plain = stage.emulator.napcat(UIN).wsUrl.replace("ws:", "http:");
    expect((await fetch(plain)).status).toBe(401);
    expect((await fetch(`${plain}?access_token=secret`)).status).toBe(426);
    expect(await stage.connect("/", { authorization: "Token secret" }).next()).toMatchObject({ _post_method: 2 });
  });
});

test.each<[Software, string, readonly string[]]>([
  ["napcat", "NapCat.Onebot", ["status", "retcode", "data", "message", "wording", "echo", "stream"]],
  ["llonebot", "LLOneBot", ["status", "retcode", "data", "message", "wording", "echo"]],
  ["lagrange", "Lagrange.OneBot", ["status", "retcode", "data", "echo"]],
  ["go-cqhttp", "go-cqhttp", ["status", "retcode", "data", "msg", "wording", "echo"]],
])("%s says it is %s, in its own fields", async (software, name, fields) => {
  await open(software);
  const answer = await stage.connect("/api").call("get_version_info");
  expect(answer).toMatchObject({ data: { app_name: name, protocol_version: "v11" } });
  expect(Object.keys(answer)).toEqual(fields);
});

test.each<[Software, string, number, number]>([
  ["napcat", "set_msg_emoji_like", 200, 200],
  ["llonebot", "upload_file_stream", 404, 404],
  ["lagrange", "set_input_status", 200, 404],
  ["go-cqhttp", "friend_poke", 200, 404],
])("%s lacks %s, unless it is NapCat", async (software, action, status, retcode) => {
  await open(software);
  const answer = await stage.call(software === "napcat" ? "no_such_action" : action, {});
  expect([answer.status, answer.body["retcode"]]).toEqual([status, retcode]);
});

const texts = (answer: Frame): unknown[] =>
  (answer["data"] as { messages: Frame[] }).messages.map((message) => message["raw_message"]);

describe("histories", () => {
  test("of LLOneBot go back from QQ's own number", async () => {
    await open("llonebot");
    const client = await stage.online();
    for (const text of ["一", "二", "三"]) await stage.say(text);
    const [, second] = [await client.next(), await client.next()];
    const ask = (more: object = {}) =>
      stage
        .connect("/api")
        .call("get_group_msg_history", { group_id: GROUP, message_seq: second?.["real_seq"], count: 2, ...more });
    expect(texts(await ask())).toEqual(["一", "二"]);
    expect(texts(await ask({ reverseOrder: true }))).toEqual(["二", "一"]);
  });

  test("of Lagrange go back from a message id", async () => {
    await open("lagrange");
    const client = await stage.online();
    for (const text of ["一", "二", "三"]) await stage.say(text);
    const event = (await client.next(), await client.next());
    expect(event).not.toHaveProperty("message_seq");
    expect(event).toMatchObject({ anonymous: null, font: 0 });
    const { message_id } = event;
    expect(
      texts(await stage.connect("/api").call("get_group_msg_history", { group_id: GROUP, message_id, count: 5 })),
    ).toEqual(["一", "二"]);
  });

  test("of go-cqhttp are 19 messages, whose ids may be negative", async () => {
    await open("go-cqhttp");
    const client = await stage.online();
    for (let i = 1; i <= 30; i += 1) await stage.say(String(i));
    const ids: unknown[] = [];
    for (let i = 1; i <= 30; i += 1) ids.push((await client.next())["message_id"]);
    expect(ids.some((id) => Number(id) < 0)).toBe(true);
    const api = stage.connect("/api");
    expect(texts(await api.call("get_group_msg_history", { group_id: GROUP, count: 3 }))).toHaveLength(19);
    const negative = ids.find((id) => Number(id) < 0);
    expect(await api.call("get_msg", { message_id: negative })).toMatchObject({
      data: { message_id: negative, self_id: Number(UIN) },
    });
  });
});
