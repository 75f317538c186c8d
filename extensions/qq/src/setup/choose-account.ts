import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { Locale } from "../texts.ts";
import type { WizardContext } from "./configure.ts";
import { wizardTexts } from "./texts.ts";
import { accountLabel, configuredAccounts } from "./wizard-status.ts";

/** Which account it is about, and what is to become of it. */
export interface AccountChoice {
  readonly accountId: string;
  readonly action: "add" | "edit" | "replace" | "disable" | "keep";
}

/** No id of an account: ids are words. */
const ANOTHER = " ";

/** Asks only where an account exists: the first one is the default account. */
export async function chooseAccount(context: WizardContext, locale: Locale): Promise<AccountChoice> {
  const accounts = configuredAccounts(context.cfg);
  const asked = context.accountOverrides["qq"];
  const chosen = asked === undefined ? await chooseAmong(context, locale) : normalizeAccountId(asked);
  const account = accounts.find(({ accountId }) => accountId === chosen);
  if (account) return await chooseAction(context, account.accountId, accountLabel(account), locale);
  return { accountId: chosen === ANOTHER ? await askName(context, locale) : chosen, action: "add" };
}

async function chooseAmong({ cfg, prompter }: WizardContext, locale: Locale): Promise<string> {
  const accounts = configuredAccounts(cfg);
  if (accounts.length === 0) return DEFAULT_ACCOUNT_ID;
  const another = {
    value: ANOTHER,
    label: wizardTexts.anotherAccount[locale],
    hint: wizardTexts.anotherAccountHint[locale],
  };
  return await prompter.select({
    message: wizardTexts.whichAccount[locale],
    options: [...accounts.map((account) => ({ value: account.accountId, label: accountLabel(account) })), another],
  });
}

async function chooseAction(
  { options, prompter }: WizardContext,
  accountId: string,
  label: string,
  locale: Locale,
): Promise<AccountChoice> {
  const option = <Action extends "edit" | "replace" | "disable">(value: Action, hint: `${Action}Hint`) => ({
    value,
    label: wizardTexts[value][locale],
    hint: wizardTexts[hint][locale],
  });
  const action = await prompter.select<AccountChoice["action"]>({
    message: wizardTexts.whatToDo(label)[locale],
    options: [
      option("edit", "editHint"),
      option("replace", "replaceHint"),
      ...(options?.allowDisable === true ? [option("disable", "disableHint")] : []),
      { value: "keep", label: wizardTexts.keep[locale] },
    ],
  });
  return { accountId, action };
}

async function askName({ cfg, prompter }: WizardContext, locale: Locale): Promise<string> {
  const taken = new Set(configuredAccounts(cfg).map(({ accountId }) => accountId));
  const name = await prompter.text({
    message: wizardTexts.accountName[locale],
    placeholder: "work",
    validate: (value) => {
      const text = (value ?? "").trim();
      if (!/^[a-z0-9][\w-]*$/i.test(text)) return wizardTexts.accountNameNeeded[locale];
      return taken.has(normalizeAccountId(text)) ? wizardTexts.accountNameTaken[locale] : undefined;
    },
  });
  return normalizeAccountId(name.trim());
}
