import { advise } from "../advice.ts";
import type { Finding } from "../checks/finding.ts";
import { settled, type OfficialAccount } from "../config/account.ts";
import { QQApiError, QQError, type Wording } from "../errors.ts";
import { createOfficialApi, type OfficialApi } from "../transport/official/api.ts";
import { createTokenSource } from "../transport/official/token.ts";
import type { Outside } from "../transport/transport.ts";
import { listenForDates } from "./clock-check.ts";
import { officialTexts as texts } from "./official-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

/** Below a tenth of the day's sessions a loop is likely: QQ gives 1000 and a healthy bot takes a few dozen. */
const FEW_SESSIONS = 0.1;

/** Asks the platform with a bot's own credentials, which must be complete. Never rejects. */
export async function askPlatform(
  account: OfficialAccount,
  outside: Outside,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  const bot = settled(account.credentials);
  const about = subjectOf(account);
  const dates = listenForDates(outside);
  const signal = AbortSignal.timeout(timeoutMs);
  const tokens = createTokenSource(dates.outside, bot);
  const host = new URL(bot.apiBaseUrl).host;

  const refused = await failureOf(tokens.get(signal));
  if (refused) return [tokenFailure(refused, host, about), ...dates.findings(about("clock"))];
  const reached = good(about("platform"), texts.platformReached(host));
  const given = good(about("token"), texts.tokenGiven);
  const api = createOfficialApi(dates.outside, bot, tokens);
  const profile = await askProfile(api, signal, host, about);
  // QQ answers this call twice a minute only, and the running gateway needs it too: not for a bot that does not use it.
  const gateway = account.transport === "websocket" && profile.allowed ? await askGateway(api, signal, about) : [];
  return [reached, given, ...profile.findings, ...gateway, ...dates.findings(about("clock"))];
}

type About = (check: string) => Subject;

/** How the bot's findings are filed. */
function subjectOf({ accountId }: OfficialAccount): About {
  return (check) => ({ check, accountId, area: check === "clock" || check === "platform" ? "runtime" : "auth" });
}

async function failureOf(asked: Promise<unknown>): Promise<QQError | undefined> {
  try {
    await asked;
    return undefined;
  } catch (error) {
    if (error instanceof QQError) return error;
    throw error;
  }
}

function tokenFailure(error: QQError, host: string, about: About): Finding {
  if (!(error instanceof QQApiError)) return fault(about("platform"), texts.platformSilent(host, adviceOf(error)));
  if (error.kind === "ip-blocked") return blocked(error, about);
  return fault(about("token"), texts.tokenRefused(factsOf(error), adviceOf(error)));
}

async function askProfile(
  api: OfficialApi,
  signal: AbortSignal,
  host: string,
  about: About,
): Promise<{ readonly allowed: boolean; readonly findings: readonly Finding[] }> {
  const allowed = good(about("ip-allow-list"), texts.addressAllowed);
  try {
    const { username } = await api.me(signal);
    return { allowed: true, findings: [allowed, good(about("bot-profile"), texts.profile(username))] };
  } catch (error) {
    if (!(error instanceof QQError)) throw error;
    if (!(error instanceof QQApiError))
      return { allowed: false, findings: [fault(about("platform"), texts.platformSilent(host, adviceOf(error)))] };
    if (error.kind === "ip-blocked") return { allowed: false, findings: [blocked(error, about)] };
    const refusal = fault(about("bot-profile"), texts.profileRefused(factsOf(error), adviceOf(error)));
    return { allowed: true, findings: [allowed, refusal] };
  }
}

async function askGateway(api: OfficialApi, signal: AbortSignal, about: About): Promise<readonly Finding[]> {
  try {
    const { session_start_limit: limit } = await api.gatewayBot(signal);
    const named = good(about("gateway-address"), texts.gatewayGiven);
    if (!limit) return [named];
    const { remaining, total, reset_after: resetMs } = limit;
    const subject = about("session-limit");
    return remaining < total * FEW_SESSIONS
      ? [named, warning(subject, texts.sessionsFew(remaining, total, Math.ceil(resetMs / 60_000)))]
      : [named, good(subject, texts.sessionsLeft(remaining, total))];
  } catch (error) {
    if (!(error instanceof QQError)) throw error;
    return [fault(about("gateway-address"), texts.gatewayRefused(factsOf(error), adviceOf(error)))];
  }
}

function blocked(error: QQApiError, about: About): Finding {
  return fault(about("ip-allow-list"), texts.addressBlocked(error.refusal.seenAddress, factsOf(error)));
}

function adviceOf(error: QQError): Wording {
  return { en: advise(error, "en"), zh: advise(error, "zh") };
}

/** What QQ's support asks for, without the words. */
function factsOf(error: QQError): string {
  if (!(error instanceof QQApiError)) return error.code;
  const { platformCode, status, traceId } = error.refusal;
  return [`code ${platformCode}`, `HTTP ${status}`, traceId && `trace ${traceId}`].filter(Boolean).join(", ");
}
