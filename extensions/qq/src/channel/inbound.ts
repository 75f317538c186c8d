import { resolveChannelInboundRouteEnvelope } from "openclaw/plugin-sdk/channel-inbound";
import {
  bindIngressLifecycleToReplyOptions,
  type ChannelIngressMonitorLifecycle,
} from "openclaw/plugin-sdk/channel-outbound";
import { createChannelHistoryWindow } from "openclaw/plugin-sdk/reply-history";
import { decodeOfficial } from "../message/decode-official.ts";
import type { InboundMessage } from "../message/inbound.ts";
import { formatTarget, targetId } from "../message/target.ts";
import { REPLY_LIMITS } from "../protocol/official/limits.ts";
import type { RawEvent } from "../transport/transport.ts";
import { groupRules, resolveAccess } from "./access.ts";
import { deliverReply, durableTarget } from "./outbound.ts";
import { issuePairingCode, openPairing } from "./pairing.ts";
import type { RunningAccount } from "./running.ts";
import { getQQRuntime } from "./runtime.ts";

/** The host's own default for `historyLimit`. */
const DEFAULT_HISTORY_LIMIT = 50;

type Routed = ReturnType<typeof routeMessage>;
type Access = Awaited<ReturnType<typeof resolveAccess>>;

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
  const routed = routeMessage(message, running);
  const access = await decideAccess(message, routed, running);
  const { admission } = access.ingress;
  if (admission === "pairing-required") return issuePairingCode(message, running);
  if (admission !== "dispatch") return remember(message, routed, access, running);
  await startTurn(message, routed, access, lifecycle, running);
}

/** Where the message belongs: agent, session, and the account as it is configured now. */
function routeMessage(message: InboundMessage, running: RunningAccount) {
  const { cfg, account } = running.current();
  const isGroup = message.chat.kind === "group";
  const peer = { kind: isGroup ? ("group" as const) : ("direct" as const), id: targetId(message.chat) };
  const { route, buildEnvelope } = resolveChannelInboundRouteEnvelope({
    cfg,
    channel: "qq",
    accountId: account.accountId,
    peer,
  });
  const rules = groupRules(account.config, peer.id);
  const historyLimit = account.config.historyLimit ?? cfg.messages?.groupChat?.historyLimit ?? DEFAULT_HISTORY_LIMIT;
  return {
    cfg,
    account,
    isGroup,
    peer,
    route,
    buildEnvelope,
    rules,
    historyLimit,
    matchesPattern: matchesPattern(message, cfg, route.agentId),
  };
}

function matchesPattern(
  message: InboundMessage,
  cfg: ReturnType<RunningAccount["current"]>["cfg"],
  agentId: string,
): boolean {
  if (message.chat.kind !== "group") return false;
  const { mentions } = getQQRuntime().channel;
  const patterns = mentions.buildMentionRegexes(cfg, agentId, {
    provider: "qq",
    conversationId: targetId(message.chat),
  });
  return mentions.matchesMentionPatterns(message.text, patterns);
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
      messageId: message.id,
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

async function startTurn(
  message: InboundMessage,
  routed: Routed,
  access: Access,
  lifecycle: ChannelIngressMonitorLifecycle,
  running: RunningAccount,
): Promise<void> {
  const { cfg, account, isGroup, route } = routed;
  const core = getQQRuntime();
  const to = durableTarget(message.chat);
  const historyKey = route.sessionKey;
  await core.channel.inbound.dispatch({
    cfg,
    channel: "qq",
    accountId: account.accountId,
    route: { agentId: route.agentId, ...scopeOf(route), sessionKey: route.sessionKey },
    ctxPayload: buildContext(message, routed, access, running),
    delivery: {
      durable: (_payload, info) => (info.kind === "final" ? { to } : false),
      deliver: (payload) => deliverReply(payload, message.chat, running),
      onError: (error, info) => running.log.error(`reply not delivered kind=${info.kind} error="${reason(error)}"`),
    },
    // Each block would cost one of the few replies that QQ allows to a message.
    replyOptions: { disableBlockStreaming: true },
    history: { isGroup, historyKey, historyMap: running.history, limit: routed.historyLimit },
    record: { onRecordError: (error) => running.log.warn(`session not recorded error="${reason(error)}"`) },
    ...bindIngressLifecycleToReplyOptions(lifecycle),
  });
}

function buildContext(message: InboundMessage, routed: Routed, access: Access, running: RunningAccount) {
  const { account, isGroup, peer, route, rules } = routed;
  const core = getQQRuntime();
  const to = durableTarget(message.chat);
  const name = speaker(message);
  const label = isGroup ? `group:${short(peer.id)}` : name;
  return core.channel.inbound.buildContext({
    channelIngress: access,
    channel: "qq",
    accountId: account.accountId,
    messageId: message.id,
    timestamp: message.at,
    from: to,
    sender: { id: message.sender.id, name },
    conversation: { kind: peer.kind, id: peer.id, label },
    route: {
      agentId: route.agentId,
      ...scopeOf(route),
      accountId: account.accountId,
      routeSessionKey: route.sessionKey,
    },
    reply: { to, originatingTo: to, replyToId: message.id },
    message: {
      body: routed.buildEnvelope({ channel: "QQ", from: label, timestamp: message.at, body: message.text }),
      bodyForAgent: message.text,
      rawBody: message.text,
      commandBody: message.text,
      ...inboundHistory(routed, running),
    },
    ...(message.quoted
      ? {
          supplemental: {
            quote: { id: message.quoted.index ?? "", body: message.quoted.text },
            ...groupPrompt(rules.entry.systemPrompt),
          },
        }
      : { supplemental: groupPrompt(rules.entry.systemPrompt) }),
    access: {
      commands: { authorized: access.commandAccess.authorized },
      mentions: {
        canDetectMention: isGroup,
        wasMentioned: message.mentionsBot || routed.matchesPattern,
        requireMention: isGroup && rules.entry.requireMention !== false,
      },
      ...(rules.entry.tools ? { toolPolicy: rules.entry.tools } : {}),
    },
  });
}

function scopeOf(route: Routed["route"]) {
  return route.dmScope === undefined ? {} : { dmScope: route.dmScope };
}

function inboundHistory(routed: Routed, running: RunningAccount) {
  if (!routed.isGroup) return {};
  const inboundHistory = createChannelHistoryWindow({ historyMap: running.history }).buildInboundHistory({
    historyKey: routed.route.sessionKey,
    limit: routed.historyLimit,
  });
  return inboundHistory ? { inboundHistory } : {};
}

function groupPrompt(systemPrompt: string | undefined): { groupSystemPrompt?: string } {
  return systemPrompt ? { groupSystemPrompt: systemPrompt } : {};
}

/** Who speaks, for the agent: the nickname where QQ gives one, else a short form of the openid. */
function speaker(message: InboundMessage): string {
  const { id, name, role } = message.sender;
  const known = name ?? short(id);
  return role && role !== "member" ? `${known} (${role})` : known;
}

function short(id: string): string {
  return id.slice(0, 8);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
