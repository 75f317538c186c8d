// The callback address of a real gateway: what QQ posts there, what strangers post there, and what a bad day does to it.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setInterval } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../../demo/model.ts";
import { readText } from "../../demo/host.ts";
import type { WireEntry } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import {
  deriveCallbackKeys,
  signCallback,
  verifyCallback,
} from "../../extensions/qq/src/protocol/official/signature.ts";
import { bot, dm, openCallbacks, openWorld, seed, WEBHOOK_PATH, type World } from "./support.ts";

const people = Array.from({ length: 20 }, (_, index) => `p${index + 1}`);
const one = bot(1);
const two = bot(2);
const stranger = bot(3);
const MINUTE = 60_000;
const NONE = "nobody";

/** What the model waits for before it answers a text with this word in it. */
const holds = { "hold-ack": Promise.withResolvers<void>(), "hold-kill": Promise.withResolvers<void>() };

let world: World;

beforeAll(async () => {
  const open = { dmPolicy: "open", allowFrom: ["*"], webhookPath: WEBHOOK_PATH };
  world = await openWorld({
    seed: seed([one, two], people),
    // How patient QQ is, nobody knows; a restart of the gateway has to fit into it here.
    emulator: { tune: { callbackRetriesMs: Array.from({ length: 60 }, () => 1000) } },
    model: {
      reply: async (text) => {
        for (const [word, { promise }] of Object.entries(holds)) if (text.includes(word)) await promise;
        return quote(text);
      },
    },
    channel: () => ({
      appId: one.appId,
      appSecret: one.secret,
      ...open,
      accounts: { two: { appId: two.appId, appSecret: two.secret, ...open } },
    }),
  });
  await world.gateway.ready;
  await openCallbacks(world, one);
  await openCallbacks(world, two);
  await world.ask("p1", dm("p1", one), "canary warm up");
});

afterAll(async () => {
  for (const { resolve } of Object.values(holds)) resolve();
  await world?.close();
});

