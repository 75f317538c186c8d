import { env } from "../config/env.ts";
import { localeOf } from "../texts.ts";
import type { Program } from "./cli.ts";
import { importHelp } from "./texts.ts";

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
  const locale = localeOf(env);
  qq.command("import")
    .description(importHelp.command[locale])
    .option("--from <plugin>", importHelp.from[locale])
    .option("--account <name>", importHelp.account[locale])
    .option("--dry-run", importHelp.dryRun[locale])
    .option("--undo", importHelp.undo[locale])
    .option("--force", importHelp.force[locale])
    .option("--json", importHelp.json[locale])
    .action(async (flags: Flags) => run(flags));
}

async function run({ from, account, dryRun, undo, force, json }: Flags): Promise<void> {
  const [
    { runImport, backupDirectory },
    { lastBackup, writeBackup, dropBackup, retireBackup },
    { readAuthored, writeChanges },
    state,
  ] = await Promise.all([
    import("../import/run.ts"),
    import("../import/backup.ts"),
    import("../import/host-config.ts"),
    import("openclaw/plugin-sdk/state-paths"),
  ]);
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
      dropBackup,
      retireBackup,
      locale: localeOf(env),
    },
  );
  process.stdout.write(text);
  process.exitCode = code;
}
