import { mimeOf, sniffFormat } from "./formats.ts";

/**
 * Answers a file. Only formats that the emulator knows are shown by a browser; everything else is downloaded, or a page
 * that somebody has sent would run beside the emulator's own. 410 when the bytes were not kept.
 */
export function serveBytes(bytes: Buffer | undefined, name: string): Response {
  if (bytes === undefined) return new Response("the emulator has kept only size and digests", { status: 410 });
  const format = sniffFormat(bytes);
  const how = format === undefined ? "attachment" : "inline";
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": mimeOf(format),
      "content-length": String(bytes.length),
      "content-disposition": `${how}; filename*=UTF-8''${encodeURIComponent(name)}`,
      "x-content-type-options": "nosniff",
    },
  });
}
