import type { ChannelIngressMonitorLifecycle } from "openclaw/plugin-sdk/channel-outbound";
import type { DmSource } from "../../journal/chats.ts";
import type { InboundMessage, Interaction } from "../../message/inbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import type { RawEvent } from "../../transport/transport.ts";
import { askOwners } from "../approvals/contact-requests.ts";
import { answerOwner } from "../approvals/owner-command.ts";
import { resolveAccess, type Access } from "./access.ts";
import { deliverKept } from "../answer/answer.ts";
import { noteAudit, noteChatChange } from "./chat-events.ts";
import { isContext, isStale, keepAsContext, keepStale, keepUnanswered } from "./context-only.ts";
import { decodeEvent, selfIdIn } from "./decode.ts";
import { turnIdOf } from "./interrupted.ts";
import { withQuoted } from "./quotes.ts";
import { withUnknownQuote } from "./read-back.ts";
import { forgetRecalled, isRecalled } from "./recalled.ts";
import { issuePairingCode, openPairing } from "./pairing.ts";
import { openPressReplies, pressedMessage } from "../interaction/pressed.ts";
import { routeMessage, type Routed } from "./route.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { startTurn } from "./turn.ts";

/**
 * Takes one stored event to its end: a turn of the agent, a pairing code, a line of group history, or nothing.
 * Throws only when trying again can help; the host's pump then does.
 */
export async function deliverInbound(
  event: RawEvent,
  receivedAt: number,
  lifecycle: ChannelIngressMonitorLifecycle,
  running: RunningAccount,
): Promise<void> {
  const decoded = await decodeEvent(event, receivedAt, running);
  switch (decoded.kind) {
    case "ignored":
      return running.log.debug(`event ignored reason="${decoded.reason}"`);
    case "message":
      return deliverMessage(decoded.message, event, receivedAt, lifecycle, running);
    case "interaction":
      return deliverPress(decoded.interaction, event, lifecycle, running);
    case "chat":
      return noteChatChange(decoded.change, running);
    case "audit":
      return noteAudit(decoded.audit, running);
    case "request":
      return askOwners(decoded.request, running);
    case "recalled":
      return forgetRecalled(decoded, running);
  }
}

async function deliverMessage(
  message: InboundMessage,
  event: RawEvent,
  receivedAt: number,
  lifecycle: ChannelIngressMonitorLifecycle,
  running: RunningAccount,
): Promise<void> {
  const judged = await judge(withQuoted(message, running), event, running);
  // Of a group that is not to be heard nothing is kept, and QQ is asked nothing.
  if (isPersonal(running) && isShutOut(judged)) return noteDropped(judged, running);
  noteHeard(message, receivedAt, running);
  if (isRecalled(message, running)) {
    return running.log.info(`message not answered chat=${formatTarget(message.chat)} why="taken back"`);
  }
  // Where the account was muted, any message may be the first that finds it is over.
  if (isPersonal(running)) await deliverKeptQuietly(message.chat, running);
  await takeTurn(await withReadQuote(judged, event, running), event, receivedAt, lifecycle, running);
}

/** A quote that is not in our books is read only where it matters: in a turn, or where nothing but a mention is missing. */
async function withReadQuote(judged: Judged, event: RawEvent, running: RunningAccount): Promise<Judged> {
  const { message, routed, access } = judged;
  if (access.ingress.admission !== "dispatch" && !isContext(routed, access)) return judged;
  const read = await withUnknownQuote(message, selfIdIn(event), running);
  return read === message ? judged : judge(read, event, running);
}

/** What a message says of its chat: that it can be written to, and what an answer may be tied to or quote. */
function noteHeard(message: InboundMessage, receivedAt: number, running: RunningAccount): void {
  const { replies, chats, refs, clock } = running;
  const target = formatTarget(message.chat);
  // The platform's clock may run ahead of ours: a message from the future would stay the newest for ever.
  const at = Math.min(message.at, receivedAt);
  running.atomically(() => {
    if (!isPersonal(running)) {
      replies.open({ msgId: message.id, target, receivedAt: at, limit: REPLY_LIMITS[message.chat.kind] });
    }
    chats.heard(target, at, dmSource(message));
    const ref = message.quoteIndex;
    const { id: messageId, sender, text } = message;
    if (ref !== undefined) refs.note({ ref, messageId, own: false, sender, text, chat: target }, clock.now());
  });
}

/** A button that was pressed, and acknowledged, has its turn: what it says, as a message of who pressed it. */
async function deliverPress(
  press: Interaction,
  event: RawEvent,
  lifecycle: ChannelIngressMonitorLifecycle,
  running: RunningAccount,
): Promise<void> {
  const message = pressedMessage(press, running);
  if (!message) return running.log.warn(`press without a button chat=${formatTarget(press.chat)}`);
  openPressReplies(press, running);
  await takeTurn(await judge(message, event, running), event, press.at, lifecycle, running);
}

