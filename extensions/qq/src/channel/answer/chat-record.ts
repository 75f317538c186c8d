import { QQApiError } from "../../errors.ts";
import type { AnswerPart } from "../../journal/parked.ts";
import { formatTarget } from "../../message/target.ts";
import { noteChatState } from "./chat-state.ts";
import { noProactiveReason, noteSent, surelyNotArrived, type Delivered } from "./outbound.ts";
import type { PartDelivery } from "./parts.ts";

/**
 * Sends the texts of a long answer as one chat record (`mergeForwardAfter`); `undefined` where it is to go in parts.
 * A record cannot be looked up after a crash: its parts then count as said, with a line in the log.
 */
export async function deliverAsRecord(
  parts: readonly AnswerPart[],
  delivery: PartDelivery,
): Promise<Delivered | undefined> {
  const { target, running, signal } = delivery;
  const { parked, line } = running;
  const [first] = parts;
  if (!first || !isRecord(parts, delivery) || !line.sendRecord) return undefined;
  const texts = parts.map(({ text }) => text);
  for (const part of parts) parked.mark(part, "trying");
  try {
    const sent = await line.sendRecord(target, texts, signal);
    running.atomically(() => {
      for (const part of parts) parked.mark(part, "done");
      noteSent(sent, { kind: "text", text: first.text }, target, running);
    });
    return { messageId: sent.messageId ?? `direct:${first.answer}` };
  } catch (error) {
    if (!surelyNotArrived(error)) throw error;
    for (const part of parts) parked.mark(part, "open");
    return noRecord(error, delivery);
  }
}

/** Whether the answer is long enough for one, is text and nothing else, and its chat takes messages. */
function isRecord(parts: readonly AnswerPart[], { target, running }: PartDelivery): boolean {
  const least = running.current().account.config.mergeForwardAfter ?? 0;
  if (least < 1 || parts.length < least || noProactiveReason(target, running) !== undefined) return false;
  return parts.every(({ state, extra }) => state === "open" && !extra?.media && !extra?.keyboard);
}

/** QQ took none: the parts go by themselves. Throws what they would be answered with as well. */
function noRecord(error: unknown, { target, running }: PartDelivery): undefined {
  if (noteChatState(error, target, running)) return undefined;
  if (!(error instanceof QQApiError) || error.retry !== "never") throw error;
  running.log.info(`answer goes in parts chat=${formatTarget(target)} why="${error.message}"`);
  return undefined;
}
