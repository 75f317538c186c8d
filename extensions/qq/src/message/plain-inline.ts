import { childrenOf, spanOf, type Node, type NodeOf } from "./markdown.ts";
import { formatTag } from "./plain-html.ts";

/** Two asterisks that the parser left as text: a noncharacter, until it is known whether they are a pair. */
const STARS = "\uFDD0";
const STARRED = /\uFDD0(?=\S)([^\uFDD0\n]*?\S)\uFDD0/g;
/** A name of Python's, and not a word set in bold. */
const DUNDER = /^__[a-z][a-z0-9_]*__$/;
/** Addresses that a reader can open; what else stands in angle brackets is QQ's own, or text. */
const OPENABLE = /^(?:https?|ftp|mailto):/i;
/** How large an image of QQ's Markdown is shown (qq-official.md 7.2). */
const SIZE_HINT = /\s*#\d+px/g;

/** What a renderer needs besides the node. */
export interface Context {
  readonly source: string;
  /** Addresses by the identifiers of their definitions. */
  readonly definitions: ReadonlyMap<string, string>;
}

/** The text of a paragraph, a heading or a cell. */
export function formatInline(node: Node, context: Context): string {
  return joinStars(formatParts(node, context));
}

function formatParts(node: Node, context: Context): string {
  return childrenOf(node)
    .map((child) => formatPart(child, context))
    .join("");
}

function formatPart(node: Node, context: Context): string {
  switch (node.type) {
    case "text":
      return markStars(node, context);
    case "inlineCode":
      return node.value;
    case "break":
      return "\n";
    case "html":
      return formatTag(node.value);
    case "strong":
    case "emphasis":
    case "delete":
      return formatEmphasis(node, context);
    case "link":
      return formatLink(node, context);
    case "image":
      return formatImage(node);
    case "linkReference":
    case "imageReference":
      return formatReference(node, context);
    case "footnoteReference":
      return `[${node.label ?? node.identifier}]`;
    default:
      return formatParts(node, context);
  }
}

function formatReference(node: NodeOf<"linkReference" | "imageReference">, context: Context): string {
  const text = node.type === "linkReference" ? formatParts(node, context) : (node.alt ?? "");
  return withAddress(text, context.definitions.get(node.identifier) ?? "");
}

function formatLink(link: NodeOf<"link">, context: Context): string {
  const source = sourceOf(link, context);
  const text = formatParts(link, context);
  if (source.startsWith("<")) return OPENABLE.test(link.url) ? text : source;
  if (!source.startsWith("[")) return source;
  if (link.url.startsWith("#") || link.url === `mailto:${text}`) return text;
  return link.url.replace(/^https?:\/\//, "") === text ? link.url : withAddress(text, link.url);
}

function formatImage({ alt, url }: NodeOf<"image">): string {
  return withAddress((alt ?? "").replaceAll(SIZE_HINT, ""), url);
}

function withAddress(text: string, url: string): string {
  return text !== "" && url !== "" && text !== url ? `${text} (${url})` : text || url;
}

/** Marks between letters or digits of ASCII are arithmetic, and underscores around a name are part of it. */
function formatEmphasis(node: NodeOf<"strong" | "emphasis" | "delete">, context: Context): string {
  const { start, end } = spanOf(node);
  const text = formatParts(node, context);
  const isBetween = /\w/.test(context.source[start - 1] ?? "") && /\w/.test(context.source[end] ?? "");
  if (!isBetween && !DUNDER.test(sourceOf(node, context))) return text;
  const mark = context.source.slice(start, node.children[0] ? spanOf(node.children[0]).start : start);
  return mark + text + mark;
}

/**
 * Markdown does not take `**重点：**内容` for bold, as the mark is between a punctuation mark and a letter. Models that
 * write Chinese write it often.
 */
function markStars(node: NodeOf<"text">, context: Context): string {
  const source = sourceOf(node, context);
  return source.includes("**") && !source.includes("\\*") ? node.value.replaceAll("**", STARS) : node.value;
}

function joinStars(text: string): string {
  const joined = text.replaceAll(STARRED, (pair: string, inner: string, at: number) => {
    const isBetween = /\w/.test(text[at - 1] ?? "") && /\w/.test(text[at + pair.length] ?? "");
    return isBetween ? `**${inner}**` : inner;
  });
  return joined.replaceAll(STARS, "**");
}

function sourceOf(node: Node, { source }: Context): string {
  const { start, end } = spanOf(node);
  return source.slice(start, end);
}
