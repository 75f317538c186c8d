import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { APP_ID, callHttp, rawBot } from "../test/emulator/raw-bot.ts";
import { createManualClock } from "./clock.ts";
import { createEmulator, type Emulator } from "./emulator.ts";

const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const group = { kind: "group", group: "test-group" } as const;

let emulator: Emulator;
beforeEach(async () => {
  emulator = await createEmulator({ clock: createManualClock() });
});
afterEach(() => emulator.close());

const get = (path: string) => callHttp(emulator, "GET", `/_emulator/${path}`);
const post = (name: string, body: unknown) => callHttp(emulator, "POST", `/_emulator/${name}`, body);

describe("over HTTP", () => {
  test("state shows the demo world", async () => {
    await post("say", { person: "lin", chat: group, text: "早" });
    expect((await get("state")).body).toEqual({
      now: Date.UTC(2026, 10, 20, 1, 30),
      bots: [{ appId: APP_ID, name: "小助手", mode: "websocket", sessions: 0 }],
      accounts: [],
      people: [
        { id: "lin", name: "小林" },
        { id: "ming", name: "阿明" },
        { id: "alice", name: "Alice" },
      ],
      groups: [
        {
          id: "test-group",
          name: "测试群",
          members: ["lin", "ming", "alice"],
          bots: [APP_ID],
          muted: false,
          mode: "only_mention",
        },
      ],
      channels: [
        {
          id: "general",
          name: "综合",
          guild: "test-guild",
          guildName: "测试频道",
          members: ["lin", "ming", "alice"],
          bots: [APP_ID],
        },
      ],
      chats: [{ chat: group, messages: [expect.objectContaining({ text: "早" })] }],
      audits: [],
      binds: [],
    });
  });

  test("say answers the message id", async () => {
    const answer = await post("say", { person: "lin", chat: dm, text: "早" });
    expect(answer.body).toEqual({ id: emulator.world.messages(dm)[0]?.id });
  });

  test.each([
    ["say", { person: "nobody", chat: dm, text: "x" }, "nobody"],
    ["say", "{", "JSON"],
    ["fault", { do: "nothing" }, "fault"],
    ["fault", { do: "half-open", bot: "1" }, "bot"],
    ["press", { person: "lin", chat: dm, message: "m", button: "b" }, "no message"],
    ["advance", { ms: -1 }, "forward"],
  ])("%s with nonsense answers 400 and why", async (name, body, why) => {
    const answer = await post(name, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: expect.stringContaining(why) });
  });

  test("log answers what came after a number", async () => {
    await rawBot(emulator);
    const raw = await rawBot(emulator);
    await raw.call("GET", "/users/@me");
    const all = (await get("log")).body as unknown as { n: number }[];
    expect(all.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect((await get("log?since=2")).body).toMatchObject([{ n: 3, channel: "http", direction: "out", bot: APP_ID }]);
  });

  test("host answers the notice once there is one", async () => {
    expect((await get("host")).status).toBe(204);
    emulator.setHost({ state: "ready", line: "网关就绪" });
    expect((await get("host")).body).toEqual({ state: "ready", line: "网关就绪" });
  });

  test("control calls are neither logged nor made to fail", async () => {
    await post("fault", { do: "http", call: "GET", answer: { kind: "html", status: 502 } });
    expect((await get("state")).status).toBe(200);
    expect(emulator.wire()).toEqual([]);
  });

  test("events are pushed as they happen", async () => {
    const response = await fetch(`${emulator.url}/_emulator/events`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const seen = readEvents(response, 3);
    const raw = await rawBot(emulator);
    await raw.call("POST", raw.paths.dm("lin"), { content: "你好" });
    await post("mute", { group: "test-group", muted: true });
    expect(await seen).toEqual([
      ["wire", expect.objectContaining({ title: "POST /app/getAppAccessToken 200" })],
      ["message", { chat: dm, message: expect.objectContaining({ text: "你好" }) }],
      ["wire", expect.objectContaining({ channel: "http", bot: APP_ID })],
    ]);
  });

  test("the page is served fresh, and nothing beside it", async () => {
    const page = await callHttp(emulator, "GET", "/");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    expect((await callHttp(emulator, "GET", "/page/index.html")).status).toBe(200);
    for (const path of [
      "/page/none.js",
      "/page/..%2fcontrol.ts",
      "/page/%2e%2e/seed.ts",
      "/page/..%2f..%2fpackage.json",
    ]) {
      expect((await callHttp(emulator, "GET", path)).status).toBe(404);
    }
  });
});

describe("reset", () => {
  test("empties the chats and the books, but keeps tokens and sessions, and repeats no id", async () => {
    const raw = await rawBot(emulator);
    const gateway = await raw.online();
    const { id } = await emulator.control.call("say", { person: "lin", chat: dm, text: "一" });
    await emulator.control.call("mute", { group: "test-group", muted: true });
    await emulator.control.call("fault", { do: "http", call: "/users", answer: { kind: "html", status: 502 } });
    await gateway.next();
    const told = emulator.waitFor("reset", ({ event, data }) => (event === "state" && data.reset) || undefined);
    await emulator.control.call("reset", {});
    expect(await told).toBe(true);
    expect(emulator.world.snapshot().chats).toEqual([]);
    expect(emulator.world.snapshot().groups[0]?.muted).toBe(false);
    expect((await raw.call("GET", "/users/@me")).status).toBe(200);
    const again = await emulator.control.call("say", { person: "lin", chat: dm, text: "一" });
    expect(again.id).not.toBe(id);
    expect((await gateway.next()).d["id"]).toBe(again.id);
    const answer = await raw.call("POST", raw.paths.dm("lin"), { content: "x", msg_id: id });
    expect(answer.body.err_code).toBe(40034024);
  });

  test("another emulator gives the same ids in the same order", async () => {
    const other = await createEmulator({ clock: createManualClock() });
    const third = await createEmulator({ clock: createManualClock(), idSeed: "another" });
    const say = { person: "lin", chat: dm, text: "一" };
    const [one, two, three] = await Promise.all([emulator, other, third].map((each) => each.control.call("say", say)));
    await Promise.all([other.close(), third.close()]);
    expect(one).toEqual(two);
    expect(one).not.toEqual(three);
  });
});

describe("waiting", () => {
  test("for the next reply, for several, and for those that are there already", async () => {
    const raw = await rawBot(emulator);
    const next = emulator.waitForReply({ chat: dm });
    const { id } = await emulator.control.call("say", { person: "lin", chat: dm, text: "一" });
    for (const content of ["甲", "乙"]) await raw.call("POST", raw.paths.dm("lin"), { content });
    expect((await next).text).toBe("甲");
    const both = await emulator.waitForReplies({ chat: dm, after: id, count: 2 });
    expect(both.map(({ text }) => text)).toEqual(["甲", "乙"]);
    const first = both[0]?.id ?? "";
    expect((await emulator.waitForReply({ chat: dm, after: first })).text).toBe("乙");
  });

  test("ends with an error that names what did not come", async () => {
    await expect(emulator.waitForReply({ chat: group, timeoutMs: 1 })).rejects.toThrow("reply in group/test-group");
    await expect(emulator.waitForReply({ chat: group, after: "none" })).rejects.toThrow("none");
  });
});

/** The first `count` events of a stream: name and data. */
async function readEvents(response: Response, count: number): Promise<[string, unknown][]> {
  const events: [string, unknown][] = [];
  let text = "";
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("the answer has no body");
  while (events.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (name !== undefined && data !== undefined) events.push([name, JSON.parse(data)]);
    }
  }
  await reader.cancel();
  return events.slice(0, count);
}
