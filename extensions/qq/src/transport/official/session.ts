import { QQError } from "../../errors.ts";
import { closeRule, type Recovery } from "../../protocol/official/close-codes.ts";
import { Opcode, Ready, type Dispatch, type GatewayCommand } from "../../protocol/official/frames.ts";
import { readFrame, type FrameReading } from "../../protocol/official/read-frame.ts";
import { abandonAfter, openSocket, type Socket } from "../socket.ts";
import type { LineOptions } from "../transport.ts";
import { createAcceptQueue } from "./accept-queue.ts";
import { placeEvent, tellWay } from "./event-key.ts";
import { runHeartbeat } from "./heartbeat.ts";

/** Where a session stands: enough to resume it. `seq` is the last event that is stored. */
export interface SessionPoint {
  readonly sessionId: string;
  readonly seq: number;
}

/** Which part of a bot's guilds a connection brings: index and total (QQ, "Sharding"). */
export type Shard = readonly [index: number, total: number];

/** What one connection is made with. */
export interface SessionOptions extends LineOptions {
  readonly url: string;
  readonly token: string;
  /** Intent mask of Identify. */
  readonly intents: number;
  readonly shard: Shard;
  /** Identify goes out. */
  readonly identified: () => void;
  /** The session to resume; without it a new one begins. */
  readonly resume?: SessionPoint | undefined;
  /** READY or RESUMED came: events flow. */
  readonly up: (how: "ready" | "resumed") => void;
  /** Events flow no more; called before anything is waited for. `doubtFrom` as in `SessionEnd`. */
  readonly down: (why: string, doubtFrom: number | undefined) => void;
  /** The session lives and stands here; called at every stored event and every answered beat, so it must be cheap. */
  readonly moved: (point: SessionPoint) => void;
}

/** What to do after a connection has ended. */
export interface SessionEnd {
  readonly recovery: Recovery;
  /** The log line. */
  readonly why: string;
  /** Close code, where the peer closed. */
  readonly code?: number;
  /** The session to resume, where `recovery` says so and there is one. */
  readonly resume?: SessionPoint | undefined;
  /** READY or RESUMED had come. */
  readonly wasUp: boolean;
  /** An event could not be stored: the trouble is here, and a new connection does not mend it. */
  readonly storeFailed?: true;
  /** Least pause before the next connection, ms. */
  readonly waitMs?: number | undefined;
  readonly freshToken?: true | undefined;
  /**
   * The last sign of life before the end, ms since the epoch: from then on QQ may have accepted messages that it never
   * showed. Absent when the platform asked for a new connection in good time.
   */
  readonly doubtFrom?: number | undefined;
}
type Ending = Omit<SessionEnd, "resume" | "wasUp">;

/** How long Hello may take after the dial, ms; it comes at once. */
const HELLO_MS = 30_000;
/** How long what was taken may still be stored, ms: a resume brings the rest again, anything else does not. */
const SETTLE_MS = { resumed: 250, lost: 5000 };
/** Pause after op 9, ms ("Gateway" asks for a few seconds). */
const INVALID_SESSION_MS = 3000;
/** Beats without READY or RESUMED after which the platform has forgotten us. */
const BEATS_TO_READY = 3;
/** Bounds of the interval that Hello names, ms; QQ says 41250. */
const BEAT_BOUNDS = { min: 100, max: 300_000 };

/**
 * One connection to the gateway, from the dial to its end; resolves with what to do next, also when `signal` aborts.
 * Rejects with `QQTransportError` when the dial fails.
 */
export async function runSession(options: SessionOptions, signal: AbortSignal): Promise<SessionEnd> {
  const socket = await openSocket(options.outside, options.url, signal);
  const session = createSession(options, socket);
  const over = new AbortController();
  let end: Ending | undefined;
  try {
    const intervalMs = await session.hello();
    if (intervalMs !== undefined) {
      session.introduce();
      void session.beat(intervalMs, over.signal);
    }
    while (!end) {
      const text = await socket.next();
      end = text === undefined ? session.lost() : session.take(text);
    }
  } finally {
    over.abort();
    socket.abandon("left");
  }
  options.down(end.why, end.doubtFrom);
  await session.settle(end.recovery === "resume" && !signal.aborted ? SETTLE_MS.resumed : SETTLE_MS.lost);
  return session.close(end);
}

