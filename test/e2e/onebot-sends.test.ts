// What becomes of the answers of personal accounts when a send goes wrong, each on an account of its own, in one gateway;
// and of twenty when the gateway itself is killed among them.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatTurn } from "../../demo/prompt.ts";
import type { ChatRef } from "../../emulator/control.ts";
import type { NapcatTrouble, SendOutcome } from "../../emulator/onebot/napcat-fault.ts";
import type { AccountSeed } from "../../emulator/seed.ts";
import { account, lineTo, openWorld, personalDm, personalSeed, type World } from "./support.ts";

/** How long NapCat waits for QQ to confirm a text, ms; 10 s in a real one. */
const CONFIRM_MS = 1000;
/** Longer than it takes to give up finding out what became of a send, which is 38 s, ms. */
const DOWN_MS = 50_000;
const napcat = { baseTimeoutMs: CONFIRM_MS };

interface Case {
  /** Of the account. */
  readonly id: string;
  readonly name: string;
  readonly trouble: NapcatTrouble;
  /** Calls that send, until the answer is there and known to be. */
  readonly sends: number;
}

const outcome = (kind: "timeout" | "delivered" | "hang"): NapcatTrouble => {
  const told: SendOutcome = { kind };
  return { what: "send", outcome: told };
};
const lose = (part: "call" | "answer"): NapcatTrouble => ({ what: "lose", action: "send_private_msg", part });

const cases: readonly Case[] = [
  { id: "arrived", name: "is not confirmed in time, and arrives", trouble: outcome("delivered"), sends: 1 },
  { id: "lost", name: "is not confirmed, and does not arrive", trouble: outcome("timeout"), sends: 2 },
  { id: "hang", name: "QQ's code never answers", trouble: outcome("hang"), sends: 2 },
  { id: "noanswer", name: "arrives, and NapCat's answer is cut off", trouble: lose("answer"), sends: 1 },
  { id: "nocall", name: "is cut off before NapCat has read it", trouble: lose("call"), sends: 2 },
];
const ids = [...cases.map(({ id }) => id), "socketonly", "muted", "mutedout", "removed", "strangers", "down", "killed"];
const seeds = new Map(
  ids.map((id, index): [string, AccountSeed] => [
    id,
    account(101 + index, {
      napcat: id === "killed" ? { ...napcat, sendDelayMs: [200, 600] } : napcat,
      ...(id === "strangers" && { friends: [] }),
    }),
  ]),
);
const seedOf = (id: string): AccountSeed => seeds.get(id) ?? account(0);

const crowd = Array.from({ length: 20 }, (_, index) => `p${index + 1}`);
const people = [...ids.map((id) => `a-${id}`), ...crowd];
/** Nobody writes to two accounts: one person is one conversation to the host. */
const dm = (id: string): ChatRef => personalDm(`a-${id}`, seedOf(id));
const groupNumber = (id: string): string => `7${seedOf(id).uin}`;
const group = (id: string): ChatRef => ({ kind: "group", group: groupNumber(id) });

let world: World;
/** Answers that wait to be let go, by account. */
const gates = new Map<string, PromiseWithResolvers<void>>();

beforeAll(async () => {
  world = await openWorld({
    seed: personalSeed(
      [...seeds.values()],
      Object.fromEntries(["muted", "mutedout", "removed", "killed"].map((id) => [groupNumber(id), [seedOf(id)]])),
      people,
    ),
    model: { delayMs: 100, reply: answerTheQuestion },
    channel: (emulator) => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      reconnectIntervalMs: 1000,
      sendGapMs: 50,
      accounts: Object.fromEntries(
        ids.map((id) => {
          const { wsUrl, httpUrl, ...token } = lineTo(emulator, seedOf(id));
          return [id, { wsUrl, ...token, ...(id !== "socketonly" && { httpUrl }) }];
        }),
      ),
    }),
  });
  await world.gateway.ready;
  await Promise.all(ids.map((id) => world.emulator.waitForSessions(seedOf(id).uin, 1, 30_000)));
  await world.ask("p1", personalDm("p1", seedOf("killed")), "«warm-up» p1");
});

afterAll(async () => world?.close());

/**
 * As a real model does, finds the question in the conversation: after a crash the host asks it to go on with an
 * interrupted turn, and the question stands further up.
 */
