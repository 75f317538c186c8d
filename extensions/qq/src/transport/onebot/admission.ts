import { createHmac, timingSafeEqual } from "node:crypto";
import type { OneBotAccess } from "./account.ts";
import type { Role } from "./line.ts";
import type { RequestHeaders } from "./onebot.ts";

/** Scheme words in use: NapCat's, and go-cqhttp's (`onebot-napcat.md` 9). */
const SCHEMES = /^(?:Bearer|Token)\s+(?<token>.+)$/i;
const ROLES: ReadonlyMap<string, Role> = new Map([
  ["universal", "universal"],
  ["api", "api"],
  ["event", "event"],
]);

/**
 * The HTTP status to refuse an upgrade with; `undefined` when it may come in (`onebot-napcat.md` 1.6). `connected`: the
 * number of the account that is connected already.
 */
export function refusalOfUpgrade(
  access: OneBotAccess,
  headers: RequestHeaders,
  connected?: string,
): number | undefined {
  if (!access.accepts) return 404;
  const token = SCHEMES.exec(textOf(headers, "authorization") ?? "")?.groups?.["token"];
  if (!isToken(access, token)) return 401;
  if (!isSelf(access.selfId ?? connected, headers)) return 403;
  return roleOf(headers) ? undefined : 400;
}

/** The HTTP status to refuse a posted event with; `undefined` when its signature is right (`onebot-napcat.md` 1.5). */
export function refusalOfPost(access: OneBotAccess, headers: RequestHeaders, body: Uint8Array): number | undefined {
  const { accepts, accessToken } = access;
  if (!accepts) return 404;
  if (!accessToken) return 401;
  const expected = `sha1=${createHmac("sha1", accessToken).update(body).digest("hex")}`;
  if (!isSame(expected, textOf(headers, "x-signature") ?? "")) return 401;
  return isSelf(access.selfId, headers) ? undefined : 403;
}

/** What the socket is for; both when it does not say. `undefined` for a word that is none of OneBot's. */
export function roleOf(headers: RequestHeaders): Role | undefined {
  return ROLES.get((textOf(headers, "x-client-role") ?? "universal").toLowerCase());
}

/** Nobody comes in without a token, not even where none is configured. */
function isToken({ accessToken }: OneBotAccess, token: string | undefined): boolean {
  return accessToken !== undefined && accessToken !== "" && token !== undefined && isSame(accessToken, token);
}

/** The account is checked where both sides name one: `get_login_info` tells of the rest. */
function isSelf(selfId: string | undefined, headers: RequestHeaders): boolean {
  const told = textOf(headers, "x-self-id");
  return selfId === undefined || told === undefined || told === selfId;
}

/** Takes the same time wherever they differ. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [digest(a), digest(b)];
  return timingSafeEqual(left, right);
}

function digest(text: string): Buffer {
  return createHmac("sha256", "qq").update(text).digest();
}

function textOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}
