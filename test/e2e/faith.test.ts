// Twenty people write around each way a line can fail; every one of them gets one answer.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault, WireEntry } from "../../emulator/control.ts";
import { bot, dm, openWorld, seed, type World } from "./support.ts";

const HEARTBEAT_MS = 10_000;
const people = Array.from({ length: 20 }, (_, index) => `p${index + 1}`);
const one = bot(1);

let world: World;

beforeAll(async () => {
  world = await openWorld({
    seed: seed([one], people),
    emulator: { heartbeatMs: HEARTBEAT_MS },
    model: { delayMs: 100 },
    channel: () => ({ appId: one.appId, appSecret: one.secret, dmPolicy: "open", allowFrom: ["*"] }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
  await world.ask("p1", dm("p1", one), "warm up");
});

afterAll(async () => world?.close());

/** Everybody writes `text`; `half` happens when half of them have. Resolves when each has an answer. */
async function writeAround(text: string, half: () => Promise<unknown>): Promise<void> {
  const ids = new Map<string, string>();
  for (const [index, person] of people.entries()) {
    if (index === people.length / 2) await half();
    ids.set(person, await world.say(person, dm(person, one), `${text} ${person}`));
  }
  await Promise.all(
    [...ids].map(([person, after]) =>
      world.emulator.waitForReply({ chat: dm(person, one), after, timeoutMs: 120_000 }),
    ),
  );
}

/** How often each person's message was answered: once, if all is well. */
function answersTo(text: string): Record<string, number> {
  const counts = people.map((person) => {
    const mine = world.answers(dm(person, one)).filter((answer) => answer.text.includes(`<${text}> ${person}`));
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
    await writeAround("kill", async () => {
      await world.until("some turns under way", () => world.model.requests.length >= asked + 3);
      await world.gateway.kill9();
      void world.gateway.restart();
    });
    console.log(
      JSON.stringify(
        people.map((p) =>
          world
            .answers(dm(p, one))
            .slice(-2)
            .map((m) => m.text),
        ),
        null,
        1,
      ),
      JSON.stringify(
        world.model.requests.slice(asked).map((r) => [r.text, r.messages.length, r.messages.slice(-3)]),
        null,
        1,
      ),
      world.gateway.log().split("\n").slice(-40).join("\n"),
    );
    expect(answersTo("kill")).toEqual(once);
  });
});
