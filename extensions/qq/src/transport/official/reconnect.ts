import { QQApiError, type QQError } from "../../errors.ts";
import { lowerIntents, type IntentName } from "../../protocol/official/intents.ts";
import { backoff } from "../backoff.ts";
import { refusalError } from "./refusal.ts";
import type { SessionEnd, SessionPoint } from "./session.ts";

/** What is remembered from one connection to the next. */
export interface Course {
  readonly intents: readonly IntentName[];
  /** Left out because the platform refused them. */
  readonly without: readonly IntentName[];
  readonly resume: SessionPoint | undefined;
  /** Failures in a row. */
  readonly failures: number;
  /** Connections in a row that ended right after they began. */
  readonly quick: number;
  /** Resumes in a row that came to nothing although the platform answered. */
  readonly deadResumes: number;
}

/** What comes after a failure: another try after a pause, or the end. There is no last try. */
export type Turn =
  | { readonly course: Course; readonly pauseMs: number; readonly stop?: never }
  | { readonly stop: QQError };

export function startCourse(intents: readonly IntentName[], resume: SessionPoint | undefined): Course {
  return { intents, without: [], resume, failures: 0, quick: 0, deadResumes: 0 };
}

/** The same course without the intents that are known to be refused: by another shard's try, or an earlier run's. */
export function leaveOut(course: Course, isRefused: (name: IntentName) => boolean): Course {
  const refused = course.intents.filter(isRefused);
  if (refused.length === 0) return course;
  const intents = course.intents.filter((name) => !refused.includes(name));
  return { ...course, intents, without: [...course.without, ...refused] };
}

/** For a network that failed, ms: with a call that times out, back within a minute of the network's return. */
const NETWORK = { firstMs: 1000, maxMs: 45_000 };
/** For a platform that refuses, ms: each Identify counts against some 1000 a day. */
const REFUSED = { firstMs: 4000, maxMs: 300_000 };
/** A connection that ends within this of its dial has failed, ms; QQ's own plugins say the same, and the two below. */
const QUICK_MS = 5000;
const QUICK_ENDS = 3;
const QUICK_PAUSE_MS = 60_000;
/** Identify may follow a lost session after about this, ms; one Identify per 5 s is allowed (`max_concurrency`). */
const IDENTIFY_MS = 3000;
/** For what only a person can change, at QQ and not here, ms. */
const SLOW_MS = 300_000;
/** A session whose resumes keep failing is gone whatever the codes say: identify, or it goes round for ever (4902). */
const DEAD_RESUMES = 3;

/** After a connection that lived `livedMs`. Arithmetic: `random` is from 0 to below 1. */
export function afterSession(course: Course, end: SessionEnd, livedMs: number, random: () => number): Turn {
  if (end.recovery === "stop") return { stop: stopError(end) };
  if (end.recovery === "lower-intents") return lower(course, end);
  const healthy = end.wasUp && !end.storeFailed && livedMs >= QUICK_MS;
  const failures = healthy ? 0 : course.failures + 1;
  const quick = livedMs < QUICK_MS ? course.quick + 1 : 0;
  const deadResumes = course.resume && !end.wasUp ? course.deadResumes + 1 : 0;
  const resume = deadResumes < DEAD_RESUMES ? end.resume : undefined;
  const next: Course = { ...course, resume, failures, quick, deadResumes: resume ? deadResumes : 0 };
  return { course: next, pauseMs: Math.max(pauseOf(next, end, random), quick >= QUICK_ENDS ? QUICK_PAUSE_MS : 0) };
}

function pauseOf({ resume, failures }: Course, end: SessionEnd, random: () => number): number {
  const rule = end.recovery === "identify" && !end.wasUp ? REFUSED : NETWORK;
  const growing = failures > 0 ? backoff(rule, failures - 1, random) : 0;
  return Math.max(end.waitMs ?? 0, resume ? 0 : IDENTIFY_MS, growing);
}

/** After a try that did not get as far as a connection: no token, no address, no answer to the dial. */
export function afterFailure(course: Course, error: QQError, random: () => number): Turn {
  const refusal = error instanceof QQApiError ? error.refusal : undefined;
  if (refusal?.kind === "config") return { stop: error };
  const failures = course.failures + 1;
  const slow = error.retry === "never" ? SLOW_MS : 0;
  const pauseMs = Math.max(slow, refusal?.retryAfterMs ?? 0, backoff(NETWORK, failures - 1, random));
  return { course: { ...course, failures }, pauseMs };
}

/** The refusal does not say which intent it was, so they are given up one by one, the least needed first. */
function lower(course: Course, end: SessionEnd): Turn {
  const less = lowerIntents(course.intents);
  if (!less) return { stop: stopError(end) };
  const without = [...course.without, less.without];
  return { course: { ...course, intents: less.intents, without, resume: undefined }, pauseMs: IDENTIFY_MS };
}

/** Close codes that the number of shards has brought about. */
const SHARDING: ReadonlySet<number> = new Set([4010, 4011]);

function stopError({ code = 0, recovery }: SessionEnd): QQApiError {
  const kind = code === 4014 ? "permission" : code >= 4900 || SHARDING.has(code) ? "config" : "bug";
  return refusalError({
    kind,
    retry: "never",
    status: 0,
    platformCode: code,
    traceId: undefined,
    call: `gateway ${recovery}`,
  });
}
