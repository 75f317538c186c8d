import { parseTarget } from "../../message/target.ts";
import type { RunningAccount } from "../running.ts";
import { deliverKeptFreely } from "./free-answer.ts";

/** How often one looks whether something waits, ms. */
const LOOK_EVERY_MS = 10_000;
/** Longest pause after rounds that could not deliver all, ms. */
const LONGEST_PAUSE_MS = 300_000;

/**
 * Delivers, until the account stops, what a personal account could not say at its time: when the line is up again, or a
 * mute is over of whose end nobody tells.
 */
export async function deliverKeptAgain(running: RunningAccount): Promise<void> {
  const { clock, signal } = running;
  let pauseMs = LOOK_EVERY_MS;
  let notBefore = 0;
  while (!signal.aborted) {
    if (!running.isUp()) {
      [pauseMs, notBefore] = [LOOK_EVERY_MS, 0];
    } else if (clock.now() >= notBefore) {
      const isDone = await deliverAll(running);
      pauseMs = isDone ? LOOK_EVERY_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      notBefore = isDone ? 0 : clock.now() + pauseMs;
    }
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
  }
}

/** False when not all that may go has gone. */
async function deliverAll(running: RunningAccount): Promise<boolean> {
  let isDone = true;
  for (const chat of running.parked.waitingChats()) {
    const target = parseTarget(chat);
    if (!target) continue;
    try {
      await deliverKeptFreely(target, running);
    } catch (error) {
      running.log.warn(`kept parts not delivered chat=${chat} error="${String(error)}"`);
      isDone = false;
    }
  }
  return isDone;
}
