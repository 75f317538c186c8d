import { toInboundMediaFacts } from "openclaw/plugin-sdk/channel-inbound";
import { QQMediaError } from "../../errors.ts";
import type { InboundAttachment, InboundMessage } from "../../message/inbound.ts";
import { text, type Locale, type TextName } from "../../texts.ts";
import { withDeadline } from "../../transport/deadline.ts";
import { inParallel } from "../../transport/official/in-parallel.ts";
import { fetchAttachment, NotReceived, type Loss, type ReceivedFile } from "./media-fetch.ts";
import { safeName } from "../media-out/media-names.ts";
import { recentImages } from "./media-recent.ts";
import type { Routed } from "../receive/route.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { inboundFiles } from "../trusted-origin.ts";

type MediaFacts = ReturnType<typeof toInboundMediaFacts>;
type MediaInput = NonNullable<Parameters<typeof toInboundMediaFacts>[0]>;

/** The files of a message, where the agent can read them. */
export interface ReceivedMedia {
  /** Those of the message and of what was forwarded with it; in groups the pictures that it asks about. */
  readonly own: MediaFacts;
  readonly quoted: MediaFacts;
  /** A line for each file that did not come, in the account's language. */
  readonly notices: readonly string[];
}

/** Files of one message that are fetched; an album of QQ has nine pictures. */
const MAX_FILES = 10;
const FILES_AT_ONCE = 4;
/** Longest wait for all files of a message, ms: the sender waits for the answer meanwhile. */
const RECEIVE_MS = 20_000;
/** The same on a personal account, where the OneBot implementation may have to fetch a file from QQ first. */
const RECEIVE_PERSONAL_MS = 60_000;
/** The host's own default for `agents.defaults.mediaMaxMb`. */
const DEFAULT_MAX_MB = 20;

/**
 * Fetches what came with a message: its addresses are good for minutes, so it is now or never. A file that does not come
 * costs a line in the prompt and one in the log, never the message. A voice message that the platform has heard already is
 * not fetched: its text is in the message. Rejects only when the account stops.
 */
export async function receiveMedia(
  message: InboundMessage,
  routed: Routed,
  running: RunningAccount,
): Promise<ReceivedMedia> {
  const all = [...message.attachments, ...(message.quoted?.attachments ?? [])];
  // A picture first, the question about it next: in groups these are two messages, and the first was not for the bot.
  const history = running.history.get(routed.route.sessionKey) ?? [];
  const recent = all.length === 0 ? recentImages(message, history) : [];
  const wanted = all.filter((attachment) => !isHeard(attachment));
  const files = await fetchAll([...wanted.slice(0, MAX_FILES), ...recent], routed, running);
  const factsOf = (attachments: readonly InboundAttachment[], messageId: string | undefined): MediaFacts =>
    toInboundMediaFacts(
      attachments.flatMap((each) => toFact(each, files.get(each))),
      messageId === undefined ? {} : { messageId },
    );
  return {
    own: factsOf([...recent, ...message.attachments], message.id),
    // Who quotes a voice has not spoken.
    quoted: factsOf(
      (message.quoted?.attachments ?? []).filter((each) => !isHeard(each)),
      message.quoted?.index,
    ),
    notices: noticesOf(wanted, files, routed),
  };
}

type Outcomes = ReadonlyMap<InboundAttachment, ReceivedFile | NotReceived>;

async function fetchAll(wanted: readonly InboundAttachment[], { cfg, account }: Routed, running: RunningAccount) {
  const outcomes = new Map<InboundAttachment, ReceivedFile | NotReceived>();
  if (wanted.length === 0) return outcomes;
  const from = { trusted: inboundFiles(account), line: running.line };
  const maxBytes = (cfg.agents?.defaults?.mediaMaxMb ?? DEFAULT_MAX_MB) * 1024 * 1024;
  const longest = isPersonal(running) ? RECEIVE_PERSONAL_MS : RECEIVE_MS;
  await withDeadline(running.clock, longest, running.signal, async (signal) => {
    await inParallel(wanted, FILES_AT_ONCE, undefined, async (attachment) => {
      try {
        outcomes.set(attachment, await fetchAttachment(attachment, { ...from, maxBytes, signal }));
      } catch (error) {
        if (!(error instanceof NotReceived)) throw error;
        outcomes.set(attachment, error);
        running.log.warn(`media not received kind=${attachment.kind} why=${error.loss}${causeOf(error)}`);
      }
    });
  });
  // Not the sender's loss: the message is kept, and its turn begins when the account is back.
  running.signal.throwIfAborted();
  return outcomes;
}

/** Of an address only the host: the rest opens the file to whoever has it. */
function causeOf({ cause }: NotReceived): string {
  if (!(cause instanceof Error)) return "";
  const message = cause.message.replaceAll(/(https?:\/\/[^/\s"]*)[^\s":]*/gi, "$1").replaceAll(/["\p{Cc}]+/gu, " ");
  return ` cause="${message.slice(0, 200)}"`;
}

function isHeard({ kind, transcript }: InboundAttachment): boolean {
  return kind === "voice" && transcript !== undefined;
}

/** The host answers a voice with a voice where it is told so; for that it must know of one that nobody has to hear again. */
function toFact(attachment: InboundAttachment, file: ReceivedFile | NotReceived | undefined): MediaInput {
  if (isHeard(attachment)) return [{ kind: "audio", transcribed: true }];
  return file === undefined || file instanceof NotReceived ? [] : [file];
}

const WHY: Readonly<Record<Loss, TextName>> = {
  "too-large": "lossTooLarge",
  "too-slow": "lossTooSlow",
  "not-allowed": "lossNotAllowed",
  gone: "lossGone",
  failed: "lossFailed",
};

const NOUNS = { image: "nounImage", video: "nounVideo", voice: "nounVoice", file: "nounFile" } as const;

function noticesOf(wanted: readonly InboundAttachment[], files: Outcomes, { cfg, account }: Routed): readonly string[] {
  const { locale } = account;
  const mb = String(cfg.agents?.defaults?.mediaMaxMb ?? DEFAULT_MAX_MB);
  const lost = wanted.flatMap((attachment) => {
    const outcome = files.get(attachment);
    if (!(outcome instanceof NotReceived)) return [];
    // What the line refuses it says in words of its own, by the number of MB for one.
    const { cause } = outcome;
    const why = cause instanceof QQMediaError ? cause.wording[locale] : text(locale, WHY[outcome.loss], { mb });
    return [text(locale, "attachmentLost", { what: nameOf(attachment, locale), why })];
  });
  const left = wanted.length - MAX_FILES;
  return left > 0 ? [...lost, text(locale, "attachmentsLeft", { count: String(left) })] : lost;
}

function nameOf({ kind, name }: InboundAttachment, locale: Locale): string {
  const noun = text(locale, NOUNS[kind], {});
  // Brackets would end the notice early.
  return name ? `${noun} ${safeName(name, "").replaceAll(/[[\]]/g, "_")}` : noun;
}
