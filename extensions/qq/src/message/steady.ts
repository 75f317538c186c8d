import { cutMarkdown } from "./cut.ts";
import type { CutMode } from "./cut-pack.ts";
import { normalizeLines, parseMarkdown, spanOf } from "./markdown.ts";
import { forQQMarkdown } from "./tables.ts";

/** A line of nothing but marks: the next character decides whether it is a list, a rule, a heading or text. */
const UNDECIDED = /^[ \t>]*(?:[-+*_=#`~|:]|\d+[.)]?)?[-+*_=#`~|: \t]*$/;
/** What a word, an address or a mark of emphasis may still be growing in. Longer ones are not waited for. */
const GROWING_WORD = /[!-~]{1,80}$/;

/**
 * As much of a text that is still being written as its form for QQ will keep, however it goes on: what is shown of a
 * stream can never be changed (qq-official.md 7.1). Left out are the last word, a line that may become a list item, and
 * a table until it ends. Where the text goes on in a way that nobody could foresee, the caller has to see that it does.
 */
export function steadyMarkdown(partial: string): string {
  const source = normalizeLines(partial);
  const pipes = pipedLines(source);
  if (pipes !== undefined) return forQQMarkdown(source.slice(0, pipes)).trimEnd();
  const words = source.replace(GROWING_WORD, "");
  const lastLine = words.lastIndexOf("\n") + 1;
  return forQQMarkdown(UNDECIDED.test(words.slice(lastLine)) ? words.slice(0, lastLine) : words).trimEnd();
}

/** Where the lines begin that are, or may become, a table without an end yet; `undefined` when there are none. */
function pipedLines(source: string): number | undefined {
  const paragraph = source.lastIndexOf("\n\n") + 1;
  const pipe = source.indexOf("|", paragraph);
  if (pipe < 0 || parseMarkdown(source)?.children.at(-1)?.type === "code") return undefined;
  return source.lastIndexOf("\n", pipe) + 1;
}

/** A text that is still being written, without its last block: what it ends with is a good place for a cut. */
export function wholeBlocks(markdown: string): string {
  const last = parseMarkdown(markdown)?.children.at(-2);
  return last ? markdown.slice(0, spanOf(last).end) : "";
}

/**
 * Cuts Markdown as `cutMarkdown` does, but so that the first part begins with `shown`, which has been shown already;
 * `undefined` when the text does not begin so, or cannot be cut so.
 */
export function cutBehind(shown: string, text: string, limit: number, mode: CutMode): readonly string[] | undefined {
  if (!text.startsWith(shown)) return undefined;
  const modes: readonly CutMode[] = [mode, "length"];
  const parts = modes.map((each) => cutMarkdown(text, limit, each)).find(([first]) => first?.startsWith(shown));
  if (parts) return parts;
  const endsBlock = parseMarkdown(text)?.children.some((block) => spanOf(block).end === shown.length);
  return endsBlock ? [shown, ...cutMarkdown(text.slice(shown.length).replace(/^\n+/, ""), limit, mode)] : undefined;
}

/** What comes behind the first `units` UTF-16 units of a text, as a message of its own: in a code fence, the fence is opened again. */
export function textBehind(units: number, text: string): string {
  let fence: string | undefined;
  for (const line of text.slice(0, units).split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark === undefined) continue;
    if (fence === undefined) fence = line;
    else if (fence.trimStart().startsWith(mark)) fence = undefined;
  }
  const rest = text.slice(units).replace(/^\s*\n|^ +/, "");
  return fence === undefined || rest.trim() === "" ? rest : `${fence}\n${rest}`;
}
