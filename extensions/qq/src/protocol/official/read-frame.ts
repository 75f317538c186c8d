import type { z } from "zod";
import { GatewayFrame } from "./frames.ts";

/** Longest frame that is read, UTF-16 units. QQ publishes no limit; the longest event seen is a hundredth of this. */
const MAX_FRAME_UNITS = 4 * 1024 * 1024;

/** A frame, or why there is none: a stable reason, and the paths that were wrong. Never a value. */
export type FrameReading =
  | { readonly frame: GatewayFrame; readonly malformed?: never }
  | { readonly malformed: string; readonly detail: string; readonly frame?: never };

/** Reads what came down the gateway socket. Never throws. */
export function readFrame(text: string): FrameReading {
  if (text.length > MAX_FRAME_UNITS) return { malformed: "malformed frame", detail: `${text.length} units long` };
  const json = parseJson(text);
  if (json === undefined) return { malformed: "malformed frame", detail: "not JSON" };
  const parsed = GatewayFrame.safeParse(json);
  if (parsed.success) return { frame: parsed.data };
  return { malformed: "malformed frame", detail: wrongPaths(parsed.error) };
}

/** The value of a JSON text; `undefined`, which JSON cannot say, when it is not one. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where a wire object is not what it should be, as `d.author.user_openid`: names of fields, never what is in them. */
function wrongPaths(error: z.ZodError): string {
  const known = error.issues.slice(0, 5).map((issue) => issue.path.join(".") || issue.code);
  return `wrong at ${known.join(",")}`;
}
