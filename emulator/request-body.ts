import type { Context } from "hono";
import type { ApiEnv } from "./api-context.ts";
import { Refusal } from "./refusal.ts";

type Call = Context<ApiEnv>;

/** The body as JSON; 12002 when it is none. */
export async function readJson(c: Call): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch {
    throw new Refusal(12002);
  }
}

/** What a call brought: its size, and what of it the wire log shows. */
export interface ReadBody {
  /** Bytes. */
  readonly size: number;
  readonly shown: unknown;
}

/** Reads the body, once: what reads it later gets the same bytes. Files in it are shown by their size only. */
export async function readBody(c: Call): Promise<ReadBody> {
  const type = c.req.header("content-type") ?? "";
  if (c.req.path.startsWith("/_cos/") || !isText(type)) {
    const size = (await c.req.arrayBuffer()).byteLength;
    return { size, shown: size === 0 ? undefined : `<${size} bytes>` };
  }
  const text = await c.req.text();
  return { size: Buffer.byteLength(text), shown: parseBody(text) };
}

/** What the wire log shows of an answer. */
export async function readAnswer(response: Response): Promise<unknown> {
  if (isText(response.headers.get("content-type") ?? "")) return parseBody(await response.clone().text());
  return `<${response.headers.get("content-length") ?? "?"} bytes>`;
}

/** Clients send JSON under all sorts of names, and under none. */
const isText = (type: string): boolean => type === "" || /^text\/|json|xml|x-www-form-urlencoded/i.test(type);

/** JSON with its base64 replaced by the length of it, or the text as it is. */
function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text, (name, value: unknown) =>
      name === "file_data" && typeof value === "string" ? `<${value.length} characters>` : value,
    );
  } catch {
    return text;
  }
}
