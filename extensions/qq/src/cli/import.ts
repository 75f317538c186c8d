import type { Program } from "./cli.ts";

interface Flags {
  readonly from?: string;
  readonly account?: string;
  readonly dryRun?: boolean;
  readonly undo?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `openclaw qq import`. */
export function registerImport(qq: Program): void {
  qq.command("import")
    .description("Move in from another QQ plugin: its settings become channels.qq (从其他 QQ 插件迁移配置)")
    .option("--from <plugin>", "Only this one: qqbot, napcat, napcat-qq or qq (仅迁移指定插件)")
    .option("--account <name>", "Account for what was the default account there (默认账号迁移到的账号名)")
    .option("--dry-run", "Show what would be written, change nothing (仅预览，不作更改)")
    .option("--undo", "Put back what the last import replaced (撤销上一次迁移)")
    .option("--force", "Overwrite accounts that are set up already (覆盖已配置的账号)")
    .option("--json", "Print JSON (输出 JSON)")
    .action(async (flags: Flags) => run(flags));
}

async function run({ from, account, dryRun, undo, force, json }: Flags): Promise<void> {
  const [{ runImport, backupDirectory }, { lastBackup, writeBackup }, { readAuthored, writeChanges }, state, texts] =
    await Promise.all([
      import("../import/run.ts"),
      import("../import/backup.ts"),
      import("../import/host-config.ts"),
      import("openclaw/plugin-sdk/state-paths"),
      import("../texts.ts"),
    ]);
  const { env } = await import("../config/env.ts");
  const directory = backupDirectory(state.resolveStateDir());
  const { code, text } = await runImport(
    {
      from,
      account,
      dryRun: dryRun === true,
      undo: undo === true,
      force: force === true,
      json: json === true,
    },
    {
      read: readAuthored,
      write: writeChanges,
      keep: (changes) => writeBackup(directory, changes, new Date()),
      lastBackup: () => lastBackup(directory),
      locale: texts.localeOf(env),
    },
  );
  process.stdout.write(text);
  process.exitCode = code;
}
