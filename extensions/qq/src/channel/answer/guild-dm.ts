import { QQApiError } from "../../errors.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import type { RunningAccount } from "../running.ts";

/** The DM is closed, or QQ has forgotten it (QQ, "Error codes"). */
const DM_GONE: ReadonlySet<number> = new Set([304031, 304032]);

/**
 * Sends to a chat. A guild DM that QQ no longer knows is opened again, once, with the person who has written in it; they
 * keep the chat that they see. Rejects with what the first send was refused with where nobody knows whose DM it was.
 */
export async function withOpenDm<T>(
  target: Target,
  running: RunningAccount,
  send: (target: Target) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await send(target);
  } catch (error) {
    const reopened = isGone(error) && (await reopen(target, running, signal));
    if (!reopened) throw error;
    return send(reopened);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof QQApiError && DM_GONE.has(error.refusal.platformCode);
}

async function reopen(target: Target, running: RunningAccount, signal?: AbortSignal): Promise<Target | undefined> {
  const { chats, line, log } = running;
  const chat = formatTarget(target);
  const source = target.kind === "dm" ? chats.source(chat) : undefined;
  if (!source || !line.openDm) return undefined;
  log.info(`guild DM opened again chat=${chat}`);
  return line.openDm(source.userId, source.guildId, signal);
}
