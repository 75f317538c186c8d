import { resolveAccount } from "../config/account.ts";
import { LISTENER_TOKEN_LENGTH, oneBotShape } from "../config/onebot-schema.ts";
import { DEFAULT_NAPCAT_URL, freshToken } from "./answers.ts";
import { askReference } from "./ask-reference.ts";
import type { Answers, Asking } from "./configure.ts";
import type { AccountPatch } from "./save.ts";
import { wizardTexts } from "./texts.ts";

type Address = "httpUrl" | "wsUrl" | "reversePath";

/** Where NapCat is, or where it dials this gateway, and the token that both know. */
export async function askNapcat(asking: Asking): Promise<Answers> {
  const address = await askAddress(asking);
  const token =
    asking.options?.secretInputMode === "ref" ? await tokenByReference(asking) : await askToken(asking, address);
  return { ...token, patch: { ...address, ...token.patch } };
}

async function askAddress({ cfg, accountId, env, isEdit, locale, prompter }: Asking): Promise<AccountPatch> {
  const now = isEdit ? resolveAccount(cfg, accountId, env, "inspect") : undefined;
  const addresses = now?.transport === "onebot" ? now.addresses : undefined;
  const current = addresses?.wsUrl ?? addresses?.httpUrl ?? addresses?.reversePath ?? DEFAULT_NAPCAT_URL;
  const text = await prompter.text({
    message: wizardTexts.napcatAddress[locale],
    placeholder: current,
    validate: (value) => refusal((value ?? "").trim(), wizardTexts.napcatAddressWrong[locale]),
  });
  const address = text?.trim() ?? "";
  if (address === "") return addresses ? {} : { wsUrl: DEFAULT_NAPCAT_URL };
  return { httpUrl: undefined, wsUrl: undefined, reversePath: undefined, [kindOf(address)]: address };
}

/** The schema's own words for an address that it refuses. */
function refusal(address: string, otherwise: string): string | undefined {
  if (address === "") return undefined;
  if (!/^(?:https?:\/\/|wss?:\/\/|\/)/.test(address)) return otherwise;
  return oneBotShape[kindOf(address)].safeParse(address).error?.issues[0]?.message;
}

function kindOf(address: string): Address {
  if (address.startsWith("/")) return "reversePath";
  return address.startsWith("ws") ? "wsUrl" : "httpUrl";
}

async function askToken(
  { cfg, accountId, env, isEdit, locale, prompter }: Asking,
  address: AccountPatch,
): Promise<Answers> {
  const now = resolveAccount(cfg, accountId, env, "inspect");
  const keeps = isEdit && now.secretSource !== "none";
  const text = await prompter.text({
    message: wizardTexts[keeps ? "napcatTokenKeep" : "napcatToken"][locale],
    sensitive: true,
    validate: (value) => {
      const token = (value ?? "").trim();
      const isShort = address.reversePath !== undefined && token !== "" && token.length < LISTENER_TOKEN_LENGTH;
      return isShort ? wizardTexts.napcatTokenShort[locale] : undefined;
    },
  });
  const token = text?.trim() ?? "";
  if (token === "" && keeps) return { patch: {} };
  return { patch: { accessToken: token === "" ? freshToken() : token, tokenFile: undefined } };
}

async function tokenByReference(asking: Asking): Promise<Answers> {
  const token = await askReference(asking, "NapCat token", "NAPCAT_TOKEN");
  if (!token) return { patch: {} };
  return { patch: { accessToken: token.value, tokenFile: undefined }, plain: { accessToken: token.resolvedValue } };
}
