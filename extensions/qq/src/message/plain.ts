import { childrenOf, isContainer, normalizeLines, parseMarkdown, spanOf, type Node, type NodeOf } from "./markdown.ts";
import { formatHtml } from "./plain-html.ts";
import { formatInline, type Context } from "./plain-inline.ts";
import { formatRows } from "./plain-table.ts";

const RULE = "————";
/** A bar that no reader takes for a mark of Markdown. */
const QUOTE_MARK = "│ ";
const BULLET = "• ";
/**
 * Markdown as text without marks, for chats that show none: headings on lines of their own, list items behind "•" or
 * their number, quotes behind a bar, links as "text (address)", code without its fence, and tables as rows, or as
 * records where a row is wider than a phone. What only looks like markup stays: `snake_case`, `2*3*4`, `List<String>`,
 * QQ's own `<qqbot-…>` marks. Markdown nested too deep to be meant stays as it is.
 */
export function toPlain(markdown: string): string {
  const source = normalizeLines(markdown);
  const root = parseMarkdown(source);
  if (!root) return source.trimEnd();
  const definitions = new Map(definitionsIn(root.children).map(({ identifier, url }) => [identifier, url]));
  return formatBlocks(root.children, { source, definitions }).trimEnd();
}

/** A heading is close to what it is about, and so are the pieces of a long paragraph; there is an empty line else. */
function formatBlocks(blocks: readonly Node[], context: Context, between = "\n\n"): string {
  let text = "";
  let before: Node | undefined;
  for (const node of blocks) {
    const block = formatBlock(node, context);
    if (block === "") continue;
    if (before) text += before.type === "heading" || areOneParagraph(before, node) ? "\n" : between;
    text += block;
    before = node;
  }
  return text;
}

function areOneParagraph(before: Node, node: Node): boolean {
  return before.type === "paragraph" && node.type === "paragraph" && spanOf(before).lastLine + 1 === spanOf(node).line;
}

function formatBlock(node: Node, context: Context): string {
  switch (node.type) {
    case "heading":
    case "paragraph":
      return formatInline(node, context);
    case "code":
      return node.value;
    case "blockquote":
      return formatQuote(formatBlocks(node.children, context));
    case "list":
      return formatList(node, context);
    case "table":
      return formatRows(node.children.map((row) => row.children.map((cell) => formatInline(cell, context))));
    case "thematicBreak":
      return RULE;
    case "html":
      return formatHtml(node.value, toPlain);
    case "definition":
      return isReferred(node, context) ? "" : `${node.label ?? node.identifier}: ${node.url}`;
    case "footnoteDefinition":
      return `[${node.label ?? node.identifier}] ${indentRest(formatBlocks(node.children, context), "  ")}`;
    default:
      return formatInline(node, context);
  }
}

function formatList(list: NodeOf<"list">, context: Context): string {
  const first = list.start ?? 1;
  const items = list.children.map((item, index) => {
    const mark = list.ordered === true ? `${first + index}. ` : typeof item.checked === "boolean" ? "" : BULLET;
    const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
    const body = formatBlocks(item.children, context, item.spread === true ? "\n\n" : "\n");
    return mark + box + indentRest(body, "  ");
  });
  return items.join(list.spread === true ? "\n\n" : "\n");
}

function indentRest(text: string, indent: string): string {
  return text.replaceAll(/\n(?!\n)/g, `\n${indent}`);
}

function formatQuote(text: string): string {
  return text
    .split("\n")
    .map((line) => (QUOTE_MARK + line).trimEnd())
    .join("\n");
}

function definitionsIn(blocks: readonly Node[]): NodeOf<"definition">[] {
  return blocks.flatMap((node) => {
    if (node.type === "definition") return [node];
    return isContainer(node) ? definitionsIn(childrenOf(node)) : [];
  });
}

/** Whether an address is said where it is referred to. */
function isReferred(definition: NodeOf<"definition">, { source }: Context): boolean {
  const label = `[${definition.label ?? definition.identifier}]`;
  return source.indexOf(label) !== source.lastIndexOf(label);
}
