import { expect, onTestFinished } from "vitest";
import { gatewayMemory } from "../../extensions/qq/src/channel/gateway-memory.ts";
import { openInbox } from "../../extensions/qq/src/journal/inbox.ts";
import { openOneBotMemory } from "../../extensions/qq/src/journal/onebot-marks.ts";
import { openReplies } from "../../extensions/qq/src/journal/replies.ts";
import type {
  LineOptions,
  LineReport,
  LineStatus,
  RawEvent,
  Transport,
} from "../../extensions/qq/src/transport/transport.ts";
import { drainInbox } from "./drain.ts";
import { countOutside } from "./outside.ts";
import type { Attempts } from "./sending.ts";
import type { GatewayMemory, OpenRoad, Road } from "./roads.ts";
import { createStore, type Store } from "./store.ts";
import { APP_ID, type World } from "./world.ts";

/** A bot without OpenClaw: the line and the journal are the plugin's, and a small loop stands for the host. */
export interface Bot extends Pick<Store, "accepted" | "hold" | "breakJournal" | "mendJournal" | "keys" | "order"> {
  readonly road: Road;
  readonly statuses: readonly LineStatus[];
  readonly dropped: readonly string[];
  /** Why answers could not be sent. */
  readonly failures: readonly unknown[];
  /** Events in the journal, ended ones counted. */
  rows(): number;
  /** Of these, those that are not answered yet. */
  unanswered(): number;
  /** Opens the journal file and runs the line; resolves once it is up, or over. */
  start(): Promise<void>;
  /** Aborts the line, waits for its end and closes the journal; rejects when something of the line is left. */
  stop(): Promise<void>;
  send: Transport["send"];
  /** The line itself, for what it can do beside sending. */
  readonly line: Transport;
  /** How the run ended: with this error, or `undefined` when it resolved. */
  readonly ended: Promise<unknown>;
  /** Timers, sockets and calls of the line that are not over. */
  leftovers(): number;
}

export interface BotOptions {
  /** What a person gets for an answer. */
  readonly answer?: (text: string) => string;
  readonly secret?: string;
  /** How a gateway line is set up. */
  readonly gateway?: GatewayMemory;
}

interface Run {
  readonly transport: Transport;
  readonly stop: AbortController;
  readonly ended: Promise<unknown>;
  readonly drained: Promise<void>;
}

/** Makes a bot on one road or several; it is not started yet, and stopped when the test ends. */
export async function createBot(world: World, open: readonly OpenRoad[], options: BotOptions = {}): Promise<Bot> {
  const roads = await Promise.all(open.map((each) => each(world, options.secret)));
  const now = (): number => world.time.line.now();
  const store = createStore(now);
  const network = countOutside(world);
  const told = createTold();
  const failures: unknown[] = [];
  const attempts: Attempts = new Map();
  let run: Run | undefined;
  const running = (): Run => {
    if (!run) throw new Error("the bot does not run");
    return run;
  };
  const optionsOf = (road: Road): LineOptions => ({
    outside: network.outside,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    accept: store.accept,
    report: told.reportOf(road),
  });
  const accepted = (): number => roads.reduce((sum, road) => sum + road.accepted, 0);
  const leftovers = (): number => network.open() + accepted();

  const start = async (): Promise<void> => {
    const journal = store.open();
    const stop = new AbortController();
    const kept = gatewayMemory(journal, "default", { appId: APP_ID, apiBaseUrl: world.emulator.url });
    const memory = { gateway: { ...kept, ...options.gateway }, onebot: openOneBotMemory(journal, "default") };
    const lines = roads.map((road) => road.line(optionsOf(road), memory));
    const transport = first(lines);
    const drain = drainInbox({
      inbox: openInbox<RawEvent>(journal, "default", now),
      replies: openReplies(journal, "default"),
      transport,
      clock: network.outside.clock,
      attempts,
      answer: options.answer ?? ((text) => `re: ${text}`),
      failed: (error) => failures.push(error),
      signal: stop.signal,
    });
    store.stored = () => drain.wake();
    let over = false;
    const ended = Promise.all(lines.map((line) => line.run(stop.signal)))
      .then(
        () => undefined,
        (error: unknown) => error,
      )
      .finally(() => (over = true));
    run = { transport, stop, ended, drained: drain.ended };
    for (const road of roads) await Promise.race([road.reached(), ended]);
    await world.until("the line to be up", () => over || told.statuses.at(-1)?.state === "ready");
  };

  const stop = async (): Promise<void> => {
    if (!run) return;
    const { ended, drained, stop } = run;
    run = undefined;
    stop.abort(new Error("the test stops the bot"));
    await Promise.all([ended, drained]);
    store.close();
    await world.until("the line to leave nothing behind", () => leftovers() === 0);
  };

  onTestFinished(async () => {
    await stop();
    expect(told.lies).toEqual([]);
  });
  return {
    road: first(roads),
    statuses: told.statuses,
    dropped: told.dropped,
    failures,
    get accepted() {
      return store.accepted;
    },
    keys: () => store.keys(),
    get order() {
      return store.order;
    },
    rows: () => store.count("TRUE"),
    unanswered: () => store.count("status IN ('pending', 'claimed')"),
    start,
    stop,
    hold: () => store.hold(),
    breakJournal: () => store.breakJournal(),
    mendJournal: () => store.mendJournal(),
    send: async (target, message, signal) => await running().transport.send(target, message, signal),
    get line() {
      return running().transport;
    },
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

/** What the lines have told, and where that was not so. */
function createTold() {
  const statuses: LineStatus[] = [];
  const lies: string[] = [];
  const dropped: string[] = [];
  const reportOf = (road: Road): LineReport => ({
    status(status) {
      statuses.push(status);
      if (status.state === "ready" && !road.isOpen()) lies.push(`ready (${status.why}) while nothing is open`);
    },
    activity() {},
    dropped: (reason) => void dropped.push(reason),
  });
  return { statuses, lies, dropped, reportOf };
}

function first<T>(all: readonly T[]): T {
  const [one] = all;
  if (one === undefined) throw new Error("a bot has at least one road");
  return one;
}
