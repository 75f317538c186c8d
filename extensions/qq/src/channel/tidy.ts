import type { OneBotMarks } from "../journal/onebot-marks.ts";
import { isPersonal, type RunningAccount } from "./running.ts";

const TIDY_EVERY_MS = 3_600_000;

/** Drops what is out of every window, now and every hour: the journal stays small however long the account runs. */
export async function keepTidy(running: RunningAccount, marks: Pick<OneBotMarks, "prune">): Promise<void> {
  const { replies, parked, refs, refusals, audits, buttons, requests, waits, chats, keptFiles, clock, signal } =
    running;
  const tables = [replies, parked, refs, refusals, audits, buttons, requests, waits, marks];
  // What the chats of an official bot have switched off, and how its guild DMs are opened, holds for good.
  if (isPersonal(running)) tables.push(chats);
  while (!signal.aborted) {
    for (const table of tables) table.prune(clock.now());
    await keptFiles.prune(clock.now());
    await clock.sleep(TIDY_EVERY_MS, signal).catch(() => {});
  }
}
