import { randomBytes } from "node:crypto";

/** Where NapCat's WebSocket server listens when nothing is changed (onebot-napcat.md 1.1): one address serves events and calls. */
export const DEFAULT_NAPCAT_URL = "ws://127.0.0.1:3001";

/** Bytes of a fresh token; it is written as hexadecimal digits, which survive every form and file. */
const TOKEN_BYTES = 16;

/** "AppID:AppSecret" as it is pasted in one piece; `undefined` when it is none. */
export function parseBothSecrets(text: string): { readonly appId: string; readonly appSecret: string } | undefined {
  const [, appId, appSecret] = /^\s*(\d{4,20})\s*[:：]\s*(\S+)\s*$/.exec(text) ?? [];
  return appId === undefined || appSecret === undefined ? undefined : { appId, appSecret };
}

/** Whether it is an AppID by itself. */
export function isAppId(text: string): boolean {
  return /^\s*\d{4,20}\s*$/.test(text);
}

/** Whether it is an address without a path or a user, as the public one of a gateway is given. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/[^/\s?#@]+\/?$/.test(text.trim());
}

/** A token that NapCat and the account share: 32 hexadecimal digits. */
export function freshToken(): string {
  return randomBytes(TOKEN_BYTES).toString("hex");
}
