import { QQApiError, type FaultKind, type NoMessageReason } from "../../errors.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { chatState } from "../../protocol/official/faults.ts";
import { isPersonal, type RunningAccount } from "../running.ts";

/** How long a group is left alone that has refused a message for a mute of which nobody told the end, ms. */
export const MUTE_MS = 10 * 60_000;

/** What the refusals of a personal account say of the chat itself. */
const STATES: Readonly<Partial<Record<FaultKind, "gone" | "muted">>> = {
  removed: "gone",
  stranger: "gone",
  muted: "muted",
};

/** Whether a refusal says that the bot was removed, or may not speak just now: then it waits, rather than being lost. */
export function noteChatState(error: unknown, target: Target, running: RunningAccount): boolean {
  const { chats, clock, log } = running;
  const state = error instanceof QQApiError ? stateIn(error, running) : undefined;
  if (state === undefined) return false;
  const chat = formatTarget(target);
  const now = clock.now();
  if (state === "gone") chats.setOpen(chat, false, isPersonal(running) ? now : undefined);
  // Where an event has told the end of it, that counts.
  else if (isPersonal(running)) chats.setMuted(chat, chats.mutedUntil(chat, now) ?? now + MUTE_MS);
  log.warn(`chat takes nothing chat=${chat} state=${state} why="${String(error)}"`);
  return true;
}

function stateIn(error: QQApiError, running: RunningAccount): "gone" | "muted" | undefined {
  return isPersonal(running) ? STATES[error.kind] : chatState(error.refusal.platformCode);
}

/** Why a personal account can say nothing in a chat, as far as it is known; `undefined` when it may. */
export function noPersonalReason(target: Target, { chats, clock }: RunningAccount): NoMessageReason | undefined {
  const chat = formatTarget(target);
  if (chats.isClosed(chat)) return target.kind === "c2c" ? "stranger" : "closed";
  return chats.mutedUntil(chat, clock.now()) === undefined ? undefined : "muted";
}
