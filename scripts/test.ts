// npm test [-- arguments of vitest]: builds the plugin, runs vitest, and ends with the line "N passed, N failed".
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildPlugin } from "./lib/build.ts";
import { ensureBrowser } from "./lib/browser.ts";
import { count, sum, type Count, type VitestReport } from "./lib/report.ts";
import { root, run, tool } from "./lib/tools.ts";

/** One after the other: a gateway or a browser next to other tests on two cores makes both late. */
const ROUNDS = [["unit", "emulator", "transport", "repo"], ["page"], ["e2e"]];

const args = process.argv.slice(2);
const counts = await runAll();
const { passed, failed } = sum(counts);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

async function runAll(): Promise<Count[]> {
  try {
    await buildPlugin(join(root, "extensions", "qq"), join(root, ".cache", "build", "qq.json"));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return [{ passed: 0, failed: 1 }];
  }
  const needsPage = args.length === 0 || args.some((arg) => /page/.test(arg));
  const trouble = needsPage ? await ensureBrowser() : undefined;
  if (trouble) console.error(trouble);
  if (args.length > 0) return [await runVitest(args)];
  const counts = [];
  for (const projects of ROUNDS) counts.push(await runVitest(projects.flatMap((name) => ["--project", name])));
  return counts;
}

async function runVitest(args: readonly string[]): Promise<Count> {
  const file = join(root, ".cache", "test", "report.json");
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const vitest = [tool("vitest"), "run", "--passWithNoTests", ...reporters, ...args];
  const { code } = await run(process.execPath, vitest, true);
  return count(readReport(file), code);
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return undefined;
  }
}
