import { QQProtocolError } from "../../errors.ts";
import type { UploadPlan } from "../../protocol/official/messages.ts";

/** A part as the platform cut it. */
export interface FilePart {
  /** As the platform counts: from 1 in production; only the order is relied on. */
  readonly index: number;
  readonly url: string;
  /** Bytes, up to and without `end`. */
  readonly start: number;
  readonly end: number;
}

/** How often a part is tried, as the platform asks in `upload_config`. */
export interface PartRules {
  /** Parts at a time, and blocks in memory. */
  readonly concurrency: number;
  readonly pauseMs: number;
  /** From the first try of a part to its last. */
  readonly timeoutMs: number;
}

const MB = 1024 * 1024;
/** When the platform does not say (QQ, "Rich media", chunked upload; the times are those of Tencent's own client). */
const DEFAULTS = { blockBytes: 5 * MB, concurrency: 1, delayS: 1, timeoutS: 120 };
const MAX_CONCURRENCY = 10;
/** Blocks in memory at once, bytes; a single block may be larger. */
const MAX_BLOCKS_BYTES = 64 * MB;
const LEAST_PAUSE_MS = 500;
const LONGEST_TIMEOUT_MS = 600_000;

/** Where each part lies in the file: parts are in the order of their numbers, whatever the first one is. */
export function layOutParts(plan: UploadPlan, size: number): readonly FilePart[] {
  let end = 0;
  const parts = plan.parts
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, presigned_url, block_size }) => {
      const start = end;
      end = Math.min(start + (block_size ?? plan.block_size ?? DEFAULTS.blockBytes), size);
      return { index, url: presigned_url, start, end };
    });
  // None at all: the platform has the file already (秒传).
  if (parts.length > 0 && (end < size || parts.some((part) => part.start === part.end))) {
    throw new QQProtocolError(`the ${parts.length} parts that QQ asks for do not make a file of ${size} bytes`);
  }
  return parts;
}

/** `blockBytes`: the largest part. */
export function partRules(plan: UploadPlan, blockBytes: number): PartRules {
  const { concurrency, retry_delay, retry_timeout } = { ...plan, ...plan.upload_config };
  const fitting = Math.floor(MAX_BLOCKS_BYTES / Math.max(1, blockBytes));
  return {
    concurrency: Math.max(1, Math.min(concurrency ?? DEFAULTS.concurrency, MAX_CONCURRENCY, fitting)),
    pauseMs: Math.max(LEAST_PAUSE_MS, (retry_delay ?? DEFAULTS.delayS) * 1000),
    timeoutMs: Math.min(LONGEST_TIMEOUT_MS, (retry_timeout ?? DEFAULTS.timeoutS) * 1000),
  };
}
