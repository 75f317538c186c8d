import { demand } from "./refusal.ts";

/** A JSON object whose members are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Clients write empty members as "", null or not at all, and the platform takes all three. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

/** A text, `undefined` when it is absent; anything else is refused with 50035. */
export function readText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (isAbsent(value)) return undefined;
  demand(typeof value === "string", 50035, name);
  return value;
}
