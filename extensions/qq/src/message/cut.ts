import { readLines } from "./cut-lines.ts";
import { packLines, type CutMode } from "./cut-pack.ts";
import { CutPlaces } from "./cut-places.ts";
import { Rank, type Line } from "./cut-rows.ts";
import { normalizeLines, parseMarkdown } from "./markdown.ts";
import { listWideRows } from "./tables.ts";

/** Below this, UTF-16 units, a part has no room for marks beside its text: Markdown is cut as plain text. */
const LEAST_MARKDOWN_UNITS = 64;

/**
 * Cuts Markdown into parts of at most `limit` UTF-16 units (2 at least), none empty, each of which reads by itself.
 * Cuts go between blocks, else between items, rows and lines, else behind a sentence or a word; a link or inline code
 * stays whole where it fits. A fence is closed at a cut and opened again behind it with its info string, a table begins
 * again with its head, and a row that does not fit below the head becomes a list of its cells. The source stays byte
 * for byte but for that, for blanks at a cut, and for indentation that would read as code behind one; line ends become
 * `\n`. A document within the limit is one part, without the blanks at its end.
 *
 * `length` fills each part to two thirds where it can, `newline` packs whole paragraphs and cuts at blank lines as long
 * as there is one (openclaw-host.md 4.2).
 */
export function cutMarkdown(text: string, limit: number, mode: CutMode = "length"): string[] {
  const trimmed = text.trimEnd();
  if (trimmed.length <= limit) return trimmed === "" ? [] : [trimmed];
  const source = normalizeLines(trimmed);
  const root = limit < LEAST_MARKDOWN_UNITS ? undefined : parseMarkdown(source);
  if (!root) return cutText(source, limit, mode);
  const listed = listWideRows(source, root.children, (units) => units > limit);
  const blocks = listed === source ? root.children : (parseMarkdown(listed)?.children ?? []);
  return packLines(readLines(listed, blocks, limit), limit, mode);
}

/**
 * Cuts plain text into parts of at most `limit` UTF-16 units (2 at least), none empty: at blank lines, else at line,
 * sentence and word ends, else between two characters as a reader sees them.
 */
export function cutText(text: string, limit: number, mode: CutMode = "length"): string[] {
  const trimmed = text.trimEnd();
  if (trimmed.length <= limit) return trimmed === "" ? [] : [trimmed];
  const rows = normalizeLines(trimmed).split("\n");
  const lines = rows.map((line, row): Line => {
    const rank = rows[row - 1]?.trim() === "" ? 0 : Rank.line;
    return { text: line, row, rank, blank: line.trim() === "", places: new CutPlaces(line), prefix: "" };
  });
  return packLines(lines, Math.max(limit, 2), mode);
}
