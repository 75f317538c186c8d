import { afterEach, beforeEach, expect, test } from "vitest";
import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { APP_ID, rawBot, type Answer, type RawBot } from "./raw-bot.ts";

const DAY = 24 * 3_600_000;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const group = { kind: "group", group: "test-group" } as const;

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
beforeEach(async () => {
  clock = createManualClock();
  emulator = await createEmulator({ clock });
  raw = await rawBot(emulator);
  await raw.online();
});
afterEach(() => emulator.close());

const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));
const say = async (): Promise<string> =>
  (await emulator.control.call("say", { person: "lin", chat: dm, text: "嗨" })).id;
/** Tokens do not live for days. */
const later = async (ms: number): Promise<void> => {
  clock.advance(ms);
  raw = await rawBot(emulator);
};
const wake = async (body: object = {}, path = raw.paths.dm("lin")): Promise<number | "ok"> =>
  outcome(await raw.call("POST", path, { content: "好久不见", is_wakeup: true, ...body }));

test("one wake-up is taken in each period of the 30 days after the person's last message", async () => {
  await say();
  const hours = (count: number): number => (count * DAY) / 24;
  for (const ms of [hours(23), hours(1), 2 * DAY, 4 * DAY]) {
    await later(ms);
    expect(await wake()).toBe("ok");
    expect(await wake()).toBe(40034122);
  }
  await later(23 * DAY - 1);
  expect(await wake()).toBe(40034122);
  expect(emulator.world.messages(dm).filter((message) => message.from.kind === "bot")).toHaveLength(4);
  expect(emulator.world.messages(dm).at(-1)).not.toHaveProperty("repliesTo");
});

test("the last period ends on the thirtieth day", async () => {
  await say();
  await later(30 * DAY - 1);
  expect(await wake()).toBe("ok");
  await say();
  await later(30 * DAY);
  expect(await wake()).toBe(40034122);
});

test("a new message of the person begins every period anew", async () => {
  await say();
  expect(await wake()).toBe("ok");
  await say();
  expect(await wake()).toBe("ok");
});

test("nobody is woken who has never written, or is no friend", async () => {
  expect(await wake()).toBe(40034122);
  await say();
  await emulator.control.call("friend", { person: "lin", bot: APP_ID, friends: false });
  expect(await wake()).toBe(40054004);
});

test("a wake-up is for C2C only, is no reply and no typing notice", async () => {
  const msg_id = await say();
  expect(await wake({ msg_id })).toBe(40034123);
  expect(await wake({ event_id: "FRIEND_ADD:x" })).toBe(40034123);
  expect(await wake({ msg_type: 6, input_notify: { input_type: 1, input_second: 5 } })).toBe(40034123);
  expect(await wake({}, raw.paths.group("test-group"))).toBe(40034123);
  expect(emulator.world.messages(group)).toEqual([]);
  expect(await wake()).toBe("ok");
});

test("a wake-up gets through where proactive messages are refused, and its refusal uses nothing up", async () => {
  await say();
  await emulator.control.call("proactive", { chat: dm, allowed: false });
  expect(outcome(await raw.call("POST", raw.paths.dm("lin"), { content: "提醒" }))).toBe(40054013);
  expect(await wake({ content: "字".repeat(5001) })).toBe(40054007);
  expect(await wake()).toBe("ok");
});