function createSession(options: SessionOptions, socket: Socket) {
  const { log, report, outside } = options;
  const { clock } = outside;
  let point = options.resume;
  let wasUp = false;
  let answered = true;
  let beats = 0;
  let failure: unknown;
  let intervalMs = BEAT_BOUNDS.max;
  /** The last two signs of life, ms since the epoch. */
  let [heardBefore, heardAt] = [clock.now(), clock.now()];
  const queue = createAcceptQueue({
    accept: options.accept,
    stored: (seq) => {
      if (point) move({ ...point, seq: Math.max(point.seq, seq) });
    },
    failed: (error) => {
      failure = error;
      socket.abandon("an event could not be stored");
    },
  });

  const move = (to: SessionPoint): void => options.moved((point = to));
  const send = (command: GatewayCommand): void => socket.send(JSON.stringify(command));
  const sendBeat = (): void => send({ op: Opcode.heartbeat, d: point?.seq ?? null });
  const goUp = (how: "ready" | "resumed"): undefined => {
    wasUp = true;
    options.up(how);
  };
  const read = (text: string): FrameReading => {
    [heardBefore, heardAt] = [heardAt, clock.now()];
    report.activity(heardAt);
    const reading = readFrame(text);
    if (reading.malformed) drop(reading.malformed, reading.detail);
    return reading;
  };
  const drop = (reason: string, detail: string): undefined => {
    report.dropped(reason);
    log.warn(`gateway frame dropped reason="${reason}" detail="${detail}"`);
  };

  /** READY: the session begins, and everything before it is over. */
  const begin = (event: Dispatch): Ending | undefined => {
    const ready = Ready.safeParse(event.d).data;
    if (!ready) {
      drop("malformed READY", "no session id");
      return { recovery: "identify", why: "READY without a session" };
    }
    move({ sessionId: ready.session_id, seq: event.s });
    return goUp("ready");
  };

  const dispatch = (event: Dispatch, text: string): Ending | undefined => {
    if (event.t === "READY") return begin(event);
    if (event.t === "RESUMED") goUp("resumed");
    const place = event.t === "RESUMED" ? undefined : placeEvent(event);
    if (place?.ignored?.startsWith("malformed")) drop(place.ignored, `seq ${event.s}`);
    else if (place?.ignored) report.dropped(place.ignored);
    tellWay(event, place, report);
    const taken = queue.push(event.s, place?.key ? { key: place.key, lane: place.lane, text } : undefined);
    return taken
      ? undefined
      : (storeEnding() ?? {
          recovery: "resume",
          why: "events come faster than they are stored",
          storeFailed: true,
          doubtFrom: heardAt,
        });
  };

  /** Since when the peer was silent before it spoke again; `undefined` when that was no longer than a heartbeat. */
  const silence = (): number | undefined => (heardAt - heardBefore > intervalMs ? heardBefore : undefined);

  const storeEnding = (): Ending | undefined =>
    failure === undefined
      ? undefined
      : {
          recovery: "resume",
          why: `an event could not be stored: ${nameOf(failure)}`,
          storeFailed: true,
          doubtFrom: heardAt,
        };

  return {
    /** Waits for Hello; the interval of the heartbeat in ms, `undefined` when the socket ended first. */
    async hello(): Promise<number | undefined> {
      const cancel = abandonAfter(clock, HELLO_MS, socket, `no Hello within ${HELLO_MS} ms`);
      try {
        for (let text = await socket.next(); text !== undefined; text = await socket.next()) {
          const { frame } = read(text);
          if (frame?.op !== Opcode.hello) continue;
          return (intervalMs = Math.min(Math.max(frame.d.heartbeat_interval, BEAT_BOUNDS.min), BEAT_BOUNDS.max));
        }
        return undefined;
      } finally {
        cancel();
      }
    },

    /** Resumes the session there is, or begins one. */
    introduce(): void {
      const token = `QQBot ${options.token}`;
      if (point) send({ op: Opcode.resume, d: { token, session_id: point.sessionId, seq: point.seq } });
      else {
        const { intents, shard } = options;
        options.identified();
        send({ op: Opcode.identify, d: { token, intents, shard, properties: {} } });
      }
    },

    /** Beats until `signal` aborts, and leaves the socket of a peer that is dead or has forgotten us. */
    async beat(intervalMs: number, signal: AbortSignal): Promise<void> {
      const beat = (): void => {
        answered = false;
        beats++;
        if (!wasUp && beats > BEATS_TO_READY) socket.abandon("neither READY nor RESUMED came");
        else sendBeat();
      };
      const random = outside.random ?? Math.random;
      await runHeartbeat({ clock, intervalMs, random, beat, answered: () => answered }, signal);
      socket.abandon("a heartbeat was not answered");
    },

    /** Takes one frame; an answer ends the connection. */
    take(text: string): Ending | undefined {
      const { frame } = read(text);
      switch (frame?.op) {
        case Opcode.dispatch:
          return dispatch(frame, text);
        case Opcode.heartbeat:
          sendBeat();
          return undefined;
        case Opcode.heartbeatAck:
          answered = true;
          if (wasUp && point) move(point);
          return undefined;
        case Opcode.reconnect:
          return { recovery: "resume", why: "the platform asked for a new connection", doubtFrom: silence() };
        case Opcode.invalidSession: {
          const common = { waitMs: INVALID_SESSION_MS, doubtFrom: heardBefore };
          return frame.d === true
            ? { recovery: "resume", why: "the session is not valid for the moment", ...common }
            : { recovery: "identify", why: "the session is not valid", freshToken: true, ...common };
        }
        case Opcode.hello:
        case undefined:
          return undefined;
      }
    },

    /** The socket has ended, by whoever. */
    lost(): Ending {
      const { code, why } = socket.end ?? { code: 1006, why: "closed" };
      const rule = closeRule(code);
      return (
        storeEnding() ?? {
          recovery: rule.next,
          why: `${why} (${rule.meaning})`,
          code,
          doubtFrom: heardAt,
          ...(rule.waitMs !== undefined && { waitMs: rule.waitMs }),
          ...(rule.freshToken && { freshToken: true }),
        }
      );
    },

    async settle(ms: number): Promise<void> {
      const late = new AbortController();
      await Promise.race([queue.settled(), clock.sleep(ms, late.signal).catch(() => undefined)]);
      late.abort();
    },

    close(end: Ending): SessionEnd {
      queue.close();
      return { ...end, wasUp, ...(end.recovery === "resume" && point && { resume: point }) };
    },
  };
}

/** What may be told of a failure of the store: never its message, which may quote a row. */
function nameOf(error: unknown): string {
  if (error instanceof QQError) return error.code;
  if (error instanceof Error) return "code" in error && typeof error.code === "string" ? error.code : error.name;
  return "unknown reason";
}
