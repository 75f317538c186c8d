import { QQError, QQTransportError } from "../../errors.ts";
import type { ActionName } from "../../protocol/onebot/actions.ts";
import { readFrame, toAsciiJson } from "../../protocol/onebot/frames.ts";
import type { Outside } from "../transport.ts";
import { withIdleDeadline } from "./idle.ts";
import { ANSWER_MS, BAD_TOKEN, refusalOf, toAnswer, type Answer, type Road } from "./road.ts";

/** Longest frame that is read, bytes: a voice message or a file of 30 MB as base64 is below it. */
const MAX_ANSWER_FRAME_BYTES = 96 * 1024 * 1024;
/** What stands behind each frame of an answer in several (`onebot-napcat.md` 1.3). */
const FRAME_END = "\r\n\r\n";
/** Failures of `fetch` before anything was written. */
const NOT_WRITTEN: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** Statuses that say nothing of an action when no answer of OneBot stands below them. */
const NO_API: ReadonlySet<number> = new Set([404, 501]);

export interface HttpAccess {
  readonly httpUrl: string;
  readonly accessToken?: string | undefined;
}

/** The call never reached an API there: the address or the token of the HTTP side is wrong, or nobody listens. */
export class UnreachedError extends QQTransportError {}

/** Calls over HTTP: `POST <httpUrl>/<action>` (`onebot-napcat.md` 1.3). Rejects with `UnreachedError` where it surely had no effect. */
export function createHttpRoad(outside: Outside, access: HttpAccess): Road {
  const base = access.httpUrl.replace(/\/+$/, "");
  const post = async (action: ActionName, params: object, signal: AbortSignal): Promise<Response> =>
    await outside.fetch(`${base}/${action}`, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(access.accessToken && { authorization: `Bearer ${access.accessToken}` }),
      },
      redirect: "manual",
      body: toAsciiJson(params),
      signal,
    });
  return {
    async ask(action, params, options) {
      return await answering(
        action,
        options?.signal,
        async () =>
          // No `touch`: an answer in one frame has its time as a whole.
          await withIdleDeadline(outside.clock, options?.timeoutMs ?? ANSWER_MS, options?.signal, async (signal) => {
            const response = await post(action, params, signal);
            return readAnswer(action, response.status, await textOf(response));
          }),
      );
    },
    async stream(action, params, take, options) {
      await answering(
        action,
        options?.signal,
        async () =>
          await withIdleDeadline(
            outside.clock,
            options?.timeoutMs ?? ANSWER_MS,
            options?.signal,
            async (signal, touch) => {
              const response = await post(action, params, signal);
              let isEmpty = true;
              for await (const text of frames(response)) {
                isEmpty = false;
                await take(readAnswer(action, response.status, text));
                touch();
              }
              if (isEmpty) await take(readAnswer(action, response.status, ""));
            },
          ),
      );
    },
  };
}

/** Runs one call and turns what `fetch` throws into what is known of it. */
async function answering<T>(action: ActionName, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal?.aborted) throw new QQTransportError(`${action} was not called: stopped`);
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof QQError) throw cause;
    const why = whyOf(cause);
    if (NOT_WRITTEN.has(why)) {
      const advice =
        "check that the HTTP server of NapCat is enabled and httpUrl names it; in a container it must listen on 0.0.0.0";
      throw new UnreachedError(`nobody answers at httpUrl to ${action}: ${why}; ${advice}`, { cause });
    }
    throw new QQTransportError(`no answer from httpUrl to ${action}: ${why}`, { cause, mayHaveArrived: true });
  }
}

function readAnswer(action: ActionName, status: number, text: string): Answer {
  if (status === 401 || status === 403) throw refusalOf(action, { retcode: BAD_TOKEN, text: "", status });
  const frame = readFrame(text);
  if (frame.kind === "reply") return toAnswer(frame, status);
  if (status === 426) {
    throw new UnreachedError(
      "httpUrl is the port of a WebSocket server; give it the port of the HTTP server of NapCat",
    );
  }
  // Not the API's own words: what stands before it, or has come up in its place, has passed nothing on.
  if (NO_API.has(status)) {
    throw new UnreachedError(
      `no OneBot API answers at httpUrl to ${action} (HTTP ${status}); check that NapCat runs and httpUrl names its HTTP server`,
    );
  }
  if (status >= 400 && status < 500) throw refusalOf(action, { retcode: status, text: "", status });
  throw new QQTransportError(`what answers at httpUrl to ${action} is no OneBot API (HTTP ${status}); check httpUrl`, {
    mayHaveArrived: true,
  });
}

/** An answer in one frame. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_FRAME_BYTES) throw tooLong();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The frames of an answer: one, or several that each end with an empty line. */
async function* frames(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let [rest, bytes] = ["", 0];
  for await (const chunk of response.body ?? []) {
    const parts = `${rest}${decoder.decode(chunk, { stream: true })}`.split(FRAME_END);
    rest = parts.pop() ?? "";
    // All frames together are as long as the file in them, which who asked for it bounds.
    bytes = parts.length > 0 ? Buffer.byteLength(rest) : bytes + chunk.byteLength;
    if (bytes > MAX_ANSWER_FRAME_BYTES) throw tooLong();
    yield* parts.filter((part) => part.trim() !== "");
  }
  rest += decoder.decode();
  if (rest.trim() !== "") yield rest;
}

function tooLong(): RangeError {
  return new RangeError("the answer is too long");
}

/** A system's code, or the kind of error; never an address. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  const cause: unknown = error.cause;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error.name === "DeadlineError" ? error.message : error.name;
}
