import { QQTransportError, type FaultKind, type QQApiError } from "../../errors.ts";
import type { StreamedStep, StreamStep } from "../../message/outbound.ts";
import type { FakeClock } from "../../transport/testing/fake-clock.ts";

/** A person's growing messages, under the platform's rules (qq-official.md 7.1). */
export interface FakeStreams {
  /** Steps that were taken, oldest first. */
  readonly steps: StreamStep[];
  /** Calls that were made, refused ones among them. */
  calls: number;
  /** Calls under way. */
  atOnce: number;
  mostAtOnce: number;
  /** How long the platform takes for a step, ms. */
  slowMs: number;
  /** What the platform says to a step before it looks at it; nothing: it goes by the rules. */
  says: (step: StreamStep) => Error | undefined;
  /** Whether the answer to a step that was taken gets lost. */
  losesAnswer: (step: StreamStep) => boolean;
  readonly stream: (userId: string, step: StreamStep, signal?: AbortSignal) => Promise<StreamedStep>;
}

type Refusing = (kind: FaultKind, platformCode: number) => QQApiError;

export const NO_ANSWER = new QQTransportError("no answer", { mayHaveArrived: true });

export function createFakeStreams(clock: FakeClock, refusal: Refusing): FakeStreams {
  const last = new Map<string, StreamStep>();
  const take = (step: StreamStep): string => {
    const id = step.streamId ?? `s${last.size + 1}`;
    const before = last.get(id);
    if (step.streamId !== undefined && (!before || before.last)) throw refusal("reply-window", 40034024);
    if (step.index !== (before?.index ?? -1) + 1) throw refusal("bug", 50035);
    if (!step.text.startsWith(before?.text ?? "")) throw refusal("bug", 40007);
    last.set(id, step);
    fake.steps.push(step);
    return id;
  };
  const fake: FakeStreams = {
    steps: [],
    calls: 0,
    atOnce: 0,
    mostAtOnce: 0,
    slowMs: 0,
    says: () => undefined,
    losesAnswer: () => false,
    async stream(_userId, step, signal) {
      fake.calls += 1;
      fake.atOnce += 1;
      fake.mostAtOnce = Math.max(fake.mostAtOnce, fake.atOnce);
      try {
        if (fake.slowMs > 0) await clock.sleep(fake.slowMs, signal);
        const said = fake.says(step);
        if (said) throw said;
        const streamId = take(step);
        if (fake.losesAnswer(step)) throw NO_ANSWER;
        return { streamId, quoteIndex: `REFIDX_${streamId}`, room: 5000 - step.text.length };
      } finally {
        fake.atOnce -= 1;
      }
    },
  };
  return fake;
}
