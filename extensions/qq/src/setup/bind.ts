import { randomBytes } from "node:crypto";
import { QQApiError, QQError, QQProtocolError, QQTransportError } from "../errors.ts";
import { connectUrl, type BindStatus } from "../protocol/official/bind.ts";
import { openSecret, SEAL_KEY_BYTES } from "../protocol/official/sealed-secret.ts";
import { backoff, type BackoffRule } from "../transport/backoff.ts";
import type { Outside } from "../transport/transport.ts";
import { createBindTask, pollBindResult } from "./bind-calls.ts";
import { drawQr, type QrLook } from "./qr.ts";

/** A bot whose owner has confirmed the scan. */
export interface BoundBot {
  readonly appId: string;
  readonly appSecret: string;
  /** The person who scanned, as this bot knows them in direct messages. */
  readonly ownerOpenid?: string;
}

/** What is to be scanned. It belongs on a terminal and in no log: the address holds the task's id. */
export interface BindCode {
  readonly url: string;
  /** The QR code as lines of text; empty when the terminal is too narrow for it. */
  readonly drawn: string;
}

/** What the person who waits may want to know. */
export type BindNews =
  /** A call failed; it goes on by itself, and the code stays good. */
  | { readonly state: "lost"; readonly error: QQError }
  | { readonly state: "back" }
  /** The code is no longer good; another one follows. */
  | { readonly state: "expired" };

export interface BindParts {
  readonly outside: Outside;
  /** See `bindBaseUrl`. */
  readonly baseUrl: string;
  /** Who asks, as the page on the phone shows it. */
  readonly source: string;
  /** Shows a code; called again with each new one. */
  show(code: BindCode): void | Promise<void>;
  waiting?(news: BindNews): void;
  /** Ends the wait; without it only the end of the process does, as in the host's wizard, which has none to give. */
  readonly signal?: AbortSignal | undefined;
  /** How to draw; as this process's terminal takes it when absent. */
  readonly look?: QrLook;
  /** Makes the key of a task, 32 bytes; random when absent. */
  readonly newKey?: () => Uint8Array;
}

/** Pause between two polls, ms (qq-official.md 12). */
const POLL_MS = 2_000;
/** Pauses after polls that failed: the person stands there with the phone in hand, so they stay short. */
const POLL_AGAIN: BackoffRule = { firstMs: 2_000, maxMs: 15_000 };
const CREATE_AGAIN: BackoffRule = { firstMs: 1_000, maxMs: 15_000 };
/** Without a network nobody is to be kept waiting at the very start. */
const FIRST_TRIES = 3;
/** So many refusals of a task's polls in a row mean that QQ knows it no more. */
const REFUSALS_OF_A_TASK = 3;

/**
 * Shows a code, waits until the owner of a bot has scanned and confirmed it, and gives what they handed over. There is no
 * last code: each one that runs out is followed by the next. Rejects with a `QQError` when going on cannot help, and with
 * the reason of `signal` when that aborts.
 */
export async function bindByScan(parts: BindParts): Promise<BoundBot> {
  const look = parts.look ?? (await import("./qr-look.ts")).lookOfTerminal();
  for (let round = 0; ; round++) {
    const key = parts.newKey?.() ?? randomBytes(SEAL_KEY_BYTES);
    const taskId = await createTask(parts, key, round === 0 ? FIRST_TRIES : Infinity);
    const url = connectUrl(parts.baseUrl, taskId, parts.source);
    await parts.show({ url, drawn: drawQr(url, look) });
    const end = await watchTask(parts, taskId);
    if (end.status === "completed") return boundBot(end, key);
    parts.waiting?.({ state: "expired" });
  }
}

async function createTask(parts: BindParts, key: Uint8Array, tries: number): Promise<string> {
  const { outside, baseUrl, signal } = parts;
  const text = Buffer.from(key).toString("base64");
  for (let failed = 0; ; failed++) {
    try {
      return await createBindTask(outside, baseUrl, text, signal);
    } catch (error) {
      const lost = passing(error, signal);
      if (failed + 1 >= tries) throw lost instanceof QQTransportError ? unreachable(baseUrl, lost) : lost;
      parts.waiting?.({ state: "lost", error: lost });
      await pause(outside, backoff(CREATE_AGAIN, failed, outside.random ?? Math.random), signal);
    }
  }
}

async function watchTask(parts: BindParts, taskId: string): Promise<Exclude<BindStatus, { status: "waiting" }>> {
  const { outside, baseUrl, signal } = parts;
  let failed = 0;
  let refused = 0;
  for (;;) {
    const ms = failed === 0 ? POLL_MS : backoff(POLL_AGAIN, failed - 1, outside.random ?? Math.random);
    await pause(outside, ms, signal);
    try {
      const status = await pollBindResult(outside, baseUrl, taskId, signal);
      if (failed > 0) parts.waiting?.({ state: "back" });
      failed = refused = 0;
      if (status.status !== "waiting") return status;
    } catch (error) {
      const lost = passing(error, signal);
      refused = isRefusedTask(lost) ? refused + 1 : 0;
      if (refused >= REFUSALS_OF_A_TASK) return { status: "expired" };
      if (failed++ === 0) parts.waiting?.({ state: "lost", error: lost });
    }
  }
}

/** The error, when trying again may help; throws it when not, and the signal's reason when that has aborted. */
function passing(error: unknown, signal: AbortSignal | undefined): QQError {
  signal?.throwIfAborted();
  if (error instanceof QQError && error.retry !== "never") return error;
  throw error;
}

async function pause(outside: Outside, ms: number, signal: AbortSignal | undefined): Promise<void> {
  await outside.clock.sleep(ms, signal);
}

/** Told by QQ, in a body of its own: a proxy's failure says nothing of the task. */
const isRefusedTask = (error: QQError): boolean => error instanceof QQApiError && error.refusal.platformCode !== 0;

function unreachable(baseUrl: string, cause: QQError): QQTransportError {
  const { host } = new URL(baseUrl);
  return new QQTransportError(`${host} does not answer; check the network and the proxy, then run this again`, {
    cause,
  });
}

function boundBot(end: Extract<BindStatus, { status: "completed" }>, key: Uint8Array): BoundBot {
  try {
    const appSecret = openSecret(end.sealedSecret, key);
    return { appId: end.appId, appSecret, ...(end.userOpenid !== undefined && { ownerOpenid: end.userOpenid }) };
  } catch (cause) {
    throw new QQProtocolError("QQ bound the bot, but its secret cannot be read; run this again and scan once more", {
      cause,
    });
  }
}
