// One installer at a time: a directory is the lock, because creating one either works or does not.
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock is given up for lost after this time, even when a process with its number is alive, ms. */
const OLDEST = 30 * 60_000;
/** Between making the directory and writing its owner, ms. */
const UNSIGNED = 10_000;

/** Runs `work` while holding `directory`; `onWait` is called once when somebody else holds it. */
export async function withLock(directory, work, onWait = () => {}) {
  await mkdir(dirname(directory), { recursive: true });
  let waited = false;
  while (!(await take(directory))) {
    if (await isStale(directory)) {
      await clear(directory);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await sleep(250);
  }
  try {
    return await work();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function take(directory) {
  try {
    await mkdir(directory);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
  await writeFile(join(directory, "owner"), `${process.pid}`);
  return true;
}

/** Whether its owner is gone: a killed installer cannot clean up after itself. */
async function isStale(directory) {
  try {
    const age = Date.now() - (await stat(directory)).mtimeMs;
    const owner = Number(await readFile(join(directory, "owner"), "utf8").catch(() => ""));
    if (!owner) return age > UNSIGNED;
    return age > OLDEST || !isAlive(owner);
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Renamed before it is removed, so that of several who saw it stale only one removes it. */
async function clear(directory) {
  const away = `${directory}.${process.pid}.${Date.now()}`;
  await rename(directory, away).catch(() => {});
  await rm(away, { recursive: true, force: true });
}
