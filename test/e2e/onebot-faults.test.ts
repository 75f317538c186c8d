// Personal accounts in one gateway, each but one in trouble of its own, all at the same time. Twenty messages are written
// around each trouble, and each gets one answer; meanwhile the host's status says what is wrong, and with whom.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../demo/config.ts";
import type { ChatTurn } from "../../demo/prompt.ts";
import type { ChatRef } from "../../emulator/control.ts";
import type { NapcatTrouble } from "../../emulator/onebot/napcat-fault.ts";
import type { AccountSeed } from "../../emulator/seed.ts";
import { account, lineTo, openWorld, personalDm, personalSeed, type World } from "./support.ts";

/** Two of these are the 30 s after which a silence is no mere stall. */
const HEARTBEAT_MS = 15_000;
/** When the trouble ends that does not end by itself, ms after its begin: the status is looked at before. */
const LASTS_MS = 60_000;
/** Between the begins of two troubles, ms: so many turns at once would keep the machine busy with nothing else. */
const APART_MS = 1500;
/** A silence that ends the connection lasts a minute; what is told of it is over then. */
const SILENCE_ENDS_MS = 65_000;
const SILENCE_SHOWN_MS = 58_000;

interface Trouble {
  /** Of the account; its messages are known by it. */
  readonly id: string;
  readonly what?: NapcatTrouble;
  /** Ends it. */
  readonly mended?: NapcatTrouble;
  /** When it is over, ms after its begin. */
  readonly overMs?: number;
  /** Until when the status shows it, ms after its begin; until it is over when absent. */
  readonly shownMs?: number;
  /** What the status shows of it from two heartbeats on: first whether the line is up. */
  readonly shown: readonly [connected: boolean, error: RegExp | null];
  readonly config?: JsonObject;
}

const GONE = /could not reach 127\.0\.0\.1:\d+: .*; check that NapCat runs/;
const SILENT = /nothing has come for \d+ s|no connection within/;
const LOGGED_OUT = /the QQ account is not logged in; log in again in NapCat/;
const NO_MESSAGES = /connected and online, but messages do not come; restart NapCat or log in again/;

const troubles: readonly Trouble[] = [
  // The pause, half of which may fall away, is long enough to be looked at.
  { id: "drop", what: { what: "drop" }, shown: [false, /closed with 1006/], config: { reconnectIntervalMs: 130_000 } },
  {
    id: "halfopen",
    what: { what: "half-open" },
    overMs: SILENCE_ENDS_MS,
    shownMs: SILENCE_SHOWN_MS,
    shown: [false, SILENT],
  },
  { id: "restart", what: { what: "restart", ms: LASTS_MS }, shown: [false, GONE] },
  {
    id: "stall",
    what: { what: "stall", ms: 60_000 },
    overMs: SILENCE_ENDS_MS,
    shownMs: SILENCE_SHOWN_MS,
    shown: [false, SILENT],
  },
  {
    id: "badtoken",
    what: { what: "bad-token" },
    mended: { what: "good-token" },
    shown: [false, /the access token is refused; set accessToken to the token of NapCat's WebSocket server/],
  },
  {
    id: "kick",
    what: { what: "kick" },
    mended: { what: "relogin" },
    shown: [true, new RegExp(`下线通知 .*${LOGGED_OUT.source}`)],
  },
  { id: "netloss", what: { what: "net-loss" }, mended: { what: "net-back" }, shown: [true, LOGGED_OUT] },
  { id: "netgap", what: { what: "net-loss" }, mended: { what: "net-back", burst: false }, shown: [true, LOGGED_OUT] },
  { id: "calm", shown: [true, null] },
];

/** Told as online, it brings nothing: only history shows that, looked at after a minute's silence and again a minute later. */
const deaf: Trouble = { id: "deaf", shown: [true, NO_MESSAGES] };
const DEAF_HEARTBEAT_MS = 5000;
/** Between the two looks, and late enough for the second. */
const DEAF_AGAIN_MS = 90_000;
const DEAF_MS = 150_000;
/** What was said longer ago than `staleAfterMinutes` when the line is back is context only. */
const late: Trouble = { id: "late", shown: [false, GONE], config: { staleAfterMinutes: 0.5 } };

const all = [...troubles, deaf, late];
const seeds = new Map(
  all.map((each, index): [string, AccountSeed] => {
    const heartInterval = each === deaf ? DEAF_HEARTBEAT_MS : HEARTBEAT_MS;
    return [each.id, account(index + 1, { napcat: { heartInterval } })];
  }),
);
const seedOf = ({ id }: Trouble): AccountSeed => seeds.get(id) ?? account(0);

const people = Array.from({ length: 20 }, (_, index) => `p${index + 1}`);
const before = people.slice(0, 7);
const during = people.slice(7, 14);
const after = people.slice(14);
/** Who writes in the account's group; the others write to the account. */
const inGroup = new Set(["p4", "p11"]);

/** Nobody writes to two accounts: one person is one conversation to the host. */
const personOf = (each: Trouble, person: string): string => `${person}-${each.id}`;
const groupOf = (each: Trouble): string => `7${seedOf(each).uin}`;
const chatOf = (each: Trouble, person: string): ChatRef =>
  inGroup.has(person) ? { kind: "group", group: groupOf(each) } : personalDm(personOf(each, person), seedOf(each));

interface Look {
  readonly beganMs: number;
  readonly endedMs: number;
  readonly shown: ReadonlyMap<string, Snapshot>;
}

interface Snapshot {
  readonly accountId: string;
  readonly connected?: boolean;
  readonly healthState?: string;
  readonly lastError?: string | null;
}

let world: World;
/** When the troubles began, ms since the epoch. */
let began: number;
const looks: Look[] = [];
/** What `openclaw channels status` has said: while the troubles last, and while an account is still deaf. */
const texts: string[] = [];

beforeAll(async () => {
  world = await openWorld({
    seed: personalSeed(
      [...seeds.values()],
      Object.fromEntries(all.map((each) => [groupOf(each), [seedOf(each)]])),
      all.flatMap((each) => people.map((person) => personOf(each, person))),
    ),
    model: { reply: answerTheQuestions },
    // One message, one turn: the host would else put what waits in a conversation into the turn under way.
    config: { messages: { queue: { mode: "followup" } } },
    channel: (emulator) => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      reconnectIntervalMs: 1000,
      sendGapMs: 50,
      accounts: Object.fromEntries(all.map((each) => [each.id, { ...lineTo(emulator, seedOf(each)), ...each.config }])),
    }),
  });
  await world.gateway.ready;
  await Promise.all(all.map((each) => world.emulator.waitForSessions(seedOf(each).uin, 1, 30_000)));
  await world.ask(personOf(late, "p1"), chatOf(late, "p1"), "«warm-up» p1");
  const beats = (each: Trouble): boolean =>
    world.emulator.wire().some(({ bot, title }) => bot === seedOf(each).uin && title.endsWith("heartbeat"));
  await world.until("a heartbeat of each", () => all.every(beats));
  began = Date.now();
  await Promise.all([...troubles.map(runTrouble), runDeaf(), runLate(), lookAround()]);
}, 300_000);

