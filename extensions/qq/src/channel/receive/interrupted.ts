import type { OpenTurn } from "../../journal/turns.ts";
import type { RawEvent } from "../../transport/transport.ts";
import type { RunningAccount } from "../running.ts";

/**
 * How long the host has to take up a turn that a crash cut off, ms. It recovers turns that were still thinking at its
 * start, and sends that were under way when their lease of 60 s has run out.
 */
const HOST_RECOVERY_MS = 80_000;
const LOOK_EVERY_MS = 5_000;

/** Marks an event that is taken a second time: the first has its tombstone in the inbox. */
const AGAIN = "#again";

/** The id that the host knows a message by: one that is taken a second time is new to it, or it would leave it out. */
export function turnIdOf(event: RawEvent, messageId: string): string {
  const times = event.key.split(AGAIN).length - 1;
  return messageId + AGAIN.repeat(times);
}

/** An event as it is taken a second time. Again and again it is the same, and the inbox takes it once. */
export function again({ key, lane, text }: RawEvent): RawEvent {
  return { key: `${key}${AGAIN}`, lane, text };
}

/** The message's own id, of what `turnIdOf` has made of it. */
export function messageIdOf(turnId: string): string {
  return turnId.replaceAll(AGAIN, "");
}

/**
 * Sees to it that no turn is lost between its end and the host's first record of its answer: for some 200 ms the host
 * knows a turn as done and nothing of what was to be sent. A turn without a sign of an answer is begun again.
 */
export async function resumeInterrupted(
  running: RunningAccount,
  admit: (event: RawEvent) => Promise<unknown>,
): Promise<void> {
  await Promise.all(running.turns.interrupted().map((turn) => resume(turn, running, admit)));
}

async function resume(
  turn: OpenTurn,
  running: RunningAccount,
  admit: (event: RawEvent) => Promise<unknown>,
): Promise<void> {
  const { clock, log, parked, turns, signal } = running;
  const deadline = clock.now() + HOST_RECOVERY_MS;
  for (;;) {
    if (signal.aborted) return;
    if (parked.beganSince(turn, turn.beganAt)) break;
    if (clock.now() >= deadline) {
      log.warn(`turn begun again chat=${turn.target} why="a crash cut it off, and the host did not take it up"`);
      await admit(again(turn));
      break;
    }
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
  }
  turns.end(turn.key);
}
