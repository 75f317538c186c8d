import type { AccountConfig, TransportName } from "./schema.ts";

/** The transport of an account, and why it is that one, for the log and the status. */
export interface TransportChoice {
  readonly transport: TransportName;
  readonly transportWhy: string;
}

const ONEBOT_KEYS = ["httpUrl", "wsUrl", "reversePath"] as const;
const OFFICIAL_KEYS = ["appId", "appSecret", "appSecretFile", "webhookPath"] as const;

/**
 * Requirement C7: `transport` says it; else an address of a OneBot implementation means that, `webhookPath` means
 * webhook, and an AppID alone the gateway, which needs no public address. What the account's own entry says comes
 * before what it inherits.
 *
 * @param config the entry with what it inherits
 * @param own the entry itself; absent for the base of `channels.qq`
 */
export function chooseTransport(config: AccountConfig, own: Partial<AccountConfig> | undefined): TransportChoice {
  return (own && chooseBy(own, config)) ?? chooseBy(config, config) ?? chooseOfficial(config);
}

function chooseBy(entry: Partial<AccountConfig>, config: AccountConfig): TransportChoice | undefined {
  if (entry.transport) return { transport: entry.transport, transportWhy: "transport is set" };
  const address = ONEBOT_KEYS.find((key) => entry[key] !== undefined);
  if (address) return { transport: "onebot", transportWhy: `${address} is set` };
  return OFFICIAL_KEYS.some((key) => entry[key] !== undefined) ? chooseOfficial(config) : undefined;
}

function chooseOfficial({ transport, webhookPath }: AccountConfig): TransportChoice {
  if (transport && transport !== "onebot") return { transport, transportWhy: "transport is set" };
  if (webhookPath !== undefined) return { transport: "webhook", transportWhy: "webhookPath is set" };
  return { transport: "websocket", transportWhy: "appId without webhookPath" };
}
