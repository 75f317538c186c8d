import type { Utterance } from "../events.ts";

type Said = Pick<Utterance, "quote" | "forward" | "card" | "attachments">;

/** `message_type` of what was said (qq-official.md 4.1); text has the same as images, voice, videos and files. */
export function messageTypeOf({ quote, forward, card }: Said): number {
  if (quote) return 103;
  if (forward) return 102;
  return card ? 3 : 0;
}

/** Fields of an event for what was said beside words; quotes are encoded elsewhere. */
export function encodeExtras({ attachments, forward, card }: Said): object {
  return {
    ...(attachments && { attachments }),
    ...(forward && {
      msg_elements: forward.map(({ name, text }) => ({
        message_type: 0,
        content: text,
        author: { username: name, bot: false },
      })),
    }),
    ...(card && {
      ark_data: {
        prompt: `[分享] ${card.title}`,
        ark_type: "tuwen",
        ark_name: "com.tencent.tuwen.lua",
        fields: { title: card.title, desc: card.desc, jump_url: card.url },
      },
    }),
  };
}
