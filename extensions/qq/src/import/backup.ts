import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const changeSchema = z.object({
  path: z.array(z.string()).readonly(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
const backupSchema = z.object({ version: z.literal(1), changes: z.array(changeSchema) });

/** What a run of the importer has replaced, and by what: enough to put it back. It holds secrets. */
export type Backup = z.infer<typeof backupSchema>;

const NAME = /^import-backup-.*\.json$/;

/**
 * Writes a backup that only its owner can read (mode 0600).
 * @param directory the plugin's own, in the host's state
 * @returns its path
 */
export async function writeBackup(directory: string, changes: Backup["changes"], now: Date): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `import-backup-${now.toISOString().replaceAll(":", "-")}.json`);
  const backup: Backup = { version: 1, changes };
  await writeFile(file, `${JSON.stringify(backup, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  return file;
}

/** Takes a backup away again, of an import that was not written. */
export async function dropBackup(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Sets a backup aside once it was put back, so that the next undo finds the import before it.
 * @returns its new path
 */
export async function retireBackup(file: string): Promise<string> {
  const retired = `${file}.undone`;
  await rename(file, retired);
  return retired;
}

/** A backup with its path. */
export interface FoundBackup {
  readonly file: string;
  /** Undefined where the file cannot be read as a backup. */
  readonly backup: Backup | undefined;
}

/** The newest backup that was not put back; undefined where there is none. */
export async function lastBackup(directory: string): Promise<FoundBackup | undefined> {
  const names = await readdir(directory).catch(() => []);
  // The name holds the time in a form that sorts.
  const name = names
    .filter((one) => NAME.test(one))
    .sort()
    .at(-1);
  if (name === undefined) return undefined;
  const file = join(directory, name);
  return { file, backup: await readBackup(file) };
}

async function readBackup(file: string): Promise<Backup | undefined> {
  try {
    return backupSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
