import {
  childrenOf,
  isContainer,
  normalizeLines,
  parseMarkdown,
  prefixOf,
  spanOf,
  type Node,
  type NodeOf,
} from "./markdown.ts";

/** A piece of the source and what comes in its place. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A cell without content, so that every row of a table says the same fields. */
const NO_CONTENT = "–";

/**
 * Markdown as QQ's native messages show it (qq-official.md 7.2). A list gets the blank line before it that QQ asks for.
 * `tables: "list"`, the default, writes each row as a list item, "**header**: cell", with the other cells as items
 * below it: QQ does not name tables among what it renders, a pipe table spoils the headings, quotes and lists around it
 * on some clients, and on a phone rows of more than two or three cells wrap, while a list reads top to bottom
 * everywhere. A fenced block would keep the columns but not fit them into the width either. `"keep"` is for a client
 * known to render tables. All else, code fences, images and formulas among it, stays byte for byte; line ends become
 * `\n`.
 */
export function forQQMarkdown(markdown: string, { tables = "list" }: { tables?: "keep" | "list" } = {}): string {
  const source = normalizeLines(markdown);
  const root = parseMarkdown(source);
  if (!root) return source;
  const edits = spacedLists(source, root.children);
  if (tables === "list") edits.push(...listedRows(source, root.children, () => true));
  return applyEdits(source, edits);
}

/**
 * Writes the rows of tables that `isTooWide` says so of as lists; `units` is the length of the row with the table's
 * head above it, in UTF-16 units. The rows around them stay tables, with a head each.
 */
export function listWideRows(source: string, blocks: readonly Node[], isTooWide: (units: number) => boolean): string {
  return applyEdits(source, listedRows(source, blocks, isTooWide));
}

function listedRows(source: string, blocks: readonly Node[], isTooWide: (units: number) => boolean): Edit[] {
  return blocks.flatMap((node) => {
    if (node.type === "table") return listTable(source, node, isTooWide) ?? [];
    return isContainer(node) ? listedRows(source, childrenOf(node), isTooWide) : [];
  });
}

function listTable(source: string, table: NodeOf<"table">, isTooWide: (units: number) => boolean): Edit | undefined {
  const { start, end } = spanOf(table);
  const prefix = prefixOf(source, start);
  const [first = "", delimiter = "", ...rows] = source.slice(start, end).split("\n");
  const head = [prefix + first, delimiter];
  const headUnits = prefix.length + first.length + delimiter.length + 1;
  const wide = rows.map((row) => isTooWide(headUnits + 1 + row.length));
  const isOnlyHead = rows.length === 0;
  if (isOnlyHead ? !isTooWide(headUnits) : !wide.includes(true)) return undefined;
  const [headers = [], ...cells] = table.children.map((row) => row.children.map((cell) => cellText(source, cell)));
  const lines = isOnlyHead ? recordLines(headers, [], prefix) : [];
  for (const [index, row] of rows.entries()) {
    const begins = wide[index] !== wide[index - 1];
    if (begins && index > 0) lines.push(prefix.trimEnd());
    if (begins && !wide[index]) lines.push(...head);
    if (wide[index]) lines.push(...recordLines(headers, cells[index] ?? [], prefix));
    else lines.push(row);
  }
  if (hasTextBelow(source, end)) lines.push(prefix.trimEnd());
  const text = lines.join("\n");
  return { start, end, text: hasTextAbove(source, start) ? `\n${text}` : text.slice(prefix.length) };
}

/** One row: its first cell as an item, the others as items below it, at the four blanks that QQ asks for. */
function recordLines(headers: readonly string[], cells: readonly string[], prefix: string): string[] {
  return Array.from({ length: Math.max(headers.length, cells.length) }, (_, index) => {
    const header = headers[index] || String(index + 1);
    const name = /^\*\*.*\*\*$/.test(header) ? header : `**${header}**`;
    return `${prefix}${index === 0 ? "" : "    "}- ${name}: ${cells[index] || NO_CONTENT}`;
  });
}

/** What a cell says, as it is written; a bar needs its backslash in a table only. */
function cellText(source: string, cell: NodeOf<"tableCell">): string {
  const [first, last] = [cell.children[0], cell.children.at(-1)];
  if (!first || !last) return "";
  return source.slice(spanOf(first).start, spanOf(last).end).replaceAll("\\|", "|");
}

/** Lists that stand right below a block that is none; those inside of list items are nested and stay close. */
function spacedLists(source: string, blocks: readonly Node[]): Edit[] {
  return blocks.flatMap((node, index) => {
    if (node.type === "blockquote") return spacedLists(source, node.children);
    const { start } = spanOf(node);
    if (node.type !== "list" || index === 0 || !hasTextAbove(source, start)) return [];
    const lineStart = source.lastIndexOf("\n", start - 1) + 1;
    return [{ start: lineStart, end: lineStart, text: `${prefixOf(source, start).trimEnd()}\n` }];
  });
}

/** Whether the line above a block that begins a line of its own has text. */
function hasTextAbove(source: string, start: number): boolean {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  if (lineStart === 0 || isText(source.slice(lineStart, start))) return false;
  return isText(source.slice(source.lastIndexOf("\n", lineStart - 2) + 1, lineStart - 1));
}

function hasTextBelow(source: string, end: number): boolean {
  const lineStart = source.indexOf("\n", end) + 1;
  if (lineStart === 0) return false;
  const lineEnd = source.indexOf("\n", lineStart);
  return isText(source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd));
}

function isText(text: string): boolean {
  return /[^\s>]/.test(text);
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  let [text, at] = ["", 0];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at);
}
