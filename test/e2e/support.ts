import { join } from "node:path";
import { startGateway, type Gateway, type GatewayOptions } from "../../demo/gateway.ts";
import type { JsonObject } from "../../demo/config.ts";
import { startModel, type ModelOptions, type StandInModel } from "../../demo/model.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import type { ChatMessage, ChatRef, Say } from "../../emulator/control.ts";
import type { AccountSeed, BotSeed, Seed } from "../../emulator/seed.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PLUGIN = join(ROOT, "extensions", "qq");
export const WEBHOOK_PATH = "/qq-official-webhook";
/** How long the host may take for one answer; its first one loads the agent. ms. */
const ANSWER_MS = 60_000;

const everybody: readonly string[] = ["lin", "ming", "alice"];

/** A bot of the emulated platform; its secret is derived from its number. */
export function bot(number: number, more: Partial<BotSeed> = {}): BotSeed {
  return { appId: String(102_000_000 + number), secret: `secret-of-bot-${number}`, name: `bot${number}`, ...more };
}

/** Three people, or others, with the bots in two groups that hold all of them. */
export function seed(bots: readonly BotSeed[], people = everybody): Seed {
  const ids = bots.map(({ appId }) => appId);
  const group = (id: string) => ({ id, name: id, members: people, bots: ids });
  return {
    bots,
    people: people.map((id) => ({ id, name: id })),
    groups: [group("one"), group("two")],
    channels: [],
  };
}

/** A personal account with a NapCat of its own; it has a token, derived from its number, unless `more` says otherwise. */
export function account(number: number, more: Partial<AccountSeed> = {}): AccountSeed {
  const uin = String(10_000 + number);
  return { uin, name: `account${number}`, token: `token-of-napcat-${uin}`, ...more };
}

/** Personal accounts, people whose ids are their names, and groups by their QQ numbers with whom they have in them. */
export function personalSeed(
  accounts: readonly AccountSeed[],
  groups: Readonly<Record<string, readonly AccountSeed[]>>,
  people = everybody,
): Seed {
  return {
    bots: [],
    accounts,
    people: people.map((id) => ({ id, name: id })),
    groups: Object.entries(groups).map(([id, inside]) => ({
      id,
      name: `group ${id}`,
      members: people,
      bots: inside.map(({ uin }) => uin),
    })),
    channels: [],
  };
}

/** What the configuration says of where an account's NapCat is. */
export function lineTo(emulator: Emulator, { uin, token }: AccountSeed) {
  const { httpUrl, wsUrl } = emulator.napcat(uin);
  return { httpUrl, wsUrl, ...(token !== undefined && { accessToken: token }) };
}

const official = ({ url }: Emulator) => ({ apiBaseUrl: url });

export interface World {
  readonly emulator: Emulator;
  readonly model: StandInModel;
  readonly gateway: Gateway;
  /** Lets a person write; resolves with the platform's id of the message. */
  say(person: string, chat: ChatRef, text: string, more?: Partial<Say>): Promise<string>;
  /** Lets a person write and waits for the bot's answer. */
  ask(person: string, chat: ChatRef, text: string, more?: Partial<Say>): Promise<ChatMessage>;
  /** What bots have said in a chat. */
  answers(chat: ChatRef): readonly ChatMessage[];
  /** Whether the model was ever asked about this text. */
  modelHeard(text: string): boolean;
  /** Resolves once the condition holds; looks again whenever the gateway may have moved on. */
  until(what: string, condition: () => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly seed: Seed;
  readonly emulator?: EmulatorOptions;
  readonly model?: ModelOptions;
  readonly plugin?: GatewayOptions["plugin"];
  readonly channel: (emulator: Emulator) => JsonObject;
  readonly config?: JsonObject;
  readonly env?: Readonly<Record<string, string>>;
}

/** An emulated QQ, a stand-in model and a real gateway with the built plugin between them. */
export async function openWorld(options: WorldOptions): Promise<World> {
  await buildPlugin(PLUGIN, join(ROOT, ".cache", "build", "qq.json"));
  const emulator = await createEmulator({ ...options.emulator, seed: options.seed });
  const model = await startModel(options.model);
  const gateway = await startGateway({
    model: { baseUrl: model.url },
    plugin: options.plugin ?? { kind: "path" },
    channel: { enabled: true, ...(options.seed.bots.length > 0 && official(emulator)), ...options.channel(emulator) },
    config: options.config ?? {},
    env: options.env ?? {},
  });
  const say: World["say"] = async (person, chat, text, more = {}) =>
    (await emulator.control.call("say", { person, chat, text, ...more })).id;
  return {
    emulator,
    model,
    gateway,
    say,
    async ask(person, chat, text, more) {
      const after = await say(person, chat, text, more);
      return emulator.waitForReply({ chat, after, timeoutMs: ANSWER_MS });
    },
    answers: (chat) => emulator.world.messages(chat).filter(({ from }) => from.kind === "bot"),
    modelHeard: (text) => model.requests.some(({ messages }) => JSON.stringify(messages).includes(text)),
    until: waitUntil,
    async close() {
      await gateway.stop();
      await emulator.close();
      await model.close();
    },
  };
}

export function dm(person: string, { appId }: BotSeed): ChatRef {
  return { kind: "dm", person, bot: appId };
}

export function group(id: "one" | "two"): ChatRef {
  return { kind: "group", group: id };
}

/** A direct message with a personal account. */
export function personalDm(person: string, { uin }: AccountSeed): ChatRef {
  return { kind: "dm", person, bot: uin };
}

/** The gateway is another process: what it does shows only in its log and on the wire, so the condition is looked at again. */
export async function waitUntil(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const deadline = performance.now() + timeoutMs;
  const timer = setInterval(() => {
    if (condition()) resolve();
    else if (performance.now() > deadline) reject(new Error(`waited ${timeoutMs} ms for ${what}`));
  }, 50);
  try {
    await promise;
  } finally {
    clearInterval(timer);
  }
}

/** Gives QQ the address of a bot's webhook as its owner does in the console; QQ validates it with op 13. */
export async function openCallbacks(world: World, { appId }: BotSeed): Promise<void> {
  const webhookUrl = `${world.gateway.url}${WEBHOOK_PATH}`;
  const { ok, error } = await world.emulator.control.call("transport", { bot: appId, mode: "webhook", webhookUrl });
  if (!ok) throw new Error(`QQ does not take the callback address: ${error}`);
}
