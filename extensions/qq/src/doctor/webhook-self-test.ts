import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Finding } from "../checks/finding.ts";
import { settled, type OfficialAccount } from "../config/account.ts";
import { CallbackValidation, Opcode, SELF_TEST } from "../protocol/official/frames.ts";
import { parseJson } from "../protocol/official/read-frame.ts";
import { deriveCallbackKeys, signCallback, verifyCallback, type CallbackKeys } from "../protocol/official/signature.ts";
import { readText } from "../transport/official/exchange.ts";
import type { Outside } from "../transport/transport.ts";
import { fault, good, warning, type Subject, type Telling } from "./telling.ts";
import { webhookTexts as texts, type Road } from "./webhook-texts.ts";

/** Ports that QQ calls ("Webhook", qq-official.md 3.1); the empty one is HTTPS's own. */
const PORTS: ReadonlySet<string> = new Set(["", "80", "443", "8080", "8443"]);
/** Longest answer that is read, bytes: a validation's has about 200. */
const MAX_ANSWER_BYTES = 4096;
/** Codes of a certificate that does not hold for the address: its issuer, its dates or its name. */
const CERTIFICATE = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

/** What a callback of ours was answered with, or why it was not. */
type Heard = { readonly status: number; readonly json: unknown } | { readonly silent: string };

const Validated = z.object({ plain_token: z.string(), signature: z.string() });
const Acknowledged = z.looseObject({ op: z.literal(Opcode.callbackAck), d: z.literal(0) });

/** Where callbacks are tried. */
export interface SelfTest {
  readonly road: Road;
  /** With the account's path. */
  readonly url: string;
  readonly timeoutMs: number;
}

/**
 * Does what QQ does: validates a callback address with op 13, then delivers an event, both signed with the account's own
 * secret. The event is of a type that starts nothing. Never rejects.
 */
export async function testWebhook(
  account: OfficialAccount,
  outside: Outside,
  { road, url, timeoutMs }: SelfTest,
): Promise<readonly Finding[]> {
  const { appId, appSecret } = settled(account.credentials);
  const about = (what: string): Subject => ({
    check: road === "local" ? `webhook-${what}` : `webhook-public-${what}`,
    area: "runtime",
    accountId: account.accountId,
  });
  if (road === "public" && !isFit(url)) return [fault(about("address"), texts.unfitAddress(url))];
  const keys = deriveCallbackKeys(appSecret);
  const send = (body: object): Promise<Heard> => deliver(outside, { url, appId, keys, body, timeoutMs });

  const validation = validationOf(outside);
  const heard = await send(validation);
  const trouble = judge(heard, road, url, (json) => isValidated(json, validation, keys));
  if (trouble) return [(trouble.passing ? warning : fault)(about("validation"), trouble.telling)];
  const event = { op: Opcode.dispatch, id: `${SELF_TEST}:${token()}`, t: SELF_TEST, d: {} };
  const taken = await send(event);
  const untaken = judge(taken, road, url, (json) => Acknowledged.safeParse(json).success);
  return [
    good(about("validation"), texts.validated(url)),
    untaken ? fault(about("event"), untaken.telling) : good(about("event"), texts.taken(url)),
  ];
}

/** The account's callback address under a public one, which may name the path or leave it out. */
export function publicUrlOf(base: URL, webhookPath: string): string {
  const path = base.pathname.replace(/\/+$/, "");
  return `${base.origin}${path.endsWith(webhookPath) ? path : path + webhookPath}`;
}

function isFit(url: string): boolean {
  const { protocol, port } = new URL(url);
  return protocol === "https:" && PORTS.has(port);
}

type Validation = z.output<typeof CallbackValidation>;

function validationOf({ clock }: Outside): Validation {
  return {
    op: Opcode.callbackValidation,
    d: { plain_token: `${SELF_TEST}_${token()}`, event_ts: secondsOf(clock.now()) },
  };
}

function token(): string {
  return randomBytes(16).toString("hex");
}

function secondsOf(ms: number): string {
  return String(Math.floor(ms / 1000));
}

interface Delivery {
  readonly url: string;
  readonly appId: string;
  readonly keys: CallbackKeys;
  readonly body: object;
  readonly timeoutMs: number;
}

async function deliver(outside: Outside, { url, appId, keys, body, timeoutMs }: Delivery): Promise<Heard> {
  const text = JSON.stringify(body);
  const timestamp = secondsOf(outside.clock.now());
  try {
    const response = await outside.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "QQBot-Callback",
        "x-bot-appid": appId,
        "x-signature-ed25519": signCallback(keys, timestamp, text),
        "x-signature-timestamp": timestamp,
        "x-signature-method": "Ed25519",
      },
      redirect: "manual",
      body: text,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, json: parseJson(await readShort(response)) };
  } catch (error) {
    return { silent: reasonOf(error, timeoutMs) };
  }
}

/** Nothing of an answer that is too long to be ours. */
async function readShort(response: Response): Promise<string> {
  return await readText(response, MAX_ANSWER_BYTES).catch((error: unknown) => {
    if (error instanceof RangeError) return "";
    throw error;
  });
}

/** The code of a connection that failed, which `fetch` hides in the cause. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return `${timeoutMs} ms`;
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : error.message;
}

/** What is wrong with an answer; `passing` when asking later may tell. */
function judge(
  heard: Heard,
  road: Road,
  url: string,
  isRight: (json: unknown) => boolean | "wrong signature",
): { readonly telling: Telling; readonly passing?: true } | undefined {
  if ("silent" in heard) {
    // The gateway's own certificate names no loopback address: callbacks come to another name, through a proxy.
    const isUntested = road === "local" && CERTIFICATE.test(heard.silent);
    if (isUntested) return { telling: texts.untested(url, heard.silent), passing: true };
    return { telling: texts.silent(road, url, heard.silent) };
  }
  const { status, json } = heard;
  if (status === 401) return { telling: texts.refused(road, url) };
  if (status === 429) return { telling: texts.busy(url), passing: true };
  if (status === 500 && typeof json === "object") return { telling: texts.notStored(url, status) };
  const right = status === 200 && isRight(json);
  if (right === "wrong signature") return { telling: texts.wrongSignature(road, url) };
  return right ? undefined : { telling: texts.notOurs(road, url, status) };
}

function isValidated(json: unknown, { d }: Validation, keys: CallbackKeys): boolean | "wrong signature" {
  const answer = Validated.safeParse(json).data;
  if (answer?.plain_token !== d.plain_token) return false;
  return verifyCallback(keys, d.event_ts, d.plain_token, answer.signature) || "wrong signature";
}
