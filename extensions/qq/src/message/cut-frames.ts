import { CutPlaces } from "./cut-places.ts";
import { Rank, type Line, type Rows } from "./cut-rows.ts";
import { spanOf, type Node, type NodeOf } from "./markdown.ts";

/** Share of a part that must be left between the first and last line of a fence, or it is cut as text. */
const CONTENT_SHARE = 1 / 2;
/** Share of a part up to which the first line of a fence, with its info string, is said again. */
const OPENER_SHARE = 1 / 4;

/** Lines that say where a fence begins and ends, and how much of a part is left between. */
interface Fence {
  readonly open: string;
  readonly close: string;
  /** A fence may end with its document or item instead. */
  readonly isClosed: boolean;
  /** Longest line of code that fits between, UTF-16 units. */
  readonly room: number;
}

/** Code in a fence is cut between its lines, but not behind its first or before its last. */
export function readFence(node: NodeOf<"code">, rows: Rows): void {
  const { line, lastLine } = spanOf(node);
  const fence = measureFence(node, rows);
  if (fence.room < rows.limit * CONTENT_SHARE) return readIndentedCode(node, rows);
  const frame = { open: [fence.open], close: [fence.close] };
  const lastContent = fence.isClosed ? lastLine - 1 : lastLine;
  for (let row = line + 1; row <= lastContent; row += 1) {
    const here = rows.at(row);
    const rank = row === line + 1 ? Rank.never : rankInside(node, rows);
    Object.assign(here, { frame, blank: false, prefix: rows.prefixAt(spanOf(node).start), rank });
    if (here.text.length > fence.room) rows.replace(row, divide(here, fence.room));
  }
  const last = { ...rows.at(lastLine), frame, blank: false, rank: Rank.never };
  if (last.item) last.container = last.item;
  if (fence.isClosed) rows.replace(lastLine, [last]);
  else rows.append(lastLine, { ...last, text: fence.close });
}

function measureFence(node: NodeOf<"code">, rows: Rows): Fence {
  const { start, line, lastLine } = spanOf(node);
  const prefix = rows.prefixAt(start);
  const first = rows.at(line).text;
  const last = rows.at(lastLine).text;
  const opener = first.slice(start - rows.startOf(line));
  const mark = /^(?:`+|~+)/.exec(opener)?.[0] ?? "";
  const contentRows = node.value === "" ? 0 : node.value.split("\n").length;
  const isClosed = lastLine - line > contentRows && last.replaceAll(/[\s>]/g, "").startsWith(mark);
  const open = prefix + (opener.length > rows.limit * OPENER_SHARE ? mark : opener);
  const close = prefix + mark;
  const longest = Math.max(first.length, open.length) + Math.max(isClosed ? last.length : 0, close.length);
  return { open, close, isClosed, room: rows.limit - longest - 2 };
}

/** A line of code that is too long becomes several, each in a part of its own. */
function divide(line: Line, room: number): Line[] {
  const places = new CutPlaces(line.text);
  const lines: Line[] = [];
  for (let at = 0; at < line.text.length;) {
    const prefix = at === 0 ? "" : line.prefix;
    const max = at + room - prefix.length;
    const end = max >= line.text.length ? line.text.length : places.lastCharacter(at, max);
    lines.push({ ...line, text: prefix + line.text.slice(at, end), rank: at === 0 ? line.rank : Rank.forced });
    at = end;
  }
  return lines;
}

export function readIndentedCode(node: NodeOf<"code">, rows: Rows): void {
  const { line, lastLine } = spanOf(node);
  for (let row = line; row <= lastLine; row += 1) {
    const here = rows.at(row);
    here.prefix = /^[\s>]*/.exec(here.text)?.[0] ?? "";
    if (row > line) here.rank = rankInside(node, rows);
  }
}

/** A table is cut between its rows; the first one stays with the head. */
export function readTable(node: NodeOf<"table">, rows: Rows): void {
  const { start, line, lastLine } = spanOf(node);
  const head = rows.at(line).text.slice(start - rows.startOf(line));
  const delimiter = rows.at(line + 1).text.replace(/^[\s>]*/, "");
  const frame = { open: [head, delimiter].map((text) => rows.prefixAt(start) + text), close: [] };
  for (let row = line + 1; row <= lastLine; row += 1) {
    const here = rows.at(row);
    if (here.item) here.container = here.item;
    if (row < line + 3) continue;
    here.frame = frame;
    here.rank = rankInside(node, rows);
  }
}

function rankInside(node: Node, rows: Rows): number {
  const { start, end } = spanOf(node);
  return end - start > rows.limit ? Rank.line : Rank.inFrame;
}
