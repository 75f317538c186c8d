import { describe, expect, it } from "vitest";
import { QQTransportError, type FaultKind, type Retry } from "../../errors.ts";
import { DEFAULT_INTENTS } from "../../protocol/official/intents.ts";
import { afterFailure, afterSession, startCourse, type Course, type Turn } from "./reconnect.ts";
import { refusalError } from "./refusal.ts";
import type { SessionEnd } from "./session.ts";

const point = { sessionId: "s", seq: 5 };
const half = (): number => 0.5;
const lived = 60_000;
const cut: SessionEnd = { recovery: "resume", why: "closed", resume: point, wasUp: true };
const lost: SessionEnd = { recovery: "identify", why: "op 9", wasUp: false, waitMs: 3000 };
const go = (turn: Turn): { course: Course; pauseMs: number } => {
  if (turn.stop) throw turn.stop;
  return turn;
};
const fault = (kind: FaultKind, retry: Retry, retryAfterMs?: number) =>
  refusalError({
    kind,
    retry,
    status: 400,
    platformCode: 1,
    traceId: undefined,
    call: "GET /gateway/bot",
    retryAfterMs,
  });

describe("after a connection", () => {
  it("that lived, the session is resumed at once", () => {
    expect(go(afterSession(startCourse(DEFAULT_INTENTS, undefined), cut, lived, half))).toMatchObject({
      pauseMs: 0,
      course: { resume: point, failures: 0 },
    });
  });

  it("that lost its session, Identify waits about three seconds", () => {
    const { pauseMs, course } = go(afterSession(startCourse(DEFAULT_INTENTS, point), lost, lived, half));
    expect(pauseMs).toBe(3000);
    expect(course.resume).toBeUndefined();
  });

  it("three that ended within 5 s lead to 60 s, and so does every one after them", () => {
    let course = startCourse(DEFAULT_INTENTS, undefined);
    const pauses = Array.from({ length: 5 }, () => {
      const turn = go(afterSession(course, cut, 4999, half));
      course = turn.course;
      return turn.pauseMs;
    });
    expect(pauses).toEqual([750, 1500, 60_000, 60_000, 60_000]);
    expect(go(afterSession(course, cut, 5000, half)).pauseMs).toBe(0);
  });

  it("refused again and again, it is tried ever more rarely, but always", () => {
    let course = startCourse(DEFAULT_INTENTS, undefined);
    for (let times = 0; times < 500; times++) course = go(afterSession(course, lost, lived, half)).course;
    expect(go(afterSession(course, lost, lived, half)).pauseMs).toBe(225_000);
  });

  it("whose resumes come to nothing, a new session begins with the third", () => {
    let course = startCourse(DEFAULT_INTENTS, point);
    const dead: SessionEnd = { ...cut, wasUp: false };
    const resumes = Array.from({ length: 3 }, () => {
      course = go(afterSession(course, dead, lived, half)).course;
      return course.resume;
    });
    expect(resumes).toEqual([point, point, undefined]);
  });

  it("that could not store, waits even though it was up", () => {
    const full: SessionEnd = { ...cut, storeFailed: true };
    let { course, pauseMs } = go(afterSession(startCourse(DEFAULT_INTENTS, undefined), full, lived, half));
    expect(pauseMs).toBe(750);
    ({ course, pauseMs } = go(afterSession(course, full, lived, half)));
    expect(pauseMs).toBe(1500);
    expect(course.resume).toEqual(point);
  });

  it("intents are given up by name, and what is left without them stops with advice", () => {
    const refused: SessionEnd = { recovery: "lower-intents", why: "closed with 4014", code: 4014, wasUp: false };
    let course = startCourse(DEFAULT_INTENTS, undefined);
    for (let times = 0; times < 4; times++) {
      const turn = go(afterSession(course, refused, 100, half));
      expect(turn.pauseMs).toBe(3000);
      course = turn.course;
    }
    expect(course.without).toEqual(["MESSAGE_AUDIT", "DIRECT_MESSAGE", "PUBLIC_GUILD_MESSAGES", "INTERACTION"]);
    expect(course.intents).toEqual(["GROUP_AND_C2C_EVENT"]);
    expect(afterSession(course, refused, 100, half).stop).toMatchObject({
      kind: "permission",
      message: expect.stringContaining("4014"),
    });
  });

  it.each([4001, 4002, 4010, 4011, 4012, 4013, 4914, 4915])("%i stops and names itself", (code) => {
    const end: SessionEnd = { recovery: "stop", why: "closed", code, wasUp: false };
    expect(afterSession(startCourse(DEFAULT_INTENTS, point), end, lived, half).stop).toMatchObject({
      retry: "never",
      refusal: { platformCode: code },
      message: expect.stringContaining(`code ${code}`),
    });
  });
});

describe("after a failure", () => {
  const start = startCourse(DEFAULT_INTENTS, point);

  it("of the network, within a minute for ever, and the session is kept", () => {
    let course = start;
    for (let times = 0; times < 2000; times++) {
      const turn = go(afterFailure(course, new QQTransportError("down"), () => 0.999_999));
      expect(turn.pauseMs).toBeLessThanOrEqual(45_000);
      course = turn.course;
    }
    expect(course.resume).toEqual(point);
  });

  it("with jitter", () => {
    const pauses = [0, 0.5, 0.99].map(
      (draw) => go(afterFailure(start, new QQTransportError("down"), () => draw)).pauseMs,
    );
    expect(pauses).toEqual([500, 750, 995]);
  });

  it("of the configuration, stops with the very error", () => {
    const error = fault("config", "never");
    expect(afterFailure(start, error, half).stop).toBe(error);
  });

  it.each(["ip-blocked", "permission", "bug"] as const)("that a person at QQ can mend (%s), slowly", (kind) => {
    expect(go(afterFailure(start, fault(kind, "never"), half)).pauseMs).toBe(300_000);
  });

  it("for too many calls, when the platform says", () => {
    expect(go(afterFailure(start, fault("rate-limited", "later", 60_000), half)).pauseMs).toBe(60_000);
  });
});
