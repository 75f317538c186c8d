// Runs one job and ends: SILK is made in one go of a second or more, and decoders of what strangers sent may hang or
// take all memory. In a thread of its own neither reaches the gateway.
import { parentPort, workerData } from "node:worker_threads";
import { decodeVoice, encodeVoice } from "./convert.ts";
import type { Job, Outcome } from "./job.ts";
import { UnsupportedMedia } from "./unsupported.ts";

async function run(job: Job): Promise<Outcome> {
  try {
    if (job.kind === "decode") return { ok: true, bytes: await decodeVoice(job.bytes), durationMs: 0 };
    const { silk, durationMs } = await encodeVoice(job.bytes, job.format);
    return { ok: true, bytes: silk, durationMs };
  } catch (error) {
    if (error instanceof UnsupportedMedia) return { ok: false, why: error.why, format: error.format };
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

// A worker is only started with a job, see `conversion.ts`.
const outcome = await run(workerData as Job);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
parentPort?.postMessage(outcome);