async function answerTheQuestion(_text: string, messages: readonly ChatTurn[]): Promise<string> {
  const questions = messages.flatMap(
    ({ content }) => JSON.stringify(content).match(/«[^«»"]+» \S+?(?=["\\\s]|$)/g) ?? [],
  );
  const question = questions.at(-1) ?? "nothing";
  await gates.get(/«([^»]+)»/.exec(question)?.[1] ?? "")?.promise;
  return `the answer to ${question}`;
}

async function inflict(id: string, trouble: NapcatTrouble): Promise<void> {
  await world.emulator.control.call("fault", { do: "napcat", account: seedOf(id).uin, ...trouble });
}

async function ask(id: string, chat: ChatRef): Promise<void> {
  await world.say(`a-${id}`, chat, `«${id}» me`, chat.kind === "group" ? { mention: [seedOf(id).uin] } : {});
}

/** Has the model hold the answer back until the function that comes back is called. */
async function askAndHold(id: string, chat: ChatRef): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  gates.set(id, gate);
  await ask(id, chat);
  await world.until(`the model to be asked by ${id}`, () => world.modelHeard(`«${id}» me`), 60_000);
  return gate.resolve;
}

const said = (chat: ChatRef): readonly string[] => world.answers(chat).map(({ text }) => text);
const answer = (id: string): string => `the answer to «${id}» me`;
const sendsOf = (id: string): number =>
  world.emulator.wire().filter(({ bot, direction, title }) => {
    return bot === seedOf(id).uin && direction === "out" && /send_(?:private|group)_msg/.test(title);
  }).length;
/** What the log says of an account, without what the host says itself. */
const logOf = (id: string): readonly string[] =>
  world.gateway
    .log()
    .split("\n")
    .filter((line) => line.includes(`[qq] [${id}] `));

async function answered(id: string, chat: ChatRef, timeoutMs = 90_000): Promise<void> {
  await world.until(`the answer of ${id}`, () => said(chat).length > 0, timeoutMs);
}

