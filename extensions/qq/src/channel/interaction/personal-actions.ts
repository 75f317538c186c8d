import { readStringParam } from "openclaw/plugin-sdk/channel-actions";
import { formatTarget, type Target } from "../../message/target.ts";
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
    const userId = authorOf(target, messageId, running);
    call.assertDirectAdapterHandoff?.();
    await line.poke?.(target, userId, signal);
    return log.info(`poked chat=${chat} user=${userId}`);
  }
  if (PROFILE_LIKE.test(emoji)) {
    const userId = authorOf(target, messageId, running);
    call.assertDirectAdapterHandoff?.();
    await line.like?.(userId, 1, signal);
    return log.info(`profile liked user=${userId}`);
  }
  if (target.kind !== "group") {
    throw new Error("QQ has reactions in groups only; answer in words here, or nudge with the emoji `poke`");
  }
  call.assertDirectAdapterHandoff?.();
  await line.react?.(target, messageId, emoji, call.params["remove"] !== true, signal);
}

/** In a direct message the person it is with; in a group whoever wrote the message. */
function authorOf(target: Target, messageId: string, { refs }: RunningAccount): string {
  if (target.kind === "c2c") return target.userId;
  const author = refs.find(messageId)?.sender?.id;
  if (author === undefined) throw new Error("nobody knows who wrote that message; name one that you were shown");
  return author;
}

/** What a message of that chat says; never one of another chat, whatever id is named. */
export async function readBack(
  call: Call,
  target: Target,
  messageId: string,
  running: RunningAccount,
): Promise<object> {
  const { line, signal } = running;
  if (!line.readMessage) throw new Error("messages can be read on personal QQ accounts only");
  call.assertDirectAdapterHandoff?.();
  const message = await line.readMessage(messageId, signal);
  if (!message || formatTarget(message.chat) !== formatTarget(target)) {
    throw new Error("QQ has no such message in this chat: it is too old, or was taken back");
  }
  const { id, sender, text, at } = message;
  return { message: { messageId: id, sender: speaker(sender), text, time: new Date(at).toISOString() } };
}
