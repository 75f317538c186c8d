import { advise } from "../advice.ts";
import type { Finding } from "../checks/finding.ts";
import { settled, type OneBotAccount } from "../config/account.ts";
import { QQApiError, QQError } from "../errors.ts";
import type { OneBotAccess } from "../transport/onebot/account.ts";
import { createHttpRoad } from "../transport/onebot/http-road.ts";
import { overSocket } from "../transport/onebot/probe.ts";
import type { Outside } from "../transport/transport.ts";
import { askIdentity, type About, type Asked } from "./onebot-identity.ts";
import { oneBotTexts as texts } from "./onebot-texts.ts";
import { fault, good } from "./telling.ts";

/** What one road has shown. */
interface RoadFindings {
  readonly road: readonly Finding[];
  /** Who is behind it; absent where it does not carry so far. */
  readonly identity?: readonly Finding[];
}

interface Case {
  readonly outside: Outside;
  readonly access: OneBotAccess;
  readonly about: About;
  readonly timeoutMs: number;
}

/** Asks the implementation behind an account, which must be complete. Where it dials the gateway there is nobody to ask. */
export async function askImplementation(
  account: OneBotAccount,
  outside: Outside,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  const access = settled(account.credentials);
  const about: About = (check, area = "runtime") => ({ check, area, accountId: account.accountId });
  const { httpUrl, wsUrl } = access;
  const asked: Case = { outside, access, about, timeoutMs };
  const [calls, socket] = await Promise.all([
    httpUrl === undefined ? undefined : askOverHttp(httpUrl, asked),
    wsUrl === undefined ? undefined : askOverSocket(wsUrl, asked),
  ]);
  return [...(calls?.road ?? []), ...(calls?.identity ?? socket?.identity ?? []), ...(socket?.road ?? [])];
}

async function askOverHttp(url: string, asked: Case): Promise<RoadFindings> {
  const { outside, about } = asked;
  const { accessToken } = asked.access;
  try {
    const identity = await askIdentity(createHttpRoad(outside, { httpUrl: url, accessToken }), askedAt(url, asked));
    const token = accessToken === undefined ? texts.tokenNotNeeded : texts.tokenTaken;
    return {
      road: [good(about("napcat-http"), texts.httpReached(url)), good(about("napcat-access", "auth"), token)],
      identity,
    };
  } catch (error) {
    return { road: [failure(error, about("napcat-http"), about("napcat-access", "auth"), url, texts.httpSilent)] };
  }
}

async function askOverSocket(url: string, asked: Case): Promise<RoadFindings> {
  const { outside, access, about } = asked;
  const at = askedAt(url, asked);
  try {
    const identity = await overSocket(outside, url, access, at.signal, async (road) => await askIdentity(road, at));
    return { road: [good(about("napcat-socket"), texts.socketReached(url))], identity };
  } catch (error) {
    const refused = about("napcat-socket-access", "auth");
    return { road: [failure(error, about("napcat-socket"), refused, url, texts.socketSilent)] };
  }
}

function askedAt(url: string, { access, about, timeoutMs }: Case): Asked {
  return { url, selfId: access.selfId, about, signal: AbortSignal.timeout(timeoutMs) };
}

/** Why a road does not carry: the token is refused, a call fails, or nobody is there. */
function failure(
  error: unknown,
  road: ReturnType<About>,
  access: ReturnType<About>,
  url: string,
  silent: typeof texts.httpSilent,
): Finding {
  if (!(error instanceof QQError)) throw error;
  if (!(error instanceof QQApiError)) return fault(road, silent(url, whyOf(error)));
  if (error.kind === "token") return fault(access, texts.tokenRefused(url));
  return fault(road, texts.callFailed(error.refusal.call, { en: advise(error, "en"), zh: advise(error, "zh") }));
}

/** The line's own words up to its advice: the finding has its own. */
function whyOf(error: QQError): string {
  return error.message.split("; ")[0] ?? error.code;
}
