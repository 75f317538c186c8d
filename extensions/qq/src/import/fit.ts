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

/** Takes out what the schema of `channels.qq` refuses, key by key, and says so in the fates. */
export function fit(channel: Patch, fates: readonly PlacedFate[]): Fitted {
  let fitting = channel;
  let told = fates;
  for (let round = 0; round < MOST_REFUSALS; round += 1) {
    const { success, error } = ChannelSchema.safeParse(fitting);
    const issue = error?.issues[0];
    if (success || !issue) return { channel: fitting, fates: told, wrong: [] };
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const path = [...issue.path.map(String), ...keys.slice(0, 1)];
    if (path.length === 0 || getAt(fitting, path) === undefined) break;
    fitting = withAt(fitting, path, undefined);
    told = told.map((fate) => refused(fate, path, issue.message));
  }
  const { error } = ChannelSchema.safeParse(fitting);
  const wrong = error?.issues.map((issue) => `channels.qq.${issue.path.join(".")}: ${issue.message}`) ?? [];
  return { channel: fitting, fates: told, wrong };
}

/** The fate of a key whose new place was refused: the place itself, or something inside it. */
function refused(fate: PlacedFate, path: readonly string[], message: string): PlacedFate {
  const place = `channels.qq.${path.join(".")}`;
  if (fate.to === undefined) return fate;
  if (fate.to === place) return { from: fate.from, ...(fate.unset && { unset: true }), why: why.invalid(message) };
  return place.startsWith(`${fate.to}.`) ? { ...fate, why: why.invalid(message) } : fate;
}
