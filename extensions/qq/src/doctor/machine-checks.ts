import type { Finding } from "../checks/finding.ts";
import type { JournalView, Machine } from "./machine.ts";
import { machineTexts as texts } from "./machine-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

const MB = 1024 * 1024;
/** Far above what a busy account keeps: rows are tidied after days, copied files lie beside the journal. */
const LARGE_JOURNAL_BYTES = 1024 * MB;
/** A day of a busy account with files is below. */
const LITTLE_DISK_BYTES = 256 * MB;

/** The journal as far as it can be seen. Never rejects. */
export async function viewJournal(machine: Machine): Promise<JournalView> {
  return await machine.journal().catch((error: unknown): JournalView => ({ kind: "unreadable", why: String(error) }));
}

/** What concerns the machine, and not one account. Never rejects. */
export async function checkMachine(machine: Machine, journal: JournalView): Promise<readonly Finding[]> {
  const free = await machine.freeBytes().catch(() => undefined);
  return [checkNode(machine.nodeVersion), checkJournal(journal), ...(free === undefined ? [] : [checkDisk(free)])];
}

/** The host's own `engines`: `>=24.16.0 <25 || >=26.1.0`. */
function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isFit = (major === 24 && minor >= 16) || (major === 26 && minor >= 1) || major > 26;
  const subject = about("node-version");
  return isFit ? good(subject, texts.node(version)) : fault(subject, texts.nodeOld(version));
}

function checkJournal(journal: JournalView): Finding {
  const subject = about("journal");
  switch (journal.kind) {
    case "none":
      return good(subject, texts.journalNone);
    case "unreadable":
      return fault(subject, texts.journalUnreadable(journal.why));
    case "readable": {
      const megabytes = Math.ceil(journal.bytes / MB);
      return journal.bytes > LARGE_JOURNAL_BYTES
        ? warning(subject, texts.journalLarge(megabytes))
        : good(subject, texts.journal(megabytes));
    }
  }
}

function checkDisk(free: number): Finding {
  const megabytes = Math.floor(free / MB);
  const subject = about("disk-space");
  return free < LITTLE_DISK_BYTES ? fault(subject, texts.diskFull(megabytes)) : good(subject, texts.disk(megabytes));
}

function about(check: string): Subject {
  return { check, area: "runtime" };
}
