import type { InSegment } from "./segments.ts";

/**
 * One CQ code. A `[` in a value is escaped wherever these are written (`onebot-napcat.md` 4.7), so that none is looked for
 * across another one, and the search stays linear.
 */
const CODE = /\[CQ:(\w+)((?:,\w+=[^,[\]]*)*)\]/g;

/** A message that came as one string, as segments. What is no CQ code is text; nothing is thrown. */
export function parseCq(message: string): readonly InSegment[] {
  const segments: InSegment[] = [];
  let from = 0;
  for (const match of message.matchAll(CODE)) {
    addText(segments, message.slice(from, match.index));
    const [code, type = "", params = ""] = match;
    segments.push({ type, data: parseParams(params) });
    from = match.index + code.length;
  }
  addText(segments, message.slice(from));
  return segments;
}

function addText(segments: InSegment[], text: string): void {
  if (text !== "") segments.push({ type: "text", data: { text: unescapeCq(text) } });
}

function parseParams(params: string): Record<string, string> {
  return Object.fromEntries(
    params
      .split(",")
      .filter((param) => param !== "")
      .map((param) => {
        const equals = param.indexOf("=");
        return [param.slice(0, equals), unescapeCq(param.slice(equals + 1))];
      }),
  );
}

/** `&amp;` last: what it leaves behind is no escape. */
function unescapeCq(text: string): string {
  return text.replaceAll("&#91;", "[").replaceAll("&#93;", "]").replaceAll("&#44;", ",").replaceAll("&amp;", "&");
}
