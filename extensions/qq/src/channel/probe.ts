import { advise } from "../advice.ts";
import { QQError, type Wording } from "../errors.ts";
import { settled, type OfficialAccount, type OneBotAccount, type QQAccount } from "../config/account.ts";
import { createOfficialApi } from "../transport/official/api.ts";
import { createTokenSource } from "../transport/official/token.ts";
import { probeOneBot } from "../transport/onebot/probe.ts";
import type { Outside } from "../transport/transport.ts";
import { adviseState } from "./line-advice.ts";
import { outside as realOutside } from "./outside.ts";

/** Answer of `channels status --probe`: who the platform says this bot is, or one line of advice. */
export type QQProbe =
  | { readonly ok: true; readonly bot: Bot; readonly elapsedMs: number }
  /** There was nobody to ask. */
  | { readonly ok?: never; readonly note: string; readonly elapsedMs: number }
  | { readonly ok: false; readonly bot?: Bot; readonly error: string; readonly elapsedMs: number };

interface Bot {
  readonly id: string;
  readonly username: string;
}

type Answer =
  | { readonly ok: true; readonly bot: Bot }
  | { readonly ok?: never; readonly note: string }
  | { readonly ok: false; readonly bot?: Bot; readonly error: string };

const onlyReverse: Wording = {
  en: "nothing to ask: NapCat dials this gateway; set httpUrl to have calls checked too",
  zh: "无法主动检测：由 NapCat 连接本网关；设置 httpUrl 后可同时检测调用",
};

/** Asks the platform, or the OneBot implementation, with the account's own credentials. Never throws. */
export async function probeAccount(
  account: QQAccount,
  timeoutMs: number,
  outside: Outside = realOutside,
): Promise<QQProbe> {
  const started = outside.clock.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await ask(account, signal, outside).catch((error: unknown): Answer => {
    const known = error instanceof QQError && !signal.aborted;
    return { ok: false, error: known ? advise(error, account.locale) : `no answer within ${timeoutMs} ms` };
  });
  return { ...answer, elapsedMs: outside.clock.now() - started };
}

async function ask(account: QQAccount, signal: AbortSignal, outside: Outside): Promise<Answer> {
  return account.transport === "onebot"
    ? await askOneBot(account, signal, outside)
    : await askOfficial(account, signal, outside);
}

async function askOfficial(account: OfficialAccount, signal: AbortSignal, outside: Outside): Promise<Answer> {
  const bot = settled(account.credentials);
  const me = await createOfficialApi(outside, bot, createTokenSource(outside, bot)).me(signal);
  return { ok: true, bot: { id: me.id, username: me.username } };
}

async function askOneBot(
  { credentials, locale }: OneBotAccount,
  signal: AbortSignal,
  outside: Outside,
): Promise<Answer> {
  const access = settled(credentials);
  const who = await probeOneBot(outside, access, signal);
  if (!who) return { note: onlyReverse[locale] };
  const bot = { id: who.id, username: who.name };
  if (access.selfId !== undefined && access.selfId !== who.id)
    return { ok: false, bot, error: wrongAccount(access.selfId, who.id)[locale] };
  return who.online ? { ok: true, bot } : { ok: false, bot, error: adviseState("offline", locale) };
}

function wrongAccount(wanted: string, found: string): Wording {
  return {
    en: `NapCat there is logged in as ${found}, not as ${wanted}; correct selfId, or the address`,
    zh: `该 NapCat 登录的是 ${found}，而不是 ${wanted}；请修改 selfId 或地址`,
  };
}
