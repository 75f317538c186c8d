import type { ControlEvent } from "./control.ts";

/** Everything that happens, for the page, for tests and for the wire log's readers. */
export interface Bus {
  publish(event: ControlEvent): void;
  /** Returns the function that ends it. */
  subscribe(listener: (event: ControlEvent) => void): () => void;
}

export function createBus(): Bus {
  const listeners = new Set<(event: ControlEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
