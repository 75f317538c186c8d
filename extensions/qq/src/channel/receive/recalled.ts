import { decodeOneBot } from "../../message/decode-onebot.ts";
import type { Decoded, InboundMessage } from "../../message/inbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { isPersonal, type RunningAccount } from "../running.ts";

/** How the notices of recalled messages are called (onebot-napcat.md 5): `group_recall`, `friend_recall`. */
const RECALL = "_recall";
/** So many recalled messages are remembered: those that may yet wait behind a long turn. */
const MOST_RECALLED = 200;

type Recalled = Extract<Decoded, { readonly kind: "recalled" }>;

/**
 * Takes a recalled message out of what the next turn would be told, and lets it begin no turn of its own any more, nor
 * have one when its sender is approved.
 */
export function forgetRecalled({ chat, messageId }: Recalled, running: RunningAccount): void {
  const { history, recalled, waits, clock, log } = running;
  let found = 0;
  for (const [key, entries] of history) {
    const rest = entries.filter((entry) => entry.messageId !== messageId);
    found += entries.length - rest.length;
    if (rest.length < entries.length) history.set(key, rest);
  }
  for (const wait of waits.list(clock.now())) {
    const waiting = decodeOneBot(wait.event.text, clock.now());
    if (wait.target !== formatTarget(chat) || waiting.kind !== "message") continue;
    if (waiting.message.id === messageId) waits.remove(wait);
  }
  recalled.add(keyOf(chat, messageId));
  for (const oldest of recalled) {
    if (recalled.size <= MOST_RECALLED) break;
    recalled.delete(oldest);
  }
  log.debug(`message recalled chat=${formatTarget(chat)} forgotten=${found}`);
}

/** Whether a message was taken back while it waited: its notice has been read, or waits in a lane of its own. */
export function isRecalled({ id, chat }: InboundMessage, running: RunningAccount): boolean {
  if (!isPersonal(running)) return false;
  if (running.recalled.has(keyOf(chat, id))) return true;
  return running.laneAhead.texts(`events:${formatTarget(chat)}`, RECALL).some((text) => {
    const decoded = decodeOneBot(text, running.clock.now());
    return decoded.kind === "recalled" && decoded.messageId === id;
  });
}

function keyOf(chat: Target, messageId: string): string {
  return `${formatTarget(chat)} ${messageId}`;
}
