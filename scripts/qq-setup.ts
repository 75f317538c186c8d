// npm run qq:setup: an official bot from .env.qq to a running channel. Checked with QQ first, written by the host.
import { resolve } from "node:path";
import { probeAccount } from "../extensions/qq/src/channel/probe.ts";
import { hostConfig } from "../extensions/qq/src/setup/bind-host.ts";
import { localeOf } from "../extensions/qq/src/texts.ts";
import { parseSetupArgs } from "./setup/args.ts";
import { runHost } from "./setup/host.ts";
import { runSetup } from "./setup/run.ts";
import { terminal } from "./setup/screen.ts";
import { say } from "./setup/texts.ts";

/** How long QQ may take for a token and a profile, ms: two calls of the 5 s that its documents ask for (users.md 5). */
const PROBE_MS = 10_000;

const locale = localeOf(process.env);
const args = parseSetupArgs(process.argv.slice(2));
if (!args || args.help) {
  (args ? console.log : console.error)(say.usage[locale]);
  process.exit(args ? 0 : 2);
}
// npm runs scripts at the root of the repository and notes where the command was typed.
const typedIn = process.env["INIT_CWD"] ?? process.cwd();
const given = args.envFile === undefined ? args : { ...args, envFile: resolve(typedIn, args.envFile) };
process.exitCode = await runSetup(given, {
  directory: process.cwd(),
  env: process.env,
  locale,
  screen: terminal,
  host: runHost,
  config: () => hostConfig.read(),
  probe: (account) => probeAccount(account, PROBE_MS),
});
