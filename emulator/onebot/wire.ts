import JSON5 from "json5";

/** Longest text in an entry of the wire log: files come as base64. */
const SHOWN = 2000;

/** Reads what a client sent as NapCat does, by the rules of JSON5 (onebot-napcat.md 10.7). Throws on anything else. */
export function parseLoose(text: string): unknown {
  try {
    // Nearly everything is JSON, which is read hundreds of times faster.
    return JSON.parse(text);
  } catch {
    return JSON5.parse(text);
  }
}

/** A copy for the wire log with long texts cut. */
export function shorten(value: unknown): unknown {
  if (typeof value === "string")
    return value.length > SHOWN ? `${value.slice(0, 100)}… <${value.length} characters>` : value;
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]));
}
