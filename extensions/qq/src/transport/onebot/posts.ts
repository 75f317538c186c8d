import { readFrame } from "../../protocol/onebot/frames.ts";
import { greet } from "./greet.ts";
import type { Line } from "./line.ts";
import type { PostedAnswer, PostedRequest } from "./onebot.ts";
import { refusalOfPost } from "./admission.ts";
import { takeEvent } from "./take-event.ts";

/** Takes the events that the implementation posts (`onebot-napcat.md` 1.5). */
export interface Posts {
  receive(request: PostedRequest): Promise<PostedAnswer>;
  /** Watches the implementation where events are posted and no socket is open, until the signal aborts. */
  run(): Promise<void>;
}

/** A posted event says nothing of whether the next one will come: the API is asked, this often, ms. */
const ASK_MS = 60_000;
const ANSWER_MS = 20_000;

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
    if (taken.kind !== "event") return TAKEN;
    return await taken.stored.then(
      () => TAKEN,
      () => NOT_STORED,
    );
  };

  /** Up for as long as the API answers. */
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      const down = line.state.up("events are posted to the gateway");
      const known = Promise.withResolvers<boolean>();
      const reading = line.catchUp(known.promise, signal);
      await greet(line, () => undefined, signal).then(
        () => known.resolve(true),
        (error: unknown) => {
          known.resolve(false);
          throw error;
        },
      );
      await reading;
      const why = await untilSilent();
      down();
      line.state.waiting(`events are posted, but calls are not answered: ${why}`, clock.now() + ASK_MS);
      await clock.sleep(ASK_MS, signal);
    }
  };
  const untilSilent = async (): Promise<string> => {
    for (;;) {
      await clock.sleep(ASK_MS, signal);
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
    async run() {
      if (!isWatched) return;
      await Promise.race([first.promise, aborted(signal)]);
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
