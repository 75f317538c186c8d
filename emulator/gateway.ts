import type { WebSocket } from "ws";
import { Opcode } from "../extensions/qq/src/protocol/official/frames.ts";
import type { Clock } from "./clock.ts";
import { Connection } from "./connection.ts";
import type { Fault } from "./control.ts";
import type { PlatformEvent } from "./events.ts";
import type { FaultQueue } from "./faults.ts";
import type { Ids } from "./ids.ts";
import { KNOWN_INTENTS } from "./intents.ts";
import type { Rules } from "./rules.ts";
import { Session } from "./session.ts";
import { belongsTo, type Shard } from "./shards.ts";
import type { Bot } from "./state.ts";
import type { Tokens } from "./tokens.ts";
import type { WireLog } from "./wire-log.ts";

const DAY = 24 * 3_600_000;
/** Close codes of bots that may not live (qq-official.md 2.6). */
const LIFE_CODES = { banned: 4915, "off-shelf": 4914 } as const;

export interface GatewayContext {
  readonly rules: Rules;
  readonly clock: Clock;
  readonly steady: Clock;
  readonly log: WireLog;
  readonly ids: Ids;
  readonly tokens: Tokens;
  readonly faults: FaultQueue;
  readonly bot: (appId: string) => Bot | undefined;
  /** A session came or went. */
  readonly changed: () => void;
}

/** Faults that befall living sessions as soon as they are asked for. */
export type SuddenFault = Extract<Fault, { do: "close" | "reconnect" | "invalid-session" | "half-open" | "raw" }>;

/** The sessions of all bots and the connections they ride on (qq-official.md 2). */
export class Gateway {
  readonly #context: GatewayContext;
  readonly #sessions = new Map<string, Session>();
  readonly #connections = new Set<Connection>();
  readonly #starts = new Map<string, number[]>();

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  accept(socket: WebSocket): void {
    const { rules, clock, steady, log } = this.#context;
    this.#connections.add(new Connection(socket, { rules, clock, steady, log, commands: this }));
  }

  /** Sessions of a bot that ride on a connection. */
  live(appId: string): number {
    return this.#of(appId).filter((session) => session.carrier).length;
  }

