import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { z } from "zod";
import { factsOf } from "../checks/facts.ts";
import type { OneBotAccount, QQAccount } from "../config/account.ts";

/** Whose account a line found itself on, as the status keeps it. */
const Identity = z.object({ id: z.string(), username: z.string(), software: z.string() });

/** What the status shows of an account that the line does not know: never a secret. */
export function describeAccount(account: QQAccount) {
  return {
    mode: modeOf(account),
    ...(account.transport === "onebot" ? describeOneBot(account) : { baseUrl: account.apiBaseUrl }),
    ...(account.transport === "webhook" ? { webhookPath: account.webhookPath } : {}),
    dmPolicy: account.config.dmPolicy ?? "pairing",
    tokenSource: account.secretSource,
    tokenStatus: tokenStatus(account),
  };
}

/** What only the running line knows, and the host would leave out: why it is in its state, and whose account it is. */
export function describeLine(account: QQAccount, runtime: ChannelAccountSnapshot | undefined) {
  const bot = Identity.safeParse(runtime?.bot).data;
  return {
    ...(runtime?.stateReason === undefined ? {} : { stateReason: runtime.stateReason }),
    ...(bot && { bot, mode: `${modeOf(account)}, QQ ${bot.id} on ${bot.software}` }),
    ...(runtime && "facts" in runtime && { facts: factsOf(runtime) }),
  };
}

function describeOneBot({ addresses }: OneBotAccount) {
  const { httpUrl, wsUrl, reversePath } = addresses;
  const baseUrl = httpUrl ?? wsUrl;
  return {
    ...addresses,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(reversePath === undefined ? {} : { webhookPath: reversePath }),
  };
}

function modeOf({ transport, transportWhy }: QQAccount): string {
  return `${transport} (${transportWhy})`;
}

function tokenStatus({ credentials, secretSource, transport }: QQAccount): string {
  if (credentials.ok) return secretSource === "none" && transport === "onebot" ? "not needed" : "available";
  return secretSource === "none" ? "missing" : "configured_unavailable";
}
