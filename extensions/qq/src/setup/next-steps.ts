import { resolveGatewayPort } from "openclaw/plugin-sdk/core";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { OfficialAccount, OneBotAccount, QQAccount } from "../config/account.ts";
import type { OneBotAddresses } from "../config/onebot-access.ts";
import type { Wording } from "../errors.ts";
import type { Locale } from "../texts.ts";
import { isBehindProxy, isOpenToNetwork, networkConfig } from "./network-entry.ts";
import { nextTexts } from "./next-texts.ts";

/** What the configuration of an account does not say. */
export interface NextStepsContext {
  /** Port of the gateway on this machine. */
  readonly gatewayPort: number;
  /** Public address of the gateway, such as `https://bot.example.com`; left open in the text when absent. */
  readonly publicUrl?: string | undefined;
  /** Where the lines may end in a log: NapCat's token is left out. */
  readonly hidesToken?: boolean | undefined;
}

/** Events that do something here, those of guilds left out: docs/channels/qq.md, "Events, intents and shards". */
const EVENTS = [
  "C2C_MESSAGE_CREATE",
  "GROUP_AT_MESSAGE_CREATE",
  "GROUP_MESSAGE_CREATE",
  "INTERACTION_CREATE",
  "FRIEND_ADD",
  "FRIEND_DEL",
  "C2C_MSG_RECEIVE",
  "C2C_MSG_REJECT",
  "GROUP_ADD_ROBOT",
  "GROUP_DEL_ROBOT",
  "GROUP_MSG_RECEIVE",
  "GROUP_MSG_REJECT",
];

/** The context on this machine. */
export function nextStepsContext(cfg: OpenClawConfig, publicUrl?: string): NextStepsContext {
  return { gatewayPort: resolveGatewayPort(cfg), publicUrl };
}

/** What is left to do until the bot answers, one numbered step after the other. NapCat's holds the account's token. */
export function nextSteps(account: QQAccount, context: NextStepsContext, locale: Locale): readonly string[] {
  const steps = [...roadSteps(account, context, locale), accessStep(account, locale)];
  return [...steps.map((step, index) => `${index + 1}. ${step}`), nextTexts.start[locale]];
}

function roadSteps(account: QQAccount, context: NextStepsContext, locale: Locale): readonly string[] {
  switch (account.transport) {
    case "websocket":
      return [];
    case "webhook":
      return webhookSteps(account, context, locale);
    case "onebot":
      return [entryStep(account, context, locale)];
  }
}

function webhookSteps(
  { webhookPath }: OfficialAccount,
  { gatewayPort, publicUrl }: NextStepsContext,
  locale: Locale,
): readonly string[] {
  const base = publicUrl?.replace(/\/+$/, "") ?? nextTexts.ownDomain[locale];
  return [
    nextTexts.forward(`http://127.0.0.1:${gatewayPort}${webhookPath}`, base)[locale],
    nextTexts.callback(base + webhookPath)[locale],
    nextTexts.events(EVENTS.join(", "))[locale],
  ];
}

/** What NapCat needs to be told; with the account's token, unless that is to be left out. */
export function entryStep(
  { addresses, credentials }: OneBotAccount,
  { gatewayPort, hidesToken = false }: NextStepsContext,
  locale: Locale,
): string {
  const known = credentials.ok ? (credentials.value.accessToken ?? "") : undefined;
  const token = known === undefined || (hidesToken && known !== "") ? nextTexts.ownToken[locale] : known;
  const entry = nextTexts.entry(JSON.stringify(networkConfig(addresses, token, gatewayPort)));
  return [entry, ...entryNotes(addresses, gatewayPort)].map((wording) => wording[locale]).join("\n");
}

function entryNotes({ httpUrl, wsUrl, reversePath }: OneBotAddresses, gatewayPort: number): readonly Wording[] {
  const servers = [httpUrl, wsUrl].filter((url) => url !== undefined);
  const proxied = servers.filter(isBehindProxy);
  return [
    ...(proxied.length > 0 ? [nextTexts.behindProxy(proxied.map((url) => new URL(url).origin).join(", "))] : []),
    ...(servers.some(isOpenToNetwork) ? [nextTexts.openToNetwork] : []),
    ...(reversePath === undefined ? [] : [nextTexts.elsewhere(gatewayPort)]),
  ];
}

function accessStep({ config, transport }: QQAccount, locale: Locale): string {
  const write = nextTexts[transport === "onebot" ? "toPerson" : "toBot"][locale];
  if (config.dmPolicy !== undefined && config.dmPolicy !== "pairing") return write;
  return nextTexts[(config.allowFrom ?? []).length > 0 ? "known" : "pairing"](write)[locale];
}
