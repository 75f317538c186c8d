import type { Finding } from "../checks/finding.ts";
import { texts as shared } from "../checks/texts.ts";
import { CALLBACK_FRESH_MS } from "../protocol/official/limits.ts";
import type { Outside } from "../transport/transport.ts";
import { officialTexts as texts } from "./official-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

/** What is no more than a slow answer and the whole seconds of the header, ms. */
const TOLERATED_MS = 60_000;

/** An outside whose answers are looked at for the time that the platform has. */
export function listenForDates(outside: Outside): {
  readonly outside: Outside;
  /** One finding on the clock, none when no answer told the time. */
  findings(subject: Subject): readonly Finding[];
} {
  let aheadMs: number | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const before = outside.clock.now();
    const response = await outside.fetch(input, init);
    const date = Date.parse(response.headers.get("date") ?? "");
    // The platform took the time somewhere between the question and the answer.
    if (Number.isFinite(date)) aheadMs = (before + outside.clock.now()) / 2 - date;
    return response;
  };
  return {
    outside: { ...outside, fetch },
    findings: (subject) => (aheadMs === undefined ? [] : [judge(subject, aheadMs)]),
  };
}

function judge(subject: Subject, aheadMs: number): Finding {
  const off = Math.abs(aheadMs);
  if (off <= TOLERATED_MS) return good(subject, texts.clockRight(TOLERATED_MS / 1000));
  return (off > CALLBACK_FRESH_MS ? fault : warning)(subject, shared.clock(aheadMs, "platform"));
}
