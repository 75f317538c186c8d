// npm run check: everything that can be said about the sources without a gateway or a browser. Stops at the first trouble.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, run, tool } from "./lib/tools.ts";

/** Given to tools that want folders. */
const FOLDERS = ["extensions", "emulator", "demo", "scripts", "test", "bench"].filter((name) =>
  existsSync(join(root, name)),
);

/** A name, and what to run on this Node. */
const STEPS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ...(existsSync(join(root, "scripts", "generate.ts"))
    ? [["generated files", [join("scripts", "generate.ts"), "--check"]] as const]
    : []),
  ["format", [tool("oxfmt"), "--check", "."]],
  ["lint", [tool("oxlint"), "--type-aware", ...FOLDERS]],
  ["types", [tool("tsc", "typescript"), "-p", "."]],
  ["unused code", [tool("knip")]],
  ["unit and repository tests", [tool("vitest"), "run", "--passWithNoTests", "--project", "unit", "--project", "repo"]],
  ["build", [join("scripts", "build.ts")]],
  ["package", [tool("publint"), "--pack", "npm", join("extensions", "qq")]],
];

for (const [name, args] of STEPS) {
  const started = performance.now();
  const { code, output } = await run(process.execPath, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (code === 0) continue;
  console.log(output.trim());
  process.exitCode = 1;
  break;
}
