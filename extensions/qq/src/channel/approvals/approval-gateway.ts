import { CHANNEL_APPROVAL_NATIVE_RUNTIME_CONTEXT_CAPABILITY } from "openclaw/plugin-sdk/approval-handler-adapter-runtime";
import type { ChannelGatewayContext } from "openclaw/plugin-sdk/channel-contract";
import {
  registerChannelRuntimeContext,
  type ChannelRuntimeContextKey,
} from "openclaw/plugin-sdk/channel-runtime-context";
import type { ApprovalGateway } from "../running.ts";

type Context = Pick<ChannelGatewayContext, "accountId" | "channelRuntime">;

/** Under which the host keeps its approval service for a running account. */
const GATEWAY_CAPABILITY = "approval.gateway";

/** Tells the host that this account is there to ask people: without it no card is ever sent. Ends with the signal. */
export function offerApprovals({ accountId, channelRuntime }: Context, abortSignal: AbortSignal): void {
  if (!channelRuntime) return;
  const key: ChannelRuntimeContextKey = {
    channelId: "qq",
    accountId,
    capability: CHANNEL_APPROVAL_NATIVE_RUNTIME_CONTEXT_CAPABILITY,
  };
  registerChannelRuntimeContext({ channelRuntime, ...key, context: { accountId }, abortSignal });
}

/** The host's approval service for this account; a decision goes to it without a connection to be made first. */
export function approvalGateway({ accountId, channelRuntime }: Context): { approvalGateway?: ApprovalGateway } {
  const gateway = channelRuntime?.runtimeContexts.get<ApprovalGateway>({
    channelId: "qq",
    accountId,
    capability: GATEWAY_CAPABILITY,
  });
  return gateway ? { approvalGateway: gateway } : {};
}
