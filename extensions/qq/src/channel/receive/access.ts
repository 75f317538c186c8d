import {
  resolveChannelImplicitMentions,
  resolveStableChannelMessageIngress,
  type ChannelIngressContextBinding,
} from "openclaw/plugin-sdk/channel-ingress-runtime";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { QQAccount } from "../../config/account.ts";
import type { AccountConfig } from "../../config/schema.ts";
import type { InboundMessage } from "../../message/inbound.ts";
import { targetId } from "../../message/target.ts";
import { chatType } from "../chat-type.ts";
import { getQQRuntime } from "../runtime.ts";
import { normalizeAllowEntry, ownerEntries } from "./allow-entry.ts";

type GroupEntry = NonNullable<NonNullable<AccountConfig["groups"]>[string]>;

/** What the configuration says of one group or guild channel: `listed` when `groups` is absent, or names it or `"*"`. */
export interface GroupRules {
  readonly listed: boolean;
  readonly entry: GroupEntry;
}

/** Requirement D3. Keys of the group's own entry win over those of `"*"`. `groupId`: a group's openid or a channel's id. */
export function groupRules(config: AccountConfig, groupId: string): GroupRules {
  const { groups } = config;
  const own = groups?.[groupId];
  const any = groups?.["*"];
  return { listed: groups === undefined || own !== undefined || any !== undefined, entry: { ...any, ...own } };
}

export interface AccessQuestion {
  readonly cfg: OpenClawConfig;
  readonly account: QQAccount;
  readonly message: InboundMessage;
  /** Found by the host's mention patterns in the text. */
  readonly matchesPattern: boolean;
  readonly binding: ChannelIngressContextBinding;
  readonly readStoreAllowFrom: () => Promise<string[]>;
}

/** What the host has decided. */
export type Access = Awaited<ReturnType<typeof resolveAccess>>;

/** The host's own decision: may this sender talk here, may they give commands, was the bot meant. */
export async function resolveAccess(question: AccessQuestion) {
  const { cfg, account, message, binding } = question;
  const core = getQQRuntime();
  const { config, accountId } = account;
  const kind = chatType(message.chat);
  const isGroup = kind !== "direct";
  const rules = groupRules(config, targetId(message.chat));
  const allowTextCommands = core.channel.commands.shouldHandleTextCommands({
    cfg,
    surface: "qq",
    commandSource: "text",
  });
  return resolveStableChannelMessageIngress({
    channelId: "qq",
    accountId,
    cfg,
    identity: {
      key: "qq-user-id",
      normalize: (value) => normalizeAllowEntry(value) || null,
      sensitivity: "pii",
      entryIdPrefix: "qq-entry",
      authentication: "verified",
    },
    readStoreAllowFrom: question.readStoreAllowFrom,
    subject: { stableId: message.sender.id },
    conversation: { kind, id: targetId(message.chat) },
    contextBinding: binding,
    event: { kind: "message", authMode: "inbound", mayPair: !isGroup },
    ...(isGroup ? groupGates(message, rules, question.matchesPattern) : {}),
    dmPolicy: config.dmPolicy ?? "pairing",
    ...groupSenders(account, cfg),
    policy: {
      // Who may write DMs says nothing about groups: there people have other openids, and `"*"` for DMs must not open them.
      groupAllowFromFallbackToAllowFrom: false,
      activation: {
        requireMention: isGroup && rules.entry.requireMention !== false,
        allowTextCommands,
        implicitMentions: resolveChannelImplicitMentions({ cfg, channel: "qq", accountId }),
      },
    },
    allowFrom: config.allowFrom ?? [],
    command: {
      allowTextCommands,
      hasControlCommand: core.channel.commands.isControlCommandMessage(message.text, cfg),
      ...(isGroup ? { commandOwnerAllowFrom: commandOwners(cfg, account) } : {}),
    },
  });
}

/** Whom the host takes for an owner in groups. On a personal account a bare number may be meant for another channel. */
function commandOwners(cfg: OpenClawConfig, account: QQAccount): (string | number)[] {
  const entries = account.transport === "onebot" ? ownerEntries(cfg, account) : cfg.commands?.ownerAllowFrom;
  return withoutEverybody(entries);
}

/**
 * Whom lists name. `"*"` lets everybody talk in a group, and gives nobody commands: with it among the entries, the
 * policy is open, and the list holds the rest.
 */
function withoutEverybody(entries: readonly (string | number)[] | undefined): (string | number)[] {
  return (entries ?? []).filter((entry) => entry !== "*");
}

function groupSenders({ config }: QQAccount, cfg: OpenClawConfig) {
  const everybody = config.groupAllowFrom?.includes("*") === true;
  const policy = config.groupPolicy ?? cfg.channels?.defaults?.groupPolicy ?? "allowlist";
  return {
    groupPolicy: everybody && policy === "allowlist" ? ("open" as const) : policy,
    groupAllowFrom: withoutEverybody(config.groupAllowFrom),
  };
}

function groupGates(message: InboundMessage, rules: GroupRules, matchesPattern: boolean) {
  const { mentions } = getQQRuntime().channel;
  return {
    route: {
      id: "group",
      kind: "route" as const,
      configured: true,
      matched: rules.listed,
      allowed: rules.listed && rules.entry.enabled !== false,
      enabled: true,
      blockReason: "group_not_allowlisted",
      ...(rules.entry.allowFrom ? { senderPolicy: "replace" as const, senderAllowFrom: rules.entry.allowFrom } : {}),
    },
    mentionFacts: {
      canDetectMention: true,
      wasMentioned: message.mentionsBot || matchesPattern,
      hasAnyMention: message.mentionsBot,
      implicitMentionKinds: mentions.implicitMentionKindWhen("reply_to_bot", message.quoted?.fromBot === true),
    },
  };
}
