import { encodeGuildText } from "../../message/encode-guild.ts";
import type { OutboundMessage } from "../../message/outbound.ts";
import type { GuildMessage } from "../../protocol/official/messages.ts";
import { encodeGuildMedia } from "./guild-media.ts";

/**
 * A message for a guild channel or a guild DM. It has no number of its own (`msg_seq`): a repetition is shown twice.
 * Markdown needs an invitation there (304036), so it goes as the text that it is, without buttons.
 */
export function encodeGuild({ content, anchor, quote }: OutboundMessage): GuildMessage | FormData {
  const fields = {
    ...(anchor?.msgId !== undefined && { msg_id: anchor.msgId }),
    ...(anchor?.eventId !== undefined && { event_id: anchor.eventId }),
    // A quoted message may be gone by now; the answer is worth more than the quote.
    ...(quote !== undefined && { message_reference: { message_id: quote, ignore_get_message_error: true } }),
  };
  if (content.kind !== "media") return { content: encodeGuildText(content.text), ...fields };
  const caption = content.caption ? { content: encodeGuildText(content.caption) } : {};
  return encodeGuildMedia(content.media, { ...caption, ...fields });
}
