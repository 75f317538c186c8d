import type { HistoryEntry } from "openclaw/plugin-sdk/reply-history";
import type { InboundAttachment, InboundMessage } from "../../message/inbound.ts";
import { speaker } from "../receive/speaker.ts";

/** A picture belongs to a question of the same person that follows within this, ms. */
const RECENT_MS = 2 * 60_000;
/** The last so many of them. */
const MAX_IMAGES = 4;

/** Where the pictures of a group's history are, for as long as their entries are kept: fetched only if somebody asks. */
const images = new WeakMap<HistoryEntry, readonly InboundAttachment[]>();

/** Notes which pictures came with a message, and returns its entry in the history. */
export function noteImages(entry: HistoryEntry, { attachments }: InboundMessage): HistoryEntry {
  const found = attachments.filter(({ kind }) => kind === "image");
  if (found.length > 0) images.set(entry, found);
  return entry;
}

/** The pictures that this person sent to the group just before the message, oldest first. */
export function recentImages(message: InboundMessage, history: readonly HistoryEntry[]): readonly InboundAttachment[] {
  const name = speaker(message.sender);
  return history
    .filter(({ sender, timestamp = 0 }) => sender === name && message.at - timestamp <= RECENT_MS)
    .flatMap((entry) => images.get(entry) ?? [])
    .slice(-MAX_IMAGES);
}
