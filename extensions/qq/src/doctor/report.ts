import type { Finding, Level } from "../checks/finding.ts";
import type { Locale } from "../texts.ts";
import { doctorTexts as texts } from "./texts.ts";

export type Counts = Readonly<Record<Level, number>>;

/** What `--json` prints; both languages stand in it. `ok`: no check found an error. */
export interface JsonReport {
  readonly ok: boolean;
  readonly counts: Counts;
  readonly checks: readonly Finding[];
}

export function toJson(findings: readonly Finding[]): JsonReport {
  const counts = countLevels(findings);
  return { ok: counts.error === 0, counts, checks: findings };
}

/** Plain text by account: one line for what is well, two more for what is not. The marks need no colour. */
export function toText(findings: readonly Finding[], locale: Locale): string {
  const groups = Map.groupBy(findings, ({ accountId }) => accountId);
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const blocks = [...groups].map(([accountId, found]) => {
    const title = accountId === undefined ? texts.machine : texts.account(accountId);
    return [title[locale], ...found.flatMap((finding) => linesOf(finding, width, locale))].join("\n");
  });
  return `${[...blocks, texts.summary(countLevels(findings))[locale]].join("\n\n")}\n`;
}

function linesOf({ check, level, saw, why, fix }: Finding, width: number, locale: Locale): readonly string[] {
  const indent = " ".repeat(width + 9);
  return [
    `  ${texts.marks[level][locale]}  ${check.padEnd(width)}  ${saw[locale]}`,
    ...(why ? [`${indent} ${texts.why[locale]}${why[locale]}`] : []),
    ...(fix ? [`${indent} ${texts.fix[locale]}${fix[locale]}`] : []),
  ];
}

function countLevels(findings: readonly Finding[]): Counts {
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  return { ok: count("ok"), warning: count("warning"), error: count("error") };
}
