import type { InboundMessage, QuotedMessage } from "../../message/inbound.ts";
import type { MessageRef } from "../../journal/refs.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { messageIdOf } from "./interrupted.ts";
import type { ReceivedMedia } from "../media-in/media-in.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { speaker } from "./speaker.ts";

/** How the index of a message in C2C and groups begins (qq-official.md 4.1). */
const INDEX = /^REFIDX_/;
/** A message id of OneBot; go-cqhttp has negative ones (onebot-napcat.md 9). On personal accounts a quote names it. */
const NUMBER = /^-?\d+$/;

/** What the quoted message said and who wrote it, from our own books: QQ repeats it seldom, and in guilds never. */
export function withQuoted(message: InboundMessage, running: RunningAccount): InboundMessage {
  const { quoted, chat } = message;
  if (!quoted) return message;
  const known = quoted.index === undefined ? undefined : knownQuote(quoted.index, chat, running);
  // A group may have several bots: an answer that is not in our books is another's.
  if (!known) return { ...message, quoted: { ...quoted, fromBot: quoted.fromBot && chat.kind === "c2c" } };
  const { messageId, own: fromBot, sender } = known;
  const text = quoted.text || known.text;
  return { ...message, quoted: { ...quoted, messageId, text, fromBot, ...(sender && { sender }) } };
}

/**
 * A quoted message by our own books. On personal accounts its number alone says nothing: a message of another chat must
 * not be told here, nor stand for one of the bot's.
 */
export function knownQuote(index: string, chat: Target, running: RunningAccount): MessageRef | undefined {
  return isPersonal(running) ? running.refs.findIn(formatTarget(chat), index) : running.refs.find(index);
}

/** The quoted message as the agent is shown it. An answer may quote it by the same id. */
export function quotedContext(quoted: QuotedMessage, media: ReceivedMedia["quoted"]) {
  const { messageId, index = "", text, fromBot, sender } = quoted;
  const author = fromBot ? "you (this bot)" : sender && speaker(sender);
  return { id: messageId ?? index, body: text, media, ...(author !== undefined && { sender: author }) };
}

/**
 * What names a message on the wire to quote it in a chat; `undefined` for one that nobody has heard of, or that stands in
 * another chat. `id`: as the host or the agent says it.
 */
export function quoteRef(id: string, chat: Target, running: RunningAccount): string | undefined {
  const messageId = messageIdOf(id);
  if (isPersonal(running)) {
    const known = running.refs.find(messageId);
    const isElsewhere = known !== undefined && known.chat !== formatTarget(chat);
    return NUMBER.test(messageId) && !isElsewhere ? messageId : undefined;
  }
  return running.refs.refOf(messageId) ?? (INDEX.test(id) ? id : undefined);
}
