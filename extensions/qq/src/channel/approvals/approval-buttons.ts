import type { ButtonAction } from "../../journal/buttons.ts";
import type { Button } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { text, type TextName } from "../../texts.ts";
import { approversIn, approversOf } from "./approvers.ts";
import { keptButton } from "../interaction/keyboard.ts";
import type { RunningAccount } from "../running.ts";

type Decide = Extract<ButtonAction, { kind: "decide" }>;

/** What the host calls an approval and a decision about it. */
export type Decision = Omit<Decide, "kind">;

const LOOKS: Readonly<Record<Decide["decision"], Button["look"]>> = {
  "allow-once": "primary",
  "allow-always": "plain",
  deny: "danger",
};
const LABELS: Readonly<Record<Decide["decision"], readonly [before: TextName, after: TextName]>> = {
  "allow-once": ["allowOnce", "allowedOnce"],
  "allow-always": ["allowAlways", "allowedAlways"],
  deny: ["deny", "denied"],
};

/** A button that decides about an approval, for the approvers of that chat and nobody else. `expiresAt`: ms since the epoch. */
export function approvalButton(decision: Decision, chat: Target, expiresAt: number, running: RunningAccount): Button {
  const { cfg, account } = running.current();
  const [before, after] = LABELS[decision.decision];
  const onlyFor = approversIn(chat, approversOf(cfg, account.accountId), running.chats);
  return keptButton(
    {
      label: text(account.locale, before, {}),
      pressedLabel: text(account.locale, after, {}),
      look: LOOKS[decision.decision],
      // One decision: the others can be pressed no more.
      set: decision.approvalId,
      typed: typedDecision(decision),
      // In a direct message there is nobody else to keep from it.
      ...(chat.kind !== "c2c" && { onlyFor }),
    },
    { target: formatTarget(chat), action: decides(decision), onlyFor, expiresAt },
    running,
  );
}

function decides({ approvalId, approvalKind, decision }: Decision): ButtonAction {
  return { kind: "decide", approvalId, approvalKind, decision };
}

/** What a person writes to decide in words. */
export function typedDecision({ approvalId, approvalKind, decision }: Decision): string {
  return `/approve ${shortApproval(approvalId, approvalKind)} ${decision}`;
}

/** The host finds a command's approval by the beginning of its id; the other kinds by the whole of it. */
export function shortApproval(id: string, kind: Decision["approvalKind"]): string {
  return kind === "exec" ? id.slice(0, 8) : id;
}
