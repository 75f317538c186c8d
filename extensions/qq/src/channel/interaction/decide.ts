import { resolveApprovalOverGateway } from "openclaw/plugin-sdk/approval-gateway-runtime";
import { isApprovalNotFoundError } from "openclaw/plugin-sdk/error-runtime";
import type { Interaction } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import type { InteractionResult } from "../../transport/transport.ts";
import { text } from "../../texts.ts";
import { typedDecision, type Decision } from "../approvals/approval-buttons.ts";
import { approversOf } from "../approvals/approvers.ts";
import type { RunningAccount } from "../running.ts";

/** How long the gateway may take before the press is acknowledged all the same, ms: QQ waits 3 s from the press. */
const DECISION_MS = 1_500;

/** What becomes of a press: what QQ shows to who pressed, and a line for the chat where that does not say enough. */
export interface Outcome {
  readonly result: InteractionResult;
  /** Still to come where the press had to be acknowledged before it was decided. */
  readonly notice?: string | Promise<string | undefined>;
}

/**
 * Decides about an approval in the name of who pressed. Who may is looked at again: the configuration may have changed
 * since the buttons were shown. The gateway takes the first decision, and tells a later one what was decided.
 */
export async function decide(decision: Decision, press: Interaction, running: RunningAccount): Promise<Outcome> {
  const { cfg } = running.current();
  const where = `chat=${formatTarget(press.chat)} sender=${press.sender.id} request=${decision.approvalId}`;
  if (!approversOf(cfg, running.accountId).includes(press.sender.id)) {
    running.log.warn(`approval refused ${where} why="not an approver"`);
    return { result: "not-permitted" };
  }
  const resolved = resolve(decision, press, running).then(
    (applied): Outcome => {
      running.log.info(`approval ${applied ? decision.decision : "was decided before"} ${where}`);
      return applied ? { result: "done" } : { result: "repeated", notice: over(running) };
    },
    (error: unknown): Outcome => {
      running.log.warn(`approval not taken ${where} error="${String(error)}"`);
      return { result: "failed", notice: isApprovalNotFoundError(error) ? over(running) : notTaken(decision, running) };
    },
  );
  const waited = new AbortController();
  const late = running.clock.sleep(DECISION_MS, waited.signal).then(
    (): Outcome => ({ result: "done", notice: resolved.then(({ notice }) => notice) }),
    () => resolved,
  );
  try {
    return await Promise.race([resolved, late]);
  } finally {
    waited.abort();
  }
}

/** Whether this decision is the one that counts. The same one again, by the same press or another, is no news. */
async function resolve(decision: Decision, press: Interaction, running: RunningAccount): Promise<boolean> {
  const { approvalGateway } = running;
  const { approvalId, approvalKind } = decision;
  const { applied, approval } = await resolveApprovalOverGateway({
    cfg: running.current().cfg,
    approvalId,
    approvalKind,
    decision: decision.decision,
    channel: "qq",
    accountId: running.accountId,
    senderId: press.sender.id,
    ...(approvalGateway && { gatewayRuntime: approvalGateway }),
  });
  return applied || ("decision" in approval && approval.decision === decision.decision);
}

function over(running: RunningAccount): string {
  return text(running.current().account.locale, "approvalOver", {});
}

function notTaken(decision: Decision, running: RunningAccount): string {
  return text(running.current().account.locale, "approvalNotTaken", { command: typedDecision(decision) });
}
