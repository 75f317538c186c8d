import type { ChatMessage, ChatRef } from "./control.ts";
import { echoToBots } from "./group-echo.ts";
import { beijingTime, openid } from "./ids.ts";
import { showButtons } from "./keyboard.ts";
import { encodeChatMedia, type Media } from "./media/library.ts";
import { readMessage, type BotContent, type BotMessage } from "./message-body.ts";
import type { Scene, Target } from "./passive.ts";
import { demand } from "./refusal.ts";
import { pair, type Bot } from "./state.ts";
import type { Bubble } from "./transcript.ts";
import { findUrl } from "./urls.ts";
import { demandCleanWords } from "./words.ts";
import type { World } from "./world.ts";

/** Answer of a send (qq-official.md 5.3). A typing notice has no index to quote it by. */
export interface Sent {
  readonly id: string;
  readonly timestamp: string;
  readonly ext_info?: { readonly ref_idx: string };
}

/**
 * A bot sends to a person or a group. Every rule is asked before anything is booked: a refused call leaves no trace
 * in the chat and uses nothing up. Throws `Refusal`.
 */
export function send(world: World, bot: Bot, scene: Scene, toOpenid: string, body: unknown): Sent {
  const { clock, rules } = world.context;
  const target = findTarget(world, bot, scene, toOpenid);
  const message = readMessage(body, scene, rules);
  const now = clock.now();
  demandContent(world, bot, scene, message.content);
  const media = redeemMedia(world, target, message.content);
  demandPlace(world, target);
  const { msgId, eventId, msgSeq } = message;
  const bookReply = message.isWakeup
    ? world.wakeups.check(target, now)
    : world.passive.check({ msgId, eventId, msgSeq }, target, now);
  const book = bookReply ?? checkProactive(world, bot, target, now);
  if (world.context.swallows(bot.appId)) return pretendSent(world);
  book();
  return message.content.kind === "typing"
    ? showTyping(world, bot, target, message.content.seconds)
    : showMessage(world, bot, target, message, message.content, media);
}

/**
 * A bot wants a file sent as soon as it is uploaded (qq-official.md 6.1, `srv_send_msg`), which is always proactive.
 * Throws `Refusal`; otherwise returns what books and sends it.
 */
export function planPush(world: World, bot: Bot, target: Target): (media: Media) => Sent {
  demandPlace(world, target);
  const book = checkProactive(world, bot, target, world.context.clock.now());
  return (media) => {
    if (world.context.swallows(bot.appId)) return pretendSent(world);
    book();
    return showMessage(world, bot, target, {}, { kind: "text", text: "" }, media);
  };
}

/** A bot takes back what it sent (qq-official.md 5.7). Throws `Refusal`. */
export function recall(world: World, bot: Bot, scene: Scene, toOpenid: string, messageId: string): void {
  const chat = chatOf(findTarget(world, bot, scene, toOpenid));
  const bubble = world.transcript.find(chat, messageId);
  demand(bubble !== undefined, 40061002);
  const { message } = bubble;
  demand(message.from.kind === "bot" && message.from.id === bot.appId, 40062003);
  demand(world.context.clock.now() - message.at <= world.context.rules.recallMs, 40064004);
  world.transcript.recall(chat, message);
}

/** Openids are compared as they are: another bot's, another scene's or a lower-cased one is nobody. */
export function findTarget(world: World, bot: Bot, scene: Scene, toOpenid: string): Target {
  const kind = scene === "c2c" ? "user" : "group";
  const ids = scene === "c2c" ? world.state.people.keys() : world.state.groups.keys();
  const peer = [...ids].find((id) => openid(bot.appId, kind, id) === toOpenid);
  demand(peer !== undefined, 11255);
  return { bot: bot.appId, scene, peer };
}

export function demandContent(world: World, bot: Bot, scene: Scene, content: BotContent): void {
  if (content.kind === "typing") return;
  demand(content.kind !== "markdown" || bot.markdown, 40034127);
  demandCleanWords(world.state, content.text);
  if (!world.context.rules.urls || (scene === "c2c" && bot.c2cUrls)) return;
  const url = findUrl(content.text, bot.urlDomains);
  demand(url === undefined, 40054010, url);
}

