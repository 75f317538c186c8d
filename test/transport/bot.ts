import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished } from "vitest";
import { openJournal } from "../../extensions/qq/src/journal/database.ts";
import { openInbox } from "../../extensions/qq/src/journal/inbox.ts";
import { openReplies } from "../../extensions/qq/src/journal/replies.ts";
import { openSessions } from "../../extensions/qq/src/journal/sessions.ts";
import type {
  Accept,
  LineOptions,
  LineStatus,
  RawEvent,
  Transport,
} from "../../extensions/qq/src/transport/transport.ts";
import { drainInbox } from "./drain.ts";
import { countOutside } from "./outside.ts";
import type { OpenRoad, Road } from "./roads.ts";
import { APP_ID, type World } from "./world.ts";

/** A bot without OpenClaw: the line and the journal are the plugin's, and a small loop stands for the host. */
export interface Bot {
  readonly world: World;
  readonly road: Road;
  readonly statuses: readonly LineStatus[];
  readonly dropped: readonly string[];
  /** Why answers could not be sent. */
  readonly failures: readonly unknown[];
  /** How many events have been brought to the inbox, repetitions counted. */
  readonly accepted: number;
  /** Events in the journal, ended ones counted. */
  rows(): number;
  /** Of these, those that are not answered yet. */
  unanswered(): number;
  /** Opens the journal file and runs the line; resolves once the platform can reach it. */
  start(): Promise<void>;
  /** Aborts the line, waits for its end and closes the journal. */
  stop(): Promise<void>;
  /** Nothing is stored from now on, until the function that comes back is called. */
  hold(): () => void;
  breakJournal(): void;
  mendJournal(): void;
  send: Transport["send"];
  /** How the run ended: `undefined` when it resolved. */
  readonly ended: Promise<unknown>;
  /** Timers, sockets and calls of the line that are not over. */
  leftovers(): number;
}

export interface BotOptions {
  /** What a person gets for an answer. */
  readonly answer?: (text: string) => string;
  readonly secret?: string;
}

interface Run {
  readonly transport: Transport;
  readonly stop: AbortController;
  readonly ended: Promise<unknown>;
  readonly drained: Promise<void>;
  readonly databases: readonly DatabaseSync[];
}

/** Makes a bot on one road or several; it is not started yet, and stopped when the test ends. */
export async function createBot(world: World, open: readonly OpenRoad[], options: BotOptions = {}): Promise<Bot> {
  const roads = await Promise.all(open.map((each) => each(world, options.secret)));
  const road = first(roads);
  const directory = mkdtempSync(join(tmpdir(), "qq-transport-"));
  const file = join(directory, "journal.sqlite");
  const { outside, open: opened } = countOutside(world);
  const statuses: LineStatus[] = [];
  const lies: string[] = [];
  const dropped: string[] = [];
  const failures: unknown[] = [];
  const now = (): number => world.time.line.now();
  let accepted = 0;
  let held = Promise.resolve();
  let journal: DatabaseSync;
  let wake = (): void => {};
  let run: Run | undefined;

  const accept: Accept = async (event) => {
    accepted += 1;
    await held;
    await openInbox<RawEvent>(journal, "default", now).enqueue(event.key, event, {
      laneKey: event.lane,
    });
    wake();
  };
  const optionsOf = (of: Road): LineOptions => ({
    outside,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    accept,
    report: {
      status: (status) => {
        statuses.push(status);
        if (status.state === "ready" && !of.isOpen()) lies.push(`ready (${status.why}) while nothing is open`);
      },
      activity: () => {},
      dropped: (reason) => dropped.push(reason),
    },
  });

  const start = async (): Promise<void> => {
    journal = openJournal(file);
    const own = openJournal(file);
    const stop = new AbortController();
    const sessions = openSessions(own, `default:${APP_ID}`);
    const lines = roads.map((each) => each.line(optionsOf(each), sessions));
    const transport = first(lines);
    const drain = drainInbox({
      inbox: openInbox<RawEvent>(own, "default", now),
      replies: openReplies(own, "default"),
      transport,
      now,
      answer: options.answer ?? ((text) => `re: ${text}`),
      failed: (error) => failures.push(error),
      signal: stop.signal,
    });
    wake = () => drain.wake();
    const ended = Promise.all(lines.map((line) => line.run(stop.signal))).then(
      () => undefined,
      (error: unknown) => error,
    );
    run = { transport, stop, ended, drained: drain.ended, databases: [own] };
    for (const each of roads) await Promise.race([each.reached(), ended]);
    let over = false;
    void ended.then(() => (over = true));
    await world.until("the line to be up", () => over || statuses.at(-1)?.state === "ready");
  };

  const stop = async (): Promise<void> => {
    if (!run) return;
    const { ended, drained, databases, stop } = run;
    run = undefined;
    stop.abort(new Error("the test stops the bot"));
    await ended;
    await drained;
    for (const database of [journal, ...databases]) if (database.isOpen) database.close();
    await world.until("the line to leave nothing behind", () => leftovers() === 0);
  };
  const leftovers = (): number => opened() + world.time.sleepers;

  onTestFinished(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
    expect(lies).toEqual([]);
  });
  const running = (): Run => {
    if (!run) throw new Error("the bot does not run");
    return run;
  };
  const countRows = (where: string): number =>
    Number(running().databases[0]?.prepare(`SELECT count(*) AS n FROM inbox WHERE ${where}`).get()?.["n"]);
  return {
    world,
    road,
    statuses,
    dropped,
    failures,
    get accepted() {
      return accepted;
    },
    rows: () => countRows("TRUE"),
    unanswered: () => countRows("status IN ('pending', 'claimed')"),
    start,
    stop,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    breakJournal: () => journal.close(),
    mendJournal: () => (journal = openJournal(file)),
    send: async (target, message, signal) => await running().transport.send(target, message, signal),
    get ended() {
      return running().ended;
    },
    leftovers,
  };
}

/** A bot that is up on one road. */
export async function openBot(world: World, open: OpenRoad, options?: BotOptions): Promise<Bot> {
  const bot = await createBot(world, [open], options);
  await bot.start();
  return bot;
}

function first<T>(all: readonly T[]): T {
  const [one] = all;
  if (one === undefined) throw new Error("a bot has at least one road");
  return one;
}
