import { createHash } from "node:crypto";
import { decodeOneBot } from "../../message/decode-onebot.ts";
import { formatTarget } from "../../message/target.ts";
import type { Decoded, InboundMessage } from "../../message/inbound.ts";
import type { RawEvent } from "../transport.ts";

/** An event on its way into the store, or the stable reason why it is left out. */
export type Placed =
  | { readonly event: RawEvent; readonly message?: InboundMessage | undefined; readonly ignored?: never }
  | { readonly ignored: string; readonly event?: never };

/**
 * Under which key and in which lane an event is stored. A message has the same ones whether it came over a socket, as a
 * posted event or out of history. Never throws, whatever `text` is.
 */
export function placeEvent(text: string, receivedAt: number): Placed {
  try {
    const decoded = decodeOneBot(text, receivedAt);
    const place = placeOf(decoded, text);
    if (typeof place === "string") return { ignored: place };
    const [key, lane] = place;
    return { event: { key, lane, text }, ...(decoded.kind === "message" && { message: decoded.message }) };
  } catch {
    // Nested so deeply that nothing can walk through it.
    return { ignored: "malformed event" };
  }
}

/** Notices have a lane beside their chat's: that the account was removed must not wait for a turn to end. */
function placeOf(decoded: Decoded, text: string): readonly [key: string, lane: string] | string {
  switch (decoded.kind) {
    case "message": {
      const lane = formatTarget(decoded.message.chat);
      return [`message:${lane}:${decoded.message.id}`, lane];
    }
    case "chat":
      return [`notice:${fingerprint(text)}`, `events:${formatTarget(decoded.change.chat)}`];
    case "recalled":
      return [`notice:${fingerprint(text)}`, `events:${formatTarget(decoded.chat)}`];
    case "request": {
      const { what, userId, flag } = decoded.request;
      // Two that ask for friendship in the same second have the same flag.
      return [`request:${what}:${userId}:${flag}`, "requests"];
    }
    case "ignored":
      return decoded.reason;
    case "interaction":
    case "audit":
      return `event ${decoded.kind}`;
  }
}

/** The same for the same fields, in whatever order they come. */
function fingerprint(text: string): string {
  const sorted = JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(sorted).digest("hex").slice(0, 32);
}