interface Callback {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const minutes = (fromNow: number): string => String(Math.floor((Date.now() + fromNow * MINUTE) / 1000));
const now = (): string => minutes(0);

/** A callback as QQ makes it: for a bot, signed with that bot's secret at a time in seconds. */
function signed(body: string, { appId, secret }: BotSeed = one, timestamp = now()): Callback {
  const signature = signCallback(deriveCallbackKeys(secret), timestamp, body);
  const headers = { "x-bot-appid": appId, "x-signature-ed25519": signature, "x-signature-timestamp": timestamp };
  return { body, headers };
}

function withHeaders(callback: Callback, over: Readonly<Record<string, string | undefined>>): Callback {
  const entries = Object.entries({ ...callback.headers, ...over }).filter((entry) => entry[1] !== undefined);
  return { ...callback, headers: Object.fromEntries(entries) as Record<string, string> };
}

/** A direct message of a person of the emulated QQ, though not one that the emulator knows of. */
function eventBody(text: string): string {
  const id = openid(one.appId, "user", "p1");
  const author = { id, user_openid: id, union_openid: "", username: "", bot: false };
  const d = {
    id: `ROBOT1.0_${randomUUID()}!`,
    author,
    content: text,
    message_type: 0,
    timestamp: new Date().toISOString(),
  };
  return JSON.stringify({ op: 0, id: `C2C_MESSAGE_CREATE:${randomUUID()}`, t: "C2C_MESSAGE_CREATE", d });
}

const dispatch = (d: unknown, t: unknown = "C2C_MESSAGE_CREATE"): string => JSON.stringify({ op: 0, id: "x", t, d });

async function post({ body, headers }: Callback): Promise<{ status: number; text: string }> {
  const response = await fetch(world.gateway.url + WEBHOOK_PATH, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  return { status: response.status, text: await response.text() };
}

/** The emulator's posts of one message, oldest first. */
function callbacksOf(messageId: string): WireEntry[] {
  return world.emulator
    .wire()
    .filter(({ channel, body }) => channel === "webhook" && JSON.stringify(body).includes(`"${messageId}"`));
}

/** A callback exactly as it went over the wire. */
function recorded(entry: WireEntry): Callback {
  const { body, signature, timestamp } = entry.body as { body: object; signature: string; timestamp: string };
  return {
    body: JSON.stringify(body),
    headers: { "x-bot-appid": entry.bot ?? "", "x-signature-ed25519": signature, "x-signature-timestamp": timestamp },
  };
}

const journalFile = (): string => join(world.gateway.stateDir, "qq", "journal.sqlite");

/** Ids and states of what the plugin has stored. */
function journal(): { id: string; status: string }[] {
  const database = new DatabaseSync(journalFile(), { readOnly: true });
  try {
    return database.prepare("SELECT id, status FROM inbox").all() as unknown as { id: string; status: string }[];
  } finally {
    database.close();
  }
}

/** How often the model was asked about a text as the newest one. */
const turnsOf = (text: string): number => world.model.requests.filter((request) => request.text.includes(text)).length;

/** Lines of the gateway's own output that match. */
const lines = (pattern: RegExp): string[] =>
  world.gateway
    .log()
    .split("\n")
    .filter((line) => pattern.test(line));

describe("the address", () => {
  test("C1: it proves itself to QQ's console, for each of two bots that share it", () => {
    const validations = world.emulator.wire().filter(({ title }) => title.startsWith("callbackValidation"));
    expect(validations.map(({ bot: appId, title }) => [appId, title])).toEqual([
      [one.appId, "callbackValidation ok"],
      [two.appId, "callbackValidation ok"],
    ]);
  });

  test("C1 G4: it signs nothing that could be an event, nor for another time", async () => {
    const ask = (plain_token: unknown, event_ts: unknown): Callback => ({
      body: JSON.stringify({ op: 13, d: { plain_token, event_ts } }),
      headers: { "x-bot-appid": one.appId },
    });
    const token = "Arq0D5A61EgUu4OxUvOp";
    const ts = now();
    const answer = await post(ask(token, ts));
    expect(answer.status).toBe(200);
    const { plain_token, signature } = JSON.parse(answer.text) as { plain_token: string; signature: string };
    expect(plain_token).toBe(token);
    expect(verifyCallback(deriveCallbackKeys(one.secret), ts, token, signature)).toBe(true);

    const event = eventBody("canary by oracle");
    const refused = [
      ask(event, ts),
      ask(event.slice(0, 40), ts),
      ask(token, `${ts}{"op":0`),
      ask(token, String(Number(ts) - 3600)),
      ask(token, String(Number(ts) + 3600)),
      ask(token, ""),
      ask("", ts),
      ask(42, ts),
      ask("a".repeat(4000), ts),
      withHeaders(ask(token, ts), { "x-bot-appid": stranger.appId }),
    ];
    for (const callback of refused) {
      const { status, text } = await post(callback);
      expect([status, text]).toEqual([401, ""]);
    }
  });

  test("C1: only POST, and only for bots that are here", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const { status } = await fetch(world.gateway.url + WEBHOOK_PATH, { method });
      expect(status).toBe(405);
    }
    expect((await post(signed(eventBody("canary foreign"), stranger))).status).toBe(401);
    expect((await post(signed(eventBody("canary nobody"), { ...one, appId: "" }))).status).toBe(401);
    expect(world.modelHeard("canary foreign")).toBe(false);
  });

  test("C1 C6: two bots on one path each get their own", async () => {
    const [first, second] = await Promise.all([
      world.ask("p2", dm("p2", one), "canary for one"),
      world.ask("p2", dm("p2", two), "canary for two"),
    ]);
    expect([first.from.id, second.from.id]).toEqual([one.appId, two.appId]);
    expect(first.text).toContain("canary for one");
    expect(second.text).toContain("canary for two");
  });
});

