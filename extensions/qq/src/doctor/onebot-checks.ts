import { z } from "zod";
import { advise } from "../advice.ts";
import type { Finding } from "../checks/finding.ts";
import { settled, type OneBotAccount } from "../config/account.ts";
import { QQApiError, QQError } from "../errors.ts";
import { softwareOf } from "../protocol/onebot/software.ts";
import { createHttpRoad } from "../transport/onebot/http-road.ts";
import { probeOneBot } from "../transport/onebot/probe.ts";
import { callOver, type Road } from "../transport/onebot/road.ts";
import type { Outside } from "../transport/transport.ts";
import { oneBotTexts as texts } from "./onebot-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

type About = (check: string, area?: Subject["area"]) => Subject;

/** Asks the implementation behind an account, which must be complete. Where it dials the gateway there is nobody to ask. */
export async function askImplementation(
  account: OneBotAccount,
  outside: Outside,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  const access = settled(account.credentials);
  const about: About = (check, area = "runtime") => ({ check, area, accountId: account.accountId });
  const { httpUrl: _, ...socketOnly } = access;
  const { httpUrl, wsUrl } = access;
  const [calls, socket] = await Promise.all([
    httpUrl === undefined
      ? []
      : askOverHttp(createHttpRoad(outside, { httpUrl, accessToken: access.accessToken }), {
          url: httpUrl,
          selfId: access.selfId,
          hasToken: access.accessToken !== undefined,
          about,
          timeoutMs,
        }),
    wsUrl === undefined
      ? []
      : askOverSocket(wsUrl, probeOneBot(outside, socketOnly, AbortSignal.timeout(timeoutMs)), about),
  ]);
  return [...calls, ...socket];
}

interface HttpCase {
  readonly url: string;
  readonly selfId: string | undefined;
  readonly hasToken: boolean;
  readonly about: About;
  readonly timeoutMs: number;
}

async function askOverHttp(road: Road, asked: HttpCase): Promise<readonly Finding[]> {
  const { url, selfId, hasToken, about } = asked;
  const options = { signal: AbortSignal.timeout(asked.timeoutMs) };
  try {
    const { user_id: id, nickname } = await callOver(road, "get_login_info", {}, options);
    const { online } = await callOver(road, "get_status", {}, options);
    const name = nickname ?? id;
    const login = about("napcat-login");
    return [
      good(about("napcat-http"), texts.httpReached(url)),
      good(about("napcat-access", "auth"), hasToken ? texts.tokenTaken : texts.tokenNotNeeded),
      online === false ? fault(login, texts.offline(name, id)) : good(login, texts.online(name, id)),
      ...(selfId === undefined ? [] : [compareAccount(selfId, id, about("napcat-account", "config"))]),
      ...(await askAbout(road, asked, options)),
    ];
  } catch (error) {
    if (!(error instanceof QQError)) throw error;
    return [httpFailure(error, asked)];
  }
}

function compareAccount(wanted: string, found: string, subject: Subject): Finding {
  return wanted === found
    ? good(subject, texts.rightAccount(found))
    : fault(subject, texts.wrongAccount(wanted, found));
}

function httpFailure(error: QQError, { url, about }: HttpCase): Finding {
  if (isTokenRefusal(error)) return fault(about("napcat-access", "auth"), texts.tokenRefused(url));
  if (error instanceof QQApiError) {
    const advice = { en: advise(error, "en"), zh: advise(error, "zh") };
    return fault(about("napcat-http"), texts.callFailed(error.refusal.call, advice));
  }
  return fault(about("napcat-http"), texts.httpSilent(url, whyOf(error)));
}

/** Which software it is and how it writes messages. Both are asked late, and cost nothing when they are not told. */
async function askAbout(
  road: Road,
  { url, about }: HttpCase,
  options: { readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  const version = await quietly(callOver(road, "get_version_info", {}, options));
  const contacts = await quietly(road.ask("get_recent_contact", { count: 1 }, options));
  const name = [version?.app_name, version?.app_version].filter(Boolean).join(" ");
  const software = about("napcat-software");
  const format = formatIn(contacts?.data);
  return [
    ...(version === undefined
      ? []
      : softwareOf(version.app_name).kind === "other"
        ? [warning(software, texts.softwareUnknown(name || "?"))]
        : [good(software, texts.software(name))]),
    ...(format === undefined
      ? []
      : format === "array"
        ? [good(about("napcat-format", "config"), texts.formatArray)]
        : [warning(about("napcat-format", "config"), texts.formatString(url))]),
  ];
}

async function askOverSocket(url: string, probe: Promise<unknown>, about: About): Promise<readonly Finding[]> {
  try {
    await probe;
    return [good(about("napcat-socket"), texts.socketReached(url))];
  } catch (error) {
    if (!(error instanceof QQError)) throw error;
    return isTokenRefusal(error)
      ? [fault(about("napcat-socket-access", "auth"), texts.tokenRefused(url))]
      : [fault(about("napcat-socket"), texts.socketSilent(url, whyOf(error)))];
  }
}

function isTokenRefusal(error: QQError): boolean {
  return error instanceof QQApiError && error.kind === "token";
}

/** The last message of a chat, as the HTTP server writes it (`onebot-napcat.md` 1.1; the spelling is NapCat's). */
const Contacts = z.array(
  z.looseObject({ lastestMsg: z.looseObject({ message: z.union([z.string(), z.array(z.unknown())]) }) }),
);

function formatIn(data: unknown): "array" | "string" | undefined {
  const message = Contacts.safeParse(data).data?.[0]?.lastestMsg.message;
  return message === undefined ? undefined : typeof message === "string" ? "string" : "array";
}

async function quietly<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}

/** The line's own words up to its advice: the finding has its own. */
function whyOf(error: QQError): string {
  return error.message.split("; ")[0] ?? error.code;
}