afterAll(async () => world?.close());

const found = (said: string): readonly string[] => said.match(/«[^«»"]+» p\d+/g) ?? [];

/** Answers what was asked last; what stands before it is context. */
function answerTheQuestions(text: string, messages: readonly ChatTurn[]): string {
  const questions =
    found(text).length > 0 ? found(text) : messages.flatMap(({ content }) => found(JSON.stringify(content)));
  return `the answer to ${questions.at(-1) ?? "nothing"}`;
}

const beginOf = (each: Trouble): number => Math.max(0, troubles.indexOf(each)) * APART_MS;
const passed = (): number => Date.now() - began;
/** Real time has to pass: what is proved here is when things happen in another process. */
const until = async (ms: number): Promise<void> => await sleep(Math.max(0, ms - passed()));

async function inflict(each: Trouble, trouble: NapcatTrouble | undefined): Promise<void> {
  if (!trouble) return;
  await world.emulator.control.call("fault", { do: "napcat", account: seedOf(each).uin, ...trouble });
}

async function write(each: Trouble, who: readonly string[]): Promise<void> {
  for (const person of who) {
    const more = inGroup.has(person) ? { mention: [seedOf(each).uin] } : {};
    await world.say(personOf(each, person), chatOf(each, person), `«${each.id}» ${person}`, more);
  }
}

async function runTrouble(each: Trouble): Promise<void> {
  await until(beginOf(each));
  await write(each, before);
  await inflict(each, each.what);
  await write(each, during);
  await until(beginOf(each) + (each.overMs ?? LASTS_MS));
  await inflict(each, each.mended);
  await write(each, after);
  await answered(each);
}

async function runDeaf(): Promise<void> {
  await write(deaf, before);
  await inflict(deaf, { what: "deaf", on: true });
  await write(deaf, during.slice(0, 4));
  await until(DEAF_AGAIN_MS);
  await write(deaf, during.slice(4));
  await until(DEAF_MS);
  texts.push((await world.gateway.cli(["channels", "status"])).stdout);
  await inflict(deaf, { what: "deaf", on: false });
  await write(deaf, after);
  await answered(deaf);
}

const LATE_CODE = "the code word is rhubarb";

async function runLate(): Promise<void> {
  await inflict(late, { what: "restart", ms: LASTS_MS });
  await world.say(personOf(late, "p1"), chatOf(late, "p1"), LATE_CODE);
  await world.emulator.waitForSessions(seedOf(late).uin, 1, 2 * SILENCE_ENDS_MS);
  await write(late, ["p1"]);
  await answered(late, ["p1"]);
}

/** Waits for the answers; which of them have not come the tests tell. */
async function answered(each: Trouble, who = people): Promise<void> {
  const all = (): boolean => who.every((person) => answersTo(each, person) > 0);
  await world.until(`the answers of ${each.id}`, all, 90_000).catch(() => undefined);
}

/** How often a person's message was answered. */
function answersTo(each: Trouble, person: string): number {
  return world.answers(chatOf(each, person)).filter(({ text }) => text.endsWith(`«${each.id}» ${person}`)).length;
}

/** Reads the status again and again while the troubles last. */
async function lookAround(): Promise<void> {
  // From then on all troubles are older than that.
  await until(troubles.length * APART_MS + 2 * HEARTBEAT_MS);
  await look();
  texts.push((await world.gateway.cli(["channels", "status"])).stdout);
  while (passed() < LASTS_MS) await look();
  await until(DEAF_MS - 8000);
  await look();
}

async function look(): Promise<void> {
  const beganMs = passed();
  const { stdout } = await world.gateway.cli(["channels", "status", "--json"]);
  const { channelAccounts } = JSON.parse(stdout) as { channelAccounts: { qq: Snapshot[] } };
  const shown = new Map(channelAccounts.qq.map((each) => [each.accountId, each]));
  looks.push({ beganMs, endedMs: passed(), shown });
}

const once = Object.fromEntries(people.map((person) => [person, 1]));
const counts = (each: Trouble) => Object.fromEntries(people.map((person) => [person, answersTo(each, person)]));
/** What one account's line of the text says. */
const lineOf = (text: string | undefined, { id }: Trouble): string =>
  text?.split("\n").find((line) => line.startsWith(`- QQ ${id}:`)) ?? "";

describe("while its trouble lasts, from two heartbeats on", () => {
  test.each([...troubles, late])("C4 A6: the status says so of $id", (each) => {
    const { id, overMs = LASTS_MS, shownMs = overMs } = each;
    const [connected, error] = each.shown;
    const during = looks.filter(({ endedMs }) => endedMs < beginOf(each) + shownMs);
    expect(during.length).toBeGreaterThan(0);
    for (const { shown } of during) {
      expect(shown.get(id)).toMatchObject({ connected });
      if (error) expect(shown.get(id)?.lastError).toMatch(error);
      else expect(shown.get(id)?.lastError ?? null).toBeNull();
    }
  });

  test.each([...troubles, late])("C4 A6: `openclaw channels status` shows $id to a person", (each) => {
    const [connected, error] = each.shown;
    const line = lineOf(texts[0], each);
    expect(line).toContain(connected ? ", connected" : ", disconnected");
    if (error) expect(line).toMatch(error);
    else expect(line).not.toContain("error:");
  });

  test("C4 A6: an account that is logged out is told from a line that is down", () => {
    for (const { shown } of looks.slice(0, 1)) {
      const health = Object.fromEntries(troubles.map(({ id }) => [id, shown.get(id)?.healthState]));
      expect(health).toMatchObject({ kick: "offline", netloss: "offline" });
      expect([health["drop"], health["restart"], health["calm"]]).not.toContain("offline");
    }
  });

  test("C4 A6: an account that receives nothing is told from both, once history has shown it twice", () => {
    expect(looks.at(-1)?.shown.get("deaf")).toMatchObject({ connected: true, healthState: "deaf" });
    expect(lineOf(texts[1], deaf)).toMatch(NO_MESSAGES);
    for (const each of troubles) expect(lineOf(texts[1], each)).not.toContain("error:");
  });
});

test.each([...troubles, deaf])("C4 G1 G2: around $id no message is lost and none is answered twice", (each) => {
  expect(counts(each)).toEqual(once);
});

test("C4: who has no trouble is answered as if there were none", () => {
  const [calm] = troubles.filter(({ id }) => id === "calm");
  const times = before.concat(during).map((person) => {
    const chat = calm ? chatOf(calm, person) : undefined;
    return chat
      ? (world.answers(chat).find(({ text }) => text.endsWith(` ${person}`))?.at ?? Infinity) - began
      : Infinity;
  });
  expect(Math.max(...times)).toBeLessThan(LASTS_MS);
});

test("C4 G2: what is found too late is not answered, and the next turn of its chat knows of it", () => {
  expect(world.answers(chatOf(late, "p1")).map(({ text }) => text)).toEqual([
    "the answer to «warm-up» p1",
    "the answer to «late» p1",
  ]);
  const heard = world.model.requests.filter(({ messages }) => JSON.stringify(messages).includes(LATE_CODE));
  expect(heard.map(({ text }) => text.endsWith("«late» p1"))).toEqual([true]);
});

test("C4 A6: all of it over, every account is well again", async () => {
  await look();
  for (const { id } of all) {
    const shown = looks.at(-1)?.shown.get(id);
    expect(shown).toMatchObject({ accountId: id, connected: true });
    expect([shown?.lastError ?? null, shown?.healthState ?? "healthy"]).toEqual([null, "healthy"]);
  }
});
