import {
  bindIngressLifecycleToReplyOptions,
  type ChannelIngressMonitorLifecycle,
} from "openclaw/plugin-sdk/channel-outbound";
import { createChannelHistoryWindow } from "openclaw/plugin-sdk/reply-history";
import type { InboundMessage } from "../message/inbound.ts";
import type { Access } from "./access.ts";
import { deliverReply, durableTarget } from "./outbound.ts";
import type { Routed } from "./route.ts";
import type { RunningAccount } from "./running.ts";
import { getQQRuntime } from "./runtime.ts";
import { typingNotices } from "./typing.ts";

/** Has the agent answer a message. Resolves when the turn is over and its answer delivered, or kept for delivery. */
export async function startTurn(
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
    replyPipeline: { typing: typingNotices(message, routed, running) },
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
    messageId: routed.turnId,
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
    supplemental: {
      ...(message.quoted && { quote: { id: message.quoted.index ?? "", body: message.quoted.text } }),
      ...groupPrompt(rules.entry.systemPrompt),
    },
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
export function speaker(message: InboundMessage): string {
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
