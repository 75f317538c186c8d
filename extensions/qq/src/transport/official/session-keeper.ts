import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { SessionPoint } from "./session.ts";

/** A session as it is kept over a restart. `savedAt` is when it last lived, ms since the epoch. */
export interface StoredSession extends SessionPoint {
  readonly savedAt: number;
}

/** Where one shard's session survives a restart. Losing it costs the events of the gap, no more. */
export interface SessionStore {
  load(): Promise<StoredSession | undefined> | StoredSession | undefined;
  /** `undefined` forgets. */
  save(session: StoredSession | undefined): Promise<void> | void;
}

/** The store of one session. `name` tells shards and subscriptions apart: a session brings what its Identify asked for. */
export type SessionStores = (name: string) => SessionStore;

export interface SessionKeeper {
  /** The session to resume at start, unless it is too old to be. */
  load(): Promise<SessionPoint | undefined>;
  /** Remembers where the session stands; written at most once a second, however many events there are. */
  keep(point: SessionPoint): void;
  forget(): Promise<void>;
  /** Writes what is remembered. */
  flush(): Promise<void>;
}

/** How long after its end QQ's own clients resume a session, ms. */
const RESUMABLE_MS = 5 * 60_000;
const WRITE_EVERY_MS = 1000;

/** Nothing here throws: a session that cannot be kept is a warning, not the end of the line. */
export function createSessionKeeper(store: SessionStore | undefined, clock: Clock, log: Log): SessionKeeper {
  let latest: StoredSession | undefined;
  let pending: AbortController | undefined;
  const quietly = async <T>(what: string, work: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await work();
    } catch {
      log.warn(`gateway session could not be ${what}; after a restart a new one begins`);
      return undefined;
    }
  };
  const write = async (): Promise<void> => {
    pending?.abort();
    pending = undefined;
    if (store) await quietly("saved", () => store.save(latest));
  };
  return {
    async load() {
      const found = store && (await quietly("read", () => store.load()));
      return found && clock.now() - found.savedAt < RESUMABLE_MS
        ? { sessionId: found.sessionId, seq: found.seq }
        : undefined;
    },
    keep({ sessionId, seq }) {
      latest = { sessionId, seq, savedAt: clock.now() };
      if (pending) return;
      pending = new AbortController();
      void clock.sleep(WRITE_EVERY_MS, pending.signal).then(write, () => undefined);
    },
    async forget() {
      latest = undefined;
      await write();
    },
    async flush() {
      if (latest && pending) await write();
    },
  };
}
