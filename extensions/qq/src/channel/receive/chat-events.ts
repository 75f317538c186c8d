import type { AuditResult, ChatChange } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import type { RunningAccount } from "../running.ts";

/** Keeps what changed about a chat: whether it can be written to, unasked too, and what a first message may be tied to. */
export function noteChatChange(change: ChatChange, { chats, replies, log, atomically }: RunningAccount): void {
  const { chat, what, eventId, at } = change;
  const target = formatTarget(chat);
  atomically(() => {
    if (what === "opened" || what === "closed") chats.setOpen(target, what === "opened", at);
    else chats.setProactive(target, what === "proactive-on");
    if (eventId !== undefined) replies.open({ eventId, target, receivedAt: at, limit: REPLY_LIMITS[chat.kind] });
  });
  log.info(`chat ${what} chat=${target}`);
}

/** Tells how the review of a message ended: until then nobody knew whether it would be shown. */
export function noteAudit({ auditId, passed }: AuditResult, { audits, log }: RunningAccount): void {
  const chat = audits.end(auditId) ?? "unknown";
  if (passed) log.info(`message passed review chat=${chat} audit=${auditId}`);
  else log.error(`message refused in review chat=${chat} audit=${auditId}; change what it says, nobody has seen it`);
}
