import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { button, dm, group, openButtonStage, outcome, rowsOf, type ButtonStage } from "./button-stage.ts";
import { APP_ID, rawBot } from "./raw-bot.ts";

const MINUTE = 60_000;

let stage: ButtonStage;
const open = async (options: EmulatorOptions = {}): Promise<void> => {
  stage = await openButtonStage(options);
};
afterEach(() => stage.emulator.close());

/** The event id of a click in the chat. */
const click = async (chat: ChatRef): Promise<{ event_id: string }> => {
  const message = await stage.show(chat, rowsOf([button()]));
  const pressed = stage.press({ chat, message });
  const frame = await stage.gateway.next();
  await stage.acknowledge(frame);
  await pressed;
  return { event_id: String(frame.id) };
};
const answer = async (chat: ChatRef, anchor: object, msg_seq = 1): Promise<number | "ok"> =>
  outcome(await stage.raw.call("POST", stage.pathOf(chat), { content: "好", msg_seq, ...anchor }));

describe("the event id of a click", () => {
  test.each<[string, ChatRef, number, number]>([
    ["C2C", dm, 4, 60 * MINUTE],
    ["a group", group, 5, 5 * MINUTE],
  ])("takes the replies of %s within its window", async (_, chat, replies, windowMs) => {
    await open({ lifetimeMs: Number.POSITIVE_INFINITY, heartbeatMs: 24 * 60 * MINUTE });
    const anchor = await click(chat);
    stage.clock.advance(windowMs);
    for (let seq = 1; seq <= replies; seq += 1) expect(await answer(chat, anchor, seq)).toBe("ok");
    expect(stage.emulator.world.messages(chat).at(-1)?.repliesTo).toBe(anchor.event_id);
    expect(await answer(chat, anchor, 1)).toBe(40054005);
    expect(await answer(chat, anchor, replies + 1)).toBe(40034128);
    const late = await click(chat);
    stage.clock.advance(windowMs + 1);
    // A token lives for two hours.
    stage.raw = await rawBot(stage.emulator);
    expect(await answer(chat, late)).toBe(40034026);
  });

  test("is taken verbatim, and only where the click was", async () => {
    await open();
    const { event_id } = await click(group);
    expect(await answer(group, { event_id: event_id.replace("INTERACTION_CREATE:", "") })).toBe(40034025);
    expect(await answer(group, { event_id: "INTERACTION_CREATE:unknown" })).toBe(40034025);
    expect(await answer(dm, { event_id })).toBe(40034025);
    expect(await answer(group, { event_id })).toBe("ok");
  });

  test("is one of few kinds that can be replied to", async () => {
    await open();
    const events: Record<string, string> = {};
    const note = async (): Promise<void> => {
      const frame = await stage.gateway.next();
      events[String(frame.t)] = String(frame.id);
    };
    const { control } = stage.emulator;
    for (const friends of [false, true])
      await control.call("friend", { person: "lin", bot: APP_ID, friends }).then(note);
    for (const chat of [dm, group]) {
      for (const allowed of [false, true]) await control.call("proactive", { chat, allowed }).then(note);
    }
    const place = { group: "test-group", bot: APP_ID, person: "lin" };
    await control.call("kick", place).then(note);
    await control.call("invite", place).then(note);
    await control.call("say", { person: "lin", chat: dm, text: "嗨" }).then(note);
    await control.call("say", { person: "lin", chat: group, text: "嗨", mention: [APP_ID] }).then(note);
    const outcomes: Record<string, unknown> = {};
    for (const [t, event_id] of Object.entries(events)) {
      const isGroup = t.startsWith("GROUP");
      outcomes[t] = await answer(isGroup ? group : dm, { event_id });
      expect(await answer(isGroup ? dm : group, { event_id })).toBe(40034027);
    }
    expect(outcomes).toEqual({
      FRIEND_ADD: "ok",
      FRIEND_DEL: 40034027,
      C2C_MSG_RECEIVE: "ok",
      C2C_MSG_REJECT: 40034027,
      GROUP_ADD_ROBOT: "ok",
      GROUP_DEL_ROBOT: 40034027,
      GROUP_MSG_RECEIVE: "ok",
      GROUP_MSG_REJECT: 40034027,
      C2C_MESSAGE_CREATE: 40034027,
      GROUP_AT_MESSAGE_CREATE: 40034027,
    });
  });
});
