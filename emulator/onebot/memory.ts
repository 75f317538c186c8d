import type { NapcatMemory } from "./actions.ts";

/** A NapCat's memory that can be wiped. */
export interface WipedMemory extends NapcatMemory {
  clear(): void;
}

export function createMemory(): WipedMemory {
  const made = new Map<unknown, unknown>();
  return {
    of<T>(make: () => T): T {
      if (!made.has(make)) made.set(make, make());
      // What stands under a maker is what it made.
      return made.get(make) as T;
    },
    clear: () => made.clear(),
  };
}
