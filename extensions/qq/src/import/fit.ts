import { ChannelSchema } from "../config/schema.ts";
import type { Patch } from "./moved.ts";
import type { PlacedFate } from "./place.ts";
import { getAt, withAt } from "./paths.ts";
import { why } from "./texts.ts";

/** Moved settings, made to fit. */
export interface Fitted {
  readonly channel: Patch;
  readonly fates: readonly PlacedFate[];
  /** What is still wrong with it; empty when the host will take it. */
  readonly wrong: readonly string[];
}

/** More refusals than this mean that something is wrong with the reading, not with a value. */
const MOST_REFUSALS = 50;

/**
 * Takes out what the schema of `channels.qq` refuses, key by key, each with a fate of its own. What says who may talk,
 * or with which tools, is never taken out: without it the gate would stand open.
 */
export function fit(channel: Patch, fates: readonly PlacedFate[]): Fitted {
  let fitting = channel;
  let told = fates;
  for (let round = 0; round < MOST_REFUSALS; round += 1) {
    const { success, error } = ChannelSchema.safeParse(fitting);
    const issue = error?.issues[0];
    if (success || !issue) return { channel: fitting, fates: told, wrong: [] };
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const path = [...issue.path.map(String), ...keys.slice(0, 1)];
    if (path.length === 0 || getAt(fitting, path) === undefined || isGate(path)) break;
    fitting = withAt(fitting, path, undefined);
    told = refused(told, path, issue.message);
  }
  const { error } = ChannelSchema.safeParse(fitting);
  const wrong = error?.issues.map((issue) => `channels.qq.${issue.path.join(".")}: ${issue.message}`) ?? [];
  return { channel: fitting, fates: told, wrong };
}

const POLICIES = ["dmPolicy", "groupPolicy", "allowFrom", "groupAllowFrom"];
const HARMLESS_IN_GROUPS = ["requireMention", "systemPrompt"];

/** Whether the key at the path keeps somebody out, or tools from somebody. */
function isGate(path: readonly string[]): boolean {
  const [key = "", , inGroup] = path[0] === "accounts" ? path.slice(2) : path;
  return POLICIES.includes(key) || (key === "groups" && !HARMLESS_IN_GROUPS.includes(inGroup ?? ""));
}

/** The old key whose new place was refused is dropped; of something inside a new place, the place itself is told. */
function refused(fates: readonly PlacedFate[], path: readonly string[], message: string): readonly PlacedFate[] {
  const place = `channels.qq.${path.join(".")}`;
  const reason = why.invalid(message);
  if (!fates.some(({ to }) => to === place)) return [...fates, { from: place, why: reason }];
  return fates.map((fate) =>
    fate.to === place ? { from: fate.from, ...(fate.unset && { unset: true }), why: reason } : fate,
  );
}
