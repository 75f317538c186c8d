import { buildChannelOutboundSessionRoute, type ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { formatTarget, parseTarget, TARGET_SHAPES, targetId } from "../message/target.ts";
import type { QQAccount } from "../config/account.ts";
import { chatType } from "./chat-type.ts";
import { durableTarget } from "./answer/outbound.ts";

/** How the host writes and reads QQ's targets. Ids keep their letter case. */
export const messaging: NonNullable<ChannelPlugin<QQAccount>["messaging"]> = {
  targetPrefixes: ["qq", "qqbot"],
  targetIdComparison: "case-sensitive",
  normalizeTarget: (raw) => {
    const target = parseTarget(raw);
    return target ? formatTarget(target) : undefined;
  },
  inferTargetChatType: ({ to }) => {
    const target = parseTarget(to);
    return target && chatType(target);
  },
  resolveOutboundSessionRoute: ({ cfg, agentId, accountId, target: raw }) => {
    const target = parseTarget(raw);
    if (!target) return null;
    const to = durableTarget(target);
    return buildChannelOutboundSessionRoute({
      cfg,
      agentId,
      channel: "qq",
      ...(accountId === undefined ? {} : { accountId }),
      recipientSessionExact: true,
      peer: { kind: chatType(target), id: targetId(target) },
      chatType: chatType(target),
      from: to,
      to,
    });
  },
  targetResolver: { looksLikeId: (raw) => parseTarget(raw) !== undefined, hint: TARGET_SHAPES },
};
