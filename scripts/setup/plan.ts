import { isDeepStrictEqual } from "node:util";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { DEFAULT_ACCOUNT_ID } from "openclaw/plugin-sdk/account-id";
import { occupantOf } from "../../extensions/qq/src/setup/bind-save.ts";
import { inheritsRoad, withRoad, type AccountPatch } from "../../extensions/qq/src/setup/save.ts";

type Section = Readonly<Record<string, unknown>>;

/** What would be written. */
export interface Plan {
  /** The whole configuration with the bot in it. */
  readonly next: OpenClawConfig;
  /** For `openclaw config patch`: of `channels.qq`, what differs. `null` takes a key out. */
  readonly patch: Section;
  /** AppID of the bot that has to go. */
  readonly replaced?: string;
}

/**
 * Puts the bot where the default account stands. What belonged to the road it had goes, or the account would still be
 * reached by that; access, groups and other accounts stay. `undefined` where a personal account stands there.
 */
export function planWrite(cfg: OpenClawConfig, bot: AccountPatch): Plan | undefined {
  const account = occupantOf(cfg, DEFAULT_ACCOUNT_ID, {})?.account;
  if (account?.transport === "onebot") return undefined;
  const transport = bot.webhookPath === undefined ? "websocket" : "webhook";
  // A road that the base says to all accounts is not the one meant here.
  const road = inheritsRoad(cfg, DEFAULT_ACCOUNT_ID) ? ({ ...bot, transport } as const) : bot;
  const next = withRoad(cfg, DEFAULT_ACCOUNT_ID, road);
  const replaced = account?.appId;
  return {
    next,
    // The host takes no empty patch; the switch is in it where nothing else changes.
    patch: { enabled: true, ...difference(cfg.channels?.["qq"] ?? {}, next.channels?.["qq"] ?? {}) },
    ...(replaced !== undefined && replaced !== String(bot.appId) && { replaced }),
  };
}

/** What a merge has to be given to make `after` of `before`. */
function difference(before: Section, after: Section): Section {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return Object.fromEntries(changed.map((key) => [key, change(before[key], after[key])]));
}

function change(before: unknown, after: unknown): unknown {
  if (after === undefined) return null;
  return isSection(before) && isSection(after) ? difference(before, after) : after;
}

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
