import type { Clock } from "../clock.ts";
import type { Socket } from "../socket.ts";

/** Whether the peer of a socket lives. */
export interface Watch {
  /** Something has come. */
  alive(): void;
  /** A heartbeat has come; `intervalMs` is when the next one is due, where it says so. */
  heartbeat(intervalMs: number | undefined): void;
  /** Leaves the socket of a dead peer; resolves when `signal` aborts, or then. */
  run(signal: AbortSignal): Promise<void>;
}

/** A peer is dead after three of its heartbeats, and never sooner than this, ms: it may stall for many seconds (`onebot-napcat.md` 3). */
const LEAST_SILENCE_MS = 60_000;
const BEATS = 3;
/** When the status says that something is wrong: after two heartbeats, and not for a stall of seconds. */
const DOUBT = { beats: 2, leastMs: 30_000 };
/** Bounds of the interval that is believed, ms. NapCat's is 30 s if nobody changes it. */
const BEAT = { usual: 30_000, most: 600_000 };
/** Without a heartbeat for this long they are off, and the peer is asked instead, this often, ms. */
const NO_BEATS_MS = 45_000;
const PROBE_MS = 30_000;

export interface WatchOptions {
  readonly clock: Clock;
  readonly socket: Socket;
  /** Asks the peer something over this socket; rejects when no answer comes in time. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Two heartbeats have not come: the peer may be dead, or just busy. */
  readonly doubt: (why: string) => void;
}

export function createWatch({ clock, socket, probe, doubt }: WatchOptions): Watch {
  const openedAt = clock.now();
  let aliveAt = openedAt;
  let intervalMs: number | undefined;

  const beats = (): boolean => intervalMs !== undefined;
  const doubtAfter = (): number => Math.max(DOUBT.beats * (intervalMs ?? BEAT.usual), DOUBT.leastMs);
  const mostSilence = (): number => Math.max(BEATS * (intervalMs ?? BEAT.usual), LEAST_SILENCE_MS);
  /** Waits until nothing has come for too long. */
  const untilSilent = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const silentMs = clock.now() - aliveAt;
      const [doubtIn, deadIn] = [doubtAfter() - silentMs, mostSilence() - silentMs];
      if (deadIn <= 0) return socket.abandon(`nothing has come for ${Math.round(silentMs / 1000)} s`);
      if (doubtIn <= 0) doubt(`nothing has come for ${Math.round(silentMs / 1000)} s; NapCat may be busy, or gone`);
      await clock.sleep(doubtIn > 0 ? Math.min(doubtIn, deadIn) : deadIn, signal);
    }
  };
  /** Asks until a heartbeat comes after all, or nothing comes any more. */
  const untilUnanswered = async (signal: AbortSignal): Promise<void> => {
    await clock.sleep(NO_BEATS_MS, signal);
    while (!beats()) {
      const askedAt = clock.now();
      const answered = await probe(signal).then(
        () => true,
        () => false,
      );
      signal.throwIfAborted();
      if (!answered && aliveAt <= askedAt) return socket.abandon("neither heartbeats nor answers come");
      await clock.sleep(PROBE_MS, signal);
    }
  };

  return {
    alive: () => {
      aliveAt = clock.now();
    },
    heartbeat: (interval) => {
      intervalMs = Math.min(interval ?? BEAT.usual, BEAT.most);
    },
    async run(signal) {
      try {
        await untilUnanswered(signal);
        if (!socket.end) await untilSilent(signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
