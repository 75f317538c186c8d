import type { Program } from "./cli.ts";

interface Options {
  readonly account?: string;
  readonly source?: string;
  readonly force?: boolean;
  readonly secretFile?: string;
}

/** `openclaw qq bind`: exit code 0 once the bot is saved, 1 when it is not, 130 after Ctrl-C. */
export function registerBind(qq: Program): void {
  qq.command("bind")
    .description("Bind an official bot by scanning a QR code with QQ (扫码绑定官方机器人)")
    .option("--account <id>", "Account to save it as (账号名称)")
    .option("--source <name>", "Who asks, as QQ shows it on the phone (手机上显示的来源名称)")
    .option("--secret-file <path>", "Keep the AppSecret in this file instead of the configuration (AppSecret 存入文件)")
    .option("--force", "Replace another bot without a question (直接替换已有机器人)")
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
