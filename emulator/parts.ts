import type { Hono } from "hono";
import type { ApiEnv } from "./api-context.ts";
import { createApi } from "./api.ts";
import { createBus, type Bus } from "./bus.ts";
import { createCallRates } from "./call-rates.ts";
import { createMovableClock } from "./clock.ts";
import type { HostNotice } from "./control.ts";
import { createControlCalls, type ControlTable } from "./control-calls.ts";
import { createControlHttp } from "./control-http.ts";
import { createDelivery } from "./delivery.ts";
import { createFaultQueue } from "./faults.ts";
import { Gateway } from "./gateway.ts";
import { createIds } from "./ids.ts";
import { listenForAccounts } from "./onebot/listening.ts";
import { createNapcatPark, type NapcatPark } from "./onebot/park.ts";
import { createPageFiles } from "./page-files.ts";
import { resolveClock, resolveRules, type EmulatorOptions } from "./rules.ts";
import { defaultSeed } from "./seed.ts";
import type { Bot } from "./state.ts";
import { createTimedFaults } from "./timed-faults.ts";
import { createTokens } from "./tokens.ts";
import { createWebhook } from "./webhook.ts";
import { createWireLog, type WireLog } from "./wire-log.ts";
import { World } from "./world.ts";

/** An emulator without its server. */
export interface Parts {
  readonly app: Hono<ApiEnv>;
  readonly world: World;
  readonly bus: Bus;
  readonly log: WireLog;
  readonly table: ControlTable;
  readonly gateway: Gateway;
  /** NapCats of personal accounts; their servers are opened and closed apart. */
  readonly park: NapcatPark;
  readonly reset: () => void;
  /** Tells the parts where they are served. */
  readonly setUrl: (url: string) => void;
  readonly setHost: (notice: HostNotice) => void;
  readonly close: () => void;
}

/** Puts the parts together; nothing listens yet. */
export function assemble(options: EmulatorOptions): Parts {
  const rules = resolveRules(options);
  const steady = createMovableClock(resolveClock(options));
  const clock = createMovableClock(steady);
  const seed = options.seed ?? defaultSeed;
  const idSeed = options.idSeed ?? "qq";
  const bus = createBus();
  const log = createWireLog(clock, bus);
  const faults = createFaultQueue();
  // Ids of transport go on through a reset; ids of messages start a new run, so that none comes twice.
  const ids = createIds(`${idSeed}/wire`);
  let run = 0;
  let runIds = createIds(`${idSeed}/0`);
  let url = "";
  let notice: HostNotice | undefined;
  const closing = new AbortController();

  const changed = (): void => bus.publish({ event: "state", data: {} });
  const tokens = createTokens(clock, ids, rules);
  const bot = (appId: string): Bot | undefined => world.state.bots.get(appId);
  const gateway = new Gateway({ rules, clock, steady, log, ids, tokens, faults, bot, changed });
  const webhook = createWebhook({ rules, clock, ids, log, faults });
  const timed = createTimedFaults(clock);
  const delivery = createDelivery({ gateway, webhook, clock, timed });
  const world: World = new World({
    seed,
    rules,
    clock,
    bus,
    ids: () => runIds,
    deliver: (to, event) => delivery.deliver(to, event),
    swallows: (appId) => timed.left("blackhole", appId) > 0,
    report: (uin, event) => park.report(uin, event),
    napcat: (uin) => park.state(uin),
    sessions: (appId) => gateway.live(appId),
    origin: () => url,
  });
  const park: NapcatPark = createNapcatPark(seed.accounts ?? [], { world, clock, log, changed });
  const forgetTold = listenForAccounts(world, bus);
  const reset = (): void => {
    run += 1;
    runIds = createIds(`${idSeed}/${run}`);
    faults.clear();
    timed.clear();
    delivery.clear();
    forgetTold();
    world.reset();
    park.reset();
    bus.publish({ event: "state", data: { reset: true } });
  };
  const table = createControlCalls({ world, gateway, webhook, faults, timed, park, clock, changed, reset });
  const rates = createCallRates(clock, rules);
  const gatewayUrl = (): string => `${url.replace("http", "ws")}/websocket`;
  const api = createApi({ world, tokens, gateway, rates, faults, clock, ids, log, gatewayUrl });
  const controlHttp = createControlHttp({ table, world, log, bus, host: () => notice, closing: closing.signal });
  const app = api.route("/_emulator", controlHttp).route("/", createPageFiles());
  return {
    app,
    world,
    bus,
    log,
    table,
    gateway,
    park,
    reset,
    setUrl: (to: string) => void (url = to),
    setHost: (to: HostNotice): void => {
      notice = to;
      changed();
    },
    close() {
      closing.abort();
      // Nobody advances a clock that is about to stop: who waits for a click is let go.
      world.interactions.clear();
      webhook.close();
      gateway.close();
      clock.stop();
      steady.stop();
    },
  };
}
