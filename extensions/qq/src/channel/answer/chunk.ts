import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { getQQRuntime } from "../runtime.ts";

/** Default of `textChunkLimit`, UTF-16 units. */
const DEFAULT_CHUNK_UNITS = 4000;

/** At what size texts are cut, UTF-16 units, and whether only between paragraphs: the account's `textChunkLimit` and `chunkMode`. */
export function chunking(cfg: OpenClawConfig, accountId: string) {
  const host = getQQRuntime().channel.text;
  return {
    limit: host.resolveTextChunkLimit(cfg, "qq", accountId, { fallbackLimit: DEFAULT_CHUNK_UNITS }),
    mode: host.resolveChunkMode(cfg, "qq", accountId),
  };
}
