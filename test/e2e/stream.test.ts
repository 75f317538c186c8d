// Answers that grow in a direct message while the agent writes, through the real gateway.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatMessage, WireEntry } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import type { ModelTurn } from "../../demo/model.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const one = bot(1);
const people = ["lin", "ming", "alice", "bo", "chen", "dora", "emma"];
const words = (count: number): string => Array.from({ length: count }, (_, index) => `word${index + 1}`).join(" ");
/** Takes the stand-in model 4 to 5 s. */
const whole = `Here it comes:\n- **first**\n- second\n\n${words(80)}.`;
const PIECE_MS = 150;
/** Said before a tool: long enough to be shown, however busy the machine is. */
const before = `I run a command for that first, and this is why: ${words(60)}.`;

let world: World;
/** How often the model was asked about a text: a tool is called by the first time alone. */
const asked = new Map<string, number>();

beforeAll(async () => {
  world = await openWorld({
    seed: seed([one], people),
    model: { pieceMs: PIECE_MS, reply },
    channel: () => ({
      appId: one.appId,
      appSecret: one.secret,
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      nativeStreaming: true,
      progressAfterSeconds: 3,
    }),
  });
  await world.gateway.ready;
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
  await world.ask("alice", dm("alice", one), "warm up");
});

afterAll(async () => world?.close());

function reply(text: string): string | ModelTurn {
  const times = (asked.get(text) ?? 0) + 1;
  asked.set(text, times);
  const calls = [{ name: "exec", arguments: { command: "echo hello" } }];
  if (text.includes("warm up")) return "Ready.";
  if (text.includes("with a tool") && times === 1) return { text: before, calls };
  if (text.includes("with many tools") && times <= 6) return { text: `Command number ${times} comes now.`, calls };
  return whole;
}

/** What has gone to a person's stream by now. */
function steps(person: string): readonly WireEntry[] {
  const path = `${openid(one.appId, "user", person)}/stream_messages 200`;
  return world.emulator.wire().filter(({ title }) => title.endsWith(path));
}

const shown = (person: string): readonly ChatMessage[] => world.answers(dm(person, one));
const finished = (person: string) => () => shown(person).some(({ stream }) => stream === "finished");

describe("an answer", () => {
  test("F8: grows in one message, which ends as the whole answer and costs one reply", async () => {
    const at = await world.say("lin", dm("lin", one), "tell me");
    await world.until("a message that grows", () => shown("lin").some(({ stream }) => stream === "generating"));
    await world.until("its end", finished("lin"));
    expect(shown("lin")).toMatchObject([
      { text: whole.replace("comes:\n", "comes:\n\n"), markdown: true, repliesTo: at },
    ]);
    expect(steps("lin").length).toBeGreaterThan(3);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("F8: with a tool in between stands below what the agent said before it, in the same message", async () => {
    await world.say("ming", dm("ming", one), "do it with a tool");
    await world.until("its end", finished("ming"), 60_000);
    const answer = whole.replace("comes:\n", "comes:\n\n");
    expect(shown("ming").map(({ text }) => text)).toEqual([`${before}\n\n${answer}`]);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("F8: is not kept waiting by a platform that takes 5 s for a step", async () => {
    const slow = { kind: "slow", ms: 5_000 } as const;
    await world.emulator.control.call("fault", { do: "http", call: "stream_messages", times: 2, answer: slow });
    const began = Date.now();
    await world.say("bo", dm("bo", one), "tell me slowly");
    await world.until("its end", finished("bo"), 60_000);
    // The model writes for some 5 s in a good 80 pieces; waiting 5 s for each would take minutes.
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(shown("bo")).toMatchObject([{ text: whole.replace("comes:\n", "comes:\n\n") }]);
    expect(steps("bo").length).toBeLessThan(10);
  });
});

describe("a long turn", () => {
  test("F8 F2: full of tools, told one by one, keeps a reply for its answer", async () => {
    await world.ask("dora", dm("dora", one), "/verbose on");
    const at = await world.say("dora", dm("dora", one), "do it with many tools");
    await world.until("the answer", () => shown("dora").some(({ text }) => text.includes("word80.")), 60_000);
    const replies = shown("dora").filter(({ repliesTo }) => repliesTo === at);
    expect(replies.length).toBeLessThanOrEqual(4);
    expect(replies.at(-1)?.text).toContain("word80.");
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("F8: in a group says once that it is still running", async () => {
    await world.say("lin", group("one"), "tell us", { mention: [one.appId] });
    const texts = () => world.answers(group("one")).map(({ text }) => text);
    await world.until("the answer", () => texts().some((text) => text.includes("word80.")), 60_000);
    expect(texts().slice(0, -1)).toEqual(["Still working on it, please wait…"]);
  });
});

test("F8 G1: killed while it grows, the answer arrives whole after the restart, and what grew is finished", async () => {
  await world.say("emma", dm("emma", one), "tell me, even if");
  // Of a first step whose answer never came nobody knows the id: that one could not be finished.
  await world.until("a message that grows", () => steps("emma").length >= 2);
  await world.gateway.kill9();
  await world.gateway.restart();
  const rest = (): readonly ChatMessage[] => shown("emma").slice(1);
  await world.until("the answer", () => rest().some(({ text }) => text.includes("word80.")), 150_000);
  await world.until("an end of all that grew", () => shown("emma").every(({ stream }) => stream !== "generating"));
  expect(shown("emma").filter(({ text }) => text.includes("word80."))).toHaveLength(1);
}, 240_000);
