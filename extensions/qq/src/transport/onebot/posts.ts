import { readFrame } from "../../protocol/onebot/frames.ts";
import { greet } from "./greet.ts";
import type { Line } from "./line.ts";
import type { PostedAnswer, PostedRequest } from "./onebot.ts";
import { refusalOfPost } from "./admission.ts";
import { takeEvent } from "./take-event.ts";

/** Takes the events that the implementation posts (`onebot-napcat.md` 1.5). */
export interface Posts {
  receive(request: PostedRequest): Promise<PostedAnswer>;
  /** Events were turned away: what they told of is read from history. */
  missed(): void;
  /** Watches the implementation where events are posted and no socket is open, until the signal aborts. */
  run(): Promise<void>;
}

/** A posted event says nothing of whether the next one will come: the API is asked, this often, ms. */
const ASK_MS = 60_000;
const ANSWER_MS = 20_000;
/** Pause before what was turned away is read from history, and between two such readings, ms: a flood has to end first. */
const MISSED_MS = { firstMs: 5000, againMs: 60_000 };

const TAKEN: PostedAnswer = { status: 204 };
const MALFORMED: PostedAnswer = { status: 400 };
/** NapCat does not post it again, others do. */
const NOT_STORED: PostedAnswer = { status: 500 };

/** `isWatched`: whether posted events come is what the line's state says, since it has no sockets of its own making. */
export function createPosts(line: Line, isWatched: boolean, signal: AbortSignal): Posts {
  const { report, log, access } = line;
  const { clock } = line.outside;
  const first = Promise.withResolvers<void>();
  let quietUntil = 0;
  /** When history was last read for events that were turned away. */
  let missedReadAt = Number.NEGATIVE_INFINITY;
  let isMissing = false;
  /** Events of another account have come since the account was asked who it is. */
  let isForeign = false;

  const refuse = (status: number): PostedAnswer => {
    report.dropped(`posted event refused with ${status}`);
    // Anybody can call this address: what they can fill is a counter, not the log.
    if (clock.now() >= quietUntil) {
      log.warn(`onebot posted event refused status=${status}; more in the next minute are only counted`);
      quietUntil = clock.now() + 60_000;
    }
    return { status };
  };
  const take = async (body: Uint8Array): Promise<PostedAnswer> => {
    line.alive();
    const text = textOf(body);
    const frame = readFrame(text);
    if (frame.kind !== "event") {
      report.dropped("malformed posted event");
      return MALFORMED;
    }
    first.resolve();
    const taken = takeEvent(line, frame.event, text, signal);
    if (taken.kind === "foreign") isForeign = true;
    if (taken.kind !== "event") return TAKEN;
    return await taken.stored.then(
      () => TAKEN,
      () => {
        missed();
        return NOT_STORED;
      },
    );
  };
  const missed = (): void => {
    if (signal.aborted) return;
    // What comes from now on must not hide what did not.
    line.gap();
    if (!isMissing) void readMissed().catch(() => undefined);
  };
  const readMissed = async (): Promise<void> => {
    isMissing = true;
    const { firstMs, againMs } = MISSED_MS;
    await clock.sleep(Math.max(firstMs, missedReadAt + againMs - clock.now()), signal);
    isMissing = false;
    missedReadAt = clock.now();
    log.warn("onebot posted events were turned away; what they told of is read from history");
    await line.catchUp(Promise.resolve(true), signal);
  };

  /** Finds out whose account it is, and reads what was missed. Rejects when the line must stop, or on abort. */
  const introduce = async (signal: AbortSignal): Promise<void> => {
    isForeign = false;
    const known = Promise.withResolvers<boolean>();
    const reading = line.catchUp(known.promise, signal);
    try {
      await greet(line, () => undefined, signal);
      known.resolve(true);
    } finally {
      known.resolve(false);
      await reading;
    }
  };
  /** What came while the gateway was away need not wait for the next event: until one comes, the API is asked by itself. */
  const untilPosted = async (): Promise<void> => {
    const posted = new AbortController();
    const until = AbortSignal.any([signal, posted.signal]);
    const looking = introduce(until).then(async () => await aborted(until));
    await Promise.race([first.promise, looking]).finally(() => posted.abort());
    await looking.catch(() => undefined);
  };
  /** Up for as long as the API answers. */
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      line.core.openings++;
      const down = line.state.up("events are posted to the gateway");
      await introduce(signal);
      const why = await untilSilent();
      down();
      line.state.waiting(`events are posted, but calls are not answered: ${why}`, clock.now() + ASK_MS, "unanswered");
      await clock.sleep(ASK_MS, signal);
    }
  };
  const untilSilent = async (): Promise<string> => {
    for (;;) {
      await clock.sleep(ASK_MS, signal);
      // Another account may be logged in there now, or another implementation may post here by mistake.
      if (isForeign) await introduce(signal);
      try {
        const { online } = await line.calls.call("get_status", {}, { timeoutMs: ANSWER_MS, signal });
        line.pulse(online ?? true, signal);
      } catch (error) {
        signal.throwIfAborted();
        return error instanceof Error ? error.message : "unknown";
      }
    }
  };

  return {
    async receive({ headers, body }) {
      const status = refusalOfPost(access, headers, body);
      return status === undefined ? await take(body) : refuse(status);
    },
    missed,
    async run() {
      if (!isWatched) return;
      await untilPosted();
      if (!signal.aborted) await watch();
    },
  };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return "";
  }
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
