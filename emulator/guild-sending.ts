import type { ChatMessage } from "./control.ts";
import type { Fields } from "./fields.ts";
import { readGuildMessage, type GuildMessage } from "./guild-body.ts";
import { encodeOwnMessage, unescapeHtml } from "./guild-events.ts";
import { nameGuildMarks } from "./guild-marks.ts";
import { findChannel, placeOf, type GuildChat } from "./guild-places.ts";
import { takeInPicture } from "./guild-pictures.ts";
import { showButtons } from "./keyboard.ts";
import { encodeChatMedia, type Media } from "./media/library.ts";
import { demand } from "./refusal.ts";
import { pick, type Bot } from "./state.ts";
import { chatKey } from "./transcript.ts";
import { findUrl } from "./urls.ts";
import { demandCleanWords } from "./words.ts";
import type { World } from "./world.ts";

/** Answer of a send: the message, or 202 while it waits to be judged (qq-official.md 5.9). */
export interface GuildAnswer {
  readonly status: 200 | 202;
  readonly body: object;
}

/** A send that every rule has let through. */
interface Accepted {
  readonly bot: Bot;
  readonly chat: GuildChat;
  readonly message: GuildMessage;
  readonly picture: Media | undefined;
}

/** A bot sends to a channel, named by its id on the wire. Throws `Refusal`. */
export async function sendToChannel(world: World, bot: Bot, wireId: string, fields: Fields): Promise<GuildAnswer> {
  const channel = findChannel(world.state, bot, wireId);
  demand(channel !== undefined, 11255);
  return sendToGuild(world, bot, { kind: "channel", channel: channel.id }, fields);
}

/** A bot sends to a guild DM that it, or its person, has opened. Throws `Refusal`. */
export async function sendToGuildDm(world: World, bot: Bot, wireId: string, fields: Fields): Promise<GuildAnswer> {
  const dm = world.guild.dms.get(wireId);
  demand(dm?.bot === bot.appId, 304032);
  demand(!world.guild.closedDms.has(wireId), 304031);
  return sendToGuild(world, bot, dm, fields);
}

/** As everywhere: every rule is asked before anything is booked, and a refused call leaves no trace. */
async function sendToGuild(world: World, bot: Bot, chat: GuildChat, fields: Fields): Promise<GuildAnswer> {
  const { rules } = world.context;
  demand(isOnline(world, bot), 304018);
  const message = await readGuildMessage(fields, rules);
  demandContent(world, bot, message);
  const picture = message.image && (await takeInPicture(world, message.image));
  const accepted: Accepted = { bot, chat, message, picture };
  // From here on nothing waits: two calls at once cannot both take what is there for one.
  const book = checkBooks(world, accepted);
  if (world.context.swallows(bot.appId))
    return { status: 200, body: answer(world, accepted, compose(world, accepted), 1) };
  book();
  if (chat.kind === "channel" && world.state.audited.has(chat.channel)) return hold(world, accepted, chat.channel);
  const shown = post(world, accepted);
  return { status: 200, body: answer(world, accepted, shown) };
}

/** A bot with callbacks is online without a session. */
const isOnline = (world: World, { appId, mode, webhookUrl }: Bot): boolean =>
  world.context.sessions(appId) > 0 || (mode !== "websocket" && webhookUrl !== undefined);

function demandContent(world: World, bot: Bot, { kind, text }: GuildMessage): void {
  demand(kind !== "markdown" || bot.guildMarkdown, 304036);
  const plain = unescapeHtml(text);
  demandCleanWords(world.state, plain, 304025);
  if (!world.context.rules.urls) return;
  const url = findUrl(plain, bot.urlDomains);
  demand(url === undefined, 304003, url);
}

/** Rates, windows and quotas; returns what books the message in all of them. */
function checkBooks(world: World, { bot, chat, message }: Accepted): () => void {
  const now = world.context.clock.now();
  const { quota } = world.guild;
  const bookRate = chat.kind === "channel" ? quota.checkRate(bot.appId, chat.channel, now) : () => {};
  const bookProactive = checkReply(world, bot, chat, message, now) ? () => {} : checkProactive(world, bot, chat, now);
  return () => {
    bookRate();
    bookProactive();
  };
}

