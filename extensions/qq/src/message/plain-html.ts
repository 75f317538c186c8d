/** Elements that a model writes for looks. Others are kept: `List<String>`, `<your-token>`, QQ's own marks. */
const ELEMENTS = new Set(
  (
    "a abbr b big blockquote br center code dd del details div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr " +
    "i img input ins kbd li main mark nav ol p pre q s samp section small span strike strong style sub summary sup table tbody " +
    "td tfoot th thead tr tt u ul var article aside"
  ).split(" "),
);
const TAG = /<\/?([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/g;
const COMMENT = /<!--[^]*?(?:-->|$)/g;
const BREAK = /^<(?:br|hr|\/p|\/div|\/li|\/tr|\/h[1-6])\b/;

function isHtmlTag(tag: string): boolean {
  const [match] = tag.matchAll(TAG);
  return tag.startsWith("<!--") || ELEMENTS.has(match?.[1] ?? "");
}

/** HTML without its tags and comments. What was between or behind them is Markdown again, which `format` formats. */
export function formatHtml(html: string, format: (markdown: string) => string): string {
  const bare = dropTags(html);
  if (bare === html) {
    const [tag = "", ...rest] = html.split("\n");
    return rest.length === 0 ? tag : `${tag}\n${format(rest.join("\n"))}`;
  }
  return html.startsWith("<pre") ? bare.trim() : format(bare.replaceAll(/^[ \t]+/gm, ""));
}

/** What comes in place of one tag. */
export function formatTag(tag: string): string {
  if (!isHtmlTag(tag)) return tag;
  return BREAK.test(tag) ? "\n" : imageText(tag);
}

function dropTags(html: string): string {
  return html.replaceAll(COMMENT, "").replaceAll(TAG, formatTag);
}

/** An image says what it shows and where it is. */
function imageText(tag: string): string {
  if (!tag.startsWith("<img")) return "";
  const [alt, src] = ["alt", "src"].map((name) => new RegExp(`\\s${name}=["']([^"']*)["']`).exec(tag)?.[1] ?? "");
  return alt && src ? `${alt} (${src})` : alt || src || "";
}
