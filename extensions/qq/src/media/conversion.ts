import { Worker } from "node:worker_threads";
import type { Job, Outcome } from "./job.ts";
import { CONVERSION_MS } from "./limits.ts";

/** The end of the conversion before: they run one after another, so that many voices take one core. */
let last: Promise<unknown> = Promise.resolve();

/** Runs a job when its turn comes. Rejects with the signal's reason once that aborts. */
export async function convert(job: Job, signal?: AbortSignal): Promise<Outcome> {
  signal?.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal?.reason);
  const mine = last.then(() => runWorker(new URL("./worker.ts", import.meta.url), job, CONVERSION_MS, signal));
  last = mine.catch(() => {});
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([mine, aborted.promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * One thread for one job, ended with it: after `limitMs`, when the signal aborts, or when it is done. It gets neither the
 * environment nor the flags of the gateway, and what its libraries print is dropped.
 */
export async function runWorker(url: URL, job: Job, limitMs: number, signal?: AbortSignal): Promise<Outcome> {
  signal?.throwIfAborted();
  const bytes = new Uint8Array(job.bytes);
  const worker = new Worker(url, {
    workerData: { ...job, bytes },
    transferList: [bytes.buffer],
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const deadline = AbortSignal.timeout(limitMs);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  deadline.addEventListener("abort", () => resolve({ ok: false, why: "it took too long" }), { once: true });
  worker.once("message", resolve);
  worker.once("error", (error) => resolve({ ok: false, why: error.message }));
  worker.once("exit", () => resolve({ ok: false, why: "its decoder broke down" }));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}
