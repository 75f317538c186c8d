import type { IncomingMessage } from "node:http";
import { isFields, type Fields } from "../fields.ts";
import { parseLoose } from "./wire.ts";

/** The body of a call as an object; `undefined` when it cannot be read (onebot-napcat.md 1.3). */
export async function readCallBody(request: IncomingMessage, utf8Defect: boolean): Promise<Fields | undefined> {
  const text = await readText(request, utf8Defect);
  if (/^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  if (text.trim() === "") return {};
  try {
    const body = parseLoose(text);
    if (isFields(body)) return body;
    // Arrays and strings are spread: their places become names.
    return typeof body === "string" || Array.isArray(body) ? Object.fromEntries(Object.entries(body)) : {};
  } catch {
    return undefined;
  }
}

/** NapCat makes text of every piece that comes, so that characters at their borders are spoilt (0.12). */
async function readText(request: IncomingMessage, utf8Defect: boolean): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return utf8Defect ? pieces.map((piece) => piece.toString("utf8")).join("") : Buffer.concat(pieces).toString("utf8");
}
