import type { Bubble } from "../transcript.ts";
import { ActionError, textOf, type AccountContext } from "./actions.ts";
import { findMessage, numbersOf } from "./chats.ts";
import type { Params } from "./params.ts";
import { unfoldId } from "./software.ts";

/** How many messages go-cqhttp answers; it has no `count`. */
const GO_CQHTTP_COUNT = 19;

/**
 * The part of a chat that a history call asks for, oldest first. In NapCat the anchor is a message id and always part
 * of it; without `reverse_order` the part begins with it and goes forward in time (onebot-napcat.md 7.6). The others
 * only go back (9). Throws `ActionError`.
 */
export function pickPage(context: AccountContext, stored: readonly Bubble[], params: Params): readonly Bubble[] {
  const { software } = context.settings;
  const count = software === "go-cqhttp" ? GO_CQHTTP_COUNT : Number(params["count"]);
  const wanted = textOf(software === "lagrange" ? params["message_id"] : params["message_seq"]);
  if (wanted === "" || wanted === "0") {
    if (stored.length === 0 && software === "napcat") throw new ActionError("消息undefined不存在");
    return lastOf(stored, count);
  }
  const at = findAnchor(context, stored, wanted);
  if (at < 0) throw new ActionError(`消息${wanted}不存在`);
  const isBackward = software !== "napcat" || params["reverse_order"] === true || params["reverseOrder"] === true;
  if (!isBackward) return stored.slice(at, at + count);
  const page = lastOf(stored.slice(0, at + 1), count);
  return software === "llonebot" && params["reverseOrder"] === true ? page.toReversed() : page;
}

const lastOf = (bubbles: readonly Bubble[], count: number): readonly Bubble[] =>
  count > 0 ? bubbles.slice(-count) : [];

/** LLOneBot and go-cqhttp take QQ's own number in the chat, the others the message's id. */
function findAnchor(context: AccountContext, stored: readonly Bubble[], wanted: string): number {
  const { software } = context.settings;
  if (software === "llonebot" || software === "go-cqhttp") {
    return stored.findIndex((bubble) => numbersOf(context.world, bubble).seq === Number(wanted));
  }
  const anchor = findMessage(context, unfoldId(wanted));
  return stored.findIndex((bubble) => bubble.message.id === anchor?.message.id);
}
