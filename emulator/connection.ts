import type { WebSocket } from "ws";
import { Opcode } from "../extensions/qq/src/protocol/official/frames.ts";
import type { Clock } from "./clock.ts";
import type { Rules } from "./rules.ts";
import type { Carrier, Session } from "./session.ts";
import type { WireLog } from "./wire-log.ts";

/** What the gateway does with the commands of a connection. Each may close the connection. */
interface Commands {
  identify(connection: Connection, d: unknown): void;
  resume(connection: Connection, d: unknown): void;
  lost(connection: Connection): void;
}

export interface ConnectionContext {
  readonly rules: Rules;
  /** Clock of lifetimes; the control API moves it. */
  readonly clock: Clock;
  /** Clock that runs as the client's does: moving time for the world must not look like missing heartbeats. */
  readonly steady: Clock;
  readonly log: WireLog;
  readonly commands: Commands;
}

/** The close frame of an op 9 that came from a failed identify follows so much later, ms (qq-official.md 2.5). */
const INVALID_SESSION_CLOSE_MS = 100;
/** A close frame that holds no code is seen as this one. */
const NO_STATUS = 1005;
const HEARTBEAT_SLACK_MS = 10_000;
const MINUTE = 60_000;

const opcodeNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Opcode).map(([name, op]) => [op, name]),
);

/** One WebSocket of the gateway: hello, commands, heartbeats, end of life (qq-official.md 2 and 13.6-13.11). */
export class Connection implements Carrier {
  session: Session | undefined;
  readonly #socket: WebSocket;
  readonly #context: ConnectionContext;
  readonly #timers = new Set<() => void>();
  #stopWatch: () => void = () => {};
  #isHole = false;
  #frameTimes: number[] = [];

  constructor(socket: WebSocket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    socket.on("message", (data: Buffer) => this.#read(data.toString("utf8")));
    socket.on("close", () => this.#end());
    socket.on("error", () => socket.terminate());
    this.send({ op: Opcode.hello, d: { heartbeat_interval: context.rules.heartbeatMs } });
    this.#after(context.rules.identifyMs, () => this.session || this.refuse(4003, "not identified in time"));
    this.#after(context.rules.lifetimeMs, () => this.askToReconnect(context.rules.reconnectGraceMs));
  }

  send(frame: object): void {
    this.sendRaw(JSON.stringify(frame));
  }

  sendRaw(text: string): void {
    if (this.#isHole || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#log("in", text);
    this.#socket.send(text);
  }

  close(code: number, reason: string): void {
    this.#note("in", `close ${code} ${reason}`);
    // Nothing gets out of a hole, a close frame neither.
    if (this.#isHole) this.#socket.terminate();
    else if (code === NO_STATUS) this.#socket.close();
    else this.#socket.close(code, reason);
    this.#end();
  }

  cut(): void {
    this.#note("in", "cut");
    this.#socket.terminate();
    this.#end();
  }

  blackhole(): void {
    this.#note("in", "half-open");
    this.#isHole = true;
    this.#socket.pause();
  }

  /** Op 7; unless `graceMs` is left out, close 4009 so much later. */
  askToReconnect(graceMs?: number): void {
    this.send({ op: Opcode.reconnect });
    if (graceMs !== undefined) this.#after(graceMs, () => this.close(4009, "Session timed out"));
  }

  /** Closes because of a rule; the wire log names it. */
  refuse(code: number, reason: string): void {
    this.#note("in", `refused ${code}`, `${code} ${reason}`);
    this.close(code, reason);
  }

  /** Op 9, and close 4903 a little later. */
  refuseSession(reason: string): void {
    this.#note("in", "refused a session", reason);
    this.send({ op: Opcode.invalidSession, d: false });
    this.#after(INVALID_SESSION_CLOSE_MS, () => this.close(4903, "create session error"));
  }

  /** The connection carries this session from now on, and must keep beating. */
  carry(session: Session): void {
    this.session = session;
    this.#watchHeartbeat();
  }

  #read(text: string): void {
    if (this.#isHole || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#log("out", text);
    const frame = parseFrame(text);
    if (!frame) return this.refuse(4002, "invalid payload");
    if (frame.op === Opcode.heartbeat && this.session) {
      this.#watchHeartbeat();
      return this.send({ op: Opcode.heartbeatAck });
    }
    if (this.#isTooFast()) return this.refuse(4008, "too many payloads");
    this.#run(frame);
  }

  #run({ op, d }: { op: number; d: unknown }): void {
    switch (op) {
      case Opcode.identify:
        if (this.session) return this.refuse(4005, "already authenticated");
        return this.#context.commands.identify(this, d);
      case Opcode.resume:
        if (this.session) return this.refuse(4005, "already authenticated");
        return this.#context.commands.resume(this, d);
      case Opcode.heartbeat:
        return this.refuse(4003, "not authenticated");
      default:
        return this.refuse(4001, "invalid opcode");
    }
  }

  #isTooFast(): boolean {
    const now = this.#context.steady.now();
    this.#frameTimes = [...this.#frameTimes.filter((at) => at > now - MINUTE), now];
    return this.#frameTimes.length > this.#context.rules.framesPerMinute;
  }

  #watchHeartbeat(): void {
    this.#stopWatch();
    const ms = 2 * this.#context.rules.heartbeatMs + HEARTBEAT_SLACK_MS;
    this.#stopWatch = this.#context.steady.after(ms, () => this.close(4009, "Session timed out"));
  }

  #after(ms: number, run: () => void): void {
    this.#timers.add(this.#context.clock.after(ms, run));
  }

  #end(): void {
    this.#stopWatch();
    for (const callOff of this.#timers) callOff();
    this.#context.commands.lost(this);
  }

  #log(direction: "in" | "out", text: string): void {
    const frame = parseFrame(text);
    if (!frame) return this.#note(direction, `${text.length} characters that are no frame`);
    const name = opcodeNames[frame.op] ?? "unknown";
    const event = "t" in frame && typeof frame.t === "string" ? ` ${frame.t}` : "";
    this.#context.log.add({
      ...this.#bot(),
      channel: "gateway",
      direction,
      title: `${frame.op} ${name}${event}`,
      body: frame,
    });
  }

  #note(direction: "in" | "out", title: string, refused?: string): void {
    const why = refused === undefined ? {} : { refused };
    this.#context.log.add({ ...this.#bot(), channel: "gateway", direction, title, ...why });
  }

  #bot(): { bot?: string } {
    return this.session ? { bot: this.session.appId } : {};
  }
}

function parseFrame(text: string): { op: number; d: unknown; t?: unknown } | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== "object" || frame === null || !("op" in frame) || typeof frame.op !== "number")
      return undefined;
    return { d: undefined, ...frame, op: frame.op };
  } catch {
    return undefined;
  }
}
