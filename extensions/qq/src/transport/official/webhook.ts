import {
  CallbackEvent,
  CallbackValidation,
  Opcode,
  SELF_TEST,
  type CallbackAck,
} from "../../protocol/official/frames.ts";
import { CALLBACK_FRESH_MS } from "../../protocol/official/limits.ts";
import { parseJson } from "../../protocol/official/read-frame.ts";
import {
  deriveCallbackKeys,
  signCallback,
  verifyCallback,
  type CallbackKeys,
} from "../../protocol/official/signature.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Accept, CallbackRefusal, LineReport } from "../transport.ts";
import { placeEvent, tellWay } from "./event-key.ts";

/** A callback as the HTTP server has it. Names of headers are lower case, as Node gives them. */
export interface CallbackRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body byte for byte: the signature is over these. */
  readonly body: Uint8Array | string;
}

/** What to answer; `body` is sent as JSON. */
export interface CallbackAnswer {
  readonly status: number;
  readonly body?: object;
}

/** Takes the callbacks of one bot. */
export interface CallbackLine {
  /** Answers one callback, once its event is stored. Never rejects. */
  receive(request: CallbackRequest): Promise<CallbackAnswer>;
}

export interface CallbackLineOptions {
  readonly appId: string;
  readonly appSecret: string;
  readonly clock: Clock;
  readonly accept: Accept;
  readonly report: LineReport;
  readonly log: Log;
}

/** Address validations that are answered in a minute. The console sends one each time the address is saved. */
const VALIDATIONS_PER_MINUTE = 10;
/** Longest body that is looked at, bytes, and the longest without a signature: a validation has about 100. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_UNSIGNED_BYTES = 1024;
/** Never a brace or a quote: a "token" that could pass for an event body would have us sign a forged event. */
const PLAIN_TOKEN = /^[A-Za-z0-9_-]{8,64}$/;
const EVENT_TS = /^\d{10,13}$/;

const REFUSED: CallbackAnswer = { status: 401 };
const TAKEN: CallbackAnswer = { status: 200, body: { op: Opcode.callbackAck, d: 0 } satisfies CallbackAck };
/** Not stored: the status makes QQ push the event again. */
const AGAIN: CallbackAnswer = { status: 500, body: { op: Opcode.callbackAck, d: 1 } satisfies CallbackAck };

