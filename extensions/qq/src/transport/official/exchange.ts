import { QQTransportError } from "../../errors.ts";
import { parseJson } from "../../protocol/official/read-frame.ts";
import { withDeadline } from "../deadline.ts";
import type { Outside } from "../transport.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  /** Method and path without ids: what errors and log lines call this. */
  readonly name: string;
  /** Sent as JSON, but for form data and bytes, which go as they are. */
  readonly body?: object;
  readonly authorization?: string;
  /** Longest wait for the answer, ms. */
  readonly answerMs?: number;
  /** The call does something a person sees: with no answer it may have been done. */
  readonly visible?: boolean;
}

/** An answer, of whatever status. */
export interface HttpAnswer {
  readonly status: number;
  /** `undefined` for an empty body and for one that is not JSON. */
  readonly json: unknown;
  readonly traceId: string | undefined;
  /** `Retry-After` in ms, when it was given as a number of seconds. */
  readonly retryAfterMs: number | undefined;
}

/** QQ asks for 5 s at least ("Send a message"); its slow days are slower. */
const ANSWER_MS = 15_000;
/** Longest answer that is read, bytes; the longest known one is a few KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * One HTTP call and its answer. Redirects are not followed: the token would go with them.
 * Rejects with `QQTransportError` when there was no answer, or none that could be read to its end.
 */
export async function exchange(outside: Outside, request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
  try {
    return await withDeadline(outside.clock, request.answerMs ?? ANSWER_MS, signal, async (signal) => {
      const response = await outside.fetch(request.url, {
        method: request.method,
        headers: headersOf(request),
        redirect: "manual",
        signal,
        ...(request.body && { body: isRaw(request.body) ? request.body : JSON.stringify(request.body) }),
      });
      return readAnswer(response, await readText(response));
    });
  } catch (cause) {
    const mayHaveArrived = request.visible ?? false;
    const advice = "check the network and apiBaseUrl, the plugin tries again by itself";
    throw new QQTransportError(`no answer from QQ to ${request.name}: ${whyOf(cause)}; ${advice}`, {
      cause,
      mayHaveArrived,
    });
  }
}

function headersOf(request: HttpRequest): Record<string, string> {
  return {
    accept: "application/json",
    ...(request.body && !isRaw(request.body) && { "content-type": "application/json" }),
    ...(request.authorization && { authorization: request.authorization }),
  };
}

/** What `fetch` sends as it is, with a content type of its own or none. */
function isRaw(body: object): body is FormData | Uint8Array<ArrayBuffer> {
  return body instanceof FormData || body instanceof Uint8Array;
}

function readAnswer(response: Response, text: string): HttpAnswer {
  const seconds = /^\d{1,6}$/.exec(response.headers.get("retry-after") ?? "")?.[0];
  return {
    // A redirect that was not followed has no status where `fetch` hides it.
    status: response.type === "opaqueredirect" ? 302 : response.status,
    json: parseJson(text),
    traceId: response.headers.get("x-tps-trace-id") ?? undefined,
    retryAfterMs: seconds === undefined ? undefined : Number(seconds) * 1000,
  };
}

/** A body as text. Rejects with `RangeError`, and reads no further, when it is longer than so many bytes. */
export async function readText(response: Response, maxBytes = MAX_ANSWER_BYTES): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new RangeError("the answer is too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Why `fetch` failed, as far as it may be told: a system's code, or the kind of error. Never an address with a query. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  const cause: unknown = error.cause;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error.name === "DeadlineError" ? error.message : error.name;
}
