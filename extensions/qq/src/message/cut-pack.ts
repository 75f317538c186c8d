import { CutPlaces } from "./cut-places.ts";
import { Rank, type Line } from "./cut-rows.ts";
import { dedentLines, type PartLine } from "./cut-dedent.ts";

/** `length` fills the parts; `newline` cuts at blank lines as long as there are any. */
export type CutMode = "length" | "newline";

/** Share of a part from which a cut between lines is better than one inside of a line. */
const FULL_SHARE = 2 / 3;
/** Share of a part that a cut before a table or a code block must leave, or it is cut. */
const LEAST_SHARE = 1 / 3;

/** A place in the lines: before a unit of one, or before the line itself at 0. */
interface Cut {
  readonly line: number;
  readonly from: number;
}

/** A cut before a line, and what the part before it would measure. */
interface Candidate extends Cut {
  readonly size: number;
  readonly rank: number;
  readonly afterBlank: boolean;
}

/** What fits behind a cut: the cuts that could end it, the line that did not fit, and the room there was for it. */
interface Reach {
  readonly candidates: readonly Candidate[];
  readonly over: number;
  readonly size: number;
}

/** Packs lines into parts of at most `limit` units, a surrogate pair at least. */
export function packLines(lines: readonly Line[], limit: number, mode: CutMode): string[] {
  const parts: string[] = [];
  for (let at = skipBlank(lines, { line: 0, from: 0 }); at.line < lines.length;) {
    const reach = measure(lines, at, limit);
    const end = reach ? chooseCut(lines, at, reach, limit, mode) : { line: lines.length, from: 0 };
    const part = formatPart(lines, at, end);
    if (part !== "") parts.push(part);
    at = skipBlank(lines, end);
  }
  return parts;
}

/** `undefined` when all that is left fits. */
function measure(lines: readonly Line[], at: Cut, limit: number): Reach | undefined {
  const candidates: Candidate[] = [];
  let size = unitsOf(opened(lines, at)) - 1;
  let pending = 0;
  for (let index = at.line; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line || line.blank) {
      pending += (line?.text.length ?? 0) + 1;
      continue;
    }
    if (index > at.line && size + unitsOf(line.frame?.close) <= limit) {
      const candidate = { line: index, from: 0, size, rank: line.rank, afterBlank: lines[index - 1]?.blank === true };
      if (line.rank === Rank.forced) return { candidates: [candidate], over: index, size };
      candidates.push(candidate);
    }
    const units = (index === at.line ? headOf(line, at.from) : line.text).length;
    if (size + pending + units + 1 > limit) return { candidates, over: index, size: size + pending + 1 };
    size += pending + units + 1;
    pending = 0;
  }
  return undefined;
}

function chooseCut(lines: readonly Line[], at: Cut, reach: Reach, limit: number, mode: CutMode): Cut {
  const { candidates } = reach;
  const forced = candidates.find(({ rank }) => rank === Rank.forced);
  if (forced) return forced;
  if (mode === "newline") {
    const cut = candidates.findLast(({ rank, afterBlank }) => afterBlank && rank < Rank.afterHeading);
    if (cut) return cut;
  }
  return (
    bestOf(candidates.filter(({ size, rank }) => size >= limit * FULL_SHARE && rank <= Rank.line)) ??
    cutInside(lines, at, reach, limit) ??
    candidates.findLast(({ size, rank }) => size >= limit * LEAST_SHARE && rank < Rank.inFrame) ??
    candidates.findLast(({ rank }) => rank < Rank.never) ??
    cutAnyhow(lines, at, reach, limit)
  );
}

/** The lowest rank, and of several the last. */
function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const rank = Math.min(...candidates.map((candidate) => candidate.rank));
  return candidates.findLast((candidate) => candidate.rank === rank);
}

