import { QQTransportError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import type { Outside } from "./transport.ts";

/** How a socket ended: the peer's close code (1006 when it just went away), or our own reason for leaving it. */
export interface SocketEnd {
  readonly code: number;
  readonly why: string;
}

/** An open socket. */
export interface Socket {
  /** The next message; `undefined` once the socket has ended and everything that came before is read. */
  next(): Promise<string | undefined>;
  /** Does nothing once the socket has ended. */
  send(text: string): void;
  /**
   * Leaves the socket: reading stops now. A dead peer never answers a close frame, so nobody waits for it.
   * The first end counts: leaving a socket that has ended changes nothing.
   */
  abandon(why: string): void;
  readonly end: SocketEnd | undefined;
}

/** What is needed of a WebSocket; both the global one and that of the package `ws` have it. */
export interface RawSocket {
  binaryType: string;
  send(text: string): void;
  close(): void;
  /** Leaves at once, without a close frame, where there is such a thing. */
  terminate?(): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number }) => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

export interface DialOptions {
  /** Of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest wait for the open socket, ms. */
  readonly dialMs?: number;
}

/** What a connection that ended without a close frame is called (RFC 6455 section 7.1.5). */
const ABNORMAL = 1006;
/** How long a dial may take with TLS and the upgrade, ms: the time that QQ's own plugins give it. */
const DIAL_MS = 30_000;

/**
 * Dials and resolves once the socket is open; `signal` ends it at any time.
 * Rejects with `QQTransportError` when nobody answers.
 */
export async function openSocket(
  outside: Outside,
  url: string,
  signal: AbortSignal,
  { headers, dialMs = DIAL_MS }: DialOptions = {},
): Promise<Socket> {
  const socket = wrap(headers ? new outside.WebSocket(url, { headers }) : new outside.WebSocket(url), signal);
  const cancel = abandonAfter(outside.clock, dialMs, socket, `no connection within ${dialMs} ms`);
  try {
    await socket.opened;
    return socket;
  } catch (cause) {
    throw new QQTransportError(`could not reach ${URL.parse(url)?.host}: ${socket.end?.why}`, { cause });
  } finally {
    cancel();
  }
}

/** The same for a socket that somebody else has dialled and that is open. */
export function adoptSocket(raw: RawSocket, signal: AbortSignal): Socket {
  const socket = wrap(raw, signal);
  // It may have been left at once; nobody waits for it to open.
  socket.opened.catch(() => undefined);
  return socket;
}

/** Leaves the socket after `ms` unless the answer is called before. */
export function abandonAfter(clock: Clock, ms: number, socket: Socket, why: string): () => void {
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(
    () => socket.abandon(why),
    () => undefined,
  );
  return () => done.abort();
}

function wrap(ws: RawSocket, signal: AbortSignal): Socket & { readonly opened: Promise<void> } {
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  const unread: string[] = [];
  let end: SocketEnd | undefined;
  let wake: (() => void) | undefined;
  const finish = (code: number, why: string): void => {
    if (end) return;
    end = { code, why };
    signal.removeEventListener("abort", onAbort);
    reject(new Error(why));
    wake?.();
  };
  const abandon = (why: string): void => {
    if (end) return;
    unread.length = 0;
    finish(ABNORMAL, why);
    if (ws.terminate) ws.terminate();
    else ws.close();
  };
  const onAbort = (): void => abandon("stopped");
  ws.binaryType = "arraybuffer";
  ws.addEventListener("open", () => resolve());
  // A failure is told by `error`, which has no code, and `close` with 1006 follows it: the second is enough. But in the
  // package `ws` an `error` that nobody listens to ends the process.
  ws.addEventListener("error", () => undefined);
  ws.addEventListener("close", (event) => finish(event.code, `closed with ${event.code}`));
  ws.addEventListener("message", ({ data }) => {
    if (end) return;
    // `binaryType` says what else it is.
    unread.push(typeof data === "string" ? data : decodeUtf8(data as ArrayBuffer));
    wake?.();
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    opened,
    get end() {
      return end;
    },
    abandon,
    send: (text) => {
      if (!end) ws.send(text);
    },
    async next() {
      if (unread.length === 0 && !end) await new Promise<void>((resume) => (wake = resume));
      return unread.shift();
    },
  };
}

/** The text of a binary frame; empty, which no reader takes for a frame, when it is not UTF-8. */
function decodeUtf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return "";
  }
}
