import { onTestFinished } from "vitest";
import type { ChatMessage, ChatRef, Fault, Say, WireEntry } from "../../emulator/control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { openid } from "../../emulator/ids.ts";
import type { BotSeed, Seed } from "../../emulator/seed.ts";
import { createTime, type Time } from "./time.ts";

export const APP_ID = "102000001";
export const SECRET = "secret-of-the-contract";

const people = ["lin", "ming", "alice"] as const;
type Person = (typeof people)[number];

/** An emulated QQ with three people, two groups and our bot, for one test. */
export interface World {
  readonly emulator: Emulator;
  readonly time: Time;
  /** A person writes; resolves with the message's id. */
  say(text: string, chat?: ChatRef, more?: Partial<Say>): Promise<string>;
  fault(fault: Fault): Promise<void>;
  /** What bots have said in a chat, oldest first. */
  answers(chat?: ChatRef): readonly ChatMessage[];
  /** How often each of these was answered in the DM of `lin`. */
  countAnswers(texts: readonly string[]): readonly number[];
  /** Titles of the wire log that match, oldest first. */
  wire(pattern: RegExp): readonly WireEntry[];
  /** Resolves once the condition holds; rejects, naming `what`, when it never does. */
  until(what: string, condition: () => boolean): Promise<void>;
  /** The same, and nobody waits for the line's pauses. */
  hurry(what: string, condition: () => boolean): Promise<void>;
}

/** How long anything may take before it counts as never; generous, since a busy machine is no fault. ms. */
const NEVER_MS = 20_000;
const LOOK_EVERY_MS = 2;

export interface WorldOptions {
  readonly emulator?: EmulatorOptions;
  readonly bot?: Partial<BotSeed>;
  /** Guilds, each with a channel of the same name, beside the one that is always there. */
  readonly guilds?: readonly string[];
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const time = createTime();
  const emulator = await createEmulator({ clock: time.emulator, ...options.emulator, seed: plant(options) });
  onTestFinished(() => emulator.close());
  const answers: World["answers"] = (chat = dm("lin")) =>
    emulator.world.messages(chat).filter(({ from }) => from.kind === "bot");
  const wait = async (what: string, condition: () => boolean, look: () => void): Promise<void> => {
    const deadline = performance.now() + NEVER_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`waited ${NEVER_MS} ms for ${what}${lastOf(emulator)}`);
      look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  return {
    emulator,
    time,
    answers,
    async say(text, chat = dm("lin"), more = {}) {
      const person = chat.kind === "dm" ? chat.person : "lin";
      return (await emulator.control.call("say", { person, chat, text, ...more })).id;
    },
    async fault(fault) {
      await emulator.control.call("fault", fault);
    },
    countAnswers: (texts) => texts.map((text) => answers().filter((answer) => answer.text === `re: ${text}`).length),
    wire: (pattern) => emulator.wire().filter(({ title }) => pattern.test(title)),
    until: (what, condition) => wait(what, condition, () => {}),
    hurry: (what, condition) => wait(what, condition, () => time.skipPause()),
  };
}

export function dm(person: Person): ChatRef {
  return { kind: "dm", person, bot: APP_ID };
}

export function group(id: "one" | "two"): ChatRef {
  return { kind: "group", group: id };
}

export const userId = (person: Person, appId = APP_ID): string => openid(appId, "user", person);
export const groupId = (id: "one" | "two"): string => openid(APP_ID, "group", id);

/** Texts that tell themselves apart. */
export function texts(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);
}

function plant({ bot = {}, guilds = [] }: WorldOptions): Seed {
  const shared = { members: people, bots: [APP_ID] };
  return {
    bots: [{ appId: APP_ID, secret: SECRET, name: "bot", ...bot }],
    people: people.map((id) => ({ id, name: id })),
    groups: (["one", "two"] as const).map((id) => ({ id, name: id, ...shared })),
    channels: [
      { id: "general", name: "general", guild: "guild", guildName: "guild", ...shared },
      ...guilds.map((id) => ({ id, name: id, guild: id, guildName: id, ...shared })),
    ],
  };
}

/** What a reader of a failure wants to know: what the wire saw last. */
function lastOf(emulator: Emulator): string {
  const last = emulator.wire().slice(-12);
  return `; last on the wire:\n${last.map(({ channel, direction, title }) => `${channel} ${direction} ${title}`).join("\n")}`;
}
