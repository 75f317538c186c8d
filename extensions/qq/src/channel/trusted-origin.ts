import type { QQAccount } from "../config/account.ts";

/** An origin whose files are trusted like the platform's own, though it be private. */
export interface TrustedFiles {
  readonly apiBaseUrl: string | undefined;
  /** The one path at that origin where files are; they may be anywhere there when absent. */
  readonly onlyPath?: string;
}

/** Where an emulated NapCat serves QQ's file store. A real one hands out addresses of QQ's own hosts. */
const FILE_STORE = "/_qq/download";

/**
 * Origin of the files that others send: the API's on official bots (requirement B2), on personal accounts that of the
 * OneBot implementation. Of that the file store alone, since all other paths there are actions: NapCat goes by the first
 * segment (`/get_cookies/a.png` is `get_cookies`), and by GET as well.
 */
export function inboundFiles(account: QQAccount): TrustedFiles {
  return account.transport === "onebot"
    ? { apiBaseUrl: account.addresses.httpUrl, onlyPath: FILE_STORE }
    : { apiBaseUrl: account.apiBaseUrl };
}

/**
 * Origin of the files that an answer names, which may be any address that the model was talked into: the API's on
 * official bots (requirement B2), none on personal accounts, where it would call the OneBot implementation.
 */
export function outboundOrigin(account: QQAccount): string | undefined {
  return account.transport === "onebot" ? undefined : account.apiBaseUrl;
}
