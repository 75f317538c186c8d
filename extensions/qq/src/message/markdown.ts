import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** A parsed document. Every node has its position: offsets in UTF-16 units, lines from 1. */
export type Root = ReturnType<typeof fromMarkdown>;
export type Node = Root["children"][number];
export type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>;

/** Where a node stands. `line` and `lastLine` count from 0, `end` is the offset behind the node. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly lastLine: number;
}

/** How much is parsed at once, UTF-16 units: the parser's cost per unit grows with the document (measured). */
const WINDOW_UNITS = 6000;
/** From here a paragraph is read in several pieces, UTF-16 units. */
const LONG_PARAGRAPH_UNITS = 24_000;
/** Markers of quotes and list items at the head of one line, far beyond what a person writes. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){32}/m;

// One tilde is no strike: "10~20" is a range to readers of Chinese.
const syntax = gfm({ singleTilde: false });
// Without the transforms, which look for addresses once more and make nodes that have no position.
const tree = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

/** Line ends as `\n`, and no byte order mark: what the parser's offsets are good for. */
export function normalizeLines(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
}

/**
 * Parses GitHub's Markdown, its lines ended by `\n`, at a cost that grows with its length alone: window by window, each
 * beginning at the last block, or the last item of a list, of the window before, which its end may have cut off. A
 * reference finds its definition within one window. `undefined` for quotes and lists nested too deep to be meant.
 */
export function parseMarkdown(text: string): Root | undefined {
  if (TOO_DEEP.test(text)) return undefined;
  const root: Root = { type: "root", children: [] };
  let [from, line, size] = [0, 0, WINDOW_UNITS];
  while (from < text.length) {
    const lineEnd = text.indexOf("\n", from + size);
    const end = lineEnd < 0 || lineEnd - from + WINDOW_UNITS > text.length - from ? text.length : lineEnd + 1;
    const window = text.slice(from, end);
    const parsed = fromMarkdown(window, { extensions: [syntax], mdastExtensions: [tree] });
    const rest = end === text.length ? undefined : (detachLast(parsed) ?? endOfParagraph(parsed, window));
    if (end < text.length && rest === undefined) {
      size *= 2;
      continue;
    }
    for (const node of parsed.children) move(node, from, line);
    append(root, parsed);
    if (rest === undefined) break;
    from += window.lastIndexOf("\n", rest.start - 1) + 1;
    line += rest.line;
    size = WINDOW_UNITS;
  }
  return root;
}

/** Takes off the last block, or the last item of the last list, and answers where it stood in the window. */
function detachLast(window: Root): Span | undefined {
  const last = window.children.at(-1);
  const items = last?.type === "list" ? last.children : [];
  const siblings: Node[] = items.length > 1 ? items : window.children;
  if (siblings.length < 2) return undefined;
  const rest = siblings.pop();
  return rest && spanOf(rest);
}

/** A paragraph that goes on for a whole large window, such as a log, goes on in the next one as another. */
function endOfParagraph({ children }: Root, window: string): Pick<Span, "start" | "line"> | undefined {
  if (window.length < LONG_PARAGRAPH_UNITS || children[0]?.type !== "paragraph") return undefined;
  return { start: window.length, line: window.split("\n").length - 1 };
}

/** A list that a window's end divided becomes one again. */
function append(root: Root, window: Root): void {
  const before = root.children.at(-1);
  const first = window.children[0];
  const divided = before?.type === "list" && first?.type === "list" && before.ordered === first.ordered;
  if (divided) before.children.push(...first.children);
  root.children.push(...window.children.slice(divided ? 1 : 0));
}

/** From positions in a window to positions in the document. */
function move(node: Node, offset: number, line: number): void {
  if (offset === 0) return;
  const points = node.position ? [node.position.start, node.position.end] : [];
  for (const point of points) {
    point.offset = (point.offset ?? 0) + offset;
    point.line += line;
  }
  for (const child of childrenOf(node)) move(child, offset, line);
}

export function childrenOf(node: Node): readonly Node[] {
  return "children" in node ? node.children : [];
}

/** Whether a node holds blocks. */
export function isContainer(node: Node): boolean {
  return ["list", "listItem", "blockquote", "footnoteDefinition"].includes(node.type);
}

export function spanOf(node: Node): Span {
  const { start, end } = node.position ?? {};
  if (start?.offset === undefined || end?.offset === undefined) throw new Error(`a ${node.type} without a position`);
  return { start: start.offset, end: end.offset, line: start.line - 1, lastLine: end.line - 1 };
}

/**
 * What stands before a node on the lines behind its first one: the marks of its quotes, and blanks for those of its
 * list items.
 */
export function prefixOf(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).replaceAll(/[^>\t]/g, " ");
}