describe("strangers", () => {
  const forgeries: readonly (readonly [name: string, make: (body: string) => Callback])[] = [
    ["another text", (body) => ({ ...signed(body), body: body.replace("canary", "forgery") })],
    ["one blank more", (body) => ({ ...signed(body), body: `${body} ` })],
    ["six minutes old", (body) => signed(body, one, minutes(-6))],
    ["an hour ahead", (body) => signed(body, one, minutes(60))],
    [
      "an old signature with a new time",
      (body) => withHeaders(signed(body, one, minutes(-6)), { "x-signature-timestamp": now() }),
    ],
    ["no signature", (body) => withHeaders(signed(body), { "x-signature-ed25519": undefined })],
    ["no time", (body) => withHeaders(signed(body), { "x-signature-timestamp": undefined })],
    ["neither", (body) => ({ body, headers: { "x-bot-appid": one.appId } })],
    ["half a signature", (body) => withHeaders(signed(body), { "x-signature-ed25519": "ab".repeat(32) })],
    ["a signature of zeros", (body) => withHeaders(signed(body), { "x-signature-ed25519": "0".repeat(128) })],
    ["no hex", (body) => withHeaders(signed(body), { "x-signature-ed25519": "z".repeat(128) })],
    ["a time in words", (body) => signed(body, one, "yesterday")],
    ["another secret", (body) => signed(body, { ...one, secret: stranger.secret })],
    ["its neighbour's secret", (body) => signed(body, { ...one, secret: two.secret })],
    ["meant for the neighbour", (body) => signed(body, { ...one, appId: two.appId })],
    ["an unknown bot", (body) => signed(body, stranger)],
    ["no bot", (body) => withHeaders(signed(body), { "x-bot-appid": undefined })],
    ["an id that only begins so", (body) => withHeaders(signed(body), { "x-bot-appid": `${one.appId}0` })],
    ["an empty signature", (body) => withHeaders(signed(body), { "x-signature-ed25519": "" })],
    ["an empty body", (body) => ({ ...signed(body), body: "" })],
  ];
  const ROUNDS = 10;

  test("C1 G4: 200 tampered, stale, unsigned and foreign callbacks get 401 and start nothing", async () => {
    const stored = journal().length;
    const asked = world.model.requests.length;
    const logged = lines(/callback refused/).length;
    const wrong: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const posts = forgeries.map(async ([name, make]) => {
        const { status } = await post(make(eventBody(`canary forged ${round} ${name}`)));
        if (status !== 401) wrong.push(`${name}: ${status}`);
      });
      await Promise.all(posts);
    }
    expect(forgeries.length * ROUNDS).toBe(200);
    expect(wrong).toEqual([]);
    expect((await world.ask("p3", dm("p3", one), "canary after the flood")).text).toContain("canary after the flood");
    expect(journal()).toHaveLength(stored + 1);
    expect(world.model.requests.slice(asked).map(({ text }) => text)).toEqual(["canary after the flood"]);
    expect(lines(/callback refused/).length - logged).toBeLessThanOrEqual(4);
  });

  test("C1 G2: a recording of a good callback, tampered with, is refused", async () => {
    const id = await world.say("p3", dm("p3", one), "canary recorded");
    await world.emulator.waitForReply({ chat: dm("p3", one), after: id, timeoutMs: MINUTE });
    const [entry] = callbacksOf(id);
    const callback = recorded(entry as WireEntry);
    const tampered = { ...callback, body: callback.body.replace("canary recorded", "canary replaced") };
    expect((await post(tampered)).status).toBe(401);
    expect((await post(callback)).status).toBe(200);
    expect(world.modelHeard("canary replaced")).toBe(false);
  });
});