function redeemMedia({ media }: World, { bot, scene }: Target, content: BotContent): Media | undefined {
  return content.kind === "media" ? media.fileInfos.redeem(bot, scene, content.fileInfo) : undefined;
}

export function demandPlace(world: World, target: Target): void {
  if (target.scene === "c2c") {
    return demand(!world.state.strangers.has(pair(target.bot, target.peer)), 40054004);
  }
  const group = world.state.groups.get(target.peer);
  demand(group?.bots.has(target.bot) === true, 40034101);
  demand(!group.muted, 40054002);
}

function checkProactive(world: World, bot: Bot, target: Target, now: number): () => void {
  const { refusing, groups } = world.state;
  // A person's switch and an admin's have codes of their own (5.6, 9).
  if (target.scene === "c2c") demand(!refusing.has(pair(bot.appId, target.peer)), 40054013);
  else demand(groups.get(target.peer)?.proactive === true, 40034105);
  return world.context.rules.proactiveRates ? world.meter.check(target, bot.verified, now) : () => {};
}

/** What the platform answers while it loses what bots send: nothing tells it from the truth. */
function pretendSent({ context: { clock, ids } }: World): Sent {
  return { id: ids().message(), timestamp: beijingTime(clock.now()), ext_info: { ref_idx: ids().index() } };
}

function showTyping(world: World, bot: Bot, target: Target, seconds: number): Sent {
  const { bus, ids, clock } = world.context;
  bus.publish({ event: "typing", data: { chat: chatOf(target), bot: bot.appId, name: bot.name, seconds } });
  return { id: ids().message(), timestamp: beijingTime(clock.now()) };
}

function showMessage(
  world: World,
  bot: Bot,
  target: Target,
  message: Partial<BotMessage>,
  content: BotContent & { text: string },
  media?: Media,
): Sent {
  const { clock, ids } = world.context;
  const chat = chatOf(target);
  const at = clock.now();
  const index = ids().index();
  const { text, mentions } = nameMentions(world, bot, content.text);
  const quoted = findQuoted(world, chat, message.quotes);
  const repliesTo = message.msgId ?? message.eventId;
  const { keyboard } = message;
  const shown: ChatMessage = {
    id: ids().message(),
    at,
    from: { kind: "bot", id: bot.appId, name: bot.name },
    text,
    ...(content.kind === "markdown" && { markdown: true }),
    ...(mentions.length > 0 && { mentions }),
    ...(media && { media: encodeChatMedia(media) }),
    ...(quoted && { quote: { id: quoted.message.id, name: quoted.message.from.name, text: quoted.message.text } }),
    ...(repliesTo !== undefined && { repliesTo }),
    ...(keyboard && { buttons: showButtons(keyboard) }),
  };
  world.transcript.add({
    chat,
    message: shown,
    index,
    ...(keyboard && { keyboard }),
    ...(media && { files: [media] }),
  });
  if (chat.kind === "group") echoToBots(world, bot, chat, shown, index);
  return { id: shown.id, timestamp: beijingTime(at), ext_info: { ref_idx: index } };
}

/** An unknown index loses the quote and not the message (INF). */
const findQuoted = (world: World, chat: ChatRef, index: string | undefined): Bubble | undefined =>
  index === undefined ? undefined : world.transcript.findByIndex(chat, index);

const MENTION = /<qqbot-at-user id="([0-9A-F]{32})" ?\/>|<@!?([0-9A-F]{32})>/g;

/** Shows marks of group members as `@name` (qq-official.md 7.4). Marks of others stay as they are. */
function nameMentions(world: World, bot: Bot, text: string): { text: string; mentions: string[] } {
  const mentions: string[] = [];
  const shown = text.replaceAll(MENTION, (mark: string, tag: string | undefined, old: string | undefined) => {
    const person = [...world.state.people.values()].find(({ id }) => openid(bot.appId, "member", id) === (tag ?? old));
    if (!person) return mark;
    mentions.push(person.name);
    return `@${person.name}`;
  });
  return { text: shown, mentions };
}

export function chatOf({ bot, scene, peer }: Target): ChatRef {
  return scene === "c2c" ? { kind: "dm", person: peer, bot } : { kind: "group", group: peer };
}