/** Whether it is a reply. `event_id` ties to events of guilds that the emulator does not send: none is known. */
function checkReply(world: World, bot: Bot, chat: GuildChat, { msgId, eventId }: GuildMessage, now: number): boolean {
  const { anchors } = world.guild;
  demand(msgId !== undefined || eventId === undefined, 304026, "event_id");
  if (msgId === undefined) return false;
  // A message of the chat that was not told to the bot is not meant for it.
  const isUntold =
    world.transcript.find(chat, msgId)?.message.from.kind === "person" && !anchors.knows(bot.appId, msgId);
  demand(!isUntold, 304028);
  anchors.check(bot.appId, msgId, chatKey(chat), now);
  return true;
}

function checkProactive(world: World, bot: Bot, chat: GuildChat, now: number): () => void {
  if (!world.context.rules.proactiveRates) return () => {};
  const { quota } = world.guild;
  if (chat.kind === "guild-dm") return quota.checkDm(bot.appId, chat.person, now);
  const { guild } = pick(world.state.channels, chat.channel, "channel");
  return quota.checkChannel(bot.appId, guild, chat.channel, now);
}

function compose(world: World, { bot, chat, message, picture }: Accepted): ChatMessage {
  const { clock, ids } = world.context;
  const { text, mentions } = nameGuildMarks(world.state, message.text);
  // An unknown id loses the quote and not the message, as in C2C and groups (INF).
  const quoted = message.quotes === undefined ? undefined : world.transcript.find(chat, message.quotes)?.message;
  return {
    id: ids().guildMessage(),
    at: clock.now(),
    from: { kind: "bot", id: bot.appId, name: bot.name },
    text,
    ...(message.kind === "markdown" && { markdown: true }),
    ...(mentions.length > 0 && { mentions }),
    ...(picture && { media: encodeChatMedia(picture) }),
    ...(quoted && { quote: { id: quoted.id, name: quoted.from.name, text: quoted.text } }),
    ...(message.msgId !== undefined && { repliesTo: message.msgId }),
    ...(message.keyboard && { buttons: showButtons(message.keyboard) }),
  };
}

function post(world: World, accepted: Accepted): ChatMessage {
  const { chat, picture } = accepted;
  const { keyboard } = accepted.message;
  const shown = compose(world, accepted);
  const more = { ...(keyboard && { keyboard }), ...(picture && { files: [picture] }) };
  world.transcript.add({ chat, message: shown, index: shown.id, ...more });
  return shown;
}

/** `more`: messages that the chat would have if this one had been added. */
function answer(world: World, { bot, chat, message }: Accepted, shown: ChatMessage, more = 0): object {
  const seq = world.transcript.messages(chat).length + more;
  return encodeOwnMessage(bot, placeOf(world.state, chat), shown, message.text, seq);
}

function hold(world: World, accepted: Accepted, channel: string): GuildAnswer {
  const { bot, chat, message } = accepted;
  const { bus, clock, ids } = world.context;
  const id = ids().uuid();
  const { msgId: repliesTo } = message;
  const { text } = nameGuildMarks(world.state, message.text);
  const about = { id, at: clock.now(), bot: bot.appId, channel, text, ...(repliesTo !== undefined && { repliesTo }) };
  world.guild.audits.hold({
    about,
    show: () => ({ id: post(world, accepted).id, seq: world.transcript.messages(chat).length }),
  });
  bus.publish({ event: "state", data: {} });
  return { status: 202, body: encodeAudit(id, repliesTo !== undefined) };
}

const encodeAudit = (id: string, isReply: boolean): object => ({
  code: isReply ? 304024 : 304023,
  message: `${isReply ? "reply" : "push"} message is waiting for audit now`,
  data: { message_audit: { audit_id: id } },
});
