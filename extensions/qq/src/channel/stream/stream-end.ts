import { QQApiError, QQError, type FaultKind } from "../../errors.ts";
import type { OpenStream } from "../../journal/streams.ts";
import type { StreamedStep } from "../../message/outbound.ts";
import { STREAM_INDEX_WRONG } from "../../protocol/official/faults.ts";
import type { RunningAccount } from "../running.ts";

/** Least pause between two steps, ms (qq-official.md 7.1). */
export const LEAST_STEP_MS = 300;
/** Pause before a last step is tried again, ms. */
const RETRY_MS = 1_000;
const TRIES = 3;
/** Refusals that a finished stream may be answered with, too: QQ does not say which it has for that (7.1). */
const MAY_BE_FINISHED: ReadonlySet<FaultKind> = new Set(["bug", "duplicate", "reply-window"]);

/** What became of a last step. */
export type StreamEnding =
  | { readonly kind: "finished"; readonly step: StreamedStep }
  /** Not surely: an earlier try had no answer, and a stream that it had finished would have refused this one, too. */
  | { readonly kind: "perhaps-finished"; readonly why: QQApiError }
  | { readonly kind: "refused"; readonly why: QQApiError };

/**
 * Makes the last step of a growing message; `stream.text` is all that it shall say. A refused step does not use its
 * index up, so each try has the same one; refused for its index, a step before it had arrived without an answer, and
 * it is the one behind that. `tried`: an earlier run has made this step, without an answer. Rejects where there is no
 * answer from QQ: whether the message is finished is unknown then.
 */
export async function endStream(
  stream: OpenStream,
  running: RunningAccount,
  tried: boolean,
  signal: AbortSignal,
): Promise<StreamEnding> {
  const { line, clock } = running;
  let { index } = stream;
  let unanswered = tried;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { id: streamId, anchor, text } = stream;
      const step = await line.stream?.(stream.userId, { anchor, text, index, streamId, last: true }, signal);
      return { kind: "finished", step: step ?? { streamId } };
    } catch (error) {
      if (!(error instanceof QQError)) throw error;
      unanswered ||= error.mayHaveArrived;
      if (index === stream.index && isWrongIndex(error)) {
        index += 1;
      } else if (attempt >= TRIES || error.retry === "never") {
        if (!(error instanceof QQApiError) || error.mayHaveArrived) throw error;
        const mayBeFinished = unanswered && MAY_BE_FINISHED.has(error.kind);
        return { kind: mayBeFinished ? "perhaps-finished" : "refused", why: error };
      }
      await clock.sleep(RETRY_MS, signal);
    }
  }
}

/** Finishes a growing message with what it shows. Whatever becomes of that, it is not tried again; never rejects. */
export async function finishStream(stream: OpenStream, running: RunningAccount): Promise<void> {
  const { streams, clock, signal, log } = running;
  try {
    await clock.sleep(LEAST_STEP_MS, signal);
    const ending = await endStream(stream, running, false, signal);
    if (ending.kind !== "finished")
      log.info(`stream not finished chat=c2c:${stream.userId} why="${ending.why.message}"`);
  } catch (error) {
    // The account stops: what is written down is finished at its next start.
    if (signal.aborted) return;
    log.info(`stream not finished chat=c2c:${stream.userId} why="${String(error)}"`);
  }
  streams.drop(stream.id);
}

/** Finishes what grew when the process ended: it would look as if the bot were still writing. */
export async function finishLeftStreams(running: RunningAccount): Promise<void> {
  for (const stream of running.streams.left()) await finishStream(stream, running);
}

function isWrongIndex(error: QQError): boolean {
  return error instanceof QQApiError && error.refusal.platformCode === STREAM_INDEX_WRONG;
}
