import type { PendingAudit } from "./control.ts";

/** A message under audit with what shows it once it has passed. Answers the id it then has in the chat. */
export interface HeldMessage {
  readonly about: PendingAudit;
  readonly show: () => { readonly id: string; readonly seq: number };
}

/** Messages of bots that wait to be judged (qq-official.md 5.9), oldest first. */
export interface Audits {
  hold(held: HeldMessage): void;
  /** Takes a message out to judge it. */
  take(id: string): HeldMessage | undefined;
  pending(): readonly PendingAudit[];
  clear(): void;
}

export function createAudits(): Audits {
  const waiting = new Map<string, HeldMessage>();
  return {
    hold: (held) => void waiting.set(held.about.id, held),
    take(id) {
      const held = waiting.get(id);
      waiting.delete(id);
      return held;
    },
    pending: () => [...waiting.values()].map(({ about }) => about),
    clear: () => waiting.clear(),
  };
}
