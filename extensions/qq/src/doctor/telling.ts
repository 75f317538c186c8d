import type { Area, Finding } from "../checks/finding.ts";
import type { Wording } from "../errors.ts";

/** What a finding is about. */
export interface Subject {
  readonly check: string;
  readonly area: Area;
  readonly accountId?: string;
}

/** A finding in words: what was seen, why it matters, what to do. */
export interface Telling {
  readonly saw: Wording;
  readonly why: Wording;
  readonly fix: Wording;
}

export function good(subject: Subject, saw: Wording): Finding {
  return { ...subject, level: "ok", saw };
}

export function warning(subject: Subject, telling: Telling): Finding {
  return { ...subject, level: "warning", ...telling };
}

export function fault(subject: Subject, telling: Telling): Finding {
  return { ...subject, level: "error", ...telling };
}
