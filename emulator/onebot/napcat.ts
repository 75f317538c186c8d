import type { Clock } from "../clock.ts";
import type { WireEntry } from "../control.ts";
import type { AccountSeed } from "../seed.ts";
import { pick } from "../state.ts";
import type { WireLog } from "../wire-log.ts";
import type { World } from "../world.ts";
import type { Account } from "./account.ts";
import type { AccountContext, Adapter, CallContext } from "./actions.ts";
import { runAction } from "./call.ts";
import { encodeReply, type Reply } from "./envelope.ts";
import type { EventAdapter } from "./event-adapter.ts";
import { EventTeller } from "./event-teller.ts";
import { createIdTable } from "./id-table.ts";
import { createMemory } from "./memory.ts";
import type { MessageEvent } from "./message-event.ts";
import { draw } from "./numbers.ts";
import type { Params } from "./params.ts";
import { defaultSettings, type NapcatSettings } from "./settings.ts";
import { Weather } from "./weather.ts";
import { shorten } from "./wire.ts";

export interface NapcatParts {
  readonly world: World;
  readonly clock: Clock;
  readonly log: WireLog;
  /** Tells those who look at the world that something about the account is other than before. */
  readonly changed: () => void;
}

/** A call as it came, by whatever way. `echo` is `undefined` where there was none. */
export interface OneBotCall {
  readonly action: string;
  readonly params: Params;
  readonly echo: unknown;
}

/** One account's NapCat: what it remembers, what goes wrong with it, and what it tells its bot. */
export class Napcat {
  readonly uin: string;
  readonly clock: Clock;
  readonly weather: Weather;
  readonly changed: () => void;
  readonly events: EventTeller = new EventTeller(this);
  readonly ids = createIdTable();
  readonly memory = createMemory();
  settings: NapcatSettings;
  /** When the process started, ms since the epoch. */
  bootAt: number;
  httpUrl = "";
  wsUrl = "";
  adapters: readonly EventAdapter[] = [];
  readonly #seed: AccountSeed;
  readonly #world: World;
  readonly #log: WireLog;
  #drawn = 0;

  constructor(seed: AccountSeed, { world, clock, log, changed }: NapcatParts) {
    this.uin = seed.uin;
    this.clock = clock;
    this.weather = new Weather(clock);
    this.changed = changed;
    this.#seed = seed;
    this.#world = world;
    this.#log = log;
    this.settings = this.seedSettings();
    this.bootAt = clock.now();
  }

  seedSettings(): NapcatSettings {
    const { napcat, token } = this.#seed;
    return {
      ...defaultSettings,
      ...this.#world.context.rules.napcat,
      ...napcat,
      ...(token !== undefined && { token }),
    };
  }

  get account(): Account {
    return pick(this.#world.state.accounts, this.uin, "account");
  }

  /** Forgets what only the process remembered. */
  forget(): void {
    this.ids.clear();
    this.memory.clear();
    this.events.dropHeld();
  }

  /** Everything as the seed has it. */
  reset(): void {
    this.forget();
    this.events.dropMissed();
    this.weather.clear();
    this.settings = this.seedSettings();
    this.bootAt = this.clock.now();
  }

  /** Answers what is no call at all. */
  refuseFrame(adapter: Adapter): Reply {
    return encodeReply({ kind: "unparsable" }, this.#facts(adapter, undefined, false));
  }

  /**
   * Runs a call and answers it, in as many frames as it has; in none where a fault or its own check wants so. Calls run
   * side by side, so answers come in the order they are ready. Resolves when everything is said, with false if a fault
   * has lost the call or its answer.
   */
  async answerCall(
    { action, params, echo }: OneBotCall,
    adapter: Adapter,
    answer: (reply: Reply) => void,
  ): Promise<boolean> {
    const lost = this.weather.takeLoss(action);
    if (lost === "call") return false;
    const own: MessageEvent[] = [];
    const isKnown = !this.weather.unsupported.has(action);
    const context: CallContext = {
      ...this.context(),
      adapter,
      reportSelf: (event) =>
        this.settings.selfEventFirst ? this.events.tell({ kind: "message", ...event }) : void own.push(event),
      emit: (data) => answer(encodeReply({ kind: "ok", data }, this.#facts(adapter, echo, true))),
    };
    const { end, isStream } = await runAction(action, params, context, isKnown);
    await this.#delay(action);
    if (end && !lost) answer(encodeReply(end, this.#facts(adapter, echo, isStream)));
    for (const event of own) this.events.tell({ kind: "message", ...event });
    return !lost;
  }

  /** What actions and events of the account have in common, as it is now. */
  context(): AccountContext {
    const { weather, settings } = this;
    return {
      world: this.#world,
      account: this.account,
      settings,
      clock: this.clock,
      ids: this.ids,
      memory: this.memory,
      bootAt: this.bootAt,
      online: weather.isOnline,
      hasStored: (bubble) =>
        this.events.isTold(bubble) && !weather.unheard.has(bubble.message.id) && !weather.lost.has(bubble.message.id),
      httpUrl: this.httpUrl,
      reportSelf: (event) => this.events.tell({ kind: "message", ...event }),
      takeSendFault: () => weather.takeSendFault(),
      nextDelay: () => draw(`${this.uin}/${(this.#drawn += 1)}`, settings.sendDelayMs),
    };
  }

  log({ body, refused, ...entry }: LogEntry): void {
    const shown = body === undefined ? {} : { body: shorten(body) };
    const why = refused === undefined ? {} : { refused };
    this.#log.add({ bot: this.uin, channel: "onebot", ...entry, ...shown, ...why });
  }

  #delay(action: string): Promise<void> | undefined {
    const ms = this.weather.delays.get(action) ?? 0;
    return ms > 0 ? new Promise((resolve) => void this.clock.after(ms, resolve)) : this.weather.stalled;
  }

  #facts(adapter: Adapter, echo: unknown, isStream: boolean): Parameters<typeof encodeReply>[1] {
    const ownEcho = draw(`echo/${this.uin}/${(this.#drawn += 1)}`, [0, 2 ** 31]).toString(36);
    return {
      software: this.settings.software,
      transport: adapter.transport,
      echo: echo ?? undefined,
      isStream,
      ownEcho,
    };
  }
}

interface LogEntry {
  readonly direction: WireEntry["direction"];
  readonly title: string;
  readonly body?: unknown;
  readonly refused?: string | undefined;
}
