import * as fc from "fast-check";

/** What words begin with, among it what a cut or a renderer may take for something else. */
const kinds = ["w", "中文字", "snake_case_", "émile", "👩‍👩‍👧‍👦", "🇨🇳", "a.b", "x*y", "v1.2.", "が"] as const;

/** One block of a document; `words` gives it unique ones. */
type Block = (words: Words) => string;

/** Numbered words. */
class Words {
  #count = 0;

  next(kind = 0): string {
    this.#count += 1;
    return `${kinds[kind % kinds.length] ?? "w"}${this.#count}z`;
  }

  take(shape: readonly number[], between = " "): string {
    return shape.map((kind) => this.next(kind)).join(between);
  }
}

const shape = (max: number) => fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: max });

const inline: fc.Arbitrary<Block> = fc.oneof(
  {
    weight: 6,
    arbitrary: shape(12).map(
      (kinds): Block =>
        (words) =>
          words.take(kinds),
    ),
  },
  shape(4).map(
    (kinds): Block =>
      (words) =>
        `**${words.take(kinds.map(() => 0))}**`,
  ),
  shape(3).map(
    (kinds): Block =>
      (words) =>
        `[${words.take(kinds.map(() => 0))}](https://x.example/${words.next()})`,
  ),
  shape(3).map(
    (kinds): Block =>
      (words) =>
        `\`${words.take(kinds.map(() => 0))}\``,
  ),
  shape(30).map(
    (kinds): Block =>
      (words) =>
        kinds.map(() => words.next(1)).join("，"),
  ),
  fc.constant<Block>((words) => `${words.next()}  \n${words.next()}`),
  fc.constant<Block>((words) => `${words.next()}\\\n${words.next()}`),
  fc.constant<Block>((words) => `<qqbot-at-user id="${words.next()}" />`),
);

const text = fc.array(inline, { minLength: 1, maxLength: 6 }).map((parts): Block => (words) => {
  return parts.map((part) => part(words)).join(" ");
});
const sentences = fc.array(text, { minLength: 1, maxLength: 5 }).map((parts): Block => (words) => {
  return parts.map((part) => part(words)).join(". ");
});
const heading = shape(5).map(
  (kinds): Block =>
    (words) =>
      `## ${words.take(kinds)}`,
);
const setext = shape(4).map(
  (kinds): Block =>
    (words) =>
      `${words.take(kinds.map(() => 0))}\n====`,
);
const fence = fc
  .tuple(
    fc.constantFrom("```", "~~~", "````"),
    fc.constantFrom("", "js", "ts title"),
    fc.array(shape(4), { maxLength: 12 }),
    fc.nat(9),
  )
  .map(([mark, info, lines, odd]): Block => (words) => {
    const code = lines.map((kinds, index) => {
      if (index === odd) return mark === "```" ? "  ~~~" : "  ```";
      return `${"  ".repeat(index % 4)}${words.take(kinds, index % 3 === 0 ? "_" : " ")}`;
    });
    return [`${mark}${info}`, ...code, mark].join("\n");
  });
const table = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.array(shape(6), { minLength: 4, maxLength: 4 }), { maxLength: 8 }),
    fc.constantFrom("-", "--", ":-:", "---"),
  )
  .map(([columns, rows, delimiter]): Block => (words) => {
    const heads = Array.from({ length: columns }, () => words.next());
    const body = rows.map((cells) => row(cells.slice(0, columns).map((kinds) => words.take(kinds))));
    return [row(heads), row(heads.map(() => delimiter)), ...body].join("\n");
  });
// At the top only: inside of a list it would go on to the next blank line, over the items behind it.
const html = shape(6).map(
  (kinds): Block =>
    (words) =>
      `<div>\n${words.take(kinds)}\n</div>`,
);
const leaf = fc.oneof(
  sentences,
  text,
  heading,
  setext,
  fence,
  table,
  fc.constant<Block>(() => "***"),
);

const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie("block"), { minLength: 1, maxLength: 4 }).map((blocks): Block => (words) => {
      return blocks.map((inner) => indent(inner(words), "- ", "  ")).join("\n");
    }),
    fc.array(tie("block"), { minLength: 1, maxLength: 3 }).map((blocks): Block => (words) => {
      return blocks.map((inner, index) => indent(inner(words), `${index + 1}. `, "    ")).join("\n\n");
    }),
    fc.array(tie("block"), { minLength: 1, maxLength: 3 }).map((blocks): Block => (words) => {
      return indent(blocks.map((inner) => inner(words)).join("\n\n"), "> ", "> ");
    }),
  ),
}));

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function indent(inner: string, first: string, rest: string): string {
  return inner
    .split("\n")
    .map((line, index) => (index === 0 ? first : rest) + line)
    .join("\n");
}

/** A document of GitHub's Markdown, each of its words there once. */
export const documents: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 9, arbitrary: block }, html), { minLength: 1, maxLength: 5 })
  .map((blocks) => {
    const words = new Words();
    return blocks.map((inner) => inner(words)).join("\n\n");
  });

/** The words of a document or of what was made of it. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/\d+z/g)].map((match) => match[0]);
}
