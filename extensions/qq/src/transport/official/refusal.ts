import { isIP } from "node:net";
import { adviseRefusal } from "../../advice.ts";
import { QQApiError, type ApiRefusal } from "../../errors.ts";
import { classifyFault, type Fault } from "../../protocol/official/faults.ts";
import { Refusal } from "../../protocol/official/messages.ts";
import type { HttpAnswer, HttpRequest } from "./exchange.ts";

/** QQ's own pause after too many calls ("Error codes", 100001), ms. */
export const RATE_LIMIT_MS = 60_000;

/** The refusal in an answer, `undefined` when it is none: a refusal has a status of 400 and up, or a code in its body. */
export function refusalIn(answer: HttpAnswer, request: HttpRequest): QQApiError | undefined {
  const body = Refusal.safeParse(answer.json).data;
  const platformCode = codeOf(body);
  if (answer.status < 300 && platformCode === 0) return undefined;
  const fault = faultOf(answer, platformCode);
  const askedPause = fault.kind === "rate-limited" ? RATE_LIMIT_MS : undefined;
  return refusalError({
    ...fault,
    status: answer.status,
    platformCode,
    traceId: traceIdOf(answer.traceId ?? body?.trace_id),
    call: request.name,
    retryAfterMs: answer.retryAfterMs ?? askedPause,
    seenAddress: fault.kind === "ip-blocked" ? addressIn(body?.message ?? "") : undefined,
    auditId: fault.kind === "audit" ? body?.data?.message_audit?.audit_id : undefined,
    mayHaveArrived: request.visible === true && gaveUpWaiting(answer.status, platformCode),
  });
}

/** The error for a refusal; its message is the advice. */
export function refusalError(refusal: ApiRefusal): QQApiError {
  return new QQApiError(adviseRefusal(refusal, "en"), refusal);
}

const IP_BLOCKED = 11298;

/** A blocked address has two codes: the older one is what users search for, and it must not pass for a common 401. */
function codeOf(body: Refusal | undefined): number {
  return body?.code === IP_BLOCKED ? IP_BLOCKED : body?.err_code || body?.code || 0;
}

/** A failure at or before the platform that says nothing about the call. */
function gaveUpWaiting(status: number, platformCode: number): boolean {
  return status === 504 || (status >= 500 && platformCode === 0);
}

const TEMPORARY: Fault = { kind: "temporary", retry: "later" };

/** A proxy before QQ answers HTML or redirects, and knows nothing of the call: only some of its statuses say something. */
function faultOf(answer: HttpAnswer, platformCode: number): Fault {
  const fromProxy = answer.json === undefined && ![401, 413, 429].includes(answer.status);
  return fromProxy ? TEMPORARY : classifyFault(answer.status, platformCode);
}

/** Header values come from anywhere: only what looks like a trace id is shown. */
function traceIdOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w-]{1,64}$/.test(text) ? text : undefined;
}

/** An IP address in the platform's message: the one thing ever taken from it, since the rest may repeat what was sent. */
function addressIn(message: string): string | undefined {
  const candidates = message.match(/\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/gi);
  return candidates?.find((text) => isIP(text) !== 0);
}
