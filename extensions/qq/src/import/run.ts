import { join } from "node:path";
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { Locale } from "../texts.ts";
import type { Backup, FoundBackup } from "./backup.ts";
import type { Section } from "./moved.ts";
import { planImport, type Change, type Plan } from "./plan.ts";
import { predecessors } from "./predecessors.ts";
import { isAccountName } from "./rules.ts";
import { changeLines, planJson, planLines } from "./report.ts";
import { say } from "./report-texts.ts";
import { planUndo } from "./undo.ts";

/** What the command line asks for. */
export interface ImportOptions {
  readonly from?: string | undefined;
  readonly account?: string | undefined;
  readonly dryRun: boolean;
  readonly undo: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** Everything outside, so that a test can stand in for it. */
export interface ImportParts {
  readonly read: () => Promise<Section>;
  readonly write: (changes: readonly Change[]) => Promise<void>;
  /** Keeps what was replaced; answers the file's path. */
  readonly keep: (changes: Backup["changes"]) => Promise<string>;
  readonly lastBackup: () => Promise<FoundBackup | undefined>;
  /** Takes a backup away again, of an import that was not written. */
  readonly dropBackup: (file: string) => Promise<void>;
  /** Sets a backup aside that was put back; answers its new path. */
  readonly retireBackup: (file: string) => Promise<string>;
  readonly locale: Locale;
}

/** What is printed, and the exit code: 0 done, 1 refused or something was left, 2 bad usage. */
export interface Told {
  readonly code: 0 | 1 | 2;
  readonly text: string;
}

/** Where backups go, under the host's state directory. */
export function backupDirectory(stateDir: string): string {
  return join(stateDir, "qq");
}

/** `openclaw qq import`. */
export async function runImport(options: ImportOptions, parts: ImportParts): Promise<Told> {
  const ids = predecessors.map(({ id }) => id);
  if (options.from !== undefined && !ids.includes(options.from)) {
    return told(options, 2, [say.unknownFrom(options.from, ids.join(", "))[parts.locale]], { error: "unknown-from" });
  }
  const { account } = options;
  if (account === undefined) return options.undo ? await undo(options, parts) : await moveIn(options, parts);
  if (!isAccountName(account.trim())) {
    return told(options, 2, [say.badAccount(account)[parts.locale]], { error: "bad-account" });
  }
  const named = { ...options, account: normalizeAccountId(account) };
  return named.undo ? await undo(named, parts) : await moveIn(named, parts);
}

async function moveIn(options: ImportOptions, parts: ImportParts): Promise<Told> {
  const { locale } = parts;
  const plan = planImport(await parts.read(), options);
  const lines = [...planLines(plan, locale, options.dryRun)];
  const code = plan.wrong.length > 0 || plan.moves.some(({ conflicts }) => conflicts.length > 0) ? 1 : 0;
  if (plan.wrong.length > 0 || plan.changes.length === 0) return told(options, code, lines, planJson(plan));
  if (options.dryRun) return told(options, code, [...lines, "", say.dryRun[locale]], planJson(plan));
  const backup = await apply(plan, parts);
  const after = ["", say.backup(backup)[locale], say.next[locale]];
  return told(options, code, [...lines, ...after], { ...planJson(plan), backup });
}

/** The backup first: from then on nothing can be lost. Where nothing was written there is nothing to undo. */
async function apply({ changes }: Plan, parts: ImportParts): Promise<string> {
  const file = await parts.keep(changes.map((change) => ({ ...change })));
  try {
    await parts.write(changes);
  } catch (error) {
    await parts.dropBackup(file);
    throw error;
  }
  return file;
}

async function undo(options: ImportOptions, parts: ImportParts): Promise<Told> {
  const { locale } = parts;
  const last = await parts.lastBackup();
  if (!last) return told(options, 1, [say.noBackup[locale]], { error: "no-backup" });
  if (!last.backup)
    return told(options, 1, [say.badBackup(last.file)[locale]], { error: "bad-backup", backup: last.file });
  const { changes, changedSince } = planUndo(await parts.read(), last.backup);
  const found = { backup: last.file, changedSince };
  if (changedSince.length > 0 && !options.force) {
    return told(
      options,
      1,
      changedSince.map((path) => say.changedSince(path)[locale]),
      found,
    );
  }
  const lines = changes.flatMap((change) => changeLines(change, locale));
  if (options.dryRun) return told(options, 0, [say.willWrite[locale], ...lines, "", say.dryRun[locale]], found);
  await parts.write(changes);
  const retired = await parts.retireBackup(last.file);
  const done = { ...found, backup: retired };
  return told(options, 0, [say.written[locale], ...lines, "", say.undone(retired)[locale]], done);
}

function told({ json }: ImportOptions, code: Told["code"], lines: readonly string[], data: object): Told {
  const text = json ? JSON.stringify({ ok: code === 0, ...data }, undefined, 2) : lines.join("\n");
  return { code, text: `${text}\n` };
}
