import type { AnswerPart } from "../../journal/parked.ts";
import type { Target } from "../../message/target.ts";
import { openMedia, type MediaAccess } from "../media-out/media-source.ts";
import { quoteRef } from "../receive/quotes.ts";
import type { RunningAccount } from "../running.ts";
import type { Envelope, Show } from "./outbound.ts";
import { showMedia } from "./show-media.ts";
import { showWords } from "./show.ts";

/** What a part of an answer is sent with. */
export interface PartDelivery {
  readonly target: Target;
  readonly running: RunningAccount;
  readonly signal: AbortSignal | undefined;
  /** How the host lets files be read; absent for what was kept over a restart. */
  readonly access: MediaAccess | undefined;
}

/** Shows a part as it was planned; `notice` is said behind it. */
export function show(part: AnswerPart, notice: string, { target, running, access, signal }: PartDelivery): Show {
  const { extra } = part;
  const media = extra?.media;
  if (media) return (send) => showMedia({ media, caption: part.text }, { chat: target, send, running, access, signal });
  const words = {
    text: part.text + notice,
    ...(extra?.plain && { plain: true }),
    ...(extra?.keyboard && { keyboard: extra.keyboard }),
  };
  return (send) => showWords(words, target, send, running);
}

/** Where a part goes; every try of it has the same key. */
export function envelope(part: AnswerPart, { target, running }: PartDelivery): Envelope {
  const quotes = part.extra?.quotes;
  const quote = quotes === undefined ? undefined : quoteRef(quotes, target, running);
  return { target, key: keyOf(part), ...(quote !== undefined && { quote }) };
}

export function keyOf({ answer, index }: AnswerPart): string {
  return `${answer}:${index}`;
}

/** Keeps what is left of an answer until the user writes again, its files too: the host removes its own meanwhile. */
export async function park(parts: readonly AnswerPart[], delivery: PartDelivery): Promise<void> {
  for (const part of parts) delivery.running.parked.mark(part, "parked");
  await keepFiles(parts, delivery);
}

/** Takes the files of what is kept to where the host does not remove them. */
export async function keepFiles(
  parts: readonly AnswerPart[],
  { running, access, signal }: PartDelivery,
): Promise<void> {
  const { parked, keptFiles, log } = running;
  for (const part of parts) {
    const media = part.extra?.media;
    if (!media || /^(?:https?|data):/i.test(media.source)) continue;
    try {
      const file = await openMedia({ ...media, asFile: true }, access, running, signal);
      try {
        parked.moveFile(part, { ...media, source: await keptFiles.keep(file) });
      } finally {
        await file.close();
      }
    } catch (error) {
      log.warn(`file of an answer not kept chat=${part.target} why="${String(error)}"`);
    }
  }
}

/** A part whose outcome nobody knows is not said twice: the platform could not tell the repetition. */
export function writeOff(part: AnswerPart, running: RunningAccount): void {
  running.log.warn(`part of an answer may be missing chat=${part.target} part=${part.index}: its send was cut off`);
  running.parked.mark(part, "done");
}