/** Whether the sender of a message would have an answer. Says nothing to them, and keeps nothing. */
export async function mayTakeTurn(message: InboundMessage, event: RawEvent, running: RunningAccount): Promise<boolean> {
  return (await judge(message, event, running)).access.ingress.admission === "dispatch";
}

/** A message with where it belongs and what the host lets its sender do there. */
interface Judged {
  readonly message: InboundMessage;
  readonly routed: Routed;
  readonly access: Access;
}

async function judge(message: InboundMessage, event: RawEvent, running: RunningAccount): Promise<Judged> {
  const routed = routeMessage(message, turnIdOf(event, message.id), running);
  return { message, routed, access: await decideAccess(message, routed, running) };
}

/** Starts the turn of a message that may have an answer. */
async function takeTurn(
  judged: Judged,
  event: RawEvent,
  receivedAt: number,
  lifecycle: ChannelIngressMonitorLifecycle,
  running: RunningAccount,
): Promise<void> {
  const { message, routed, access } = judged;
  const { admission } = access.ingress;
  if (isStale(message, receivedAt, routed, running)) return keepStale(message, routed, access, running);
  const isAnswered = admission === "dispatch" || admission === "pairing-required";
  if (isAnswered && isPersonal(running) && running.isSibling(message.sender.id)) {
    return keepUnanswered(message, "written by another account of this gateway", routed, access, running);
  }
  if (admission === "pairing-required") return issuePairingCode(message, event, running);
  if (admission !== "dispatch") return remember(judged, running);
  await deliverKeptQuietly(message.chat, running);
  if (await answerOwner(message, running)) return;
  const { turns, clock, loopBrake } = running;
  if (isPersonal(running) && loopBrake.isLoop(message, receivedAt, clock.now())) {
    return keepUnanswered(message, "answers within seconds, again and again, as a bot would", routed, access, running);
  }
  turns.begin({ ...event, target: formatTarget(message.chat), beganAt: clock.now() });
  try {
    await startTurn(message, routed, access, { key: event.key, lifecycle }, running);
    loopBrake.answered(message, clock.now());
  } finally {
    turns.end(event.key);
  }
}

/** What was kept for the chat must not keep this message from its answer. */
async function deliverKeptQuietly(chat: Target, running: RunningAccount): Promise<void> {
  await deliverKept(chat, running).catch((error: unknown) => {
    running.log.warn(`kept parts not delivered error="${error instanceof Error ? error.message : String(error)}"`);
  });
}

/** Who a guild DM is with: QQ forgets the session, and only this opens it again. */
function dmSource({ chat, guildId, sender }: InboundMessage): DmSource | undefined {
  return chat.kind === "dm" && guildId !== undefined ? { userId: sender.id, guildId } : undefined;
}

async function decideAccess(message: InboundMessage, routed: Routed, running: RunningAccount): Promise<Access> {
  const pairing = openPairing(running.accountId);
  return resolveAccess({
    cfg: routed.cfg,
    account: routed.account,
    message,
    matchesPattern: routed.matchesPattern,
    binding: {
      agentId: routed.route.agentId,
      sessionKey: routed.route.sessionKey,
      messageId: routed.turnId,
      inboundEventKind: "user_request",
    },
    readStoreAllowFrom: async () => pairing.readAllowFromStore(),
  });
}

/** Why nobody at all may talk in a group. */
const SHUT: ReadonlySet<string> = new Set([
  "route_sender_empty",
  "group_policy_disabled",
  "group_policy_empty_allowlist",
]);

/** Whether it is of a group that the configuration leaves out, whoever writes there. */
function isShutOut({ routed, access }: Judged): boolean {
  return routed.isGroup && (!access.routeAccess.allowed || SHUT.has(access.senderAccess.reasonCode));
}

/** A message of an allowed group that was not for the bot costs no model call, but the next answer may need it. */
function remember(judged: Judged, running: RunningAccount): void {
  const { message, routed, access } = judged;
  if (isContext(routed, access)) keepAsContext(message, routed, running);
  else noteDropped(judged, running);
}

function noteDropped({ message, access }: Judged, running: RunningAccount): void {
  const reason = access.routeAccess.reason ?? access.ingress.reasonCode;
  // In full: whoever wants to allow them needs just these two ids, and finds them nowhere else.
  const who = `chat=${formatTarget(message.chat)} sender=${message.sender.id}`;
  running.dropped(`message dropped reason=${reason} ${who}`);
}
