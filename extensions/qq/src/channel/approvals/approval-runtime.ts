import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import {
  createChannelApprovalNativeRuntimeAdapter,
  type ChannelApprovalNativeRuntimeAdapter,
  type PendingApprovalView,
} from "openclaw/plugin-sdk/approval-handler-runtime";
import { formatTarget, parseTarget, type Target } from "../../message/target.ts";
import { sendApproval, type ApprovalRequest } from "./approval-card.ts";
import { approversOf } from "./approvers.ts";
import type { RunningAccount, RunningAccounts } from "../running.ts";

/** How the host has a request shown; it decides itself which, where and for how long. */
export function approvalRuntime(
  accounts: RunningAccounts,
): ChannelApprovalNativeRuntimeAdapter<ApprovalRequest, Target, string> {
  const find = (accountId: string | null | undefined): RunningAccount | undefined =>
    accounts.find(normalizeAccountId(accountId));
  return createChannelApprovalNativeRuntimeAdapter<ApprovalRequest, Target, string>({
    availability: {
      isConfigured: ({ cfg, accountId }) => approversOf(cfg, accountId).length > 0,
      shouldHandle: ({ accountId }) => find(accountId) !== undefined,
    },
    presentation: {
      buildPendingPayload: ({ view }) => requestOf(view),
      // QQ edits no message: the button that was pressed says so itself, and the agent tells the rest.
      buildResolvedResult: () => ({ kind: "leave" }),
      buildExpiredResult: () => ({ kind: "leave" }),
    },
    transport: {
      prepareTarget: ({ plannedTarget }) => {
        const chat = parseTarget(plannedTarget.target.to);
        return chat ? { dedupeKey: formatTarget(chat), target: chat } : null;
      },
      deliverPending: async ({ accountId, preparedTarget, pendingPayload }) => {
        const running = find(accountId);
        const delivered = running && (await sendApproval(pendingPayload, preparedTarget, running));
        if (delivered?.messageId === undefined) return null;
        running?.log.info(`approval asked chat=${formatTarget(preparedTarget)} request=${pendingPayload.id}`);
        return delivered.messageId;
      },
    },
    observe: {
      onDeliveryError: ({ accountId, error, request }) =>
        find(accountId)?.log.error(`approval not asked request=${request.id} error="${String(error)}"`),
    },
  });
}

function requestOf(view: PendingApprovalView): ApprovalRequest {
  const exec = view.approvalKind === "exec" ? view : undefined;
  return {
    id: view.approvalId,
    kind: view.approvalKind,
    what:
      view.approvalKind === "plugin" ? [view.title, view.description].filter(Boolean).join("\n\n") : view.commandText,
    ...(exec?.cwd && { place: exec.cwd }),
    ...(exec?.warningText && { warning: exec.warningText }),
    decisions: view.actions.map(({ decision }) => decision),
    expiresAt: view.expiresAtMs,
  };
}
