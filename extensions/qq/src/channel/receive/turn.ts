import {
  bindIngressLifecycleToReplyOptions,
  type ChannelIngressMonitorLifecycle,
} from "openclaw/plugin-sdk/channel-outbound";
import { createChannelHistoryWindow } from "openclaw/plugin-sdk/reply-history";
import type { InboundMessage } from "../../message/inbound.ts";
import type { Access } from "./access.ts";
import { ackReaction } from "./ack-reaction.ts";
import { receiveMedia, type ReceivedMedia } from "../media-in/media-in.ts";
import { deliverReply, turnMark } from "../answer/message.ts";
import { durableTarget } from "../answer/outbound.ts";
import { progressLine } from "./progress.ts";
import { quotedContext } from "./quotes.ts";
import { withWhole } from "./read-back.ts";
import { historyKeyOf, type Routed } from "./route.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { getQQRuntime } from "../runtime.ts";
import { shortId, speaker } from "./speaker.ts";
import { growAnswer } from "../stream/stream.ts";
import { typingNotices } from "./typing.ts";

/** The event that begins a turn: its key, and how the host tells that it has adopted it. */
export interface Beginning {
  readonly key: string;
  readonly lifecycle: ChannelIngressMonitorLifecycle;
}

/** Has the agent answer a message. Resolves when the turn is over and its answer delivered, or kept for delivery. */
export async function startTurn(
  received: InboundMessage,
  routed: Routed,
  access: Access,
  { key, lifecycle }: Beginning,
  running: RunningAccount,
): Promise<void> {
  const { cfg, account, isGroup, route } = routed;
  const core = getQQRuntime();
  const to = durableTarget(received.chat);
  const threadId = turnMark(key);
  const reaction = ackReaction(received, routed, running);
  const message = await withWhole(received, running);
  const historyKey = historyKeyOf(message, routed);
  const media = await receiveMedia(message, routed, running);
  const growing = growAnswer(message, routed, running);
  const typing = typingNotices(message, routed, running);
  const progress = progressLine(message, routed, running, () => typing.isShown() || reaction.isShown());
  const turn = core.channel.inbound.dispatch({
    cfg,
    channel: "qq",
    accountId: account.accountId,
    route: { agentId: route.agentId, ...scopeOf(route), sessionKey: route.sessionKey },
    ctxPayload: buildContext(message, routed, access, media, running),
    delivery: {
      // Without an id of its own the host would quote what the user has quoted, whatever `replyToMode` says.
      durable: ({ replyToId = null }, info) => (info.kind === "final" ? { to, replyToId, threadId } : false),
      deliver: (payload, info) => {
        progress.seen();
        return deliverReply(payload, info.kind, message.chat, running);
      },
      onError: (error, info) => running.log.error(`reply not delivered kind=${info.kind} error="${reason(error)}"`),
    },
    // Each block would cost one of the few replies that QQ allows to a message.
    replyOptions: { disableBlockStreaming: true, ...growing.callbacks },
    replyPipeline: { typing: { start: typing.start, onStartError: typing.onStartError } },
    // The host clears what was told of groups; on personal accounts direct messages have the like.
    history: {
      isGroup: isGroup || isPersonal(running),
      historyKey,
      historyMap: running.history,
      limit: routed.historyLimit,
    },
    record: { onRecordError: (error) => running.log.warn(`session not recorded error="${reason(error)}"`) },
    ...bindIngressLifecycleToReplyOptions(lifecycle),
  });
  try {
    await turn;
  } finally {
    progress.end();
    reaction.end();
    await growing.close();
  }
}

function buildContext(
  message: InboundMessage,
  routed: Routed,
  access: Access,
  media: ReceivedMedia,
  running: RunningAccount,
) {
  const { account, isGroup, peer, route, rules } = routed;
  const core = getQQRuntime();
  const to = durableTarget(message.chat);
  const name = speaker(message.sender);
  const text = [message.text, ...media.notices].join("\n");
  const label = isGroup ? `${peer.kind}:${shortId(peer.id)}` : name;
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
    reply: { to, originatingTo: to },
    message: {
      body: routed.buildEnvelope({ channel: "QQ", from: label, timestamp: message.at, body: text }),
      bodyForAgent: text,
      rawBody: message.text,
      commandBody: message.text,
      ...inboundHistory(message, routed, running),
      ...(message.attachments.some(({ kind }) => kind === "voice") && { sourceModality: "voice" as const }),
    },
    media: media.own,
    supplemental: {
      ...(message.quoted && { quote: quotedContext(message.quoted, media.quoted) }),
      ...groupPrompt(rules.entry.systemPrompt),
    },
    access: {
      commands: { authorized: access.commandAccess.authorized },
      mentions: {
        canDetectMention: isGroup,
        wasMentioned: message.mentionsBot || routed.matchesPattern,
        // The mark of the bot is not in the text any more: the agent would not know otherwise.
        ...(isGroup && { explicitlyMentionedBot: message.mentionsBot }),
        ...(message.mentions && { mentionedUserIds: [...message.mentions] }),
        implicitMentionKinds: core.channel.mentions.implicitMentionKindWhen(
          "reply_to_bot",
          isGroup && message.quoted?.fromBot === true,
        ),
        requireMention: isGroup && rules.entry.requireMention !== false,
      },
      ...(rules.entry.tools ? { toolPolicy: rules.entry.tools } : {}),
    },
  });
}

function scopeOf(route: Routed["route"]) {
  return route.dmScope === undefined ? {} : { dmScope: route.dmScope };
}

function inboundHistory(message: InboundMessage, routed: Routed, running: RunningAccount) {
  if (!routed.isGroup && !running.history.has(historyKeyOf(message, routed))) return {};
  const inboundHistory = createChannelHistoryWindow({ historyMap: running.history }).buildInboundHistory({
    historyKey: historyKeyOf(message, routed),
    limit: routed.historyLimit,
  });
  return inboundHistory ? { inboundHistory } : {};
}

function groupPrompt(systemPrompt: string | undefined): { groupSystemPrompt?: string } {
  return systemPrompt ? { groupSystemPrompt: systemPrompt } : {};
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
