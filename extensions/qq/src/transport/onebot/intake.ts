import { QQError, QQTransportError } from "../../errors.ts";
import type { InboundMessage } from "../../message/inbound.ts";
import { backoff } from "../backoff.ts";
import type { LineOptions, RawEvent } from "../transport.ts";

/** An event with a place, and the message in it where it is one. */
export interface Arrival {
  readonly event: RawEvent;
  readonly message?: InboundMessage | undefined;
}

/** Stores events, those of one lane one after the other, and lets none go that has come. */
export interface Intake {
  /**
   * Takes an event that has just come. Resolves once it is stored. Rejects with a `QQTransportError` when it could not
   * be stored at once: it is tried again, unless there was no room for it, of which `full` tells.
   */
  take(arrival: Arrival): Promise<void>;
  /** Stores a message out of history, before what has come in its lane since `hold`. Resolves once it is stored. */
  takeMissed(arrival: Arrival): Promise<void>;
  /** What comes in the lane waits until the function that comes back is called. */
  hold(lane: string): () => void;
  /** Whether something waits in a lane that is held. */
  isAwaited(lane: string): boolean;
  /** The event of this key has been stored lately. */
  knows(key: string): boolean;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

/** Most events and UTF-16 units that wait to be stored: the same as for the gateway of official bots. */
const MOST_EVENTS = 2000;
const MOST_UNITS = 32 * 1024 * 1024;
/** Keys that are remembered as stored: what comes twice within minutes comes within these. */
const MOST_KNOWN = 4000;
/** A store that fails is tried again, ms. */
const AGAIN = { firstMs: 1000, maxMs: 30_000 };

export interface IntakeOptions extends Pick<LineOptions, "outside" | "log" | "accept"> {
  /** An event is stored. */
  readonly stored: (arrival: Arrival) => void;
  /** There is no room for what comes now. */
  readonly full: () => void;
  /** Nothing is tried again after it. */
  readonly signal: AbortSignal;
}

interface Waiting extends Arrival {
  /** Settled by the first try. */
  readonly tried: PromiseWithResolvers<void>;
}

interface Lane {
  readonly waiting: Waiting[];
  held: number;
  running: boolean;
}

export function createIntake(options: IntakeOptions): Intake {
  const lanes = new Map<string, Lane>();
  const known = new Set<string>();
  const room = createRoom();
  const keep = createKeeper(options);
  let idle: PromiseWithResolvers<void> | undefined;

  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? { waiting: [], held: 0, running: false };
    lanes.set(name, lane);
    return lane;
  };
  const store = async (arrival: Arrival, failedOnce?: (error: unknown) => void): Promise<void> => {
    const { key } = arrival.event;
    if (known.has(key)) return;
    await keep(arrival.event, failedOnce);
    known.add(key);
    const [oldest] = known;
    if (oldest !== undefined && known.size > MOST_KNOWN) known.delete(oldest);
    options.stored(arrival);
  };
  const rest = (name: string, lane: Lane): void => {
    if (lane.waiting.length === 0 && lane.held === 0 && !lane.running) lanes.delete(name);
    if (lanes.size > 0 || !idle) return;
    idle.resolve();
    idle = undefined;
  };
  const run = async (name: string, lane: Lane): Promise<void> => {
    if (lane.running) return;
    lane.running = true;
    for (let next = lane.waiting[0]; next && lane.held === 0; next = lane.waiting[0]) {
      const { tried } = next;
      await store(next, (error) => tried.reject(notStored(error))).then(
        () => tried.resolve(),
        (error: unknown) => tried.reject(notStored(error)),
      );
      lane.waiting.shift();
      room.leave(next.event);
    }
    lane.running = false;
    rest(name, lane);
  };

  return {
    async take(arrival) {
      if (known.has(arrival.event.key)) return;
      if (!room.enter(arrival.event)) {
        options.full();
        throw new QQTransportError("events come faster than they are stored");
      }
      const { lane: name } = arrival.event;
      const lane = laneOf(name);
      const tried = Promise.withResolvers<void>();
      lane.waiting.push({ ...arrival, tried });
      void run(name, lane);
      await tried.promise;
    },
    takeMissed: async (arrival) => await store(arrival),
    hold(name) {
      const lane = laneOf(name);
      lane.held++;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        lane.held--;
        if (lane.held === 0) void run(name, lane);
      };
    },
    isAwaited: (name) => (lanes.get(name)?.waiting.length ?? 0) > 0,
    knows: (key) => known.has(key),
    async idle() {
      if (lanes.size === 0) return;
      idle ??= Promise.withResolvers<void>();
      await idle.promise;
    },
  };
}

/** What waits is bounded, in events and in size. */
function createRoom() {
  let events = 0;
  let units = 0;
  return {
    enter({ text }: RawEvent): boolean {
      if (events >= MOST_EVENTS || units + text.length > MOST_UNITS) return false;
      events++;
      units += text.length;
      return true;
    },
    leave({ text }: RawEvent): void {
      events--;
      units -= text.length;
    },
  };
}

/** Stores an event, and tries again for as long as it takes: OneBot never sends it again. */
function createKeeper({ accept, outside, log, signal }: IntakeOptions) {
  const { clock, random = Math.random } = outside;
  let isFailing = false;
  return async (event: RawEvent, failedOnce?: (error: unknown) => void): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        await accept(event);
        if (isFailing) log.info("onebot events are stored again");
        isFailing = false;
        return;
      } catch (error) {
        failedOnce?.(error);
        if (!isFailing) {
          const advice = "they are kept in memory and tried again; check the disk of the state directory";
          log.error(`onebot event not stored error=${nameOf(error)}; ${advice}`);
        }
        isFailing = true;
        await clock.sleep(backoff(AGAIN, attempt, random), signal);
      }
    }
  };
}

function notStored(cause: unknown): QQTransportError {
  return new QQTransportError(`an event could not be stored: ${nameOf(cause)}`, { cause });
}

/** What may be told of a failure of the store: never its message, which may quote a row. */
function nameOf(error: unknown): string {
  if (error instanceof QQError) return error.code;
  if (error instanceof Error) return "code" in error && typeof error.code === "string" ? error.code : error.name;
  return "unknown reason";
}
