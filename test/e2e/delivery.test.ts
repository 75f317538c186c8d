// Every way a send can fail on its road, in a direct message and in a group: the answer comes, and comes once.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatRef, HttpFault, WireEntry } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { bot, openWorld, seed, type World } from "./support.ts";

interface Trouble {
  /** Also the person who writes, and the group that they write in. */
  readonly id: string;
  readonly name: string;
  readonly fault: HttpFault;
  readonly times: number;
  /** Calls until QQ has taken the answer and said so. */
  readonly calls: number;
  /** Least time between two calls, ms. */
  readonly gapMs?: number;
}

/** QQ's "busy" (qq-official.md 9): the platform says that it did nothing. */
const busy = (status: number): HttpFault => ({ kind: "error", status, code: 50015014 });
const tooMany: HttpFault = { kind: "error", status: 429, code: 22009, retryAfter: 3 };

const troubles: readonly Trouble[] = [
  { id: "once500", name: "500 once", fault: busy(500), times: 1, calls: 2 },
  { id: "html502", name: "502 HTML once", fault: { kind: "html", status: 502 }, times: 1, calls: 2 },
  { id: "html502x3", name: "502 HTML three times", fault: { kind: "html", status: 502 }, times: 3, calls: 4 },
  { id: "busy503x3", name: "503 three times", fault: busy(503), times: 3, calls: 4 },
  { id: "limit429", name: "429 once", fault: tooMany, times: 1, calls: 2, gapMs: 3000 },
  { id: "limit429x3", name: "429 three times", fault: tooMany, times: 3, calls: 4, gapMs: 3000 },
  { id: "token401", name: "401 once", fault: { kind: "error", status: 401, code: 11244 }, times: 1, calls: 2 },
  { id: "reset", name: "a connection reset before delivery", fault: { kind: "reset" }, times: 1, calls: 2 },
  { id: "resetx3", name: "three connections reset before delivery", fault: { kind: "reset" }, times: 3, calls: 4 },
  {
    id: "lost",
    name: "a connection reset after delivery",
    fault: { kind: "reset", delivered: true },
    times: 1,
    calls: 2,
  },
  {
    id: "lostx3",
    name: "a connection reset after delivery, and again at both repetitions",
    fault: { kind: "reset", delivered: true },
    times: 3,
    calls: 4,
  },
  { id: "slow10", name: "an answer delayed 10 s", fault: { kind: "slow", ms: 10_000 }, times: 1, calls: 1 },
  {
    id: "slow17",
    name: "an answer later than the plugin waits",
    fault: { kind: "slow", ms: 17_000 },
    times: 1,
    calls: 2,
  },
];

const main = bot(1);
/** QQ counts calls by bot: the others need not wait with this one. */
const limited = bot(2);
const botOf = ({ fault }: Trouble): BotSeed => (fault === tooMany ? limited : main);

type Scene = "C2C" | "a group";
const scenes: readonly Scene[] = ["C2C", "a group"];
const cases = troubles.flatMap((trouble) => scenes.map((scene) => [trouble.name, scene, trouble] as const));

const question = ({ id }: Trouble): string => `what about ${id}?`;
const answer = ({ id }: Trouble): string => `all is well with ${id}`;

const chatOf = (trouble: Trouble, scene: Scene): ChatRef =>
  scene === "C2C"
    ? { kind: "dm", person: trouble.id, bot: botOf(trouble).appId }
    : { kind: "group", group: `g-${trouble.id}` };

/** Method and path of the sends to the chat. */
function callTo(trouble: Trouble, scene: Scene): string {
  const { appId } = botOf(trouble);
  return scene === "C2C"
    ? `POST /v2/users/${openid(appId, "user", trouble.id)}/messages`
    : `POST /v2/groups/${openid(appId, "group", `g-${trouble.id}`)}/messages`;
}

let world: World;

/** Everybody writes at once, each into their own trouble. */
beforeAll(async () => {
  const people = troubles.map(({ id }) => id);
  world = await openWorld({
    seed: {
      ...seed([main, limited], people),
      groups: troubles.map((trouble) => {
        const id = `g-${trouble.id}`;
        return { id, name: id, members: [trouble.id], bots: [botOf(trouble).appId] };
      }),
    },
    model: { reply: (text) => `all is well with ${/about (\w+)\?/.exec(text)?.[1]}` },
    channel: () => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      // Its notices go the same way as answers do, and would meet the faults.
      typing: false,
      accounts: {
        main: { appId: main.appId, appSecret: main.secret },
        limited: { appId: limited.appId, appSecret: limited.secret },
      },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [main, limited]) await world.emulator.waitForSessions(appId, 1, 30_000);
  for (const [, scene, trouble] of cases) {
    const { fault: answer, times } = trouble;
    await world.emulator.control.call("fault", { do: "http", call: callTo(trouble, scene), times, answer });
    await world.say(trouble.id, chatOf(trouble, scene), question(trouble), { mention: [botOf(trouble).appId] });
  }
});

afterAll(async () => world?.close());

const callsTo = (trouble: Trouble, scene: Scene): readonly WireEntry[] =>
  world.emulator
    .wire()
    .filter(({ title }) => title.startsWith(callTo(trouble, scene)) && !title.includes(" held for "));

const requestOf = ({ body }: WireEntry): unknown =>
  typeof body === "object" && body !== null && "request" in body ? body.request : undefined;

describe("an answer", () => {
  test.each(cases)("F3 F9: arrives once after %s in %s, and every call is the same", async (_, scene, trouble) => {
    await world.until("the last call", () => callsTo(trouble, scene).length >= trouble.calls, 60_000);
    const calls = callsTo(trouble, scene);
    const shown = world.answers(chatOf(trouble, scene)).map(({ text }) => text);
    expect(shown).toEqual([answer(trouble)]);
    expect(calls).toHaveLength(trouble.calls);
    for (const call of calls) {
      expect(requestOf(call)).toEqual(requestOf(calls[0] as WireEntry));
      expect(requestOf(call)).toMatchObject({ msg_id: expect.any(String), msg_seq: 1 });
    }
    for (const [index, { at }] of calls.slice(1).entries()) {
      expect(at - (calls[index]?.at ?? 0)).toBeGreaterThanOrEqual(trouble.gapMs ?? 0);
    }
  });
});

test("F3 F9: nobody was answered a second time after that", () => {
  const counts = cases.map(([, scene, trouble]) => world.answers(chatOf(trouble, scene)).length);
  expect(counts).toEqual(cases.map(() => 1));
});

test("F9 G3: the log names code and trace of what the host had to try again, and no word of the answer", () => {
  const lines = world.gateway.log().split("\n");
  const failed = lines.filter((line) => line.includes("reply not delivered"));
  expect(failed.filter((line) => /code 50015014, HTTP 503, .*trace [0-9a-f]{32}/.test(line))).toHaveLength(2);
  expect(failed.filter((line) => /code 22009, HTTP 429, .*trace [0-9a-f]{32}/.test(line))).toHaveLength(2);
  expect(lines.filter((line) => line.includes("all is well"))).toEqual([]);
});
