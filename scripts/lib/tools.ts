import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's directory. */
export const root: string = join(import.meta.dirname, "..", "..");

/** The script behind a tool of node_modules, to be run with `process.execPath`: `.bin` is shell on one system, cmd on another. */
export function tool(name: string, packageName: string = name): string {
  const directory = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    bin: string | Readonly<Record<string, string>>;
  };
  const path = typeof bin === "string" ? bin : bin[name];
  if (!path) throw new Error(`${packageName} has no ${name}`);
  return join(directory, path);
}

/** How a command ended. */
export interface Outcome {
  /** Exit code; 128 + n would need a signal's number, so 1 stands for any signal. */
  readonly code: number;
  /** stdout and stderr as they came; empty when they were shown instead. */
  readonly output: string;
}

/** Runs a command in the repository to its end, `show`ing its output as it comes or keeping it. */
export async function run(program: string, args: readonly string[], show = false): Promise<Outcome> {
  const child = spawn(program, args, { cwd: root, stdio: show ? "inherit" : ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on("error", reject).on("close", (code) => resolve(code ?? 1));
  return { code: await promise, output };
}
