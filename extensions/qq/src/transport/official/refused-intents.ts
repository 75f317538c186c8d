import type { IntentName } from "../../protocol/official/intents.ts";
import type { Clock } from "../clock.ts";

/** What the platform has refused to a bot for what it is, kept over a restart; the journal has one. `now` in ms. */
export interface RefusalMemory {
  note(what: string, now: number): void;
  isKnown(what: string, now: number): boolean;
}

/**
 * Most bots may not have it, and whoever gets the right to it can wait a day. The others are asked for at every start:
 * who has just been granted one restarts the gateway to see it work.
 */
const REMEMBERED: IntentName = "MESSAGE_AUDIT";

/** The intents that need not be asked for again, since each refusal costs one of the day's Identifies. */
export interface RefusedIntents {
  note(name: IntentName): void;
  isKnown(name: IntentName): boolean;
}

/** Without a memory, and when it fails, the refusals of this run are known. */
export function createRefusedIntents(clock: Clock, memory: RefusalMemory | undefined): RefusedIntents {
  const ofThisRun = new Set<IntentName>();
  return {
    note(name) {
      ofThisRun.add(name);
      if (name !== REMEMBERED) return;
      try {
        memory?.note(keyOf(name), clock.now());
      } catch {
        // After a restart it is asked for again, at the cost of one Identify.
      }
    },
    isKnown(name) {
      // Without this one there is no channel: it is asked for whatever was refused before.
      if (name === "GROUP_AND_C2C_EVENT") return false;
      if (ofThisRun.has(name)) return true;
      if (name !== REMEMBERED) return false;
      try {
        return memory?.isKnown(keyOf(name), clock.now()) ?? false;
      } catch {
        return false;
      }
    },
  };
}

const keyOf = (name: IntentName): string => `intent ${name}`;
