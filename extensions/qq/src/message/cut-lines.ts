import { readFence, readIndentedCode, readTable } from "./cut-frames.ts";
import { CutPlaces, opensBlock } from "./cut-places.ts";
import { afterQuotes, Rank, Rows, type Item, type Line } from "./cut-rows.ts";
import { childrenOf, isContainer, prefixOf, spanOf, type Node, type NodeOf } from "./markdown.ts";

/** Share of a part up to which emphasis is not cut. */
const EMPHASIS_SHARE = 1 / 3;

/** Begin and end in the source of what is not cut. */
type Piece = readonly [number, number];

/** Where a block stands: how deep, inside of how many quotes, in which item. */
interface Place {
  readonly depth: number;
  readonly quotes: number;
  readonly item: Item | undefined;
}

/** The lines of a document, with what is known of cuts before and inside of them, for parts of `limit` units. */
export function readLines(source: string, blocks: readonly Node[], limit: number): Line[] {
  const rows = new Rows(source, limit);
  readBlocks(blocks, { depth: 0, quotes: 0, item: undefined }, rows);
  return rows.all();
}

function readBlocks(blocks: readonly Node[], place: Place, rows: Rows): void {
  for (const [index, node] of blocks.entries()) {
    const first = rows.at(spanOf(node).line);
    // Before the first block of a container its own rank counts, and its mark is not left alone.
    if (first.rank !== Rank.forced && (index > 0 || place.depth === 0)) {
      first.rank = blocks[index - 1]?.type === "heading" ? Rank.afterHeading : Math.min(place.depth, Rank.deepest);
    }
    if (place.item) first.container ??= place.item;
    readBlock(node, place, rows);
  }
}

function readBlock(node: Node, place: Place, rows: Rows): void {
  switch (node.type) {
    case "paragraph":
    case "heading":
    case "definition":
      return readText(node, rows);
    case "html":
      return readHtml(node, rows);
    case "code":
      return isFenced(node, rows) ? readFence(node, rows) : readIndentedCode(node, rows);
    case "table":
      return readTable(node, rows);
    case "blockquote":
      return readBlocks(node.children, { ...place, depth: place.depth + 1, quotes: place.quotes + 1 }, rows);
    case "list":
      return readBlocks(node.children, { ...place, depth: place.depth + 1 }, rows);
    case "listItem":
    case "footnoteDefinition":
      return readItem(node, place, rows);
    default:
      return;
  }
}

function readItem(node: NodeOf<"listItem" | "footnoteDefinition">, place: Place, rows: Rows): void {
  const { start, line } = spanOf(node);
  const body = node.children[0] && spanOf(node.children[0]);
  const bodyStart = body?.line === line ? body.start : start;
  const item: Item = {
    firstRow: line,
    lastRow: lastRowOf(node),
    quotes: place.quotes,
    indent: afterQuotes(prefixOf(rows.source, bodyStart), place.quotes).length,
    parent: place.item,
  };
  for (let row = line; row <= item.lastRow; row += 1) rows.at(row).item = item;
  readBlocks(node.children, { ...place, depth: place.depth + 1, item }, rows);
}

function readText(node: NodeOf<"paragraph" | "heading" | "definition">, rows: Rows): void {
  const { start, line, lastLine } = spanOf(node);
  const prefix = rows.prefixAt(start);
  const whole = wholePieces(node, rows.limit);
  for (let row = line, passed = 0; row <= lastLine; row += 1) {
    const here = rows.at(row);
    const from = rows.startOf(row);
    while ((whole[passed]?.[1] ?? Infinity) <= from) passed += 1;
    const pieces = piecesUpTo(whole, passed, from + here.text.length);
    here.places = new CutPlaces(
      here.text,
      pieces.map(([begin, end]) => [begin - from, end - from] as const),
    );
    here.prefix = prefix;
    here.isProse = node.type === "paragraph";
    if (row === line) continue;
    if (here.item) here.container = here.item;
    const isInside = pieces.some(([begin]) => begin < from);
    here.rank = node.type === "paragraph" && !isInside && !beginsBlock(here) ? Rank.line : Rank.never;
  }
}

/** From one on, those that begin before an offset. */
function piecesUpTo(whole: readonly Piece[], first: number, end: number): readonly Piece[] {
  let last = first;
  while ((whole[last]?.[0] ?? Infinity) < end) last += 1;
  return whole.slice(first, last);
}

function beginsBlock(line: Line): boolean {
  return opensBlock(line.text.replace(/^[\s>]*/, ""));
}

/** HTML goes on to a blank line or the end of its item: what is behind its rest must not become part of it. */
function readHtml(node: NodeOf<"html">, rows: Rows): void {
  const { start, end, line, lastLine } = spanOf(node);
  if (end - start <= rows.limit) return;
  for (let row = line; row <= lastLine; row += 1) {
    const here = rows.at(row);
    here.places = new CutPlaces(here.text);
    here.prefix = rows.prefixAt(start);
    if (row > line && !beginsBlock(here)) here.rank = Rank.line;
  }
  if (end === rows.source.length) return;
  const next = rows.at(lastLine + 1);
  if (!next.blank) next.rank = Rank.forced;
}

function isFenced(node: NodeOf<"code">, rows: Rows): boolean {
  const { start } = spanOf(node);
  return /^(?:`{3}|~{3})/.test(rows.source.slice(start, start + 3));
}

/** Offsets of links, images, inline code, tags and short emphasis, the outermost of each. */
function wholePieces(node: Node, limit: number): Piece[] {
  return childrenOf(node).flatMap((child) => {
    const { start, end } = spanOf(child);
    const isEmphasis = child.type === "strong" || child.type === "emphasis" || child.type === "delete";
    if (child.type === "text" || child.type === "break") return [];
    if (end - start > (isEmphasis ? limit * EMPHASIS_SHARE : limit)) return wholePieces(child, limit);
    return [[start, end]];
  });
}

/** The last row of a container's text; its own end may be behind the marks of quotes in the row after. */
function lastRowOf(node: Node): number {
  const last = isContainer(node) ? childrenOf(node).at(-1) : undefined;
  return last ? lastRowOf(last) : spanOf(node).lastLine;
}
