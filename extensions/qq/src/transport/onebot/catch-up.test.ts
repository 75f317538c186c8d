import { beforeEach, describe, expect, it } from "vitest";
import type { FakeClock } from "../testing/fake-clock.ts";
import { FAKE_NOW } from "../testing/fake-clock.ts";
import type { FakeNet } from "../testing/fake-net.ts";
import type { Recorder } from "../testing/recorder.ts";
import { UIN, type FakeNapCat } from "./testing/fake-napcat.ts";
import { createRig, type Rig } from "./testing/rig.ts";

let rig: Rig;
let clock: FakeClock;
let net: FakeNet;
let seen: Recorder;
let napcat: FakeNapCat;
let up: Rig["up"];

beforeEach(() => {
  rig = createRig();
  ({ clock, net, seen, napcat, up } = rig);
});

const GROUP = 30001;
const group = (...ids: number[]): string[] => ids.map((id) => `message:group:${GROUP}:${id}`);
const people = (...ids: number[]): string[] => ids.map((id) => `message:c2c:20001:${id}`);
const requests = () => seen.accepted.filter(({ lane }) => lane === "requests");
const isGroup = (key: string): boolean => key.startsWith("message:group:");
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Messages 200 ms apart, the last of them now. */
function missed(
  ids: readonly number[],
  chat: { readonly group?: number; readonly user?: number } = { group: GROUP },
): void {
  for (const [index, id] of ids.entries())
    napcat.miss({ id, at: clock.now() - (ids.length - 1 - index) * 200, ...chat });
}

/** The line is up and has taken message 1 of the group and 1001 of the person; then the socket goes. */
async function lost(): Promise<void> {
  net.expectDials(2);
  rig.start();
  const server = await up();
  napcat.write({ id: 1, at: clock.now(), group: GROUP });
  napcat.write({ id: 1001, at: clock.now() });
  await clock.advance(60_000);
  server.close(1006);
  await clock.settle();
}

/** The second connection. */
async function back(): Promise<void> {
  while (net.dials.length < 2) await clock.advance(1000);
  await up(1);
}

