import type { Segment } from "./pieces.ts";

/** Segments as one CQ string (onebot-napcat.md 4.7). */
export const encodeCq = (segments: readonly Segment[]): string => segments.map(encodeSegment).join("");

function encodeSegment({ type, data }: Segment): string {
  if (type === "text") return escapeText(printValue(data["text"]));
  const parameters = Object.entries(data)
    .map(([name, value]) => [name, printValue(value)] as const)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `,${name}=${escapeText(value).replaceAll(",", "&#44;")}`);
  return `[CQ:${type}${parameters.join("")}]`;
}

function printValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("[", "&#91;").replaceAll("]", "&#93;");

/** `&amp;` last: what it stood for is not an escape. Commas are undone in text too. */
const unescape = (text: string): string =>
  text.replaceAll("&#44;", ",").replaceAll("&#91;", "[").replaceAll("&#93;", "]").replaceAll("&amp;", "&");

const CODE = /\[CQ:(\w+)((?:,\w+=[^,\]]*)*)\]/g;

/** Reads a CQ string; what is no code stays text, and all values are strings. */
export function parseCq(text: string): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  const addText = (raw: string): void => {
    if (raw !== "") segments.push({ type: "text", data: { text: unescape(raw) } });
  };
  for (const match of text.matchAll(CODE)) {
    addText(text.slice(at, match.index));
    segments.push({ type: match[1] ?? "", data: readParameters(match[2] ?? "") });
    at = match.index + match[0].length;
  }
  addText(text.slice(at));
  return segments;
}

function readParameters(text: string): Record<string, string> {
  const pairs = text
    .split(",")
    .slice(1)
    .map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), unescape(pair.slice(at + 1))] as const;
    });
  return Object.fromEntries(pairs);
}
