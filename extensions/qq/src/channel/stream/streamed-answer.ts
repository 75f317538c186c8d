import type { AnswerPart, NewPart, StreamEnd } from "../../journal/parked.ts";
import { widenLinks } from "../../message/links.ts";
import { cutBehind, textBehind } from "../../message/steady.ts";
import { forQQMarkdown } from "../../message/tables.ts";
import { formatTarget } from "../../message/target.ts";
import { chunking } from "../answer/chunk.ts";
import type { Delivered } from "../answer/outbound.ts";
import { planAnswer, PART_UNITS, type Answer } from "../answer/plan.ts";
import type { RunningAccount } from "../running.ts";
import { isKnownLink, noteLinks } from "../answer/show.ts";
import { endStream, finishStream, LEAST_STEP_MS } from "./stream-end.ts";
import type { Grown } from "./stream.ts";
import type { Person } from "./stream-steps.ts";

/**
 * Plans an answer and keeps its parts. Where a message grows in the chat that shows how this answer begins, the first
 * part completes that one; any other answer leaves it alone.
 */
export async function beginAnswer(answer: Answer, running: RunningAccount): Promise<readonly AnswerPart[]> {
  const target = formatTarget(answer.target);
  const { parked, streams, clock, growing } = running;
  const message = growing.get(target);
  const grown = await message?.settled();
  const streamed = grown && planStreamed(answer, grown, running);
  const { id, turn } = answer;
  const begun = { id, target, ...(turn !== undefined && { turn }) };
  const parts = parked.begin(begun, streamed ?? planAnswer(answer, running), clock.now());
  if (grown && streamed) {
    message?.give();
    // The answer's part knows of it now: a crash between the two finishes it early, and what is missing comes after it.
    streams.drop(grown.id);
  }
  return parts;
}

/** `undefined` when the answer does not begin with what is shown, or is more than a stream can carry. */
function planStreamed(answer: Answer, grown: Grown, running: RunningAccount): readonly NewPart[] | undefined {
  const written = forQQMarkdown(answer.text);
  const texts =
    cutStreamed(written, answer, grown, running) ?? cutStreamed(grown.before + written, answer, grown, running);
  const [first, ...rest] = texts ?? [];
  // A stream has no buttons.
  if (first === undefined || (answer.keyboard && rest.length === 0)) return undefined;
  const { id, anchor, index, shown } = grown;
  const stream: StreamEnd = { id, anchor, index, shown: shown.length };
  return [
    { text: first, extra: { stream } },
    ...rest.map((text, at) =>
      answer.keyboard && at === rest.length - 1 ? { text, extra: { keyboard: answer.keyboard } } : { text },
    ),
    ...(answer.media ?? []).map((media) => ({ text: "", extra: { media } })),
  ];
}

/** The first part with its links as they are shown, the others as they were written. */
function cutStreamed(
  text: string,
  { target, media = [] }: Answer,
  { shown, maybeShown }: Grown,
  running: RunningAccount,
): readonly string[] | undefined {
  const widened = widenLinks(text, (host) => isKnownLink(host, target, running));
  if (!widened.startsWith(maybeShown)) return undefined;
  const { cfg, account } = running.current();
  const { limit, mode } = chunking(cfg, account.accountId);
  // Widened, a link is as long as it was.
  const cutAt = (units: number) => cutBehind(text.slice(0, maybeShown.length), text, units, mode);
  const parts = cutAt(limit);
  const left = running.replies.left(formatTarget(target), running.clock.now());
  const [first, ...rest] = (parts && parts.length - 1 + media.length <= left ? parts : cutAt(PART_UNITS)) ?? [];
  return first === undefined ? undefined : [widened.slice(0, shown.length) + first.slice(shown.length), ...rest];
}

/**
 * Completes the message that carries an answer's first part, where one does; the parts come back as they stand then.
 *
 * Only QQ's answer proves that the last step is there. Without one it is made again, also after a crash, with the same
 * index: it cannot show anything twice. If QQ then refuses it as it would for a stream that is finished, all of the
 * text may be shown, and it is not said again. In any other case what is shown counts as said, and what is missing comes
 * as an ordinary message: with one more bubble, but nothing lost. Rejects where QQ gave no answer.
 */
export async function completeStream(
  parts: readonly AnswerPart[],
  to: Answer["target"],
  running: RunningAccount,
  signal = running.signal,
): Promise<{ readonly parts: readonly AnswerPart[]; readonly delivered?: Delivered }> {
  const [first, ...rest] = parts;
  const stream = first?.extra?.stream;
  if (!first || !stream || first.state === "done" || to.kind !== "c2c") return { parts };
  const done = (delivered: Delivered) => {
    running.parked.mark(first, "done");
    return { parts: [{ ...first, state: "done" as const }, ...rest], delivered };
  };
  const delivered = await complete(first, stream, to, running, signal);
  if (delivered) return done(delivered);
  const { stream: _, ...extra } = first.extra ?? {};
  const missing = { text: textBehind(stream.shown, first.text), extra };
  if (missing.text.trim() === "") return done({ messageId: stream.id });
  return { parts: [running.parked.replace(first, missing), ...rest] };
}

async function complete(
  part: AnswerPart,
  { id, anchor, index, shown }: StreamEnd,
  to: Person,
  running: RunningAccount,
  signal: AbortSignal,
): Promise<Delivered | undefined> {
  const { parked, refs, clock, log } = running;
  const tried = part.state === "trying";
  await clock.sleep(LEAST_STEP_MS, signal);
  parked.mark(part, "trying");
  const stream = { id, anchor, index, userId: to.userId };
  const end = (text: string) => endStream({ ...stream, text }, running, tried, signal);
  let ending = await end(part.text);
  if (ending.kind === "refused" && ending.why.kind === "url" && noteLinks(part.text, to, running)) {
    ending = await end(part.text.slice(0, shown) + widenLinks(part.text.slice(shown)));
  }
  if (ending.kind === "refused") {
    log.info(`stream not completed chat=${part.target} why="${ending.why.message}"`);
    await finishStream({ ...stream, text: part.text.slice(0, shown) }, running);
    return undefined;
  }
  if (ending.kind === "perhaps-finished") {
    log.warn(`part of an answer may be missing chat=${part.target} part=${part.index}: its stream ended unseen`);
    return { messageId: id };
  }
  running.sent();
  const ref = ending.step.quoteIndex ?? id;
  refs.note({ ref, messageId: id, own: true, text: part.text, chat: part.target }, clock.now());
  return { messageId: id };
}
