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

  it("longer than a page, pages are read back to the mark", async () => {
    await lost();
    missed(range(2, 70));
    await back();
    await clock.advance(10_000);
    expect(rig.keys().filter(isGroup)).toEqual(group(1, ...range(2, 70)));
    expect(napcat.count("get_group_msg_history")).toBe(4);
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
