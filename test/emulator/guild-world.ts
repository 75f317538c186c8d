import { createManualClock } from "../../emulator/clock.ts";
import type { ChatMessage, ChatRef, WorldState } from "../../emulator/control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { guildId } from "../../emulator/ids.ts";
import { defaultSeed, type BotSeed, type Seed } from "../../emulator/seed.ts";
import { APP_ID, rawBot, type Answer, type RawBot, type RawFrame, type RawGateway } from "./raw-bot.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

/** What a bot for guilds subscribes to: 9 only where it is granted. */
export const PUBLIC = (1 << 12) | (1 << 25) | (1 << 27) | (1 << 30);
const PRIVATE = PUBLIC | (1 << 9);

const members = ["lin", "ming", "alice"];
const inGuild = { guild: "test-guild", guildName: "测试频道", members, bots: [APP_ID] };

/** The demo world with three channels in its guild and a fourth in one that the bot is not in. */
export const guildSeed: Seed = {
  ...defaultSeed,
  channels: [
    { ...inGuild, id: "general", name: "综合" },
    { ...inGuild, id: "games", name: "游戏" },
    { ...inGuild, id: "music", name: "音乐" },
    { id: "abroad", name: "别处", guild: "other-guild", guildName: "别的频道", members: ["lin"], bots: [] },
  ],
};

export const general = { kind: "channel", channel: "general" } as const;
export const linDm = { kind: "guild-dm", person: "lin", guild: "test-guild", bot: APP_ID } as const;

export const channelPath = (id: string): string => `/channels/${guildId("channel", id)}/messages`;

export interface GuildWorld {
  readonly emulator: Emulator;
  readonly raw: RawBot;
  readonly gateway: RawGateway & { readonly ready: RawFrame };
  /** The world's clock only: what the client sees of time stands still. */
  advance(ms: number): Promise<unknown>;
  /** 小林 writes, with a mention of the bot unless told. Answers the message id. */
  say(chat?: ChatRef, text?: string, mention?: readonly string[]): Promise<string>;
  send(body: unknown, channel?: string): Promise<Answer>;
  /** Opens the DM with a person as the bot does, and answers the path to send to. */
  openDm(person?: string): Promise<string>;
  /** Frames that have come since the last look, once the server has answered a heartbeat after them. */
  frames(gateway?: RawGateway): Promise<RawFrame[]>;
  fromBots(chat?: ChatRef): ChatMessage[];
  state(): WorldState;
}

/** Starts the world with the bot online; `bot` changes what its console says. */
export async function openGuildWorld(
  bot: Partial<BotSeed> = {},
  { seed = guildSeed, tune, ...options }: EmulatorOptions = {},
): Promise<GuildWorld> {
  const bots = seed.bots.map((other) => (other.appId === APP_ID ? { ...other, ...bot } : other));
  const emulator = await createEmulator({
    clock: createManualClock(),
    lifetimeMs: Number.POSITIVE_INFINITY,
    seed: { ...seed, bots },
    // Tests that let days pass are not about tokens.
    tune: { tokenMs: 10 * DAY, ...tune },
    ...options,
  });
  const raw = await rawBot(emulator, bots[0]);
  const online = await raw.online(bot.private ? PRIVATE : PUBLIC);
  return {
    emulator,
    raw,
    gateway: online,
    advance: (ms) => emulator.control.call("advance", { ms }),
    async say(chat = general, text = "嗨", mention = [APP_ID]) {
      return (await emulator.control.call("say", { person: "lin", chat, text, mention })).id;
    },
    send: (body, channel = "general") => raw.call("POST", channelPath(channel), body),
    async openDm(person = "lin") {
      const body = { recipient_id: guildId("user", person), source_guild_id: guildId("guild", "test-guild") };
      const { guild_id } = (await raw.call("POST", "/users/@me/dms", body)).body;
      return `/dms/${String(guild_id)}/messages`;
    },
    async frames(gateway = online) {
      gateway.send({ op: 1, d: null });
      const frames: RawFrame[] = [];
      for (let frame = await gateway.next(); frame.op !== 11; frame = await gateway.next()) frames.push(frame);
      return frames;
    },
    fromBots: (chat = general) => emulator.world.messages(chat).filter((message) => message.from.kind === "bot"),
    state: () => emulator.world.snapshot(),
  };
}

/** `ok`, or the code of the refusal. */
export const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));