describe("malformed", () => {
  const bodies: readonly (readonly [name: string, body: string])[] = [
    ["not JSON", "canary {{{"],
    ["null", "null"],
    ["an array", "[1,2,3]"],
    ["a number", "42"],
    ["an empty object", "{}"],
    ["no d", JSON.stringify({ op: 0, id: "x", t: "C2C_MESSAGE_CREATE" })],
    ["d is text", dispatch("canary text")],
    ["d is null", dispatch(null)],
    ["t is a number", dispatch({}, 7)],
    ["the author is a number", dispatch({ id: "ROBOT1.0_m1!", author: 5, content: "canary number" })],
    ["the id is an object", dispatch({ id: {}, author: { user_openid: "A" }, content: "canary object" })],
    ["1000 levels deep", dispatch(JSON.parse("[".repeat(1000) + "]".repeat(1000)))],
  ];

  test.each(bodies)("G4: %s, though signed, costs one line and no turn", async (_name, body) => {
    const asked = world.model.requests.length;
    const before = lines(/callback dropped/).length;
    const { status } = await post(signed(body));
    expect(status).toBe(200);
    await world.until("a line about it", () => lines(/callback dropped/).length > before);
    expect((await world.ask("p4", dm("p4", one), "canary still here")).text).toContain("canary still here");
    expect(lines(/callback dropped/)).toHaveLength(before + 1);
    expect(world.model.requests).toHaveLength(asked + 1);
  });

  test("G4: five megabytes, though signed, cost one line and no turn", async () => {
    const asked = world.model.requests.length;
    const before = lines(/callback/).length;
    // The rest of it may meet a closed connection before the answer can be read.
    const { status } = await post(signed(eventBody("canary".repeat(900_000)))).catch(() => ({ status: 413 }));
    expect(status).toBe(413);
    await world.until("a line about it", () => lines(/callback/).length > before);
    expect(lines(/callback body refused with HTTP 413/)).toHaveLength(1);
    expect((await world.ask("p4", dm("p4", one), "canary after megabytes")).text).toContain("canary after megabytes");
    expect(lines(/callback/)).toHaveLength(before + 1);
    expect(world.model.requests).toHaveLength(asked + 1);
  });

  test("G4: an event that nobody knows is counted by its name and acknowledged", async () => {
    const { status } = await post(signed(dispatch({}, "SOMETHING_NEW")));
    expect(status).toBe(200);
    await world.until("a count", () => lines(/event dropped reason="event SOMETHING_NEW" count=1/).length === 1);
  });
});

describe("acknowledging", () => {
  test("C1 G1: an event is acknowledged before the agent ran, and is on disk by then", async () => {
    const chat = dm("p5", one);
    const id = await world.say("p5", chat, "canary hold-ack");
    await world.until("the callback's answer", () => callbacksOf(id).length > 0);
    expect(callbacksOf(id).map(({ title }) => title)).toEqual(["C2C_MESSAGE_CREATE 200"]);
    expect(journal().map((row) => row.id)).toContain(`message:${id}`);
    await world.until("the model to be asked", () => turnsOf("canary hold-ack") === 1);
    expect(world.answers(chat)).toEqual([]);
    holds["hold-ack"].resolve();
    const answer = await world.emulator.waitForReply({ chat, after: id, timeoutMs: MINUTE });
    expect(answer.text).toContain("canary hold-ack");
  });

  test("C1 G1: an event that cannot be stored is not acknowledged; QQ brings it again, and it is answered once", async () => {
    const chat = dm("p6", one);
    // The gateway may be writing at this moment: the lock waits for its turn, up to a minute.
    const lock = new DatabaseSync(journalFile(), { timeout: MINUTE });
    let id: string;
    lock.exec("BEGIN IMMEDIATE");
    try {
      id = await world.say("p6", chat, "canary locked");
      await world.until("a try that failed", () => callbacksOf(id).length > 0);
      expect(callbacksOf(id).map(({ title }) => title)).not.toContain("C2C_MESSAGE_CREATE 200");
    } finally {
      lock.exec("ROLLBACK");
      lock.close();
    }
    const answer = await world.emulator.waitForReply({ chat, after: id, timeoutMs: MINUTE });
    expect(answer.text).toContain("canary locked");
    await world.until("the event to be taken", () => callbacksOf(id).some(({ title }) => title.endsWith(" 200")));
    expect(callbacksOf(id).length).toBeGreaterThan(1);
    expect(turnsOf("canary locked")).toBe(1);
  });

  test("C1 G2: one event in five deliveries at once starts one turn", async () => {
    const chat = dm("p7", one);
    await world.emulator.control.call("fault", { do: "duplicate", bot: one.appId, times: 5 });
    const id = await world.say("p7", chat, "canary five at once");
    await world.emulator.waitForReply({ chat, after: id, timeoutMs: MINUTE });
    await world.until("five answers", () => callbacksOf(id).length === 5);
    expect(callbacksOf(id).map(({ title }) => title)).toEqual(Array(5).fill("C2C_MESSAGE_CREATE 200"));
    await world.ask("p7", chat, "canary the next one");
    expect(turnsOf("canary five at once")).toBe(1);
    expect(world.answers(chat)).toHaveLength(2);
  });
});

