import type { CutPlaces } from "./cut-places.ts";
import { prefixOf } from "./markdown.ts";

/** How well a text is cut before a line: the lower the better. Blocks and items have their depth, 0 at the top. */
export const Rank = {
  /** A line's own length has cut it. */
  forced: -1,
  deepest: 15,
  /** A heading would end the part before. */
  afterHeading: 16,
  line: 17,
  /** Inside a table or a code block that would fit into a part of its own. */
  inFrame: 18,
  never: 19,
} as const;

/** A fence or a table: what ends it where it is cut, and what begins it again. Lines with their prefix. */
export interface Frame {
  readonly close: readonly string[];
  readonly open: readonly string[];
}

/** An item of a list, or a footnote: its text is indented below its first row. */
export interface Item {
  readonly firstRow: number;
  readonly lastRow: number;
  /** How many quotes it is inside of. */
  readonly quotes: number;
  /** Columns behind the marks of those quotes at which its text begins. */
  readonly indent: number;
  readonly parent: Item | undefined;
}

export interface Line {
  readonly text: string;
  /** Row of the source, from 0. */
  readonly row: number;
  rank: number;
  /** Nothing that has to arrive. */
  blank: boolean;
  /** Where it may be cut; absent: only where its length leaves no choice. */
  places?: CutPlaces;
  /** Text of a paragraph, where a backslash at the end breaks the line. */
  isProse?: boolean;
  /** What the rest goes behind when the line is cut. */
  prefix: string;
  /** What a cut before the line divides. */
  frame?: Frame;
  /** The innermost item that the line is in; its own where it begins one. */
  item?: Item;
  /** The item that the outermost block which begins in this line, or the row of a table, is directly in. */
  container?: Item;
}

/** Share of a part that the marks of quotes and the indentation of items may take. */
const PREFIX_SHARE = 1 / 4;

/** The rows of a document to be cut into parts of `limit` units; what is known of each is written into its line. */
export class Rows {
  readonly source: string;
  readonly limit: number;
  /** A row that is cut for its own length has several lines. */
  readonly #lines: Line[][];
  readonly #starts: number[] = [];

  constructor(source: string, limit: number) {
    this.source = source;
    this.limit = limit;
    let start = 0;
    this.#lines = source.split("\n").map((text, row) => {
      this.#starts.push(start);
      start += text.length + 1;
      return [{ text, row, rank: Rank.never, blank: !/[^\s>]/.test(text), prefix: "" }];
    });
  }

  /** The first line of a row. */
  at(row: number): Line {
    const line = this.#lines[row]?.[0];
    if (!line) throw new Error(`no row ${row}`);
    return line;
  }

  /** Offset of a row in the source. */
  startOf(row: number): number {
    return this.#starts[row] ?? this.source.length;
  }

  replace(row: number, lines: Line[]): void {
    this.#lines[row] = lines;
  }

  append(row: number, line: Line): void {
    this.#lines[row]?.push(line);
  }

  all(): Line[] {
    return this.#lines.flat();
  }

  /** What goes before the rest of a block; nothing where marks alone would fill the part. */
  prefixAt(start: number): string {
    const prefix = prefixOf(this.source, start);
    return prefix.length > this.limit * PREFIX_SHARE ? "" : prefix;
  }
}

/** What of a line stands behind the marks of so many quotes. */
export function afterQuotes(text: string, quotes: number): string {
  return quotes === 0 ? text : text.replace(new RegExp(`^(?:[ \\t]*>){${quotes}} ?`), "");
}
