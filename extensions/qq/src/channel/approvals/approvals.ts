import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { createChannelApprovalCapability } from "openclaw/plugin-sdk/approval-delivery-runtime";
import { createLazyChannelApprovalNativeRuntimeAdapter } from "openclaw/plugin-sdk/approval-handler-adapter-runtime";
import {
  createChannelNativeOriginTargetResolver,
  createNativeApprovalMessagingTargetResolvers,
  doesApprovalRequestSelectChannelAccount,
} from "openclaw/plugin-sdk/approval-native-runtime";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { listAccountIds, resolveAccount, resolveDefaultAccountId } from "../../config/account.ts";
import { env } from "../../config/env.ts";
import { formatTarget, parseTarget } from "../../message/target.ts";
import { text } from "../../texts.ts";
import { normalizeAllowEntry } from "../receive/allow-entry.ts";
import { approversIn, approversOf, knownInDms } from "./approvers.ts";
import type { RunningAccounts } from "../running.ts";

type Capability = ReturnType<typeof createChannelApprovalCapability>;
type Native = NonNullable<Capability["native"]>;
type Question = Parameters<Native["describeDeliveryCapabilities"]>[0];

const KINDS = ["exec", "plugin", "system-agent"] as const;

/** The host's own matching of a request with the chat it came from. */
const targets = createNativeApprovalMessagingTargetResolvers({
  channel: "qq",
  normalizeTo: (to) => {
    const target = parseTarget(to);
    return target && formatTarget(target);
  },
});

/**
 * How what the host asks approval for reaches people on QQ: as a card with buttons, in the chat it is about when
 * somebody there may decide, else in the direct messages of those who may. Without an approver there is nobody to ask,
 * and the host says so to the agent instead of waiting.
 */
export function approvals(accounts: RunningAccounts): Capability {
  return createChannelApprovalCapability({
    authorizeActorAction: ({ cfg, accountId, senderId }) =>
      approversOf(cfg, accountId).includes(normalizeAllowEntry(senderId ?? ""))
        ? { authorized: true }
        : {
            authorized: false,
            reason: `❌ ${text(resolveAccount(cfg, accountId, env, "inspect").locale, "notAnApprover", {})}`,
          },
    getActionAvailabilityState: ({ cfg, accountId }) => availability(cfg, accountId),
    getExecInitiatingSurfaceState: ({ cfg, accountId }) => availability(cfg, accountId),
    describeExecApprovalSetup: describeSetup,
    describePluginApprovalSetup: describeSetup,
    delivery: {
      hasConfiguredDmRoute: ({ cfg }) => listAccountIds(cfg).some((id) => approversOf(cfg, id).length > 0),
      // The card is in that chat already; the same in words would be a second request.
      shouldSuppressForwardingFallback: ({ cfg, target, request: { request } }) =>
        target.channel === "qq" &&
        request.turnSourceChannel === "qq" &&
        sameChat(target.to, request.turnSourceTo) &&
        approversOf(cfg, target.accountId ?? request.turnSourceAccountId).length > 0,
    },
    native: native(accounts),
    nativeRuntime: nativeRuntime(accounts),
  });
}

function availability(cfg: OpenClawConfig, accountId: string | null | undefined) {
  return { kind: approversOf(cfg, accountId).length > 0 ? ("enabled" as const) : ("disabled" as const) };
}

function describeSetup(): string {
  return 'Name who may approve on QQ: commands.ownerAllowFrom (["qq:OPENID"], or ["qq:NUMBER"] on a personal account), or the same in channels.qq.allowFrom.';
}

function sameChat(one: string, other: string | null | undefined): boolean {
  const [left, right] = [parseTarget(one), parseTarget(other ?? "")];
  return left !== undefined && right !== undefined && formatTarget(left) === formatTarget(right);
}

/** Where a request can be shown. */
function native(accounts: RunningAccounts): Native {
  const resolveOrigin = createChannelNativeOriginTargetResolver({ channel: "qq", ...targets });
  const originOf = (question: Question): { to: string } | null => {
    const running = accounts.find(normalizeAccountId(question.accountId));
    const to = resolveOrigin(question)?.to;
    const chat = to === undefined ? undefined : parseTarget(to);
    if (!running || !chat) return null;
    const able = approversIn(chat, approversOf(question.cfg, running.accountId), running.chats);
    return able.length > 0 ? { to: formatTarget(chat) } : null;
  };
  const dmsOf = ({ cfg, accountId }: Question): { to: string }[] => {
    const running = accounts.find(normalizeAccountId(accountId));
    if (!running) return [];
    return knownInDms(approversOf(cfg, running.accountId), running.chats).map((userId) => ({
      to: formatTarget({ kind: "c2c", userId }),
    }));
  };
  return {
    describeDeliveryCapabilities: (question) => {
      const origin = originOf(question);
      const dms = dmsOf(question);
      return {
        enabled: origin !== null || dms.length > 0,
        preferredSurface: origin ? "origin" : "approver-dm",
        supportsOriginSurface: origin !== null,
        supportsApproverDmSurface: dms.length > 0,
        notifyOriginWhenDmOnly: true,
      };
    },
    resolveOriginTarget: originOf,
    resolveApproverDmTargets: dmsOf,
  };
}

/** Loaded when the first request comes. */
function nativeRuntime(accounts: RunningAccounts) {
  return createLazyChannelApprovalNativeRuntimeAdapter({
    eventKinds: KINDS,
    isConfigured: ({ cfg, accountId }) => approversOf(cfg, accountId).length > 0,
    shouldHandle: ({ cfg, accountId, request }) =>
      approversOf(cfg, accountId).length > 0 &&
      doesApprovalRequestSelectChannelAccount({
        cfg,
        request,
        channel: "qq",
        accountId: accountId ?? null,
        defaultAccountId: resolveDefaultAccountId(cfg),
        eligibleAccountIds: listAccountIds(cfg).filter((id) => approversOf(cfg, id).length > 0),
      }),
    load: async () => (await import("./approval-runtime.ts")).approvalRuntime(accounts),
    // The host keeps adapters of all channels in one place, and knows nothing of our payloads.
    capabilityBoundary: true,
  });
}
