import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { env } from "../config/env.ts";
import type { DoctorOptions } from "../doctor/run.ts";
import { doctorTexts as texts } from "../doctor/texts.ts";
import { localeOf } from "../texts.ts";
import type { Program } from "./cli.ts";

/** Longest wait for one answer where the caller names none, ms. */
const TIMEOUT_MS = 10_000;

/** `openclaw qq doctor`: see `ExitCode` for what it ends with. */
export function registerDoctor(qq: Program, cfg: OpenClawConfig): void {
  const locale = localeOf(env);
  qq.command("doctor")
    .description(texts.command[locale])
    .option("--account <id>", texts.optionAccount[locale])
    .option("--json", texts.optionJson[locale])
    .option("--public-url <url>", texts.optionPublicUrl[locale])
    .option("--timeout <ms>", texts.optionTimeout[locale], String(TIMEOUT_MS))
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import("../doctor/run.ts");
      process.exitCode = await runDoctor(cfg, options, {
        out: (text) => process.stdout.write(text),
        error: (text) => process.stderr.write(text),
      });
    });
}
