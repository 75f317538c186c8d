import { captionApart, encodeOneBot } from "../../message/encode-onebot.ts";
import type { OutboundMessage, SentMessage } from "../../message/outbound.ts";
import type { Log } from "../log.ts";
import type { Outside, Transport } from "../transport.ts";
import { rememberAbilities } from "./abilities.ts";
import type { OneBotAccess } from "./account.ts";
import type { OneBotCalls } from "./calls.ts";
import { recordDelivery } from "./chat-record.ts";
import { createDeliveries, newestSame, sentSince } from "./delivery.ts";
import { openFile } from "./media-in.ts";
import { createMediaOut } from "./media-out.ts";
import { createMessageCalls } from "./message-calls.ts";
import { deliveryOf } from "./out-message.ts";
import { readOwnMessages } from "./own-history.ts";
import { personalTarget, type PersonalTarget } from "./personal-target.ts";
import { contentToSend } from "./sent-content.ts";

/** Whose account it is. */
export interface OneBotSelf {
  readonly id: string;
  readonly name: string;
  /** The implementation's `app_name` and version. */
  readonly software: string;
}

interface SendingParts {
  readonly calls: OneBotCalls;
  readonly access: OneBotAccess;
  readonly outside: Outside;
  readonly log: Log;
  /** `undefined` until the account has said who it is. */
  readonly self: () => OneBotSelf | undefined;
  /** How often a connection has opened. */
  readonly openings: () => number;
  /** Whether a message of a chat (`formatTarget`) is the account's own and was known as sent, in a run before. */
  readonly isSent: (messageId: string, chat: string) => boolean;
}

/** What a OneBot line can do beside running: all of it is calls of actions. */
export type OneBotSending = Required<
  Pick<
    Transport,
    | "send"
    | "findSent"
    | "sendRecord"
    | "upload"
    | "openFile"
    | "typing"
    | "recall"
    | "react"
    | "poke"
    | "like"
    | "decide"
    | "readMessage"
    | "readForward"
  >
>;

export function createOneBotSending({
  calls: unfiltered,
  access,
  outside,
  log,
  self,
  openings,
  isSent,
}: SendingParts): OneBotSending {
  const calls = rememberAbilities(unfiltered, () => self()?.software, openings);
  const mediaOut = createMediaOut({ calls, clock: outside.clock, log }, access.base64MaxBytes);
  const about = createMessageCalls(calls);
  const readOwn = async (target: PersonalTarget, signal?: AbortSignal) =>
    await readOwnMessages(calls, self()?.id, target, signal);
  const deliveries = createDeliveries({ outside, log, sendGapMs: access.sendGapMs, readOwn, isSent });

  return {
    async send(to, message, signal) {
      const target = personalTarget(to);
      const deliver = async (each: OutboundMessage): Promise<SentMessage> =>
        await deliveries.deliver(deliveryOf({ calls, mediaOut }, target, each, signal), signal);
      return await deliveries.inChat(target, () => sendBehindCaption(message, deliver), signal);
    },

    async sendRecord(to, texts, signal) {
      const target = personalTarget(to);
      const deliver = async (): Promise<SentMessage> =>
        await deliveries.deliver(recordDelivery(calls, self(), target, texts, signal), signal);
      return await deliveries.inChat(target, deliver, signal);
    },

    async findSent(to, message, since, isKnown, signal) {
      const target = personalTarget(to);
      const unknown = (await readOwn(target, signal)).filter(({ id }) => !isKnown(id));
      const found = newestSame(contentToSend(encodeOneBot(message), message), sentSince(unknown, since));
      return found && { messageId: found.id, quoteIndex: found.id };
    },

    upload: async (target, file, signal) => await mediaOut.upload(personalTarget(target), file, signal),
    openFile: async (attachment, maxBytes, signal) =>
      await openFile(calls, attachment, { maxBytes, base64MaxBytes: access.base64MaxBytes }, signal),
    typing: async (userId, _notice, signal) => await about.typing(userId, signal),
    recall: async (_target, messageId, signal) => await about.recall(messageId, signal),
    react: async (target, messageId, emoji, on, signal) => await about.react(target, messageId, emoji, on, signal),
    poke: async (target, userId, signal) => await about.poke(target, userId, signal),
    like: async (userId, times, signal) => await about.like(userId, times, signal),
    decide: async (request, approve, signal) => await about.decide(request, approve, signal),
    readMessage: async (messageId, signal) => await about.readMessage(messageId, signal),
    readForward: async (recordId, signal) => await about.readForward(recordId, signal),
  };
}

/** A caption that QQ does not show with its media is a message of its own before them, and takes the quote. */
async function sendBehindCaption<T>(
  { content, quote }: OutboundMessage,
  send: (part: OutboundMessage) => Promise<T>,
): Promise<T> {
  const quoting = quote === undefined ? {} : { quote };
  const caption = captionApart(content);
  if (caption === undefined || content.kind !== "media") return await send({ content, ...quoting });
  await send({ content: { kind: "text", text: caption }, ...quoting });
  return await send({ content: { kind: "media", media: content.media } });
}
