import type { MediaFile } from "../../message/outbound.ts";

/** A text as a file to send. */
export function markdownFile(name: string, text: string): MediaFile {
  const bytes = new TextEncoder().encode(text);
  return { kind: "file", name, size: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}
