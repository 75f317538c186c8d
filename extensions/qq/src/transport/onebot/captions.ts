import { captionApart } from "../../message/encode-onebot.ts";
import type { OutboundMessage } from "../../message/outbound.ts";
import { formatTarget } from "../../message/target.ts";
import type { Clock } from "../clock.ts";
import type { PersonalTarget } from "./personal-target.ts";

/** Captions that stand in a chat though their file did not make it: who tries again must not show them again. */
export interface Captions {
  /** Sends the caption unless it stands there already, then the rest. */
  sendBefore<T>(
    target: PersonalTarget,
    message: OutboundMessage,
    send: (part: OutboundMessage) => Promise<T>,
  ): Promise<T>;
}

/** After so long it is another message that says the same, ms. */
const REMEMBERED_MS = 10 * 60_000;

export function createCaptions(clock: Clock): Captions {
  /** When each was sent, ms since the epoch. */
  const standing = new Map<string, number>();
  const forgetOld = (): void => {
    for (const [key, at] of standing) if (at < clock.now() - REMEMBERED_MS) standing.delete(key);
  };
  return {
    async sendBefore(target, message, send) {
      const { content, quote } = message;
      const caption = captionApart(content);
      if (caption === undefined || content.kind !== "media") return await send(message);
      const { media } = content;
      const key = JSON.stringify([
        formatTarget(target),
        media.kind,
        media.source === undefined ? "" : media.name,
        caption,
      ]);
      forgetOld();
      if (!standing.has(key))
        await send({ content: { kind: "text", text: caption }, ...(quote !== undefined && { quote }) });
      standing.set(key, clock.now());
      const sent = await send({ content: { kind: "media", media } });
      standing.delete(key);
      return sent;
    },
  };
}
