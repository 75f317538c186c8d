import { afterQuotes, type Item, type Line } from "./cut-rows.ts";

/** Markdown reads four columns as code. */
const MOST_COLUMNS = 3;
const TAB_COLUMNS = 4;

/** A line of a part, as it would stand there. */
export interface PartLine {
  readonly text: string;
  readonly line: Line;
}

/**
 * Moves the lines of items that began in an earlier part to the left, by the width of the marks they have lost: they
 * would be read as code, and a fence or a table among them as text. What was below an item keeps up to three columns,
 * where none of its lines gets more, so that a reader sees it is not on the level of what follows. `isInside` says that
 * the part begins in the middle of a line.
 */
export function dedentLines(part: readonly PartLine[], isInside: boolean): string[] {
  const firstRow = part[0]?.line.row ?? 0;
  const isCut = (item: Item) => item.firstRow < firstRow || (item.firstRow === firstRow && isInside);
  const moved = part.map(({ text, line }) => {
    const items = cutItems(line.item, isCut);
    return { line, items, text: items.reduce((left, { quotes, indent }) => shift(left, quotes, -indent), text) };
  });
  const widths = moved.flatMap(({ text, line, items: [item] }) => {
    const body = item ? afterQuotes(text, item.quotes) : "";
    const isOwn = line.container !== undefined && isCut(line.container);
    return isOwn || /^\s*>/.test(body) ? [indentOf(body)] : [];
  });
  const columns = Math.max(0, MOST_COLUMNS - Math.max(0, ...widths));
  return moved.map(({ text, items: [item, inner] }) =>
    item && !inner ? shift(text, item.quotes, Math.min(columns, item.indent)) : text,
  );
}

/** The innermost cut item of those inside of equally many quotes as one, the fewest quotes first. */
function cutItems(innermost: Item | undefined, isCut: (item: Item) => boolean): Item[] {
  const items: Item[] = [];
  for (let item = innermost; item; item = item.parent) {
    if (isCut(item) && items[0]?.quotes !== item.quotes) items.unshift(item);
  }
  return items;
}

/** Puts so many columns before the text behind the marks of so many quotes, or takes off what is there of them. */
function shift(text: string, quotes: number, columns: number): string {
  const body = afterQuotes(text, quotes);
  const bare = body.replace(/^[ \t]+/, "");
  if (bare === "") return text;
  return text.slice(0, text.length - body.length) + " ".repeat(Math.max(0, indentOf(body) + columns)) + bare;
}

/** Columns before the first character. */
function indentOf(text: string): number {
  let columns = 0;
  for (const character of /^[ \t]*/.exec(text)?.[0] ?? "") {
    columns += character === "\t" ? TAB_COLUMNS - (columns % TAB_COLUMNS) : 1;
  }
  return columns;
}