/** Throws `RangeError` for an empty secret. */
export function createCallbackLine(options: CallbackLineOptions): CallbackLine {
  const { appId, clock, report, log } = options;
  const keys = deriveCallbackKeys(options.appSecret);
  const validate = createValidation(keys, clock);

  let quietUntil = 0;
  const refuse = (why: string, refusal: CallbackRefusal): CallbackAnswer => {
    report.dropped(`callback ${why}`, refusal);
    // Anybody can call this address: what they can fill is a counter, not the log.
    if (clock.now() >= quietUntil) log.warn(`callback refused why="${why}"; more in the next minute are only counted`);
    if (clock.now() >= quietUntil) quietUntil = clock.now() + 60_000;
    return REFUSED;
  };
  const drop = (reason: string): CallbackAnswer => {
    report.dropped(reason);
    log.warn(`callback dropped reason="${reason}"`);
    return TAKEN;
  };

  const answerValidation = (json: unknown, isSigned: boolean): CallbackAnswer | undefined => {
    const answer = validate(json);
    const isSelfTest = CallbackValidation.safeParse(json).data?.d.plain_token.startsWith(SELF_TEST);
    if (answer?.status === 200 && !isSelfTest) report.validated?.(clock.now(), isSigned);
    return answer;
  };

  /** A body that is proved to come from QQ. One that cannot be read is acknowledged: it would only come again. */
  const take = async (text: string): Promise<CallbackAnswer> => {
    const json = parseJson(text);
    const event = CallbackEvent.safeParse(json).data;
    const validation = CallbackValidation.safeParse(json).data;
    const isSelfTest = event?.t === SELF_TEST || validation?.d.plain_token.startsWith(SELF_TEST);
    if (!isSelfTest) report.activity(clock.now());
    if (validation) return answerValidation(json, true) ?? refuse("validation", "other");
    if (isSelfTest) return TAKEN;
    if (isHeartbeat(json)) return { status: 200, body: { op: Opcode.heartbeatAck, d: json.d } };
    if (!event) return drop("malformed callback");
    const place = placeEvent(event);
    if (place.ignored?.startsWith("malformed")) return drop(place.ignored);
    if (place.ignored !== undefined) {
      report.dropped(place.ignored);
      return TAKEN;
    }
    try {
      await options.accept({ key: place.key, lane: place.lane, text });
      tellWay(event, place, report);
      return TAKEN;
    } catch (error) {
      const name = error instanceof Error ? error.name : "failure";
      log.error(`callback not stored error=${name}; QQ pushes it again; check the disk of the state directory`);
      return AGAIN;
    }
  };

  return {
    async receive({ headers, body }) {
      if (headers["x-bot-appid"] !== appId) return refuse("for another bot", "another-bot");
      const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
      if (bytes.byteLength > MAX_BODY_BYTES) {
        report.dropped("callback too long", "other");
        return { status: 413 };
      }
      const signature = headers["x-signature-ed25519"];
      const timestamp = headers["x-signature-timestamp"];
      if (signature === undefined && timestamp === undefined) {
        // Only the address validation comes unsigned, and it starts nothing.
        const small = bytes.byteLength <= MAX_UNSIGNED_BYTES;
        return (
          (small && answerValidation(parseJson(textOf(bytes)), false)) || refuse("without a signature", "unsigned")
        );
      }
      if (typeof signature !== "string" || typeof timestamp !== "string")
        return refuse("with a broken signature", "other");
      if (!verifyCallback(keys, timestamp, bytes, signature))
        return refuse("with a wrong signature", "wrong-signature");
      if (!isFresh(timestamp, clock.now())) {
        if (EVENT_TS.test(timestamp)) report.clockOff?.(clock.now() - msOf(timestamp), signature);
        return refuse("with a stale signature", "stale");
      }
      return await take(textOf(bytes));
    },
  };
}

/**
 * The answer to an address validation (op 13), `undefined` for anything that is none. The endpoint signs what it is
 * given with the key that events are signed with, so it signs only what cannot be an event, and not often.
 */
function createValidation(keys: CallbackKeys, clock: Clock): (json: unknown) => CallbackAnswer | undefined {
  let answered: readonly number[] = [];
  return (json) => {
    const asked = CallbackValidation.safeParse(json).data?.d;
    const now = clock.now();
    if (!asked || !PLAIN_TOKEN.test(asked.plain_token)) return undefined;
    if (!EVENT_TS.test(asked.event_ts) || !isFresh(asked.event_ts, now)) return undefined;
    answered = answered.filter((at) => at > now - 60_000);
    if (answered.length >= VALIDATIONS_PER_MINUTE) return { status: 429 };
    answered = [...answered, now];
    const signature = signCallback(keys, asked.event_ts, asked.plain_token);
    return { status: 200, body: { plain_token: asked.plain_token, signature } };
  };
}

/** Whether a time as text, in seconds (10 digits) or ms (more), is near `now`. */
function isFresh(text: string, now: number): boolean {
  if (!EVENT_TS.test(text)) return false;
  return Math.abs(now - msOf(text)) <= CALLBACK_FRESH_MS;
}

function msOf(text: string): number {
  return text.length === 10 ? Number(text) * 1000 : Number(text);
}

/** Op 1 over HTTP: QQ's Go SDK answers it, nobody has seen one since 2025. */
function isHeartbeat(json: unknown): json is { readonly d: number | null } {
  if (typeof json !== "object" || json === null || !("op" in json) || json.op !== Opcode.heartbeat) return false;
  return !("d" in json) || json.d === null || typeof json.d === "number";
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