/** At the end of a sentence or word of the line that did not fit, where that fills the part. */
function cutInside(lines: readonly Line[], at: Cut, reach: Reach, limit: number): Cut | undefined {
  const line = lines[reach.over];
  if (!line?.places) return undefined;
  const { begin, room } = roomIn(line, at, reach, limit);
  const full = Math.ceil(limit * FULL_SHARE - (limit - room));
  const end = line.places.lastGood(begin + Math.max(1, full), begin + room);
  return end === undefined || !/[^\s>]/.test(line.text.slice(begin, end)) ? undefined : cutIn(line, reach.over, end);
}

/** Where nothing good is left: what should have stayed together, or the line alone that is too long. */
function cutAnyhow(lines: readonly Line[], at: Cut, reach: Reach, limit: number): Cut {
  const last = reach.candidates.at(-1);
  const line = lines[reach.over];
  if (last) return last;
  if (!line) return { line: lines.length, from: 0 };
  const { begin, room } = roomIn(line, at, reach, limit);
  const max = begin + Math.max(room, 2);
  const places = line.places ?? new CutPlaces(line.text);
  const good = places.lastGood(begin + Math.ceil(room * LEAST_SHARE), max);
  return cutIn(line, reach.over, good ?? places.lastPossible(begin, max));
}

/** Where the rest of a line begins and how much of it fits. */
function roomIn(line: Line, at: Cut, { over, size }: Reach, limit: number): { begin: number; room: number } {
  const begin = over === at.line ? at.from : 0;
  return { begin, room: limit - size - (begin > 0 ? line.prefix.length : 0) };
}

/** Blanks at a cut have done their work, but for those of code. */
function cutIn(line: Line, index: number, end: number): Cut {
  const blanks = line.places ? (/^\s*/.exec(line.text.slice(end))?.[0].length ?? 0) : 0;
  return end + blanks >= line.text.length ? { line: index + 1, from: 0 } : { line: index, from: end + blanks };
}

function skipBlank(lines: readonly Line[], at: Cut): Cut {
  if (at.from > 0) return at;
  let line = at.line;
  while (lines[line]?.blank === true) line += 1;
  return { line, from: 0 };
}

function formatPart(lines: readonly Line[], at: Cut, end: Cut): string {
  const first = lines[at.line];
  if (!first) return "";
  const part: PartLine[] = opened(lines, at).map((text) => ({ text, line: first }));
  for (const [index, line] of linesBetween(lines, at, end)) {
    const text = index === end.line ? line.text.slice(0, end.from) : line.text;
    part.push({ line, text: index === at.line ? headOf({ ...line, text }, at.from) : text });
  }
  const next = end.from === 0 ? lines[end.line] : undefined;
  if (next) part.push(...(next.frame?.close ?? []).map((text) => ({ text, line: next })));
  const text = dedentLines(part, at.from > 0 || first.rank === Rank.forced)
    .join("\n")
    .trimEnd();
  return part.at(-1)?.line.isProse === true ? dropLineBreak(text) : text;
}

/** The backslash that ends a line has nothing to break at the end of a part, and would be read as one. */
function dropLineBreak(text: string): string {
  const backslashes = /\\*$/.exec(text)?.[0].length ?? 0;
  return backslashes % 2 === 1 && backslashes < text.length ? text.slice(0, -1) : text;
}

/** Without the blank lines before the end. */
function linesBetween(lines: readonly Line[], at: Cut, end: Cut): (readonly [number, Line])[] {
  const part = lines.slice(at.line, end.line + (end.from > 0 ? 1 : 0));
  const last = part.findLastIndex(({ blank }) => !blank);
  return part.slice(0, last + 1).map((line, offset) => [at.line + offset, line] as const);
}

/** The fence or head of a table that a part begins with again. */
function opened(lines: readonly Line[], at: Cut): readonly string[] {
  return at.from === 0 ? (lines[at.line]?.frame?.open ?? []) : [];
}

/** What a part begins with when it begins in this line. */
function headOf(line: Line, from: number): string {
  return from === 0 ? line.text : line.prefix + line.text.slice(from);
}

/** With the line end of each. */
function unitsOf(lines: readonly string[] = []): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