describe("C4 G2: after a gap", () => {
  it("what was missed is read from history in its order, each once, and own messages are not taken", async () => {
    await lost();
    missed([5, 3, 9]);
    napcat.miss({ id: 10, at: clock.now(), group: GROUP, user: UIN });
    missed([1002, 1003], { user: 20001 });
    await back();
    await clock.advance(5000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, 5, 3, 9));
    expect(rig.keys().filter((key) => !isGroup(key))).toEqual(people(1001, 1002, 1003));
    expect(rig.memory.kept.get(`group:${GROUP}`)).toMatchObject({ messageId: "10" });
    expect(seen.lines.join("\n")).toContain(`chat=group:${GROUP} count=3`);
  });

  it("requests about groups that were made in it and are open are taken, each once, by the keys of their events", async () => {
    await lost();
    const flag = (ms: number): number => (clock.now() + ms) * 1000 + 1;
    const [first, second, third] = [flag(-3000), flag(-2000), flag(-1000)];
    const about = { group_id: 30009, message: "let me in", checked: false };
    napcat.systemMessages = {
      invited_requests: [{ ...about, request_id: first, invitor_uin: UIN, actor: 20007, message: "" }],
      join_requests: [
        { ...about, request_id: second, invitor_uin: 20008, actor: 0 },
        { ...about, request_id: third, invitor_uin: 20008, checked: true },
        { ...about, request_id: flag(-600_000), invitor_uin: 20008 },
        { ...about, request_id: 7, invitor_uin: 20008 },
        { ...about, request_id: third },
      ],
    };
    await back();
    await clock.advance(5000);
    const keys = [`request:invite:20007:${first}`, `request:join:20008:${second}`];
    expect(requests().map(({ key }) => key)).toEqual(keys);
    expect(requests().map(({ text }) => JSON.parse(text))).toMatchObject([
      { sub_type: "invite", group_id: 30009, comment: "" },
      { sub_type: "add", self_id: UIN, comment: "let me in" },
    ]);
    napcat.event({
      post_type: "request",
      request_type: "group",
      sub_type: "add",
      group_id: 30009,
      user_id: 20008,
      comment: "let me in",
      flag: String(second),
    });
    await clock.settle();
    expect(requests()).toHaveLength(2);
  });

  it("other implementations are not asked for requests", async () => {
    napcat.name = "LLOneBot";
    await lost();
    await back();
    await clock.advance(5000);
    expect(napcat.count("get_group_system_msg")).toBe(0);
  });

  it("longer than a page, pages are read back to the mark", async () => {
    await lost();
    missed(range(2, 70));
    await back();
    await clock.advance(10_000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, ...range(2, 70)));
    // The fifth asks for what is before the mark, and there is nothing.
    expect(napcat.count("get_group_msg_history")).toBe(5);
  });

  it("of very many messages the newest 96 are read: five pages that overlap by one", async () => {
    await lost();
    missed(range(2, 250));
    await back();
    await clock.advance(10_000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, ...range(155, 250)));
    expect(seen.lines.join("\n")).toContain("older ones are left out");
  });

  it("G1: what comes meanwhile in the same chat waits behind what was missed; other chats do not wait", async () => {
    await lost();
    missed([2, 3]);
    while (net.dials.length < 2) await clock.advance(1000);
    const server = await rig.dialled(1);
    napcat.attach(server);
    server.open();
    await clock.settle();
    napcat.write({ id: 4, at: clock.now(), group: GROUP });
    napcat.write({ id: 7, at: clock.now(), group: 30009 });
    await clock.settle();
    expect(rig.keys()).toEqual([...group(1), ...people(1001), "message:group:30009:7"]);
    napcat.lifecycle();
    await clock.advance(5000);
    expect(rig.keys().filter((key) => key.startsWith(`message:group:${GROUP}`))).toEqual(group(1, 2, 3, 4));
  });

  it("nothing waits longer than 20 s for a history that does not come, and it is read later all the same", async () => {
    await lost();
    missed([2]);
    napcat.silent.add("get_group_msg_history");
    await back();
    napcat.write({ id: 3, at: clock.now(), group: GROUP });
    await clock.advance(19_000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1));
    await clock.advance(2000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, 3));
    expect(rig.memory.kept.get(`group:${GROUP}`)).toMatchObject({ messageId: "1" });
    napcat.silent.clear();
    for (let beat = 0; beat < 3; beat++) {
      await clock.advance(30_000);
      napcat.heartbeat();
    }
    expect(rig.keys().filter(isGroup)).toEqual(group(1, 3, 2));
    expect(rig.memory.kept.get(`group:${GROUP}`)).toMatchObject({ messageId: "3" });
  });

  it("a message that a later one has overtaken is read too, and nothing from before that minute", async () => {
    napcat.miss({ id: 90, at: FAKE_NOW - 61_000, group: GROUP });
    net.expectDials(2);
    rig.start();
    const server = await up();
    await clock.advance(30_000);
    napcat.miss({ id: 95, at: clock.now() - 61_000, group: 30002 });
    napcat.miss({ id: 2, at: clock.now() - 12_000, group: GROUP });
    napcat.write({ id: 1, at: clock.now(), group: GROUP });
    napcat.write({ id: 96, at: clock.now() - 20_000, group: 30002 });
    await clock.advance(1000);
    server.close(1006);
    await clock.settle();
    await back();
    await clock.advance(5000);
    expect(rig.keys()).toEqual([...group(1), "message:group:30002:96", ...group(2)]);
    expect(rig.memory.kept.get(`group:${GROUP}`)).toMatchObject({ messageId: "1" });
    // Neither is told of as missed: the inbox may know it.
    expect(seen.lines.join("\n")).not.toContain("read from history");
  });

  it("a chat that was quiet for longer than a minute before it is read from its mark", async () => {
    net.expectDials(2);
    rig.start();
    const server = await up();
    await clock.advance(120_000);
    napcat.miss({ id: 70, at: clock.now() - 5000, group: GROUP });
    napcat.write({ id: 1, at: clock.now(), group: GROUP });
    await clock.advance(61_000);
    napcat.write({ id: 1001, at: clock.now() });
    await clock.settle();
    missed([2]);
    server.close(1006);
    await back();
    await clock.advance(5000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, 2));
  });

  it("a chat whose reading was cut off is read from the same place at the next try, whatever came elsewhere", async () => {
    net.expectDials(3);
    rig.start();
    const server = await up();
    await clock.advance(120_000);
    napcat.miss({ id: 2, at: clock.now() - 10_000, group: GROUP });
    napcat.write({ id: 1, at: clock.now(), group: GROUP });
    await clock.advance(1000);
    napcat.refused.set("get_group_msg_history", { retcode: 1200, message: "Server is closed" });
    server.close(1006);
    await clock.settle();
    await back();
    for (let beat = 0; beat < 6; beat++) {
      await clock.advance(20_000);
      napcat.write({ id: 1001 + beat, at: clock.now() });
    }
    await clock.settle();
    napcat.refused.clear();
    (await rig.dialled(1)).close(1006);
    while (net.dials.length < 3) await clock.advance(1000);
    await up(2);
    await clock.advance(5000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, 2));
  });

  it.each([
    ["下载文件失败", 4],
    ["消息undefined不存在", 1],
    ["不支持的api", 1],
  ])("a chat whose history is refused with %s is asked for %i times in all", async (message, times) => {
    await lost();
    napcat.refused.set("get_group_msg_history", { retcode: 1200, message });
    await back();
    await clock.advance(100_000);
    expect(napcat.count("get_group_msg_history")).toBe(times);
  });

  it("a chat that began meanwhile is found, and what was said there before the gap is left", async () => {
    await lost();
    napcat.miss({ id: 50, at: FAKE_NOW - 3_600_000, group: 30007 });
    missed([51, 52], { group: 30007 });
    napcat.miss({ id: 60, at: FAKE_NOW - 3_600_000, group: 30008 });
    await back();
    await clock.advance(5000);
    expect(rig.keys().slice(2)).toEqual(["message:group:30007:51", "message:group:30007:52"]);
    expect(napcat.calls.some(({ params }) => params["group_id"] === 30008)).toBe(false);
  });

  it("a chat that the account has left, or that is empty, is asked for once", async () => {
    await lost();
    napcat.refused.set("get_group_msg_history", { retcode: 1200, message: "消息undefined不存在" });
    await back();
    await clock.advance(200_000);
    expect(napcat.count("get_group_msg_history")).toBe(1);
  });

  it("two chats are read at a time, the rest after them", async () => {
    for (const id of range(1, 6)) rig.memory.mark({ lane: `group:4000${id}`, messageId: "1", at: FAKE_NOW - 1000 });
    napcat.silent.add("get_group_msg_history");
    net.expectDials(1);
    rig.start();
    await up();
    await clock.advance(1000);
    expect(napcat.count("get_group_msg_history")).toBe(2);
  });

  it("chats in which nothing was written since the last look are not read again", async () => {
    await lost();
    await back();
    await clock.advance(2000);
    const asked = napcat.calls.length;
    net.expectDials(1);
    (await rig.dialled(1)).close(1006);
    while (net.dials.length < 3) await clock.advance(1000);
    await up(2);
    await clock.advance(2000);
    expect(napcat.calls.slice(asked).map(({ action }) => action)).not.toContain("get_group_msg_history");
  });

  it("a connection that ends while it reads loses nothing: the next one reads it", async () => {
    await lost();
    missed([2, 3]);
    napcat.silent.add("get_group_msg_history");
    await back();
    napcat.write({ id: 4, at: clock.now(), group: GROUP });
    await clock.advance(1000);
    net.expectDials(1);
    (await rig.dialled(1)).close(1006);
    napcat.silent.clear();
    while (net.dials.length < 3) await clock.advance(1000);
    await up(2);
    await clock.advance(5000);
    expect(rig.keys().filter(isGroup).sort()).toEqual(group(1, 2, 3, 4));
  });
});

