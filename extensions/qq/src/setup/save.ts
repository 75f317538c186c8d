import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { ACCOUNT_KEYS, ROAD_KEYS } from "../config/identity-keys.ts";
import { ChannelSchema, type AccountConfig } from "../config/schema.ts";

/** Keys to write into an account. A key that is there and `undefined` is taken out of it. */
export type AccountPatch = { readonly [Key in keyof AccountConfig]?: AccountConfig[Key] | undefined };

type Entry = Readonly<Record<string, unknown>>;
type Channel = Entry & { readonly accounts?: Readonly<Record<string, Entry>> };

/**
 * The configuration with the account written and switched on. The default account is the base of `channels.qq`, unless
 * it stands under `accounts`, or accounts stand there that would inherit what is written.
 */
export function withAccount(cfg: OpenClawConfig, accountId: string, patch: AccountPatch): OpenClawConfig {
  const channel = channelOf(cfg);
  const key = accountKey(channel, accountId);
  const next =
    key === undefined
      ? { ...merged(channel, patch), enabled: true }
      : {
          ...channel,
          enabled: true,
          accounts: {
            ...namedBase(channel),
            ...channel.accounts,
            [key]: { ...merged(channel.accounts?.[key] ?? {}, patch), enabled: true },
          },
        };
  return { ...cfg, channels: { ...cfg.channels, qq: next } };
}

/** Beside others, the base is named: `openclaw doctor` misses `accounts.default` otherwise. It inherits everything. */
function namedBase(channel: Channel): Channel["accounts"] {
  return isAccount(channel) ? { [DEFAULT_ACCOUNT_ID]: {} } : {};
}

/** Replaces an account's road: what belongs to the one it had goes, the rest (access, groups, name) stays. */
export function withRoad(cfg: OpenClawConfig, accountId: string, patch: AccountPatch): OpenClawConfig {
  const cleared = Object.fromEntries(ROAD_KEYS.map((key) => [key, undefined]));
  return withAccount(cfg, accountId, { ...cleared, ...patch });
}

/** The configuration with the account switched off; everything else of it stays. */
export function withoutAccount(cfg: OpenClawConfig, accountId: string): OpenClawConfig {
  const channel = channelOf(cfg);
  const { accounts = {} } = channel;
  const inBase = accountKey(channel, accountId) === undefined;
  // The base's own switch is that of the whole channel.
  const key = accountKey(channel, accountId) ?? DEFAULT_ACCOUNT_ID;
  const next =
    inBase && Object.keys(accounts).length === 0
      ? { ...channel, enabled: false }
      : { ...channel, accounts: { ...accounts, [key]: { ...accounts[key], enabled: false } } };
  return { ...cfg, channels: { ...cfg.channels, qq: next } };
}

/** What the schema refuses of `channels.qq`, with its path and what to write instead; `undefined` when nothing. */
export function issueOf(cfg: OpenClawConfig): string | undefined {
  const issue = ChannelSchema.safeParse(channelOf(cfg)).error?.issues[0];
  return issue && `${["channels", "qq", ...issue.path].join(".")}: ${issue.message}`;
}

/** Whether the account's messages come to the path that the base of `channels.qq` names, or by its transport. */
export function inheritsRoad(cfg: OpenClawConfig, accountId: string): boolean {
  const channel = channelOf(cfg);
  const isBase = accountKey(channel, accountId) === undefined;
  return !isBase && (channel["transport"] !== undefined || channel["webhookPath"] !== undefined);
}

/** Whether other accounts inherit what is written for this one. */
export function hasHeirs(cfg: OpenClawConfig, accountId: string): boolean {
  const channel = channelOf(cfg);
  const others = Object.keys(channel.accounts ?? {}).filter((key) => normalizeAccountId(key) !== DEFAULT_ACCOUNT_ID);
  return accountKey(channel, accountId) === undefined && others.length > 0;
}

/** What is written for the account itself, without what it inherits. */
export function ownEntry(cfg: OpenClawConfig, accountId: string): Partial<AccountConfig> {
  const channel = channelOf(cfg);
  const key = accountKey(channel, accountId);
  return (key === undefined ? channel : channel.accounts?.[key]) ?? {};
}

function channelOf(cfg: OpenClawConfig): Channel {
  // The host has validated it against our schema.
  return (cfg.channels?.["qq"] ?? {}) as Channel;
}

/** The account's key under `accounts`, as the operator wrote it; `undefined` for the base, also where that is only named. */
function accountKey(channel: Channel, accountId: string): string | undefined {
  const { accounts = {} } = channel;
  const id = normalizeAccountId(accountId);
  const keys = Object.keys(accounts);
  const found = keys.find((key) => key === id) ?? keys.find((key) => normalizeAccountId(key) === id);
  const isBase = id === DEFAULT_ACCOUNT_ID && (isAccount(channel) || keys.length === 0);
  const isNameOnly = found !== undefined && Object.keys(accounts[found] ?? {}).length === 0;
  if (found !== undefined && !(isBase && isNameOnly)) return found;
  return isBase ? undefined : id;
}

function isAccount(channel: Channel): boolean {
  return ACCOUNT_KEYS.some((key) => channel[key] !== undefined);
}

function merged(entry: Entry, patch: AccountPatch): Entry {
  return Object.fromEntries(Object.entries({ ...entry, ...patch }).filter(([, value]) => value !== undefined));
}
