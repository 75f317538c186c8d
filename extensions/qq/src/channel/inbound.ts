import type { ChannelIngressMonitorLifecycle } from "openclaw/plugin-sdk/channel-outbound";
import { createChannelHistoryWindow } from "openclaw/plugin-sdk/reply-history";
import { decodeOfficial } from "../message/decode-official.ts";
import type { InboundMessage } from "../message/inbound.ts";
import { formatTarget } from "../message/target.ts";
import { REPLY_LIMITS } from "../protocol/official/limits.ts";
import type { RawEvent } from "../transport/transport.ts";
import { resolveAccess, type Access } from "./access.ts";
import { deliverKept } from "./answer.ts";
import { turnIdOf } from "./interrupted.ts";
import { issuePairingCode, openPairing } from "./pairing.ts";
import { routeMessage, type Routed } from "./route.ts";
import type { RunningAccount } from "./running.ts";
import { speaker, startTurn } from "./turn.ts";

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
  const decoded = decodeOfficial(event.text, receivedAt);
  if (decoded.kind === "ignored") return running.log.debug(`event ignored reason="${decoded.reason}"`);
  const { message } = decoded;
  running.replies.open({
    msgId: message.id,
    target: formatTarget(message.chat),
    // The platform's clock may run ahead of ours: a message from the future would stay the newest for ever.
    receivedAt: Math.min(message.at, receivedAt),
    limit: REPLY_LIMITS[message.chat.kind],
  });
  const routed = routeMessage(message, turnIdOf(event, message.id), running);
  const access = await decideAccess(message, routed, running);
  const { admission } = access.ingress;
  if (admission === "pairing-required") return issuePairingCode(message, running);
  if (admission !== "dispatch") return remember(message, routed, access, running);
  await deliverKept(message.chat, running).catch((error: unknown) => {
    running.log.warn(`kept parts not delivered error="${error instanceof Error ? error.message : String(error)}"`);
  });
  const { turns, clock } = running;
  turns.begin({ ...event, target: formatTarget(message.chat), beganAt: clock.now() });
  try {
    await startTurn(message, routed, access, lifecycle, running);
  } finally {
    turns.end(event.key);
  }
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

/** A message of an allowed group that was not for the bot costs no model call, but the next answer may need it. */
function remember(message: InboundMessage, routed: Routed, access: Access, running: RunningAccount): void {
  if (!routed.isGroup || !access.activationAccess.shouldSkip || !access.senderAccess.allowed) {
    const reason = access.routeAccess.reason ?? access.ingress.reasonCode;
    // In full: whoever wants to allow them needs just these two ids, and finds them nowhere else.
    const who = `chat=${formatTarget(message.chat)} sender=${message.sender.id}`;
    return running.log.info(`message dropped reason=${reason} ${who}`);
  }
  createChannelHistoryWindow({ historyMap: running.history }).record({
    historyKey: routed.route.sessionKey,
    limit: routed.historyLimit,
    entry: { sender: speaker(message), body: message.text, timestamp: message.at, messageId: message.id },
  });
}
