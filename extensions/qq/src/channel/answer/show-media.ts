import { QQApiError, QQMediaError, type FaultKind } from "../../errors.ts";
import type { AnswerMedia } from "../../journal/parked.ts";
import type { UploadedMedia } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { text } from "../../texts.ts";
import { nameOf } from "../media-out/media-names.ts";
import { openMedia, type MediaAccess } from "../media-out/media-source.ts";
import type { RunningAccount } from "../running.ts";
import { showWords, type Send, type Shown } from "./show.ts";

interface Place {
  readonly chat: Target;
  readonly send: Send;
  readonly running: RunningAccount;
  readonly access: MediaAccess | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Shows a file. One that cannot be read, that QQ does not take, or for which the line has no way is named in a line
 * of text instead, with its address where it has a public one. Rejects when trying again may help.
 */
export async function showMedia(
  { media, caption }: { readonly media: AnswerMedia; readonly caption: string },
  place: Place,
): Promise<Shown> {
  const { chat, send, running } = place;
  const under = caption === "" ? {} : { caption };
  try {
    return {
      sent: await withUpload(media, place, async (uploaded) => send({ kind: "media", media: uploaded, ...under })),
    };
  } catch (error) {
    if (!isFinal(error)) throw error;
    running.log.warn(`file not sent chat=${formatTarget(chat)} why="${error.message}"`);
    const instead = [caption, insteadOf(media, running)].filter((line) => line !== "").join("\n");
    return showWords({ text: instead, plain: true }, chat, send, running);
  }
}

/** Uploads and sends; once more from the start where QQ has forgotten the upload meanwhile. */
async function withUpload<T>(
  media: AnswerMedia,
  place: Place,
  send: (uploaded: UploadedMedia) => Promise<T>,
): Promise<T> {
  const { running, chat, access, signal } = place;
  const { line } = running;
  if (!line.upload) throw new NoUpload();
  const file = await openMedia(media, access, running, signal);
  try {
    return await send(await line.upload(chat, file, signal));
  } catch (error) {
    if (!(error instanceof QQApiError) || error.kind !== "media" || error.mayHaveArrived) throw error;
    return await send(await line.upload(chat, file, signal));
  } finally {
    await file.close?.();
  }
}

/** What is wrong with a file, and not with the chat. */
const OF_THE_FILE: ReadonlySet<FaultKind> = new Set(["media", "content", "bug"]);
/** The bot has sent as many bytes today as QQ allows (QQ, "Rich media", 2 GB). */
const DAILY_VOLUME = 40093002;

/** The file will not go, however often it is tried: a line of text may. */
function isFinal(error: unknown): error is Error {
  if (error instanceof QQApiError) {
    return !error.mayHaveArrived && (OF_THE_FILE.has(error.kind) || error.refusal.platformCode === DAILY_VOLUME);
  }
  return error instanceof NoUpload || (error instanceof QQMediaError && error.retry === "never");
}

class NoUpload extends Error {
  override readonly name = "NoUpload";
  override readonly message = "this line has no way to send files";
}

function insteadOf({ source }: AnswerMedia, { current }: RunningAccount): string {
  const isAddress = /^https?:\/\//i.test(source);
  if (isAddress) return source;
  const name = /^data:/i.test(source) ? "" : nameOf(source);
  return text(current().account.locale, "mediaNotSent", { name });
}