describe("a gateway that goes and comes back", () => {
  test("C1 G2: a callback posted five times, and again after a restart, starts one turn", async () => {
    const chat = dm("p8", one);
    const id = await world.say("p8", chat, "canary replayed");
    await world.emulator.waitForReply({ chat, after: id, timeoutMs: MINUTE });
    const callback = recorded(callbacksOf(id)[0] as WireEntry);
    const statuses: number[] = [];
    for (let time = 1; time < 5; time += 1) statuses.push((await post(callback)).status);

    // While it starts, the port is open and answers 503 before the plugin is there.
    const restarted = world.gateway.restart();
    await untilStarting(restarted);
    const early = await world.say("p9", dm("p9", one), "canary while starting");
    await restarted;
    statuses.push((await post(callback)).status);
    expect(statuses).toEqual(Array(5).fill(200));
    const answer = await world.emulator.waitForReply({ chat: dm("p9", one), after: early, timeoutMs: MINUTE });
    expect(answer.text).toContain("canary while starting");
    expect(callbacksOf(early)[0]?.title).toBe("C2C_MESSAGE_CREATE 503");
    expect(turnsOf("canary while starting")).toBe(1);

    await world.ask("p8", chat, "canary after the restart");
    expect(turnsOf("canary replayed")).toBe(1);
    expect(world.answers(chat)).toHaveLength(2);
  });

  test("C1 G1 G2: kill -9 with 20 messages in flight from 20 people: each is answered, none twice", async () => {
    const asked = world.model.requests.length;
    const say = (person: string): Promise<string> => world.say(person, dm(person, one), `hold-kill ${person}.`);
    for (const person of people.slice(0, 15)) await say(person);
    await world.until("turns under way", () => world.model.requests.length >= asked + 3);
    const killed = world.gateway.kill9();
    for (const person of people.slice(15)) await say(person);
    await killed;
    holds["hold-kill"].resolve();
    await world.gateway.restart();

    // A turn that was interrupted is taken up by the host itself: it tells the person so, then answers.
    const answersTo = (person: string): number =>
      world.answers(dm(person, one)).filter(({ text }) => text.includes(`hold-kill ${person}.`)).length;
    const everybody = (): boolean => people.every((person) => answersTo(person) > 0);
    await world.until("an answer for everybody", everybody, 2 * MINUTE);
    await world.until("everything to be done", () => journal().every(({ status }) => status === "completed"));
    expect((await world.ask("p1", dm("p1", one), "canary after the kill")).text).toContain("canary after the kill");
    expect(Object.fromEntries(people.map((person) => [person, answersTo(person)]))).toEqual(
      Object.fromEntries(people.map((person) => [person, 1])),
    );
  });
});

describe("traces", () => {
  test("G3: neither secrets nor tokens nor anybody's words are in the logs, nor credentials in a prompt", async () => {
    const tokens = await Promise.all([one, two].map(tokenOf));
    // The messages of the kill say no "canary": the host prints the answers of the turns that it takes up again.
    const log = world.gateway.log() + readText(join(world.gateway.directory, "openclaw.log"));
    const prompts = JSON.stringify(world.model.requests.map(({ messages }) => messages));
    expect(log).toContain("account transport=webhook");
    expect(prompts).toContain("canary");
    for (const credential of [one.secret, two.secret, ...tokens]) {
      expect(credential.length).toBeGreaterThan(10);
      expect(log).not.toContain(credential);
      expect(prompts).not.toContain(credential);
    }
    expect(log.split("\n").filter((line) => line.includes("canary"))).toEqual([]);
  });
});

/** QQ gives the same token out again while it is good for more than a minute. */
async function tokenOf({ appId, secret }: BotSeed): Promise<string> {
  const response = await fetch(`${world.emulator.url}/app/getAppAccessToken`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ appId, clientSecret: secret }),
  });
  return ((await response.json()) as { access_token?: string }).access_token ?? NONE;
}

/** Resolves once the gateway answers the address with 503. */
async function untilStarting(restarted: Promise<void>): Promise<void> {
  let up = false;
  const settled = (): void => void (up = true);
  restarted.then(settled, settled);
  for await (const _ of setInterval(50)) {
    const { status } = await post({ body: "", headers: {} }).catch(() => ({ status: 0 }));
    if (status === 503) return;
    if (up) throw new Error("the gateway came up without ever having answered 503");
  }
}
