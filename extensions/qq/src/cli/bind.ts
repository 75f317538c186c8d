import { env } from "../config/env.ts";
import { localeOf } from "../texts.ts";
import type { Program } from "./cli.ts";
import { bindHelp } from "./texts.ts";

interface Options {
  readonly account?: string;
  readonly source?: string;
  readonly force?: boolean;
  readonly secretFile?: string;
}

/** `openclaw qq bind`: exit code 0 once the bot is saved, 1 when it is not, 130 after Ctrl-C. */
export function registerBind(qq: Program): void {
  const locale = localeOf(env);
  qq.command("bind")
    .description(bindHelp.command[locale])
    .option("--account <id>", bindHelp.account[locale])
    .option("--source <name>", bindHelp.source[locale])
    .option("--secret-file <path>", bindHelp.secretFile[locale])
    .option("--force", bindHelp.force[locale])
    .action(async (options: Options) => {
      const { bindAtTerminal, Stopped } = await import("../setup/bind-command.ts");
      try {
        await bindAtTerminal(options, (lines) => console.log(lines));
      } catch (error) {
        console.error(error instanceof Error ? error.message : String(error));
        process.exitCode = error instanceof Stopped ? 130 : 1;
      }
    });
}
