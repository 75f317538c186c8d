import { resolveChannelInboundRouteEnvelope } from "openclaw/plugin-sdk/channel-inbound";
import type { InboundMessage } from "../../message/inbound.ts";
import { formatTarget, targetId } from "../../message/target.ts";
import { groupRules, type GroupRules } from "./access.ts";
import { chatType } from "../chat-type.ts";
import type { RunningAccount } from "../running.ts";
import { getQQRuntime } from "../runtime.ts";

/** The host's own default for `historyLimit`. */
const DEFAULT_HISTORY_LIMIT = 50;

/** What is said of groups, `"*"` included, says nothing of direct messages. */
const NO_RULES: GroupRules = { listed: true, entry: {} };

/** A message with where it belongs. */
export type Routed = ReturnType<typeof routeMessage>;

/** Where the message belongs: agent, session, and the account as it is configured now. */
export function routeMessage(message: InboundMessage, turnId: string, running: RunningAccount) {
  const { cfg, account } = running.current();
  const peer = { kind: chatType(message.chat), id: targetId(message.chat) };
  // A guild channel is a group to all rules; only its sessions have a name of their own.
  const isGroup = peer.kind !== "direct";
  const { route, buildEnvelope } = resolveChannelInboundRouteEnvelope({
    cfg,
    channel: "qq",
    accountId: account.accountId,
    peer,
  });
  const rules = isGroup ? groupRules(account.config, peer.id) : NO_RULES;
  const historyLimit = account.config.historyLimit ?? cfg.messages?.groupChat?.historyLimit ?? DEFAULT_HISTORY_LIMIT;
  return {
    cfg,
    account,
    turnId,
    isGroup,
    peer,
    route,
    buildEnvelope,
    rules,
    historyLimit,
    matchesPattern: matchesPattern(message, cfg, route.agentId),
  };
}

/**
 * Under which key context for the next turn is kept: groups by session; direct messages each by themselves, as several
 * people may share a session.
 */
export function historyKeyOf({ chat }: InboundMessage, { isGroup, route }: Pick<Routed, "isGroup" | "route">): string {
  return isGroup ? route.sessionKey : `${route.sessionKey} ${formatTarget(chat)}`;
}

function matchesPattern(
  message: InboundMessage,
  cfg: ReturnType<RunningAccount["current"]>["cfg"],
  agentId: string,
): boolean {
  if (chatType(message.chat) === "direct") return false;
  const { mentions } = getQQRuntime().channel;
  const patterns = mentions.buildMentionRegexes(cfg, agentId, {
    provider: "qq",
    conversationId: targetId(message.chat),
  });
  return mentions.matchesMentionPatterns(message.text, patterns);
}