  /** Identifies left of the bot's budget, and ms until the oldest comes back. */
  startLimit(appId: string): { total: number; remaining: number; reset_after: number; max_concurrency: 1 } {
    const now = this.#context.clock.now();
    const times = (this.#starts.get(appId) ?? []).filter((at) => at > now - DAY);
    this.#starts.set(appId, times);
    const total = this.#context.rules.sessionStarts;
    const remaining = Math.max(0, total - times.length);
    return { total, remaining, reset_after: (times[0] ?? now) + DAY - now, max_concurrency: 1 };
  }

  /** Whether the bot has a session whose shard the event belongs to, be it one that waits for a resume. */
  serves(appId: string, event: PlatformEvent): boolean {
    return this.#of(appId).some((session) => belongsTo(session.shard, event));
  }

  /** Puts an event into every session of its shard. False when there is none, not even one that waits for a resume. */
  dispatch(appId: string, event: PlatformEvent): boolean {
    const sessions = this.#of(appId).filter((session) => belongsTo(session.shard, event));
    const fault = this.live(appId) > 0 ? this.#context.faults.take(appId, "close", "duplicate") : undefined;
    const times = fault?.do === "duplicate" ? fault.times : 1;
    for (const session of sessions) {
      const frames = Array.from({ length: times }, () => session.record(event, this.#context.clock.now()));
      const { carrier } = session;
      if (fault?.do === "close" && fault.when === "before-dispatch") drop(session, fault.code);
      else for (const frame of frames) if (frame) carrier?.send(frame);
      if (fault?.do === "close" && fault.when === "after-dispatch") drop(session, fault.code);
    }
    return sessions.length > 0;
  }

  /** Lets a fault befall the living sessions of one bot, or of all. */
  strike(fault: SuddenFault): void {
    for (const session of this.#sessions.values()) {
      const concerned = fault.bot === undefined || fault.bot === session.appId;
      if (concerned && session.carrier) this.#strikeSession(session, fault);
    }
  }

  identify(connection: Connection, d: unknown): void {
    const request = readIdentify(d);
    const appId = this.#context.tokens.owner(request.token.match(/^QQBot (\S+)$/)?.[1] ?? "");
    const bot = appId === undefined ? undefined : this.#context.bot(appId);
    if (!bot) return connection.refuseSession("the token is wrong, or without its scheme");
    if (bot.state !== "live") return connection.refuse(LIFE_CODES[bot.state], `the bot is ${bot.state}`);
    if (this.startLimit(bot.appId).remaining === 0) return connection.refuseSession("the identify budget is used up");
    if (this.#isTooSoon(bot.appId)) return connection.refuseSession("more Identifies at once than max_concurrency");
    const { intents, shard } = request;
    if (!isIntentMask(intents)) return connection.refuse(4013, "invalid intent");
    const granted = bot.intents & ~this.#context.faults.deniedIntents(bot.appId);
    if ((intents & ~granted) !== 0) return connection.refuse(4014, "disallowed intent");
    if (shard === "invalid") return connection.refuse(4010, "invalid shard");
    this.#starts.get(bot.appId)?.push(this.#context.clock.now());
    const session = new Session(this.#context.ids.uuid(), bot.appId, intents, shard, this.#context.rules);
    this.#sessions.set(session.id, session);
    this.#attach(session, connection);
    const user = { id: bot.userId, username: bot.name, bot: true, status: 1 };
    const ready = { version: 1, session_id: session.id, user, shard: shard ?? [0, 0] };
    connection.send({ op: Opcode.dispatch, s: session.seq, t: "READY", d: ready });
  }

  resume(connection: Connection, d: unknown): void {
    const request = readResume(d);
    // A bare token is taken too: Tencent's Go client sends one.
    const appId = this.#context.tokens.owner(request.token.replace(/^QQBot /, ""));
    const session = this.#sessions.get(request.sessionId);
    if (!session || session.appId !== appId) return connection.refuseSession("there is no such session");
    const refused = this.#context.faults.take(appId, "refuse-resume");
    if (refused) {
      this.#sessions.delete(session.id);
      return connection.close(refused.code, refused.code === 4902 ? "reset by resume" : "resume refused");
    }
    if (session.expired(this.#context.clock.now())) return connection.refuse(4902, "reset by resume");
    if (!Number.isInteger(request.seq) || request.seq > session.seq) return connection.refuse(4007, "invalid seq");
    const again = this.#context.faults.take(appId, "over-replay");
    this.#attach(session, connection);
    for (const frame of session.after(request.seq, again?.events)) connection.send(frame);
    connection.send({ op: Opcode.dispatch, s: session.seq, t: "RESUMED", d: "" });
  }

  lost(connection: Connection): void {
    this.#connections.delete(connection);
    const { session } = connection;
    if (session?.carrier !== connection) return;
    session.carrier = undefined;
    session.lostAt = this.#context.clock.now();
    this.#context.changed();
  }

  /** A bot that may live no longer loses its sessions, and cannot resume them. */
  expel(appId: string, life: keyof typeof LIFE_CODES): void {
    for (const session of this.#of(appId)) {
      this.#sessions.delete(session.id);
      session.carrier?.close(LIFE_CODES[life], `the bot is ${life}`);
    }
  }

  /** Cuts every connection and forgets every session. */
  close(): void {
    for (const connection of this.#connections) connection.cut();
    this.#sessions.clear();
  }

  #isTooSoon(appId: string): boolean {
    const last = this.#starts.get(appId)?.at(-1);
    return last !== undefined && this.#context.clock.now() - last < this.#context.rules.identifyEveryMs;
  }

  #of(appId: string): Session[] {
    const now = this.#context.clock.now();
    return [...this.#sessions.values()].filter((session) => session.appId === appId && !session.expired(now));
  }

  /** A session that is resumed while its old connection hangs half-open leaves that one behind. */
  #attach(session: Session, connection: Connection): void {
    const old = session.carrier;
    session.carrier = connection;
    session.lostAt = undefined;
    connection.carry(session);
    old?.cut();
    this.#context.changed();
  }

  #strikeSession(session: Session, fault: SuddenFault): void {
    const { carrier } = session;
    switch (fault.do) {
      case "close":
        return drop(session, fault.code);
      case "reconnect":
        return this.#carrying(session)?.askToReconnect(
          fault.thenClose ? this.#context.rules.reconnectGraceMs : undefined,
        );
      case "half-open":
        return carrier?.blackhole();
      case "raw":
        return carrier?.sendRaw(fault.text);
      case "invalid-session":
        carrier?.send({ op: Opcode.invalidSession, d: fault.resumable });
        if (!fault.resumable) this.#sessions.delete(session.id);
        return this.#detach(session);
    }
  }

  #carrying(session: Session): Connection | undefined {
    return [...this.#connections].find((connection) => connection.session === session);
  }

  /** The connection stays and may identify or resume again. */
  #detach(session: Session): void {
    const connection = this.#carrying(session);
    if (connection) connection.session = undefined;
    session.carrier = undefined;
    session.lostAt = this.#context.clock.now();
    this.#context.changed();
  }
}

function drop(session: Session, code: number): void {
  if (code === 1006) session.carrier?.cut();
  else session.carrier?.close(code, "fault");
}

const isIntentMask = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < 2 ** 31 && (value & ~KNOWN_INTENTS) === 0;

function readIdentify(d: unknown): { token: string; intents: number; shard: Shard | undefined | "invalid" } {
  const fields: Record<string, unknown> = typeof d === "object" && d !== null ? { ...d } : {};
  return { token: String(fields["token"]), intents: Number(fields["intents"]), shard: readShard(fields["shard"]) };
}

function readShard(value: unknown): Shard | undefined | "invalid" {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length !== 2) return "invalid";
  const [index, total]: unknown[] = value;
  if (!Number.isInteger(index) || !Number.isInteger(total)) return "invalid";
  return Number(index) >= 0 && Number(index) < Number(total) ? [Number(index), Number(total)] : "invalid";
}

function readResume(d: unknown): { token: string; sessionId: string; seq: number } {
  const fields: Record<string, unknown> = typeof d === "object" && d !== null ? { ...d } : {};
  return { token: String(fields["token"]), sessionId: String(fields["session_id"]), seq: Number(fields["seq"]) };
}
