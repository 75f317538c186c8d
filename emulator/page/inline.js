// @ts-check
/**
 * Text with marks inside a line becomes nodes. A rule is a pattern and what it builds; the earliest match wins, then the
 * earlier rule. Only text nodes and elements are ever made, so nothing in a message can become markup.
 */
import { h } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {{ pattern: RegExp, build: (match: RegExpExecArray, rules: readonly Rule[]) => Node | string }} Rule */

/**
 * @param {string} text
 * @param {readonly Rule[]} rules
 * @returns {DocumentFragment}
 */
export function inline(text, rules) {
  const out = document.createDocumentFragment();
  let rest = text;
  while (rest) {
    const first = earliest(rest, rules);
    if (!first) break;
    if (first.match.index > 0) out.append(rest.slice(0, first.match.index));
    out.append(first.rule.build(first.match, rules));
    rest = rest.slice(first.match.index + first.match[0].length);
  }
  if (rest) out.append(rest);
  return out;
}

/**
 * @param {string} text
 * @param {readonly Rule[]} rules
 */
function earliest(text, rules) {
  /** @type {{ rule: Rule, match: RegExpExecArray } | undefined} */
  let best;
  for (const rule of rules) {
    const match = rule.pattern.exec(text);
    if (match?.[0] && (!best || match.index < best.match.index)) best = { rule, match };
  }
  return best;
}

/** @param {string | undefined} url */
function isWebLink(url) {
  return /^https?:\/\//i.test(url ?? "");
}

/**
 * @param {string} url
 * @param {Node | string} label
 */
function link(url, label) {
  if (!isWebLink(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** @param {"strong" | "em" | "del"} tag @returns {Rule["build"]} */
const wrap = (tag) => (match, rules) => h(tag, {}, inline(match[1] ?? "", rules));

/** @type {Rule} */
const bareUrl = {
  pattern: /https?:\/\/[^\s<>"'`\\^{|}（）【】「」，。！？；]*[^\s<>"'`\\^{|}（）【】「」，。！？；.,:;!?)\]*_~]/i,
  build: (match) => link(match[0], match[0]),
};

/** @type {Rule} */
const everyone = {
  pattern: /<qqbot-at-everyone\s*\/>|@everyone\b/,
  build: () => h("span", { class: "mention" }, `@${t("everyone")}`),
};

/** What a native markdown message may hold inside a line. @type {readonly Rule[]} */
const marks = [
  { pattern: /\\([\\`*_{}[\]()#+\-.!~|<>])/, build: (match) => match[1] ?? "" },
  { pattern: /``([^\n]+?)``(?!`)|`([^`\n]+)`/, build: (match) => h("code", {}, (match[1] ?? match[2] ?? "").trim()) },
  { pattern: /!\[([^\]\n]*)\]\(([^)\s]+)[^)\n]*\)/, build: (match) => picture(match[2] ?? "", match[1] ?? "") },
  {
    pattern: /\[([^\]\n]+)\]\(([^)\s]+)[^)\n]*\)/,
    build: (match, rules) =>
      link(
        match[2] ?? "",
        inline(
          match[1] ?? "",
          rules.filter((rule) => rule !== bareUrl),
        ),
      ),
  },
  { pattern: /<(https?:\/\/[^\s<>]+)>/i, build: (match) => link(match[1] ?? "", match[1] ?? "") },
  bareUrl,
  { pattern: /<qqbot-cmd-(?:input|enter)\s+text="([^"]*)"[^<>]*>/, build: (match) => h("code", {}, match[1] ?? "") },
  everyone,
  { pattern: /\*\*(?=\S)([^\n]*?[^\s*])\*\*/, build: wrap("strong") },
  { pattern: /(?<!\w)__(?=\S)([^\n]*?\S)__(?!\w)/, build: wrap("strong") },
  { pattern: /\*(?=[^\s*])([^\n*]*[^\s*])\*(?!\*)/, build: wrap("em") },
  { pattern: /(?<!\w)_(?=[^\s_])([^\n]*?[^\s_])_(?!\w)/, build: wrap("em") },
  { pattern: /~~(?=\S)([^\n]*?\S)~~/, build: wrap("del") },
];

/**
 * The page loads nothing from elsewhere: another host's picture is a link to it.
 * @param {string} url
 * @param {string} label QQ writes the size into it: `name #208px #320px`
 */
function picture(url, label) {
  const name = label.replace(/\s*#\d+px/g, "") || t("image");
  if (url.startsWith(`${location.origin}/`) || url.startsWith("data:image/")) return h("img", { src: url, alt: name });
  return link(url, `🖼 ${name}`);
}

/** @param {readonly string[]} names @returns {Rule[]} */
function mentionRules(names) {
  if (names.length === 0) return [];
  const any = [...names].sort((one, other) => other.length - one.length).map(literal);
  return [
    { pattern: new RegExp(`@(?:${any.join("|")})`), build: (match) => h("span", { class: "mention" }, match[0]) },
  ];
}

/** @param {string} text */
function literal(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** @param {readonly string[]} mentions names @returns {readonly Rule[]} */
export function plainRules(mentions) {
  return [...mentionRules(mentions), bareUrl];
}

/** @param {readonly string[]} mentions names @returns {readonly Rule[]} */
export function markdownRules(mentions) {
  return [...mentionRules(mentions), ...marks];
}
