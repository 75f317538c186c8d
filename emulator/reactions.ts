import type { ChatMessage, ChatRef } from "./control.ts";
import { guildId } from "./ids.ts";
import { demand } from "./refusal.ts";
import type { Bot } from "./state.ts";
import type { World } from "./world.ts";

/** Which reaction to which message, as the path of a call has it. */
export interface ReactionPath {
  readonly channel: string;
  readonly message: string;
  /** "1" a face of QQ's, "2" an emoji. */
  readonly type: string;
  /** Number of the face, or code point of the emoji in decimal. */
  readonly id: string;
}

/** Answer of `GET`: who has reacted so, in the order they did. */
export interface ReactionUsers {
  readonly users: readonly { readonly id: string; readonly username: string; readonly avatar: string }[];
  /** Where the next page begins; "" on the last one. */
  readonly cookie: string;
  readonly is_end: boolean;
}

interface Place {
  readonly chat: ChatRef;
  readonly message: ChatMessage;
  readonly type: number;
  readonly id: string;
}

const USERS = 20;
const MOST_USERS = 50;

/** A bot reacts to a message of a channel (qq-official.md 5.1; codes 620001-620007 of 9). Throws `Refusal`. */
export function react(world: World, bot: Bot, path: ReactionPath): void {
  const { chat, message, type, id } = findPlace(world, bot, path);
  const { reactions = [] } = message;
  const mine = { type, id, from: bot.appId };
  demand(!reactions.some((other) => isSame(other, mine)), 620003);
  const kinds = new Set([...reactions, mine].map((reaction) => `${reaction.type}/${reaction.id}`));
  demand(kinds.size <= world.context.rules.reactionKinds, 620002);
  demandPace(world, bot);
  world.transcript.replace(chat, { ...message, reactions: [...reactions, mine] });
}

/** A bot takes its reaction back. Throws `Refusal`. */
export function unreact(world: World, bot: Bot, path: ReactionPath): void {
  const { chat, message, type, id } = findPlace(world, bot, path);
  const mine = { type, id, from: bot.appId };
  const left = (message.reactions ?? []).filter((other) => !isSame(other, mine));
  demand(left.length !== (message.reactions?.length ?? 0), 620004);
  demandPace(world, bot);
  const { reactions: _, ...rest } = message;
  world.transcript.replace(chat, left.length > 0 ? { ...rest, reactions: left } : rest);
}

/** Who has reacted so. `limit` is 20 unless told, and 50 at most; `cookie` is that of the page before. Throws `Refusal`. */
export function listReactions(
  world: World,
  bot: Bot,
  path: ReactionPath,
  { cookie = "", limit = String(USERS) }: { readonly cookie?: string | undefined; readonly limit?: string | undefined },
): ReactionUsers {
  const { message, type, id } = findPlace(world, bot, path);
  const count = Number(limit);
  const start = cookie === "" ? 0 : Number(Buffer.from(cookie, "base64url").toString());
  demand(Number.isInteger(count) && count > 0 && count <= MOST_USERS, 620001, "limit");
  demand(Number.isInteger(start) && start >= 0, 620001, "cookie");
  const all = (message.reactions ?? []).filter((reaction) => reaction.type === type && reaction.id === id);
  const end = start + count;
  const isEnd = end >= all.length;
  return {
    users: all.slice(start, end).map(({ from }) => encodeUser(world, from)),
    cookie: isEnd ? "" : Buffer.from(String(end)).toString("base64url"),
    is_end: isEnd,
  };
}

function encodeUser({ state }: World, appId: string): ReactionUsers["users"][number] {
  const bot = state.bots.get(appId);
  return { id: bot?.userId ?? "", username: bot?.name ?? "", avatar: "" };
}

/** 620007 for a message that was taken back, and 620005 for a channel that the bot is not in (INF). */
function findPlace(world: World, bot: Bot, path: ReactionPath): Place {
  const channel = [...world.state.channels.values()].find(({ id }) => guildId("channel", id) === path.channel);
  demand(channel !== undefined, 11255);
  demand(channel.bots.includes(bot.appId), 620005);
  demand(/^[12]$/.test(path.type), 620001, "type");
  demand(/^\d{1,10}$/.test(path.id), 620001, "id");
  const chat = { kind: "channel", channel: channel.id } as const;
  const message = world.transcript.find(chat, path.message)?.message;
  demand(message !== undefined, 620001, "message_id");
  demand(!message.recalled, 620007);
  return { chat, message, type: Number(path.type), id: path.id };
}

/** Setting and taking back count together, and only what was not refused. */
function demandPace(world: World, bot: Bot): void {
  const { clock, rules } = world.context;
  const { count, perMs } = rules.reactions;
  const now = clock.now();
  const recent = (world.reactionTimes.get(bot.appId) ?? []).filter((at) => at > now - perMs);
  demand(recent.length < count, 620006);
  world.reactionTimes.set(bot.appId, [...recent, now]);
}

type Reaction = NonNullable<ChatMessage["reactions"]>[number];

const isSame = (one: Reaction, other: Reaction): boolean =>
  one.type === other.type && one.id === other.id && one.from === other.from;
