import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { getQQRuntime } from "./runtime.ts";

/** Default of `textChunkLimit`, UTF-16 units. */
const DEFAULT_CHUNK_UNITS = 4000;

/** Cuts a text by the account's `textChunkLimit` and `chunkMode`. */
export function chunkText(text: string, cfg: OpenClawConfig, accountId: string): string[] {
  const host = getQQRuntime().channel.text;
  const limit = host.resolveTextChunkLimit(cfg, "qq", accountId, { fallbackLimit: DEFAULT_CHUNK_UNITS });
  const mode = host.resolveChunkMode(cfg, "qq", accountId);
  return host.chunkMarkdownTextWithMode(text, limit, mode);
}

/** Cuts by length alone, with a code fence closed at the cut and opened again behind it. */
export function chunkMarkdown(text: string, limit: number): string[] {
  return getQQRuntime().channel.text.chunkMarkdownText(text, limit);
}
