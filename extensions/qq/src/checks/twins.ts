import { isConfigured, listAccountIds, resolveAccount, type QQAccount } from "../config/account.ts";
import { placeOf } from "./addresses.ts";
import type { Finding } from "./finding.ts";
import { find, type Checked } from "./subject.ts";
import { texts } from "./texts.ts";

/** How deep the configuration of another channel is looked through, and how many of its values. */
const MAX_DEPTH = 4;
const MAX_VALUES = 500;

/** `same-bot`, `same-napcat`: another account of this channel is the same bot, or the same QQ account. */
export function twins(checked: Checked): readonly Finding[] {
  const { account, cfg, env } = checked;
  const others = listAccountIds(cfg)
    .filter((id) => id !== account.accountId)
    .map((id) => resolveAccount(cfg, id, env, "inspect"))
    .filter((other) => other.enabled && isConfigured(other));
  const bot = others.find((other) => account.appId !== undefined && other.appId === account.appId);
  const napcat = others.find((other) => isSameNapcat(account, other));
  return [
    ...(bot ? [find(checked, "same-bot", "error", "config", texts.sameBot(bot.accountId, bot.appId ?? ""))] : []),
    ...(napcat ? [find(checked, "same-napcat", "error", "config", texts.sameNapcat(napcat.accountId))] : []),
  ];
}

/** A NapCat serves one QQ account: two addresses of one port, or one number, are one account. */
function isSameNapcat(one: QQAccount, other: QQAccount): boolean {
  if (one.transport !== "onebot" || other.transport !== "onebot") return false;
  const { selfId } = one.addresses;
  if (selfId !== undefined && other.addresses.selfId !== undefined) return selfId === other.addresses.selfId;
  const places = placesOf(other);
  return placesOf(one).some((place) => places.includes(place));
}

function placesOf(account: QQAccount): readonly string[] {
  if (account.transport !== "onebot") return [];
  return [account.addresses.httpUrl, account.addresses.wsUrl].flatMap((url) => (url && placeOf(url)) ?? []);
}

/** `sibling-plugin`: another channel of this OpenClaw is set up with the same bot, or the same NapCat. */
export function siblingPlugin(checked: Checked): readonly Finding[] {
  const { account, cfg } = checked;
  const places = placesOf(account);
  const isOurs = (key: string, value: string): boolean => {
    if (/^app_?id$/i.test(key)) return account.appId !== undefined && value === account.appId;
    const place = /^(?:https?|wss?):/.test(value) ? placeOf(value) : undefined;
    return place !== undefined && places.includes(place);
  };
  return Object.entries(cfg.channels ?? {}).flatMap(([channel, config]) => {
    if (channel === "qq") return [];
    if (!valuesOf(config).some(([key, value]) => isOurs(key, value))) return [];
    return [find(checked, "sibling-plugin", "error", "config", texts.siblingPlugin(channel))];
  });
}

function isOff(config: unknown): boolean {
  return typeof config === "object" && config !== null && "enabled" in config && config.enabled === false;
}

/** Texts and numbers of a configuration, with their keys; an entry that is switched off has none. */
function valuesOf(config: unknown, depth = 0): readonly (readonly [key: string, value: string])[] {
  if (typeof config !== "object" || config === null || depth > MAX_DEPTH || isOff(config)) return [];
  return Object.entries(config)
    .flatMap(([key, value]): readonly (readonly [string, string])[] =>
      typeof value === "string" || typeof value === "number" ? [[key, String(value)]] : valuesOf(value, depth + 1),
    )
    .slice(0, MAX_VALUES);
}
