import { onTestFinished } from "vitest";
import type { ChatMessage, ChatRef, Fault, Say, WireEntry } from "../../emulator/control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { openid } from "../../emulator/ids.ts";
import type { NapcatTrouble } from "../../emulator/onebot/napcat-fault.ts";
import { groupUin, personUin } from "../../emulator/onebot/numbers.ts";
import type { AccountSeed, BotSeed, Seed } from "../../emulator/seed.ts";
import { createTime, type Time } from "./time.ts";

export const APP_ID = "102000001";
export const SECRET = "secret-of-the-contract";
/** QQ number of the personal account, and of a second one where a test plants it. */
export const UIN = "10001";
export const OTHER_UIN = "10002";

const people = ["lin", "ming", "alice"] as const;
type Person = (typeof people)[number];
type GroupId = "one" | "two";

/** An emulated QQ with three people, two groups and our bot or account, for one test. */
export interface World {
  readonly emulator: Emulator;
  readonly time: Time;
  /** AppID of the bot, or QQ number of the account: who is meant by a mention. */
  readonly self: string;
  dm(person: Person): ChatRef;
  /** How a line names a person and a group: openids of the bot, or QQ numbers. */
  userId(person: Person): string;
  groupId(id: GroupId): string;
  /** A person writes; resolves with the message's id. */
  say(text: string, chat?: ChatRef, more?: Partial<Say>): Promise<string>;
  fault(fault: Fault): Promise<void>;
  /** Something goes wrong with the account's NapCat, or right again. */
  trouble(what: NapcatTrouble): Promise<void>;
  /** What bots have said in a chat, oldest first. */
  answers(chat?: ChatRef): readonly ChatMessage[];
  /** How often each of these was answered, in the DM of `lin` unless it is said where. */
  countAnswers(texts: readonly string[], chats?: readonly ChatRef[]): readonly number[];
  /** Titles of the wire log that match, oldest first. */
  wire(pattern: RegExp): readonly WireEntry[];
  /** Resolves once the condition holds; rejects, naming `what`, when it never does. */
  until(what: string, condition: () => boolean): Promise<void>;
  /** The same, and nobody waits for the line's pauses. */
  hurry(what: string, condition: () => boolean): Promise<void>;
  /** The same, while time goes by in seconds, each long enough for what it wakes. */
  pass(what: string, condition: () => boolean): Promise<void>;
}

/** How long anything may take before it counts as never; generous, since a busy machine is no fault. ms. */
const NEVER_MS = 20_000;
const LOOK_EVERY_MS = 2;
/** What a second of `pass` takes, ms of the machine: a call that is answered at once is not late by it. */
const SECOND_TAKES_MS = 10;

export interface WorldOptions {
  readonly emulator?: EmulatorOptions;
  /** Whose world it is; the bot's when absent. */
  readonly plant?: "bot" | "account";
  readonly bot?: Partial<BotSeed>;
  readonly account?: Partial<AccountSeed>;
  /** Whether there is a second personal account in everything. */
  readonly secondAccount?: boolean;
  /** Guilds, each with a channel of the same name, beside the one that is always there. */
  readonly guilds?: readonly string[];
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const time = createTime();
  const isAccount = options.plant === "account";
  const self = isAccount ? UIN : APP_ID;
  const emulator = await createEmulator({ clock: time.emulator, ...options.emulator, seed: plant(options) });
  onTestFinished(() => emulator.close());
  const dmOf: World["dm"] = (person) => ({ kind: "dm", person, bot: self });
  const answers: World["answers"] = (chat = dmOf("lin")) =>
    emulator.world.messages(chat).filter(({ from }) => from.kind === "bot");
  const wait = async (what: string, condition: () => boolean, look: () => void, lookMs: number): Promise<void> => {
    const deadline = performance.now() + NEVER_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`waited ${NEVER_MS} ms for ${what}${lastOf(emulator)}`);
      look();
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  };
  const pass: World["pass"] = (what, condition) => wait(what, condition, () => time.advance(1000), SECOND_TAKES_MS);
  return {
    emulator,
    time,
    self,
    dm: dmOf,
    userId: (person) => (isAccount ? personUin(person) : userId(person)),
    groupId: (id) => (isAccount ? groupUin(id) : groupId(id)),
    answers,
    async say(text, chat = dmOf("lin"), more = {}) {
      const person = chat.kind === "dm" ? chat.person : "lin";
      return (await emulator.control.call("say", { person, chat, text, ...more })).id;
    },
    async fault(fault) {
      await emulator.control.call("fault", fault);
    },
    async trouble(what) {
      await emulator.control.call("fault", { do: "napcat", account: UIN, ...what });
    },
    countAnswers: (texts, chats = [dmOf("lin")]) => {
      const all = chats.flatMap((chat) => answers(chat));
      return texts.map((text) => all.filter((answer) => answer.text === `re: ${text}`).length);
    },
    wire: (pattern) => emulator.wire().filter(({ title }) => pattern.test(title)),
    until: (what, condition) => wait(what, condition, () => {}, LOOK_EVERY_MS),
    // A personal account waits for QQ and for its NapCat much longer than a pause, and the two run on the same time.
    hurry: (what, condition) =>
      isAccount ? pass(what, condition) : wait(what, condition, () => time.skipPause(), LOOK_EVERY_MS),
    pass,
  };
}

export function dm(person: Person): ChatRef {
  return { kind: "dm", person, bot: APP_ID };
}

export function group(id: GroupId): ChatRef {
  return { kind: "group", group: id };
}

export const userId = (person: Person, appId = APP_ID): string => openid(appId, "user", person);
export const groupId = (id: GroupId): string => openid(APP_ID, "group", id);

/** Texts that tell themselves apart. */
export function texts(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);
}

function plant({ plant = "bot", bot = {}, account = {}, guilds = [], secondAccount = false }: WorldOptions): Seed {
  const isBot = plant === "bot";
  const others = secondAccount ? [accountSeed(OTHER_UIN, {})] : [];
  const accounts = isBot ? others : [accountSeed(UIN, account), ...others];
  const shared = { members: people, bots: [...(isBot ? [APP_ID] : []), ...accounts.map(({ uin }) => uin)] };
  const inGuilds = { members: people, bots: isBot ? [APP_ID] : [] };
  return {
    bots: isBot ? [{ appId: APP_ID, secret: SECRET, name: "bot", ...bot }] : [],
    accounts,
    people: people.map((id) => ({ id, name: id })),
    groups: (["one", "two"] as const).map((id) => ({ id, name: id, ...shared })),
    channels: [
      { id: "general", name: "general", guild: "guild", guildName: "guild", ...inGuilds },
      ...guilds.map((id) => ({ id, name: id, guild: id, guildName: id, ...inGuilds })),
    ],
  };
}

function accountSeed(uin: string, account: Partial<AccountSeed>): AccountSeed {
  return {
    uin,
    name: "bot",
    token: SECRET,
    ...account,
    napcat: { sendDelayMs: [0, 20], ...account.napcat },
  };
}

/** What a reader of a failure wants to know: what the wire saw last. */
function lastOf(emulator: Emulator): string {
  const last = emulator.wire().slice(-12);
  return `; last on the wire:\n${last.map(({ channel, direction, title }) => `${channel} ${direction} ${title}`).join("\n")}`;
}
