import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A program and everything it starts. */
export interface ProcessGroup {
  readonly pid: number;
  /** Resolves when the program has ended: its exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  readonly running: boolean;
  /** Signals the whole group. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL to whatever is left after `graceMs`; resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
}

export interface SpawnOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** stdout and stderr are appended here. */
  readonly logFile: string;
}

/** Starts Node with `args` as the leader of a group of its own, so that a Ctrl-C in our terminal is ours to pass on. */
export function spawnGroup(args: readonly string[], { cwd, env, logFile }: SpawnOptions): ProcessGroup {
  const log = openSync(logFile, "a");
  const { child, kill } = spawnLeader(args, { cwd, env }, ["ignore", log, log]);
  closeSync(log);
  const { promise: ended, resolve } = Promise.withResolvers<number | string>();
  child.once("error", (error) => resolve(error.message));
  child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  // If we end without having stopped it, it must not outlive us.
  const last = (): void => kill("SIGKILL");
  process.once("exit", last);
  void ended.then(() => process.off("exit", last));
  return {
    pid: child.pid ?? 0,
    ended,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill,
    async stop(graceMs) {
      kill("SIGTERM");
      const late = new AbortController();
      await Promise.race([ended, sleep(graceMs, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      // Also when the leader has gone: its children may not have.
      kill("SIGKILL");
      await ended;
    },
  };
}

/** How a command ended, and what it said. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with `args` to its end; ends it, and what it has started, when `signal` aborts. */
export async function runGroup(
  args: readonly string[],
  where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<CommandResult> {
  const { child, kill } = spawnLeader(args, where, ["ignore", "pipe", "pipe"]);
  const end = (): void => kill("SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  process.once("exit", end);
  if (signal.aborted) end();
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once("error", () => resolve(1)).once("close", (code) => resolve(code ?? 1));
  const code = await promise;
  signal.removeEventListener("abort", end);
  process.off("exit", end);
  return { code, ...said };
}

function spawnLeader(args: readonly string[], where: { cwd: string; env: NodeJS.ProcessEnv }, stdio: StdioOptions) {
  const windows = process.platform === "win32";
  const child = spawn(process.execPath, args, { ...where, stdio, detached: !windows, windowsHide: true });
  return { child, kill: windows ? killTree(child) : killGroup(child) };
}

function killGroup(child: ChildProcess) {
  return (signal: NodeJS.Signals): void => {
    if (!child.pid) return;
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      // ESRCH: nobody is left.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
}

/** Windows has no groups and no signals: the tree is ended. */
function killTree(child: ChildProcess) {
  return (): void => {
    if (child.exitCode === null && child.pid) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"]);
  };
}
