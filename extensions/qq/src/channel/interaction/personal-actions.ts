import { readStringParam } from "openclaw/plugin-sdk/channel-actions";
import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { withRecords } from "../receive/read-back.ts";
import { speaker } from "../receive/speaker.ts";
import type { RunningAccount } from "../running.ts";
import type { Call } from "./actions.ts";

/** What is no emoji, and stands for what people on QQ do beside reacting: the host's list of actions has no word for it. */
const POKE = /^(?:poke|戳一戳)$/i;
const PROFILE_LIKE = /^(?:profile-like|名片赞)$/i;

/** Puts an emoji under a message of a group, nudges whoever wrote a message, or likes their profile. */
export async function reactAsPerson(
  call: Call,
  target: Target,
  messageId: string,
  running: RunningAccount,
): Promise<void> {
  const { line, log, signal } = running;
  const emoji = readStringParam(call.params, "emoji", { required: true });
  const chat = formatTarget(target);
  if (POKE.test(emoji)) {
    const userId = await personIn(call, target, messageId, running);
    call.assertDirectAdapterHandoff?.();
    await line.poke?.(target, userId, signal);
    return log.info(`poked chat=${chat} user=${userId}`);
  }
  if (PROFILE_LIKE.test(emoji)) {
    const userId = await personIn(call, target, messageId, running);
    call.assertDirectAdapterHandoff?.();
    await line.like?.(userId, 1, signal);
    return log.info(`profile liked user=${userId}`);
  }
  if (target.kind !== "group") {
    throw new Error("QQ has reactions in groups only; answer in words here, or nudge with the emoji `poke`");
  }
  await authorIn(call, target, messageId, running);
  call.assertDirectAdapterHandoff?.();
  await line.react?.(target, messageId, emoji, call.params["remove"] !== true, signal);
}

/** In a direct message the person it is with; in a group whoever wrote the message. */
async function personIn(call: Call, target: Target, messageId: string, running: RunningAccount): Promise<string> {
  if (target.kind === "c2c") return target.userId;
  const author = await authorIn(call, target, messageId, running);
  if (author === "bot") throw new Error("that message is the bot's own; name one that somebody else wrote");
  return author.userId;
}

/**
 * Who has written a message of that chat: by our own books, else as QQ says. Rejects for one of another chat, whatever
 * number is named: on a personal account an action takes any, and asks for no chat.
 */
export async function authorIn(
  call: Call,
  target: Target,
  messageId: string,
  running: RunningAccount,
): Promise<"bot" | { readonly userId: string }> {
  const known = running.refs.findIn(formatTarget(target), messageId);
  if (known?.own) return "bot";
  if (known?.sender) return { userId: known.sender.id };
  return { userId: (await readIn(call, target, messageId, running)).sender.id };
}

/** A message of that chat as QQ has it; never one of another chat. */
async function readIn(
  call: Call,
  target: Target,
  messageId: string,
  { line, signal }: RunningAccount,
): Promise<InboundMessage> {
  call.assertDirectAdapterHandoff?.();
  const message = await line.readMessage?.(messageId, signal);
  if (message && formatTarget(message.chat) === formatTarget(target)) return message;
  throw new Error("QQ has no such message in this chat: it is too old, or was taken back");
}

/** What a message of that chat says, and the chat records in it. */
export async function readBack(
  call: Call,
  target: Target,
  messageId: string,
  running: RunningAccount,
): Promise<object> {
  if (!running.line.readMessage) throw new Error("messages can be read on personal QQ accounts only");
  const { id, sender, text, at } = await withRecords(await readIn(call, target, messageId, running), running);
  return { message: { messageId: id, sender: speaker(sender), text, time: new Date(at).toISOString() } };
}
