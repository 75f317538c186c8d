import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { normalizeAllowEntry } from "../channel/receive/allow-entry.ts";
import { resolveAccount, type Env } from "../config/account.ts";
import { hasHeirs, withAccount } from "./save.ts";

/** The configuration with a bound bot in it. */
export interface BoundConfig {
  readonly cfg: OpenClawConfig;
  /** Who scanned was put into the account's `allowFrom`. */
  readonly allowed: boolean;
  /** Who scanned was put into `commands.ownerAllowFrom`. */
  readonly owner: boolean;
}

/** A scan, as the lists of people are concerned. */
export interface Scan {
  /** Who scanned, as the bot knows them; `undefined` when QQ did not say. */
  readonly openid: string | undefined;
  /** Whether the account's lists were written for this bot, for another one, or before there was any. */
  readonly lists: "its" | "another's" | "nobody's";
  readonly env: Env;
}

type List = readonly (string | number)[];

const OPENID = /^[0-9A-F]{32}$/i;
const OF_QQ = /^(?:qq|qqbot):/i;

/**
 * Who scanned may write to the bot at once, unless the account says already who may. They are also named as owner where
 * nobody is: they will never be paired, and the host gives ownership to the first who is, which would be a stranger.
 *
 * Openids are per bot. Those of another bot say nothing of this one: in `allowFrom` who scanned takes their place, and
 * beside owners on QQ they are named too.
 */
export function withOwner(cfg: OpenClawConfig, accountId: string, scan: Scan): BoundConfig {
  const { allowed, cfg: admitted } = withAdmission(cfg, accountId, scan);
  const { openid } = scan;
  // Owners of every channel stand in one list; as the host writes one when it pairs the first user.
  const owners = cfg.commands?.ownerAllowFrom ?? [];
  if (openid === undefined || !lacksOwner(owners, openid, scan)) return { cfg: admitted, allowed, owner: false };
  const commands = { ...admitted.commands, ownerAllowFrom: [...owners, `qq:${openid}`] };
  return { cfg: { ...admitted, commands }, allowed, owner: true };
}

function lacksOwner(owners: List, openid: string, { lists }: Scan): boolean {
  if (owners.length === 0) return true;
  return lists !== "its" && owners.some(isOfQQ) && !owners.some((entry) => idOf(entry) === openid);
}

function isOfQQ(entry: string | number): boolean {
  return OF_QQ.test(String(entry)) || OPENID.test(idOf(entry));
}

function withAdmission(cfg: OpenClawConfig, accountId: string, scan: Scan): Omit<BoundConfig, "owner"> {
  const { env, lists, openid } = scan;
  const { dmPolicy = "pairing", allowFrom = [] } = resolveAccount(cfg, accountId, env, "inspect").config;
  const isAsked = dmPolicy === "pairing" || dmPolicy === "allowlist";
  if (!isAsked || (allowFrom.length > 0 && lists !== "another's")) return { cfg, allowed: false };
  // Accounts that inherit the list may know people in it.
  const kept = hasHeirs(cfg, accountId)
    ? allowFrom.filter((entry) => idOf(entry) !== openid)
    : allowFrom.filter((entry) => !OPENID.test(idOf(entry)));
  if (openid !== undefined)
    return { cfg: withAccount(cfg, accountId, { allowFrom: [...kept, openid] }), allowed: true };
  // An allowlist must name somebody.
  const isStale = dmPolicy === "pairing" && kept.length < allowFrom.length;
  return { cfg: isStale ? withAccount(cfg, accountId, { allowFrom: kept }) : cfg, allowed: false };
}

function idOf(entry: string | number): string {
  return normalizeAllowEntry(String(entry));
}
