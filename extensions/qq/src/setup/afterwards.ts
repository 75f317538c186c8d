import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { QQAccount } from "../config/account.ts";
import type { Locale } from "../texts.ts";
import type { Outside } from "../transport/transport.ts";
import { nextSteps, nextStepsContext } from "./next-steps.ts";
import { tryTexts } from "./texts.ts";
import { tryAccount, type Tried } from "./try-account.ts";

interface Telling {
  readonly publicUrl?: string | undefined;
  /** Where the lines may end in a log: NapCat's token is left out. */
  readonly hidesToken?: boolean | undefined;
  /** Prints one line, or several at once. */
  readonly log: (lines: string) => void;
  readonly locale: Locale;
  /** The real network when absent. */
  readonly outside?: Outside;
}

/** After an account was saved by flags: whether it reaches its bot, and what is left to do. */
export async function tellAfterwards(
  account: QQAccount,
  cfg: OpenClawConfig,
  { publicUrl, hidesToken, log, locale, outside }: Telling,
): Promise<void> {
  log(triedLine(await tryAccount({ ...account, locale }, outside), locale));
  for (const step of nextSteps(account, { ...nextStepsContext(cfg, publicUrl), hidesToken }, locale)) log(step);
}

/** What came of asking, in one line. */
export function triedLine(tried: Tried, locale: Locale): string {
  if (tried.ok) return tryTexts.reached(tried.bot.username, tried.bot.id)[locale];
  return (tried.ok === undefined ? tryTexts.notAsked(tried.note) : tryTexts.notReached(tried.error))[locale];
}
