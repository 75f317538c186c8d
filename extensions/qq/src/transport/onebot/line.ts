import { createStatusBoard } from "../status.ts";
import type { Socket } from "../socket.ts";
import type { LineOptions } from "../transport.ts";
import type { OneBotAccess } from "./account.ts";
import type { OneBotCalls } from "./calls.ts";
import { createCatchUp } from "./catch-up.ts";
import { createHearing } from "./hearing.ts";
import type { Identity } from "./identity.ts";
import { createIntake } from "./intake.ts";
import { createLineState, type LineState } from "./line-state.ts";
import type { OneBotMemory } from "./memory.ts";
import type { HistoryReader } from "./missed.ts";
import { readMissedRequests } from "./missed-requests.ts";
import { placeEvent } from "./place.ts";
import { createReach } from "./reach.ts";
import { createReadingMarks } from "./reading-marks.ts";
import { createRecentChats } from "./recent-chats.ts";
import type { SocketRoad } from "./socket-road.ts";

/** What a socket is for: go-cqhttp dials one for calls and one for events (`onebot-napcat.md` 9). */
export type Role = "universal" | "api" | "event";

/** What outlives a run: who the account is, and the connections that are up, the newest last. */
export interface LineCore {
  identity: Identity | undefined;
  readonly links: OpenLink[];
  /** How often a connection has opened, or calls were answered again: what was learned of the other side may be over. */
  openings: number;
}

/** A connection that is up. `name` says where it leads to, for the status. */
export interface OpenLink {
  readonly socket: Socket;
  readonly road: SocketRoad;
  readonly role: Role;
  readonly name: string;
}

/** A line while it runs: what its connections share. */
export interface Line extends Pick<LineOptions, "outside" | "report" | "log"> {
  readonly access: OneBotAccess;
  readonly core: LineCore;
  readonly calls: OneBotCalls;
  readonly state: LineState;
  /** A connection is up, until the function that comes back is called. */
  opened(link: OpenLink): () => void;
  /** Something has come. */
  alive(): void;
  /** Takes an event; resolves and rejects as `Intake.take` does. What is left out is counted. */
  take(text: string): Promise<void>;
  /** The implementation says whether the account is online. */
  pulse(isOnline: boolean, signal: AbortSignal): void;
  /** From now on messages may be missing, until `catchUp` has read them. */
  gap(): void;
  /** Reads what was missed once it is known whose account it is. Never rejects. */
  catchUp(isKnown: Promise<boolean>, signal: AbortSignal): Promise<void>;
  /** Resolves when everything that has come is stored. */
  idle(): Promise<void>;
}

export interface LineParts extends LineOptions {
  readonly access: OneBotAccess;
  readonly memory: OneBotMemory;
  readonly core: LineCore;
  readonly calls: OneBotCalls;
  readonly signal: AbortSignal;
}

export function createLine(parts: LineParts): Line {
  const { outside, report, log, calls, core, signal } = parts;
  const { clock } = outside;
  const marks = createReadingMarks(parts.memory, log);
  const recent = createRecentChats(calls, log, () => core.openings);
  let aliveAt: number | undefined;
  const intake = createIntake({
    ...parts,
    // Whatever comes now has no room: the connections end, and history brings it once there is some.
    full: () => {
      for (const { socket } of core.links) socket.abandon("events come faster than they are stored");
    },
    stored: ({ event, message }) => {
      if (message) marks.move({ lane: event.lane, messageId: message.id, at: message.at });
    },
  });
  const reach = createReach(clock, marks, () => aliveAt);
  const catchUp = createCatchUp({ outside, log, intake, marks, recent, aliveAt: () => aliveAt });
  const state = createLineState(createStatusBoard(clock, report), () => void readAll(Promise.resolve(true), signal));
  const hearing = createHearing(clock, state, recent, catchUp);
  const reader = (): HistoryReader | undefined =>
    core.identity && { calls, software: core.identity.kind, selfId: core.identity.id, now: () => clock.now() };
  const quietly = async (work: Promise<void>, what: string): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!signal.aborted) log.error(`onebot ${what} failed error=${error instanceof Error ? error.name : "failure"}`);
    }
  };
  const takeRequests = async (since: number, ready: HistoryReader | undefined, signal: AbortSignal): Promise<void> => {
    for (const arrival of ready ? await readMissedRequests(ready, since, log, signal) : []) {
      if (intake.knows(arrival.event.key)) continue;
      log.info(`onebot request made during a gap key=${arrival.event.key}`);
      await intake.takeMissed(arrival);
    }
  };
  const readAll = async (isKnown: Promise<boolean>, signal: AbortSignal): Promise<void> => {
    // Reading moves the marks, by which it is known since when something may be missing.
    const since = reach.floor();
    const ready = isKnown.then((known) => (known ? reader() : undefined));
    await quietly(catchUp.all(ready, signal), "catching up");
    await quietly(takeRequests(since, await ready.catch(() => undefined), signal), "reading requests");
  };

  return {
    ...parts,
    state,
    opened(link) {
      core.openings++;
      core.links.push(link);
      const down = link.role === "api" ? () => undefined : state.up(link.name);
      return () => {
        const index = core.links.indexOf(link);
        if (index >= 0) core.links.splice(index, 1);
        down();
      };
    },
    alive: () => report.activity((aliveAt = clock.now())),
    async take(text) {
      const placed = placeEvent(text, clock.now());
      if (placed.ignored !== undefined) return report.dropped(placed.ignored);
      if (placed.message) hearing.heard();
      await intake.take(placed);
    },
    pulse(isOnline, signal) {
      state.online(isOnline);
      const ready = reader();
      if (isOnline && ready) void quietly(hearing.pulse(ready, signal), "looking at history");
    },
    gap: () => marks.openGap(),
    catchUp: readAll,
    idle: async () => await intake.idle(),
  };
}