describe.concurrent("an answer", () => {
  test.each(cases)("F9: whose send $name is said once", async ({ id, trouble, sends }) => {
    await inflict(id, trouble);
    await ask(id, dm(id));
    await answered(id, dm(id));
    const settled = (): boolean => logOf(id).some((line) => line.includes("send without an answer"));
    await world.until(`the outcome for ${id}`, settled);
    const history = sends === 1 ? "arrived" : "absent";
    expect(logOf(id).join("\n")).toMatch(new RegExp(`action=send_private_msg history=${history}`));
    await world.until(`the last send of ${id}`, () => sendsOf(id) >= sends);
    expect([said(dm(id)), sendsOf(id)]).toEqual([[answer(id)], sends]);
  });

  test("C4 F9: over a socket that is cut while it is under way is said once", async () => {
    const id = "socketonly";
    await inflict(id, lose("answer"));
    await ask(id, dm(id));
    await answered(id, dm(id));
    await inflict(id, { what: "drop" });
    const settled = (): boolean => logOf(id).some((line) => /send without an answer.*history=arrived/.test(line));
    await world.until("the outcome", settled, 90_000);
    expect([said(dm(id)), sendsOf(id)]).toEqual([[answer(id)], 1]);
  });

  test("F9: for a group where the account is muted waits, and comes when the mute is lifted", async () => {
    const [id, chat] = ["muted", group("muted")];
    const release = await askAndHold(id, chat);
    await world.emulator.control.call("ban", { group: groupNumber(id), who: seedOf(id).uin, seconds: 3600 });
    release();
    await world.until("the answer to be kept", () =>
      logOf(id).some((line) => line.includes("answer kept chat=group:")),
    );
    expect([said(chat), sendsOf(id)]).toEqual([[], 0]);
    await world.emulator.control.call("ban", { group: groupNumber(id), who: seedOf(id).uin, seconds: 0 });
    await answered(id, chat);
    expect([said(chat), sendsOf(id)]).toEqual([[answer(id)], 1]);
  });

  test("F9: comes too when the mute runs out, of which nobody tells", async () => {
    const [id, chat] = ["mutedout", group("mutedout")];
    const release = await askAndHold(id, chat);
    await world.emulator.control.call("ban", { group: groupNumber(id), who: seedOf(id).uin, seconds: 15 });
    release();
    await answered(id, chat);
    expect([said(chat), sendsOf(id)]).toEqual([[answer(id)], 1]);
  });

  test("F9: for a group that has removed the account ends in one line that says so", async () => {
    const [id, chat] = ["removed", group("removed")];
    const release = await askAndHold(id, chat);
    await world.emulator.control.call("kick", { group: groupNumber(id), bot: seedOf(id).uin, person: "p1" });
    release();
    const told = (): readonly string[] => logOf(id).filter((line) => line.includes("reply not delivered"));
    await world.until("the line", () => told().length > 0);
    expect(told()).toEqual([
      expect.stringMatching(/group:\d+ allows no message now \(the bot was removed there; have it/),
    ]);
    expect([said(chat), sendsOf(id)]).toEqual([[], 0]);
  });

  test("F9: for somebody who takes messages from friends only ends in one line that says so", async () => {
    const id = "strangers";
    await ask(id, dm(id));
    const told = (): readonly string[] => logOf(id).filter((line) => line.includes("reply not delivered"));
    await world.until("the line", () => told().length > 0, 60_000);
    expect(told()).toEqual([
      expect.stringMatching(/c2c:\d+ allows no message now \(QQ lets only friends write to this/),
    ]);
    // The second is the one after NapCat has looked up who that is.
    expect([said(dm(id)), sendsOf(id)]).toEqual([[], 2]);
  });

  test("F9: that is ready while NapCat is down comes when it is back", async () => {
    const id = "down";
    const release = await askAndHold(id, dm(id));
    await inflict(id, { what: "restart", ms: DOWN_MS });
    await world.until("the line to be down", () => logOf(id).some((line) => line.includes("line waiting")));
    release();
    const kept = (): boolean => logOf(id).some((line) => line.includes('until="the line is up"'));
    await world.until("the answer to be kept", kept, DOWN_MS);
    expect(said(dm(id))).toEqual([]);
    await answered(id, dm(id));
    expect(said(dm(id))).toEqual([answer(id)]);
  });
});

test("F9: nothing was said a second time after that, and nothing where nobody asked", () => {
  const shown = ids.filter((id) => id !== "killed").map((id) => [id, [...said(dm(id)), ...said(group(id))].length]);
  const unsaid = new Set(["removed", "strangers"]);
  expect(shown).toEqual(ids.filter((id) => id !== "killed").map((id) => [id, unsaid.has(id) ? 0 : 1]));
});

describe("a gateway that is killed", () => {
  /** Who writes in the group. */
  const inGroup = new Set(["p4", "p9", "p14", "p19"]);
  const chatOf = (person: string): ChatRef =>
    inGroup.has(person) ? group("killed") : personalDm(person, seedOf("killed"));
  const answersTo = (person: string): number =>
    world.answers(chatOf(person)).filter(({ text }) => text.endsWith(`«kill» ${person}`)).length;
  const write = async (who: readonly string[]): Promise<void> => {
    for (const person of who) {
      const more = inGroup.has(person) ? { mention: [seedOf("killed").uin] } : {};
      await world.say(person, chatOf(person), `«kill» ${person}`, more);
    }
  };
  /** What the host takes up after a crash it takes up within a minute; what it leaves is begun again after 80 s. */
  const RECOVERY_MS = 90_000;

  test("G1 G2 F9: among twenty messages with answers under way has lost none and answers none twice", async () => {
    await write(crowd.slice(0, 12));
    await world.until(
      "some answers, and not all",
      () => crowd.filter((person) => answersTo(person) > 0).length >= 4,
      60_000,
    );
    const killedAt = Date.now();
    await world.gateway.kill9();
    expect(crowd.slice(0, 12).some((person) => answersTo(person) === 0)).toBe(true);
    const restarted = world.gateway.restart();
    await write(crowd.slice(12));
    await restarted;
    const restartedAt = Date.now();
    const all = (): boolean => crowd.every((person) => answersTo(person) > 0);
    await world.until("an answer to everybody", all, 150_000);
    await sleep(Math.max(0, restartedAt + RECOVERY_MS - Date.now()));
    expect(Object.fromEntries(crowd.map((person) => [person, answersTo(person)]))).toEqual(
      Object.fromEntries(crowd.map((person) => [person, 1])),
    );
    expect(killedAt).toBeLessThan(restartedAt);
  }, 300_000);
});
