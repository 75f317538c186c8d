/** How many messages a NapCat can still find by their numbers (onebot-napcat.md 4.3). */
const KEPT = 5000;

/** Where a message of the world is. */
export interface MessagePlace {
  /** Key of the chat in the transcript. */
  readonly chat: string;
  /** The world's id. */
  readonly id: string;
}

/** The messages that a NapCat can find by `message_id` or by QQ's 19 digits; the oldest are forgotten first. */
export interface IdTable {
  register(shortId: number, msgId: string, place: MessagePlace): void;
  /** By either number. */
  find(id: string): MessagePlace | undefined;
  clear(): void;
}

export function createIdTable(kept: number = KEPT): IdTable {
  const byShort = new Map<string, { msgId: string; place: MessagePlace }>();
  const byLong = new Map<string, MessagePlace>();
  return {
    register(shortId, msgId, place) {
      const key = String(shortId);
      if (byShort.has(key)) return;
      byShort.set(key, { msgId, place });
      byLong.set(msgId, place);
      const [oldest] = byShort;
      if (byShort.size <= kept || !oldest) return;
      byShort.delete(oldest[0]);
      byLong.delete(oldest[1].msgId);
    },
    find: (id) => byShort.get(id)?.place ?? byLong.get(id),
    clear() {
      byShort.clear();
      byLong.clear();
    },
  };
}
