import type { PlatformEvent } from "./events.ts";
import { subscribes } from "./intents.ts";
import type { Rules } from "./rules.ts";

/** A dispatch with its place in a session. */
export interface Frame {
  readonly op: 0;
  readonly s: number;
  readonly t: string;
  readonly id?: string;
  readonly d: unknown;
}

/** What a session needs of the connection it rides on. */
export interface Carrier {
  send(frame: object): void;
  close(code: number, reason: string): void;
  /** Cuts the connection without a frame: the client sees 1006. */
  cut(): void;
  /** From now nothing goes out and nothing is read, but the connection stays open. */
  blackhole(): void;
  sendRaw(text: string): void;
}

/** One gateway session: outlives its connection, keeps what it has dispatched, and can be resumed. */
export class Session {
  readonly id: string;
  readonly appId: string;
  readonly intents: number;
  readonly shard: readonly [number, number] | undefined;
  carrier: Carrier | undefined;
  /** When the connection was lost, ms. */
  lostAt: number | undefined;
  /** READY is number 1. */
  seq = 1;
  readonly #rules: Rules;
  #kept: { readonly at: number; readonly frame: Frame }[] = [];

  constructor(id: string, appId: string, intents: number, shard: readonly [number, number] | undefined, rules: Rules) {
    this.id = id;
    this.appId = appId;
    this.intents = intents;
    this.shard = shard;
    this.#rules = rules;
  }

  expired(now: number): boolean {
    return this.lostAt !== undefined && now - this.lostAt > this.#rules.sessionMs;
  }

  /** Gives the event its number and keeps it. `undefined` when the session has not subscribed to it. */
  record(event: PlatformEvent, now: number): Frame | undefined {
    if (!subscribes(this.intents, event.t)) return undefined;
    this.seq += 1;
    const frame: Frame = { op: 0, s: this.seq, t: event.t, id: event.id, d: event.d };
    this.#kept.push({ at: now, frame });
    const oldest = now - this.#rules.keptEventsMs;
    this.#kept = this.#kept.filter(({ at }) => at >= oldest).slice(-this.#rules.keptEvents);
    return frame;
  }

  /** Kept frames above `seq`, in order, and the `more` before them. */
  after(seq: number, more = 0): Frame[] {
    const frames = this.#kept.map(({ frame }) => frame);
    const first = frames.findIndex((frame) => frame.s > seq);
    return frames.slice(Math.max(0, (first === -1 ? frames.length : first) - more));
  }
}
