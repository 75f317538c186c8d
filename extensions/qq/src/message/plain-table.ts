/** Columns of a row that fits into a bubble on a phone; a character of Chinese, Japanese or Korean takes two. */
const PHONE_COLUMNS = 36;
const NO_CONTENT = "–";
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/gu;

/**
 * A table as text, the first row being its head: a line per row where all of them fit on a phone, else a record of
 * "header: cell" lines for each, with an empty line between.
 */
export function formatRows(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll(/\s*\n\s*/g, " ").trim() || NO_CONTENT));
  const lines = cells.map((row) => row.join(" | "));
  const [head = [], ...body] = cells;
  if (body.length === 0 || lines.every((line) => columnsOf(line) <= PHONE_COLUMNS)) return lines.join("\n");
  return body.map((row) => formatRecord(head, row)).join("\n\n");
}

function formatRecord(head: readonly string[], row: readonly string[]): string {
  return Array.from({ length: Math.max(head.length, row.length) }, (_, index) => {
    return `${head[index] ?? String(index + 1)}: ${row[index] ?? NO_CONTENT}`;
  }).join("\n");
}

function columnsOf(text: string): number {
  return Array.from(text).length + (text.match(WIDE)?.length ?? 0);
}
