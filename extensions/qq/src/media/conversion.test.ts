import { describe, expect, it } from "vitest";
import { runWorker } from "./conversion.ts";

const job = { kind: "decode", bytes: new Uint8Array([1, 2, 3]) } as const;
const workerOf = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
const run = (code: string): Promise<unknown> => runWorker(workerOf(code), job, 60_000);
const HANGS = workerOf("for (;;) {}");

describe("a decoder that misbehaves", { timeout: 30_000 }, () => {
  it("is ended when it hangs", async () => {
    await expect(runWorker(HANGS, job, 200)).resolves.toEqual({ ok: false, why: "it took too long" });
  });

  it("is ended when the signal aborts", async () => {
    const stop = new AbortController();
    const running = runWorker(HANGS, job, 60_000, stop.signal);
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  });

  it("is not even started when the signal has aborted", async () => {
    await expect(runWorker(HANGS, job, 60_000, AbortSignal.abort(new Error("no")))).rejects.toThrow("no");
  });

  it("does not take the gateway with it when it throws, breaks down or says nothing", async () => {
    await expect(run("throw new Error('broken')")).resolves.toEqual({ ok: false, why: "broken" });
    await expect(run("process.exit(3)")).resolves.toEqual({ ok: false, why: "its decoder broke down" });
    await expect(run("")).resolves.toEqual({ ok: false, why: "its decoder broke down" });
  });

  it("sees neither the environment nor the flags of the gateway", async () => {
    process.env["QQ_BOT_APP_SECRET"] = "secret";
    const code = `import { parentPort } from "node:worker_threads";
      parentPort.postMessage({ env: Object.keys(process.env), flags: process.execArgv });`;
    await expect(run(code)).resolves.toEqual({ env: [], flags: [] });
    delete process.env["QQ_BOT_APP_SECRET"];
  });
});
