import { QQTransportError } from "../../errors.ts";
import { backoff } from "../backoff.ts";
import { withDeadline } from "../deadline.ts";
import { openSocket, type Socket } from "../socket.ts";
import type { LineReason } from "../transport.ts";
import type { Line } from "./line.ts";
import { runLink, type LinkEnd } from "./link.ts";
import { askPlainly, NO_SOCKET_SERVER } from "./plain-status.ts";

/** Longest pause between two dials, ms. */
const MAX_PAUSE_MS = 60_000;
/** A token that is refused is tried again at this pace, ms: only a person can mend it, but nobody has to restart anything here. */
const TOKEN_PAUSE_MS = 60_000;
/** A connection that lived this long was a good one, ms: the pauses begin anew. */
const GOOD_MS = 30_000;
/** A peer that closes this soon, without a word, may mean the token (`onebot-napcat.md` 9), ms and times in a row. */
const CURT = { withinMs: 1000, times: 2 };
/** Close code of Lagrange for a wrong token (`onebot-napcat.md` 9). */
const PROTOCOL_ERROR = 1002;
/** How long what has come may take to be stored before the next dial, ms. */
const IDLE_MS = 30_000;

const BAD_TOKEN =
  "the access token is refused; set accessToken to the token of NapCat's WebSocket server (tried again every minute)";

/** How a try ended: by a connection, or without one. */
type Try = { readonly badToken: boolean; readonly why: string; readonly end?: LinkEnd };

/** Dials `wsUrl`, again and again, until the signal aborts; rejects when nothing but a person can help. */
export async function runDialling(line: Line, wsUrl: string, signal: AbortSignal): Promise<void> {
  const { outside, log, state, access } = line;
  const { clock, random = Math.random } = outside;
  const rule = { firstMs: access.reconnectIntervalMs, maxMs: Math.max(MAX_PAUSE_MS, access.reconnectIntervalMs) };
  let failures = 0;
  let curt = 0;
  while (!signal.aborted) {
    const { end, ...tried } = await dialOnce(line, wsUrl, signal);
    if (signal.aborted) break;
    if (end?.stop) throw end.stop;
    failures = end && end.livedMs >= GOOD_MS ? 0 : failures + 1;
    curt = end && isCurt(end) ? curt + 1 : 0;
    const badToken = tried.badToken || curt >= CURT.times;
    const why = badToken ? BAD_TOKEN : tried.why;
    const pauseMs = badToken ? TOKEN_PAUSE_MS : backoff(rule, Math.max(failures - 1, 0), random);
    log[badToken ? "error" : "warn"](`onebot socket down pauseMs=${pauseMs} why="${why}"`);
    state.waiting(why, clock.now() + pauseMs, reasonOf({ badToken, end }));
    await clock.sleep(pauseMs, signal).catch(() => undefined);
    await settled(line, signal);
  }
}

/** One connection, from the dial to its end. */
async function dialOnce(line: Line, wsUrl: string, signal: AbortSignal): Promise<Try> {
  const host = URL.parse(wsUrl)?.host ?? "wsUrl";
  line.state.connecting(`dialling ${host}`);
  let socket: Socket;
  try {
    socket = await openSocket(line.outside, wsUrl, signal, {
      headers: authorization(line),
      dialMs: line.access.connectionTimeoutMs,
    });
  } catch (error) {
    return signal.aborted ? { badToken: false, why: "stopped" } : await explain(line, wsUrl, whyOf(error), signal);
  }
  line.log.info(`onebot socket open host=${host}`);
  const end = await runLink(line, socket, "universal", `connected to ${host}`);
  return { badToken: end.badToken || (end.code === PROTOCOL_ERROR && end.frames === 0), why: end.why, end };
}

function authorization({ access }: Line): Record<string, string> {
  return access.accessToken ? { authorization: `Bearer ${access.accessToken}` } : {};
}

function reasonOf({ badToken, end }: Pick<Try, "badToken"> & { readonly end: LinkEnd | undefined }): LineReason {
  if (badToken) return "token";
  return end ? "lost" : "unreachable";
}

function isCurt({ frames, livedMs }: LinkEnd): boolean {
  return frames === 0 && livedMs < CURT.withinMs;
}

async function explain(line: Line, wsUrl: string, why: string, signal: AbortSignal): Promise<Try> {
  const answer = await askPlainly(line.outside, wsUrl, authorization(line), signal);
  switch (answer.kind) {
    case "bad-token":
      return { badToken: true, why };
    case "no-socket-server":
      return { badToken: false, why: `${why} (HTTP ${answer.status}); ${NO_SOCKET_SERVER}` };
    case "upgrade":
      return { badToken: false, why: `${why} (HTTP ${answer.status})` };
    case "silence": {
      const advice =
        "check that NapCat runs, and that its WebSocket server is enabled; in a container it must listen on 0.0.0.0";
      return { badToken: false, why: `${why}; ${advice}` };
    }
  }
}

/** While the store is full, a new connection would only bring what has no room. */
async function settled(line: Line, signal: AbortSignal): Promise<void> {
  await withDeadline(line.outside.clock, IDLE_MS, signal, async (signal) => {
    const late = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => late.resolve(), { once: true });
    await Promise.race([line.idle(), late.promise]);
  });
}

function whyOf(error: unknown): string {
  return error instanceof QQTransportError ? error.message : "unexpected failure";
}
