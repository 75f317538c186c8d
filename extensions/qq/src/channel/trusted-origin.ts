import type { QQAccount } from "../config/account.ts";

/**
 * Address whose origin is trusted like the platform's own though it be private: the API's on official bots (requirement
 * B2), on personal accounts that of the OneBot implementation; `undefined` where calls go over the socket.
 */
export function trustedOrigin(account: QQAccount): string | undefined {
  return account.transport === "onebot" ? account.addresses.httpUrl : account.apiBaseUrl;
}
