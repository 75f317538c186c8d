import { spawn } from "node:child_process";
import { OPENCLAW } from "../../demo/host.ts";

/** How a command of the host ended, what it printed, and all it said. */
export interface HostResult {
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr, as they came. */
  readonly said: string;
}

/** Runs `openclaw <args>`. What is secret goes in by `input`: everybody on the machine can read arguments. */
export type RunHost = (args: readonly string[], input?: string) => Promise<HostResult>;

export const runHost: RunHost = async (args, input = "") => {
  const child = spawn(process.execPath, [OPENCLAW, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once("error", () => resolve(1)).once("close", (code) => resolve(code ?? 1));
  // A command that ends without reading closes the pipe; how it ended says more than that.
  child.stdin.on("error", () => {}).end(input);
  return { code: await promise, stdout, said };
};