describe("C4 G2: after a restart of the gateway", () => {
  it("it is read from the marks that were kept", async () => {
    rig.memory.mark({ lane: `group:${GROUP}`, messageId: "1", at: FAKE_NOW - 600_000 });
    napcat.miss({ id: 1, at: FAKE_NOW - 600_000, group: GROUP });
    napcat.miss({ id: 2, at: FAKE_NOW - 600_000, group: GROUP });
    napcat.miss({ id: 3, at: FAKE_NOW - 500_000, group: GROUP });
    net.expectDials(1);
    rig.start();
    await up();
    await clock.advance(2000);
    expect(rig.keys()).toEqual(group(2, 3));
  });

  it("at the very first start nothing old is taken, not after the first gap either", async () => {
    napcat.miss({ id: 1, at: FAKE_NOW - 61_000, group: GROUP });
    net.expectDials(2);
    rig.start();
    const server = await up();
    napcat.write({ id: 2, at: FAKE_NOW - 5000, group: GROUP });
    await clock.advance(1000);
    server.close(1006);
    await clock.settle();
    await back();
    await clock.advance(5000);
    expect(napcat.count("get_group_msg_history")).toBeGreaterThan(0);
    expect(rig.keys()).toEqual(group(2));
  });

  it("after a month, when the inbox has forgotten what came, it is read from the mark itself", async () => {
    const at = FAKE_NOW - 30 * 24 * 3_600_000;
    rig.memory.mark({ lane: `group:${GROUP}`, messageId: "2", at });
    napcat.miss({ id: 1, at: at - 1000, group: GROUP });
    napcat.miss({ id: 2, at, group: GROUP });
    napcat.miss({ id: 3, at: at + 1000, group: GROUP });
    net.expectDials(1);
    rig.start();
    await up();
    await clock.advance(2000);
    expect(rig.keys()).toEqual(group(3));
  });

  it("at the very first start nothing old is taken, but what is younger than a minute", async () => {
    napcat.miss({ id: 1, at: FAKE_NOW - 3_600_000, group: GROUP });
    napcat.miss({ id: 2, at: FAKE_NOW - 70_000, group: 30002 });
    napcat.miss({ id: 3, at: FAKE_NOW - 20_000, group: 30002 });
    net.expectDials(1);
    rig.start();
    await up();
    await clock.advance(2000);
    expect(rig.keys()).toEqual(["message:group:30002:3"]);
    expect(rig.memory.kept.get("group:30002")).toMatchObject({ messageId: "3" });
  });
});

describe("C4: other implementations", () => {
  it("LLOneBot is asked for older messages by QQ's sequence", async () => {
    napcat.name = "LLOneBot";
    await lost();
    missed(range(2, 30));
    await back();
    await clock.advance(5000);
    const [, second] = napcat.calls.filter(({ action }) => action === "get_group_msg_history");
    expect(second?.params).toEqual({ group_id: GROUP, count: 20, message_seq: 112 });
    expect(rig.keys().filter(isGroup)).toEqual(group(1, ...range(2, 30)));
  });

  it("one that nobody knows is not asked for history, and its messages are taken as they come", async () => {
    napcat.name = "homemade";
    await lost();
    missed([2]);
    await back();
    napcat.write({ id: 3, at: clock.now(), group: GROUP });
    await clock.advance(2000);
    expect(napcat.count("get_group_msg_history")).toBe(0);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, 3));
    expect(rig.memory.kept.get(`group:${GROUP}`)).toMatchObject({ messageId: "3" });
  });
});
