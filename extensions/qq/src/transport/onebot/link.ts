import { QQConfigError, QQError } from "../../errors.ts";
import { readFrame, type EventHead } from "../../protocol/onebot/frames.ts";
import { firstOf } from "../deadline.ts";
import type { Socket } from "../socket.ts";
import { greet } from "./greet.ts";
import type { Line, Role } from "./line.ts";
import { callOver } from "./road.ts";
import { createSocketRoad, type SocketRoad } from "./socket-road.ts";
import { takeEvent } from "./take-event.ts";
import { createWatch } from "./watch.ts";

/** How a connection ended. */
export interface LinkEnd {
  readonly why: string;
  /** Close code, where the peer closed. */
  readonly code: number;
  /** The access token was refused. */
  readonly badToken: boolean;
  /** Frames that came. */
  readonly frames: number;
  readonly livedMs: number;
  /** The line must stop. */
  readonly stop?: QQConfigError | undefined;
}

/** The lifecycle event comes at once, where it comes at all, ms (`onebot-napcat.md` 3). */
const LIFECYCLE_MS = 5000;
/** Answer to a probe, ms (`onebot-napcat.md` 3). */
const PROBE_MS = 20_000;

/** Reads one open socket until it ends. `name` says where it leads to, for the status. Never rejects. */
export async function runLink(line: Line, socket: Socket, role: Role, name: string): Promise<LinkEnd> {
  const { clock } = line.outside;
  const openedAt = clock.now();
  const over = new AbortController();
  const link = createLink(line, socket, role, over.signal);
  const close = line.opened({ socket, road: link.road, role, name });
  // A socket for calls brings no events, and may be as dead as any.
  const tasks = role === "api" ? [link.watch()] : [link.introduce(), link.watch()];
  let frames = 0;
  for (let text = await socket.next(); text !== undefined; text = await socket.next()) {
    frames++;
    link.take(text);
  }
  const { code, why } = socket.end ?? { code: 1006, why: "closed" };
  over.abort();
  link.road.ended(why);
  close();
  await Promise.all(tasks);
  return { why, code, frames, livedMs: clock.now() - openedAt, badToken: link.isTokenBad(), stop: link.stop() };
}

function createLink(line: Line, socket: Socket, role: Role, signal: AbortSignal) {
  const { report, log, outside } = line;
  const { clock } = outside;
  const road: SocketRoad = createSocketRoad(clock, socket);
  const begun = Promise.withResolvers<void>();
  let selfId: string | undefined;
  let isTokenBad = false;
  let stop: QQConfigError | undefined;

  const drop = (reason: string, detail?: string): void => {
    report.dropped(reason);
    if (detail !== undefined) log.warn(`onebot frame dropped reason="${reason}" detail="${detail}"`);
  };
  const probe = async (signal: AbortSignal): Promise<void> => {
    const status = await callOver(road, "get_status", {}, { timeoutMs: PROBE_MS, signal });
    line.pulse(status.online ?? true, signal);
  };
  const watch = createWatch({
    clock,
    socket,
    probe: role === "event" ? async () => undefined : probe,
    doubt: (why) => {
      if (role !== "api") line.state.doubt(why);
    },
  });

  const take = (event: EventHead, text: string): void => {
    selfId ??= event.self_id;
    const taken = takeEvent(line, event, text, signal);
    if (taken.kind === "heartbeat") watch.heartbeat(taken.intervalMs);
    // Of whichever account: it is asked for now.
    else if (taken.kind === "meta" || taken.kind === "foreign") begun.resolve();
    // Told of where it is kept: nobody waits for it here.
    else if (taken.kind === "event") taken.stored.catch(() => undefined);
  };

  return {
    road,
    isTokenBad: () => isTokenBad,
    stop: () => stop,
    watch: async () => await watch.run(signal),

    /** Finds out whose account it is, and reads what was missed. Nothing of it keeps events from being taken. */
    async introduce(): Promise<void> {
      const identity = Promise.withResolvers<boolean>();
      const reading = line.catchUp(identity.promise, signal);
      try {
        await firstOf(clock, LIFECYCLE_MS, begun.promise, signal);
        await greet(line, () => selfId, signal);
        identity.resolve(true);
      } catch (error) {
        identity.resolve(false);
        if (error instanceof QQConfigError) {
          stop = error;
          socket.abandon(error.message);
        } else if (!signal.aborted) log.error(`onebot account not known why="${whyOf(error)}"`);
      }
      await reading;
    },

    /** Takes one frame, whatever it is. */
    take(text: string): void {
      watch.alive();
      line.alive();
      const frame = readFrame(text);
      switch (frame.kind) {
        case "reply":
          if (!road.answered(frame)) drop("answer that nobody waits for");
          return;
        case "event":
          return take(frame.event, text);
        case "bad-token":
          isTokenBad = true;
          return socket.abandon("the access token is refused");
        case "unreadable":
          return drop(frame.reason, frame.detail);
      }
    },
  };
}

function whyOf(error: unknown): string {
  return error instanceof QQError ? error.message : "unexpected failure";
}
