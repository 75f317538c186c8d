import type { Intake } from "./intake.ts";

/** Conversations in which what comes waits. */
export interface Holds {
  release(lane: string): void;
  /** Releases all but these. */
  releaseBut(kept: readonly string[]): void;
  readonly releaseAll: () => void;
}

/** What comes in these conversations waits, until each is released. */
export function createHolds(intake: Intake, lanes: readonly string[]): Holds {
  const held = new Map(lanes.map((lane) => [lane, intake.hold(lane)]));
  const release = (lane: string): void => {
    held.get(lane)?.();
    held.delete(lane);
  };
  const releaseBut = (kept: readonly string[]): void => {
    for (const lane of held.keys()) if (!kept.includes(lane)) release(lane);
  };
  return { release, releaseBut, releaseAll: () => releaseBut([]) };
}
