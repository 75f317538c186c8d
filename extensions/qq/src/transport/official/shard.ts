import { QQError, QQTransportError } from "../../errors.ts";
import { intentMask, type IntentName } from "../../protocol/official/intents.ts";
import type { LineOptions } from "../transport.ts";
import type { GatewayAddress } from "./gateway-address.ts";
import type { IdentifyTurn, IdentifyTurns } from "./identify-turns.ts";
import type { RefusedIntents } from "./refused-intents.ts";
import { afterFailure, afterSession, leaveOut, startCourse, type Course, type Turn } from "./reconnect.ts";
import type { SessionKeeper } from "./session-keeper.ts";
import type { ShardBoard } from "./shard-status.ts";
import { runSession, type SessionEnd, type SessionOptions, type SessionPoint, type Shard } from "./session.ts";
import { demandIdentifies } from "./sharding.ts";
import type { TokenSource } from "./token.ts";

/** What one shard of a line is run with; what is not its own it shares with the others. */
export interface ShardLine {
  readonly options: LineOptions;
  readonly shard: Shard;
  readonly intents: readonly IntentName[];
  readonly refused: RefusedIntents;
  readonly tokens: TokenSource;
  readonly address: GatewayAddress;
  readonly turns: IdentifyTurns;
  readonly keeper: SessionKeeper;
  readonly status: ShardBoard;
  /** Events flow; they do no more, `doubtFrom` as in `SessionEnd`. */
  readonly up: () => void;
  readonly down: (doubtFrom: number | undefined) => void;
}

/** Connects, again and again, until the signal aborts; rejects when nothing but a person can help. */
export async function runShard(line: ShardLine, stored: SessionPoint | undefined, signal: AbortSignal): Promise<void> {
  let course = startCourse(line.intents, stored);
  while (!signal.aborted) {
    const { turn, why } = await connectOnce(line, course, signal);
    if (signal.aborted) break;
    if (turn.stop) throw turn.stop;
    course = turn.course;
    await pause(line, turn.pauseMs, why, signal);
  }
  await line.keeper.flush();
}

interface Outcome {
  readonly turn: Turn;
  readonly why: string;
}

/** One try: token, address, dial, and the connection for as long as it lives. */
async function connectOnce(line: ShardLine, before: Course, signal: AbortSignal): Promise<Outcome> {
  let course = before;
  let turn: IdentifyTurn | undefined;
  const { clock, random = Math.random } = line.options.outside;
  line.status.connecting(course.resume ? "resuming the session" : "beginning a session");
  try {
    const gateway = await line.address.get(signal);
    if (!course.resume) {
      demandIdentifies(gateway, 1);
      turn = await line.turns.take(gateway.session_start_limit?.max_concurrency ?? 1, signal);
    }
    // Only now: while this one waited for its turn, another may have been refused an intent.
    course = leaveOut(course, (name) => line.refused.isKnown(name));
    const token = await line.tokens.get(signal);
    const began = clock.now();
    const how = { url: gateway.url, token, turn };
    const end = await connect(line, course, how, signal);
    if (end.freshToken) line.tokens.invalidate(token);
    if (!end.resume) await line.keeper.forget();
    const next = afterSession(course, end, clock.now() - began, random);
    noteEnd(line, end, next);
    return { turn: next, why: end.why };
  } catch (cause) {
    const error = cause instanceof QQError ? cause : new QQTransportError(`unexpected ${nameOf(cause)}`, { cause });
    const next = afterFailure(course, error, random);
    if (!signal.aborted && !next.stop) {
      const say = error.retry === "never" ? "error" : "warn";
      line.options.log[say](`gateway not reached${tag(line)} pauseMs=${next.pauseMs} why="${error.message}"`);
    }
    return { turn: next, why: error.message };
  } finally {
    turn?.over();
  }
}

async function connect(
  line: ShardLine,
  course: Course,
  { url, token, turn }: Pick<SessionOptions, "url" | "token"> & { readonly turn: IdentifyTurn | undefined },
  signal: AbortSignal,
): Promise<SessionEnd> {
  const without = course.without.length > 0 ? `, without ${course.without.join(" and ")}` : "";
  const options = {
    ...line.options,
    url,
    token,
    identified: () => turn?.sent(),
    intents: intentMask(course.intents),
    shard: line.shard,
    resume: course.resume,
    up: (how: string) => {
      turn?.over();
      line.options.log.info(`gateway up${tag(line)} how=${how} intents=${course.intents.join(",")}`);
      line.status.ready(`${how}${without}`, course.without);
      line.up();
    },
    down: (why: string, doubtFrom: number | undefined) => {
      line.status.connecting(why);
      line.down(doubtFrom);
    },
    moved: (point: SessionPoint) => line.keeper.keep(point),
  };
  try {
    return await runSession(options, signal);
  } catch (error) {
    line.address.doubt();
    throw error;
  }
}

function noteEnd(line: ShardLine, end: SessionEnd, turn: Turn): void {
  if (turn.stop) return;
  const { log } = line.options;
  const text = `gateway down${tag(line)} next=${end.recovery} pauseMs=${turn.pauseMs} why="${end.why}"`;
  if (end.storeFailed) log.error(`${text}; check the disk of the state directory`);
  else if (turn.pauseMs > 0) log.warn(text);
  else log.info(text);
  const refused = end.recovery === "lower-intents" ? turn.course.without.at(-1) : undefined;
  if (refused) {
    line.refused.note(refused);
    log.warn(`gateway intent refused without=${refused} left=${turn.course.intents.join(",")}`);
  }
}

async function pause({ options, status }: ShardLine, ms: number, why: string, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  const { clock } = options.outside;
  status.waiting(why, clock.now() + ms);
  await clock.sleep(ms, signal).catch(() => undefined);
}

/** Which shard a log line is about, where there are several. */
function tag({ shard: [index, total] }: ShardLine): string {
  return total === 1 ? "" : ` shard=${index}/${total}`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "failure";
}
