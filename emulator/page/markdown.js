// @ts-check
/** QQ's native markdown as nodes: headings, lists, quotes, code, tables, rules; the rest are paragraphs. */
import { h } from "./dom.js";
import { inline } from "./inline.js";

/** @typedef {readonly import("./inline.js").Rule[]} Rules */
/** Takes lines from the front of what is left, or returns undefined. @typedef {(lines: string[], rules: Rules, depth: number) => Node | undefined} Block */

/**
 * @param {string} text
 * @param {Rules} rules
 * @returns {DocumentFragment}
 */
export function markdown(text, rules) {
  return blocks(text.replaceAll("\r\n", "\n").split("\n"), rules, 0);
}

/** Quotes and lists in each other are looked for to this depth. */
const deepest = 8;

/** @param {string[]} lines @param {Rules} rules @param {number} depth */
function blocks(lines, rules, depth) {
  const out = document.createDocumentFragment();
  const left = [...lines];
  while (left.length > 0) {
    if (!left[0]?.trim()) {
      left.shift();
      continue;
    }
    for (const block of [fence, heading, ruler, quote, table, list, paragraph]) {
      const node = block(left, rules, depth);
      if (!node) continue;
      out.append(node);
      break;
    }
  }
  return out;
}

/**
 * Takes lines as long as the test holds.
 * @param {string[]} lines
 * @param {(line: string) => boolean} belongs
 */
function takeWhile(lines, belongs) {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

const fenceMark = /^\s{0,3}(```+|~~~+)\s*([^\s`]*)/;
const headingMark = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const rulerMark = /^\s{0,3}([-*_])\s*(?:\1\s*){2,}$/;
const quoteMark = /^\s{0,3}>\s?/;
const itemMark = /^(\s*)([-*+]|\d{1,9}[.)])\s+/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** @type {Block} */
function fence(lines) {
  const mark = fenceMark.exec(lines[0] ?? "");
  if (!mark) return undefined;
  lines.shift();
  const body = takeWhile(lines, (line) => !line.trim().startsWith(mark[1] ?? "```"));
  lines.shift();
  return h("pre", { "data-language": mark[2] || undefined, tabindex: 0 }, h("code", {}, body.join("\n")));
}

/** @type {Block} */
function heading(lines, rules) {
  const mark = headingMark.exec(lines[0] ?? "");
  if (!mark) return undefined;
  lines.shift();
  const level = mark[1]?.length ?? 1;
  return h(
    "p",
    { class: "heading", role: "heading", "aria-level": level + 2, "data-level": level },
    inline(mark[2] ?? "", rules),
  );
}

/** @type {Block} */
function ruler(lines) {
  if (!rulerMark.test(lines[0] ?? "")) return undefined;
  lines.shift();
  return h("hr");
}

/** @type {Block} */
function quote(lines, rules, depth) {
  if (depth === deepest || !quoteMark.test(lines[0] ?? "")) return undefined;
  const inside = takeWhile(lines, (line) => quoteMark.test(line)).map((line) => line.replace(quoteMark, ""));
  return h("blockquote", {}, blocks(inside, rules, depth + 1));
}

/** @type {Block} */
function table(lines, rules) {
  if (!lines[0]?.includes("|") || !lines[1]?.includes("-") || !tableRule.test(lines[1])) return undefined;
  const [head = [], , ...body] = takeWhile(lines, (line) => line.includes("|")).map(cells);
  /** @param {"th" | "td"} tag @param {string[]} row */
  const rowOf = (tag, row) => h("tr", {}, ...head.map((_, at) => h(tag, {}, inline(row[at] ?? "", rules))));
  return h(
    "div",
    { class: "table", tabindex: 0 },
    h("table", {}, h("thead", {}, rowOf("th", head)), h("tbody", {}, ...body.map((row) => rowOf("td", row)))),
  );
}

/** @param {string} line */
function cells(line) {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** @type {Block} */
function list(lines, rules, depth) {
  const mark = itemMark.exec(lines[0] ?? "");
  if (!mark || depth === deepest) return undefined;
  const indent = mark[1]?.length ?? 0;
  const ordered = /\d/.test(mark[2] ?? "");
  const out = ordered ? h("ol", { start: Number.parseInt(mark[2] ?? "1", 10) }) : h("ul");
  while (isItem(lines[0], indent, ordered)) out.append(item(lines, indent, rules, depth));
  return out;
}

/** @param {string | undefined} line @param {number} indent @param {boolean} ordered */
function isItem(line, indent, ordered) {
  const mark = itemMark.exec(line ?? "");
  if (!mark || (mark[1]?.length ?? 0) < indent) return false;
  return /\d/.test(mark[2] ?? "") === ordered && !rulerMark.test(line ?? "");
}

/**
 * The item's first line, and the deeper lines that follow it.
 * @param {string[]} lines
 * @param {number} indent
 * @param {Rules} rules
 * @param {number} depth
 */
function item(lines, indent, rules, depth) {
  const first = (lines.shift() ?? "").replace(itemMark, "");
  const inside = takeWhile(lines, (line) => line.trim() !== "" && (/^\s*/.exec(line)?.[0].length ?? 0) > indent);
  return h("li", {}, inline(first, rules), blocks(inside, rules, depth + 1));
}

/** @type {Block} */
function paragraph(lines, rules) {
  const next = lines.findIndex((line, at) => at > 0 && (line.trim() === "" || startsBlock(line, lines[at + 1])));
  const taken = lines.splice(0, next < 0 ? lines.length : next);
  return h("p", {}, inline(taken.join("\n"), rules));
}

/** @param {string} line @param {string | undefined} following */
function startsBlock(line, following) {
  if (line.includes("|") && following?.includes("|") && tableRule.test(following)) return true;
  return [fenceMark, headingMark, rulerMark, quoteMark, itemMark].some((mark) => mark.test(line));
}
