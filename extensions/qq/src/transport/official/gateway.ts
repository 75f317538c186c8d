import { QQError, QQTransportError } from "../../errors.ts";
import { DEFAULT_INTENTS, intentMask, type IntentName } from "../../protocol/official/intents.ts";
import type { GatewayBot } from "../../protocol/official/messages.ts";
import { createStatusBoard, type StatusBoard } from "../status.ts";
import type { LineOptions, Transport } from "../transport.ts";
import { createOfficialApi } from "./api.ts";
import { createGatewayAddress, type GatewayAddress } from "./gateway-address.ts";
import { afterFailure, afterSession, startCourse, type Course, type Turn } from "./reconnect.ts";
import { notifyTyping, sendOfficial } from "./send.ts";
import { createSessionKeeper, type SessionKeeper, type SessionStore } from "./session-keeper.ts";
import { runSession, type SessionEnd, type SessionPoint } from "./session.ts";
import { createTokenSource, type OfficialAccount, type TokenSource } from "./token.ts";

export interface GatewayOptions extends LineOptions {
  readonly account: OfficialAccount;
  /** What to subscribe to; those that the platform refuses are left out, one by one. */
  readonly intents?: readonly IntentName[];
  /** Where the session survives a restart. Without it, what is sent while the plugin is down is lost. */
  readonly sessions?: SessionStore | undefined;
}

/** The line of an official bot without a public address: one gateway socket in, HTTPS out. */
export function createGatewayTransport(options: GatewayOptions): Transport {
  const { account, outside, report, log } = options;
  const tokens = createTokenSource(outside, account);
  const api = createOfficialApi(outside, account, tokens);
  const line: Line = {
    options,
    tokens,
    address: createGatewayAddress(outside.clock, account.apiBaseUrl, api),
    keeper: createSessionKeeper(options.sessions, outside.clock, log),
    status: createStatusBoard(outside.clock, report),
    random: outside.random ?? Math.random,
  };
  return {
    run: async (signal) => await runGateway(line, signal),
    send: async (target, message, signal) => await sendOfficial(api, target, message, signal),
    typing: async (userId, notice, signal) => await notifyTyping(api, userId, notice, signal),
  };
}

interface Line {
  readonly options: GatewayOptions;
  readonly tokens: TokenSource;
  readonly address: GatewayAddress;
  readonly keeper: SessionKeeper;
  readonly status: StatusBoard;
  readonly random: () => number;
}

/** Connects, again and again, until the signal aborts or nothing but a person can help. */
async function runGateway(line: Line, signal: AbortSignal): Promise<void> {
  let course = startCourse(line.options.intents ?? DEFAULT_INTENTS, await line.keeper.load());
  while (!signal.aborted) {
    const { turn, why } = await connectOnce(line, course, signal);
    if (signal.aborted) break;
    if (turn.stop) {
      line.status.stopped(turn.stop.message);
      throw turn.stop;
    }
    course = turn.course;
    await pause(line, turn.pauseMs, why, signal);
  }
  await line.keeper.flush();
  line.status.stopped("stopped");
}

interface Outcome {
  readonly turn: Turn;
  readonly why: string;
}

/** One try: token, address, dial, and the connection for as long as it lives. */
async function connectOnce(line: Line, course: Course, signal: AbortSignal): Promise<Outcome> {
  line.status.connecting(course.resume ? "resuming the session" : "beginning a session");
  try {
    const gateway = await line.address.get(signal);
    if (!course.resume) checkIdentifyBudget(gateway);
    const token = await line.tokens.get(signal);
    const began = line.options.outside.clock.now();
    const end = await connect(line, course, { url: gateway.url, token }, signal);
    if (end.freshToken) line.tokens.invalidate(token);
    if (!end.resume) await line.keeper.forget();
    const turn = afterSession(course, end, line.options.outside.clock.now() - began, line.random);
    logEnd(line, end, turn);
    return { turn, why: end.why };
  } catch (cause) {
    const error = cause instanceof QQError ? cause : new QQTransportError(`unexpected ${nameOf(cause)}`, { cause });
    const turn = afterFailure(course, error, line.random);
    if (!signal.aborted && !turn.stop) {
      const say = error.retry === "never" ? "error" : "warn";
      line.options.log[say](`gateway not reached pauseMs=${turn.pauseMs} why="${error.message}"`);
    }
    return { turn, why: error.message };
  }
}

async function connect(
  line: Line,
  course: Course,
  how: { readonly url: string; readonly token: string },
  signal: AbortSignal,
): Promise<SessionEnd> {
  const without = course.without.length > 0 ? `, without ${course.without.join(" and ")}` : "";
  const options = {
    ...line.options,
    ...how,
    intents: intentMask(course.intents),
    resume: course.resume,
    up: (how: string) => {
      line.options.log.info(`gateway up how=${how} intents=${course.intents.join(",")}`);
      line.status.ready(`${how}${without}`);
    },
    down: (why: string) => line.status.connecting(why),
    moved: (point: SessionPoint) => line.keeper.keep(point),
  };
  try {
    return await runSession(options, signal);
  } catch (error) {
    line.address.doubt();
    throw error;
  }
}

/** Each Identify is counted; one too many is answered with op 9 for ever. */
function checkIdentifyBudget({ session_start_limit: limit }: GatewayBot): void {
  if (limit && limit.remaining < 1) {
    const minutes = Math.ceil(limit.reset_after / 60_000);
    throw new QQTransportError(`QQ grants this bot no new session for ${minutes} minutes (session_start_limit)`);
  }
}

function logEnd({ options: { log } }: Line, end: SessionEnd, turn: Turn): void {
  if (turn.stop) return;
  const line = `gateway down next=${end.recovery} pauseMs=${turn.pauseMs} why="${end.why}"`;
  if (end.storeFailed) log.error(`${line}; check the disk of the state directory`);
  else if (turn.pauseMs > 0) log.warn(line);
  else log.info(line);
  if (end.recovery === "lower-intents") {
    log.warn(`gateway intent refused without=${turn.course.without.at(-1)} left=${turn.course.intents.join(",")}`);
  }
}

async function pause({ options, status }: Line, ms: number, why: string, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  const { clock } = options.outside;
  status.waiting(why, clock.now() + ms);
  await clock.sleep(ms, signal).catch(() => undefined);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "failure";
}
