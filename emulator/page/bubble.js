// @ts-check
/** One line of a chat: a bubble with avatar and name, or a notice of the system. */
import { avatar } from "./avatar.js";
import { keyboard, reactionRow } from "./buttons.js";
import { summary } from "./chats.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { inline, markdownRules, plainRules } from "./inline.js";
import { markdown } from "./markdown.js";
import { mediaBlocks } from "./media.js";
import { clock } from "./time.js";

/** @typedef {import("../control.ts").ChatMessage} ChatMessage */

/**
 * @param {ChatMessage} message
 * @param {{ mine: boolean, named: boolean, personal: boolean }} how `named`: the sender's name stands above the bubble;
 *   `personal`: a personal account has sent it
 */
export function bubble(message, { mine, named, personal }) {
  const { kind, id, name } = message.from;
  if (kind === "system" || message.recalled) {
    const text = message.recalled ? summary(message) : message.text;
    return h("li", { class: "notice", "data-id": message.id }, h("span", {}, text));
  }
  // Personal accounts write when they like: what a bot may send unasked is a matter of official bots.
  const proactive = !personal && isProactive(message);
  return h(
    "li",
    { class: "line", "data-id": message.id, "data-from": kind, "data-mine": mine, tabindex: -1 },
    avatar(kind, id, name),
    h(
      "div",
      { class: "line-body" },
      h(
        "p",
        { class: named || proactive ? "who" : "unseen" },
        name,
        kind === "bot" && h("span", { class: "badge" }, t(personal ? "personal" : "bot")),
        proactive && h("span", { class: "badge soft" }, t("proactive")),
        h("time", { class: "who-time" }, clock(message.at)),
      ),
      h("div", { class: "bubble" }, quoteBlock(message), ...mediaBlocks(message), content(message)),
      reactionRow(message),
      keyboard(message),
    ),
  );
}

/** @param {ChatMessage} message */
function isProactive(message) {
  return message.from.kind === "bot" && message.repliesTo === undefined;
}

/** @param {ChatMessage} message */
function quoteBlock({ quote }) {
  if (!quote) return undefined;
  return h(
    "button",
    { type: "button", class: "quote", "data-jump": quote.id },
    h("b", {}, quote.name),
    h(
      "span",
      {},
      quote.text === ""
        ? `[${t("file")}]`
        : summary({ ...quote, at: 0, from: { kind: "person", id: "", name: "" }, markdown: true }),
    ),
  );
}

/** @param {ChatMessage} message */
function content(message) {
  const names = message.mentions ?? [];
  if (message.media && message.text === "" && names.length === 0) return undefined;
  // A stream that goes on has a caret at its end.
  const growing = { "data-growing": message.stream === "generating" || undefined };
  if (message.markdown)
    return h("div", { class: "content markdown", ...growing }, markdown(message.text, markdownRules(names)));
  return h("div", { class: "content", ...growing }, ...missing(message), inline(message.text, plainRules(names)));
}

/**
 * Mentions that the text itself does not spell out.
 * @param {ChatMessage} message
 */
function missing({ text, mentions = [] }) {
  return mentions
    .filter((name) => !text.includes(`@${name}`))
    .flatMap((name) => [h("span", { class: "mention" }, `@${name}`), " "]);
}
