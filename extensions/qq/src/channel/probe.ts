import { advise } from "../advice.ts";
import { QQError } from "../errors.ts";
import type { QQAccount } from "../config/account.ts";
import { createOfficialApi } from "../transport/official/api.ts";
import { createTokenSource } from "../transport/official/token.ts";
import { outside } from "./outside.ts";

/** Answer of `channels status --probe`: who the platform says this bot is, or one line of advice. */
export type QQProbe =
  | { readonly ok: true; readonly bot: { readonly id: string; readonly username: string }; readonly elapsedMs: number }
  | { readonly ok: false; readonly error: string; readonly elapsedMs: number };

/** Asks the platform with the account's own credentials: token, then profile. Never throws. */
export async function probeAccount(account: QQAccount, timeoutMs: number): Promise<QQProbe> {
  const started = outside.clock.now();
  const elapsed = (): number => outside.clock.now() - started;
  if (!account.credentials.ok)
    return { ok: false, error: advise(account.credentials.error, account.locale), elapsedMs: elapsed() };
  try {
    const bot = account.credentials.value;
    const me = await createOfficialApi(outside, bot, createTokenSource(outside, bot)).me(
      AbortSignal.timeout(timeoutMs),
    );
    return { ok: true, bot: { id: me.id, username: me.username }, elapsedMs: elapsed() };
  } catch (error) {
    const line = error instanceof QQError ? advise(error, account.locale) : `no answer within ${timeoutMs} ms`;
    return { ok: false, error: line, elapsedMs: elapsed() };
  }
}
