import { resolveChannelInboundRouteEnvelope } from "openclaw/plugin-sdk/channel-inbound";
import type { InboundMessage } from "../message/inbound.ts";
import { targetId } from "../message/target.ts";
import { groupRules } from "./access.ts";
import type { RunningAccount } from "./running.ts";
import { getQQRuntime } from "./runtime.ts";

/** The host's own default for `historyLimit`. */
const DEFAULT_HISTORY_LIMIT = 50;

/** A message with where it belongs. */
export type Routed = ReturnType<typeof routeMessage>;

/** Where the message belongs: agent, session, and the account as it is configured now. */
export function routeMessage(message: InboundMessage, turnId: string, running: RunningAccount) {
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
