import type { AuditResult, ChatChange } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import { deliverKept } from "../answer/answer.ts";
import { MUTE_MS } from "../answer/chat-state.ts";
import { isPersonal, type RunningAccount } from "../running.ts";

/**
 * Keeps what changed about a chat: whether it can be written to, unasked too, and what a first message may be tied to.
 * What was kept for a chat that a personal account may speak in again goes out.
 */
export async function noteChatChange(change: ChatChange, running: RunningAccount): Promise<void> {
  const { replies, log, atomically } = running;
  const { chat, what, eventId, at } = change;
  const target = formatTarget(chat);
  atomically(() => {
    keepChange(change, running);
    if (eventId !== undefined) replies.open({ eventId, target, receivedAt: at, limit: REPLY_LIMITS[chat.kind] });
  });
  log.info(`chat ${what} chat=${target}`);
  if (isPersonal(running) && (what === "unmuted" || what === "opened")) await deliverKept(chat, running);
}

function keepChange({ chat, what, at, until }: ChatChange, { chats }: RunningAccount): void {
  const target = formatTarget(chat);
  switch (what) {
    case "opened":
    case "closed":
      return chats.setOpen(target, what === "opened", at);
    case "muted":
      return chats.setMuted(target, until ?? at + MUTE_MS);
    case "unmuted":
      return chats.setMuted(target, 0);
    case "proactive-on":
    case "proactive-off":
      return chats.setProactive(target, what === "proactive-on");
  }
}

/** Tells how the review of a message ended: until then nobody knew whether it would be shown. */
export function noteAudit({ auditId, passed }: AuditResult, { audits, log }: RunningAccount): void {
  const chat = audits.end(auditId) ?? "unknown";
  if (passed) log.info(`message passed review chat=${chat} audit=${auditId}`);
  else log.error(`message refused in review chat=${chat} audit=${auditId}; change what it says, nobody has seen it`);
}
