import type { Accept, RawEvent } from "../transport.ts";

/** Stores the events of one connection in their order, while the connection goes on reading. */
export interface AcceptQueue {
  /**
   * Takes the next event with its sequence number; without an event only the number waits its turn.
   * `false` when the queue is full or has failed: the connection must end, and a resume brings the event again.
   */
  push(seq: number, event?: RawEvent): boolean;
  /** Resolves when everything taken is stored, or something could not be. */
  settled(): Promise<void>;
  /** Nothing more is started; what is under way comes to its own end. */
  close(): void;
}

/** Most events and UTF-16 units that wait to be stored: a burst after a resume fits, a store that hangs does not. */
const MOST_EVENTS = 2000;
const MOST_UNITS = 32 * 1024 * 1024;

export interface AcceptQueueOptions {
  readonly accept: Accept;
  /** Everything up to this sequence number is stored. */
  readonly stored: (seq: number) => void;
  /** An event could not be stored; nothing after it will be. */
  readonly failed: (error: unknown) => void;
}

interface Waiting {
  readonly seq: number;
  readonly event: RawEvent | undefined;
}

/** The sequence moves only here, and only over what was stored before it. */
export function createAcceptQueue({ accept, stored, failed }: AcceptQueueOptions): AcceptQueue {
  const waiting: Waiting[] = [];
  let units = 0;
  let open = true;
  let running = false;
  let settled = Promise.resolve();
  const head = (): Waiting | undefined => (open ? waiting[0] : undefined);
  const run = async (): Promise<void> => {
    running = true;
    try {
      for (let next = head(); next; next = head()) {
        if (next.event) await accept(next.event);
        if (!open) return;
        units -= next.event?.text.length ?? 0;
        waiting.shift();
        stored(next.seq);
      }
    } finally {
      // In the same turn as the last look at the queue: an event pushed after it must start the next run.
      running = false;
    }
  };
  const fail = (error: unknown): void => {
    open = false;
    failed(error);
  };
  return {
    push(seq, event) {
      const size = event?.text.length ?? 0;
      if (!open || waiting.length >= MOST_EVENTS || units + size > MOST_UNITS) return false;
      units += size;
      waiting.push({ seq, event });
      if (!running) settled = run().catch(fail);
      return true;
    },
    settled: async () => await settled,
    close: () => {
      open = false;
    },
  };
}
