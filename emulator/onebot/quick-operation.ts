import type { Fields } from "../fields.ts";
import { textOf, type AccountContext } from "./actions.ts";
import { findMessage } from "./chats.ts";
import type { Piece } from "./pieces.ts";
import { answerRequest } from "./requests.ts";
import { buildMessage } from "./send-actions.ts";
import { sendPieces } from "./sending.ts";
import { resolveTarget } from "./sending-target.ts";

/**
 * What a bot asks for in the answer to a posted event (onebot-napcat.md 1.5). NapCat only logs what goes wrong, so
 * nothing is thrown.
 */
export async function runQuickOperation(event: Fields, operation: Fields, context: AccountContext): Promise<void> {
  try {
    if (event["post_type"] === "message") await reply(event, operation, context);
    if (event["post_type"] === "request") decide(event, operation, context);
  } catch {
    // As above.
  }
}

/** In groups the source is quoted always, and its writer mentioned when asked. */
async function reply(event: Fields, operation: Fields, context: AccountContext): Promise<void> {
  const { reply: message, auto_escape, at_sender } = operation;
  if (message === undefined || message === null || message === "") return;
  const isGroup = event["message_type"] === "group";
  const target = resolveTarget(context, isGroup ? "group" : "private", event);
  const pieces = await buildMessage(context, target, { message, auto_escape });
  const source = isGroup ? findMessage(context, textOf(event["message_id"])) : undefined;
  const quote: Piece[] = source ? [{ kind: "reply", message: source.message.id }] : [];
  const mention: Piece[] = isGroup && at_sender === true ? [{ kind: "at", uin: textOf(event["user_id"]) }] : [];
  await sendPieces(context, target, [...quote, ...mention, ...pieces]);
}

function decide(event: Fields, { approve, remark }: Fields, { world, account }: AccountContext): void {
  if (approve === undefined || approve === null) return;
  const about = event["request_type"] === "friend" ? "friend" : "group";
  const more = typeof remark === "string" ? { remark } : {};
  answerRequest(world, account.uin, textOf(event["flag"]), { about, approve: approve !== false, ...more });
}
