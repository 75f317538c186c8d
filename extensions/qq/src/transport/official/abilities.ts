import { INTERACTION_CODES } from "../../protocol/official/interactions.ts";
import type { Transport } from "../transport.ts";
import { createUploads, sendWithUploads } from "./media.ts";
import { reactToMessage, recallMessage } from "./message-calls.ts";
import { notifyTyping, sendOfficial, streamStep } from "./send.ts";
import type { UploadContext } from "./upload-parts.ts";

/** What both official lines can do beside running: all of it is calls of the API. */
export function officialAbilities(context: UploadContext): Omit<Transport, "run"> {
  const { api } = context;
  const uploads = createUploads(context);
  let selfId: string | undefined;
  return {
    send: async (target, message, signal) =>
      await sendWithUploads(uploads, message, () => sendOfficial(api, target, message, signal)),
    upload: async (target, file, signal) => await uploads.upload(target, file, signal),
    typing: async (userId, notice, signal) => await notifyTyping(api, userId, notice, signal),
    stream: async (userId, step, signal) => await streamStep(api, userId, step, signal),
    recall: async (target, messageId, signal) => await recallMessage(api, target, messageId, signal),
    react: async (target, messageId, emoji, on, signal) =>
      await reactToMessage(api, target, messageId, emoji, on, signal),
    acknowledge: async (interactionId, result, signal) => {
      await api.acknowledge(interactionId, INTERACTION_CODES[result], signal);
    },
    openDm: async (userId, guildId, signal) => ({
      kind: "dm",
      guildId: (await api.openDm(userId, guildId, signal)).guild_id,
    }),
    selfId: async (signal) => (selfId ??= (await api.me(signal)).id),
  };
}
