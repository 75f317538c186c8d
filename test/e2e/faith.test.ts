// Twenty people write around each way a line can fail; every one of them gets one answer.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault, WireEntry } from "../../emulator/control.ts";
import type { ChatTurn } from "../../demo/prompt.ts";
import { bot, dm, openWorld, seed, type World } from "./support.ts";

const HEARTBEAT_MS = 10_000;
const people = Array.from({ length: 20 }, (_, index) => `p${index + 1}`);
const one = bot(1);

let world: World;

beforeAll(async () => {
  world = await openWorld({
    seed: seed([one], people),
    emulator: { heartbeatMs: HEARTBEAT_MS },
    model: { delayMs: 100, reply: answerTheQuestion },
    channel: () => ({ appId: one.appId, appSecret: one.secret, dmPolicy: "open", allowFrom: ["*"] }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
  await world.ask("p1", dm("p1", one), "«warm-up» p1");
});

afterAll(async () => world?.close());

/**
 * As a real model does, finds the question in the conversation: after a crash the host asks it to go on with an
 * interrupted turn, and the question stands further up.
 */
function answerTheQuestion(_text: string, messages: readonly ChatTurn[]): string {
  const questions = messages.flatMap(({ content }) => JSON.stringify(content).match(/«[^«»"]+» p\d+/g) ?? []);
  return `the answer to ${questions.at(-1) ?? "nothing"}`;
}

/** Everybody writes `text`; `half` happens when half of them have. Resolves when each has an answer. */
async function writeAround(text: string, half: () => Promise<unknown>): Promise<void> {
  const ids = new Map<string, string>();
  for (const [index, person] of people.entries()) {
    if (index === people.length / 2) await half();
    ids.set(person, await world.say(person, dm(person, one), `«${text}» ${person}`));
  }
  await Promise.all(
    [...ids].map(([person, after]) =>
      world.emulator.waitForReply({ chat: dm(person, one), after, timeoutMs: 150_000 }),
    ),
  );
}

/** How often each person's message was answered: once, if all is well. */
function answersTo(text: string): Record<string, number> {
  const counts = people.map((person) => {
    const mine = world.answers(dm(person, one)).filter((answer) => answer.text.includes(`«${text}» ${person}`));
    return [person, mine.length] as const;
  });
  return Object.fromEntries(counts);
}

const once = Object.fromEntries(people.map((person) => [person, 1]));
const titles = (from: number): readonly string[] =>
  world.emulator
    .wire()
    .slice(from)
    .map(({ title }: WireEntry) => title);

describe("websocket", () => {
  const faults: readonly (readonly [name: string, fault: Fault])[] = [
    ["socket drop", { do: "close", code: 1006 }],
    ["op 7", { do: "reconnect" }],
    ["op 7 and then 4009", { do: "reconnect", thenClose: true }],
    ["4009", { do: "close", code: 4009 }],
    ["4009 in the middle of a dispatch", { do: "close", code: 4009, when: "before-dispatch" }],
    ["op 9 that may resume", { do: "invalid-session", resumable: true }],
    ["over-replay", { do: "over-replay", events: 15 }],
    ["duplicate dispatches", { do: "duplicate", times: 5 }],
  ];

  test.each(faults)("C2 G1 G2: none lost and none answered twice around %s", async (name, fault) => {
    const from = world.emulator.wire().length;
    await writeAround(name, async () => {
      await world.emulator.control.call("fault", fault);
      if (fault.do === "over-replay") await world.emulator.control.call("fault", { do: "close", code: 4009 });
    });
    expect(answersTo(name)).toEqual(once);
    if (fault.do !== "duplicate") expect(titles(from).join("\n")).toMatch(/op 6|resume/i);
    expect(titles(from).join("\n")).not.toMatch(/op 2|identify/i);
  });

  test("C2 G1: a half-open socket is noticed within 1.5 heartbeats, and nobody is lost in it", async () => {
    const from = world.emulator.wire().length;
    const began = Date.now();
    await writeAround("half-open", () => world.emulator.control.call("fault", { do: "half-open" }));
    expect(answersTo("half-open")).toEqual(once);
    const resumed = world.emulator
      .wire()
      .slice(from)
      .find(({ title }) => /op 6|resume/i.test(title));
    expect((resumed?.at ?? Infinity) - began).toBeLessThan(HEARTBEAT_MS * 1.5 + 1000);
  });

  test("G1 G2: a kill -9 in the middle of it loses nobody and answers nobody twice", async () => {
    const asked = world.model.requests.length;
    let restarted: Promise<void> | undefined;
    await writeAround("kill", async () => {
      await world.until("some turns under way", () => world.model.requests.length >= asked + 3);
      await world.gateway.kill9();
      restarted = world.gateway.restart();
    });
    await restarted;
    const all = (): boolean => Object.values(answersTo("kill")).every((count) => count > 0);
    await world.until("an answer to everybody", all, 150_000);
    expect(answersTo("kill")).toEqual(once);
    // The host takes up a send that the crash cut off when its lease of a minute has run out.
  }, 300_000);
});
