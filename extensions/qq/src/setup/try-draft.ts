import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveAccount, type QQAccount } from "../config/account.ts";
import { triedLine } from "./afterwards.ts";
import type { Asking } from "./configure.ts";
import { entryStep, nextStepsContext } from "./next-steps.ts";
import { wizardTexts } from "./texts.ts";
import { tryAccount } from "./try-account.ts";

/** What is to become of answers that were tried. */
export type Verdict = "save" | "correct" | "leave";

/**
 * Asks the platform or NapCat with the answers, before they are saved.
 * @param trial the configuration with them, secrets in plain text
 */
export async function tryDraft(asking: Asking, trial: OpenClawConfig): Promise<Verdict> {
  const account = { ...resolveAccount(trial, asking.accountId, asking.env), locale: asking.locale };
  for (;;) {
    const isReached = await tryOnce(asking, account);
    if (isReached) return "save";
    if (account.transport === "onebot") {
      const { prompter, locale } = asking;
      const step = entryStep(account, nextStepsContext(trial), locale);
      await (prompter.plain ? prompter.plain(step) : prompter.note(step, wizardTexts.title[locale]));
    }
    const answer = await askWhatNow(asking);
    if (answer !== "again") return answer;
  }
}

async function tryOnce({ prompter, locale, outside }: Asking, account: QQAccount): Promise<boolean> {
  const progress = prompter.progress(wizardTexts[account.transport === "onebot" ? "tryingNapcat" : "trying"][locale]);
  const tried = await tryAccount(account, outside);
  progress.stop(triedLine(tried, locale));
  return tried.ok !== false;
}

async function askWhatNow({ prompter, locale }: Asking): Promise<Verdict | "again"> {
  return await prompter.select<Verdict | "again">({
    message: wizardTexts.andNow[locale],
    options: [
      { value: "again", label: wizardTexts.again[locale] },
      { value: "correct", label: wizardTexts.correct[locale] },
      { value: "save", label: wizardTexts.saveAnyway[locale] },
      { value: "leave", label: wizardTexts.leave[locale] },
    ],
  });
}
