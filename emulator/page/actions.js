// @ts-check
/** What can be done with a bubble: quote it, copy it, react to it. One small bar moves to the line under the pointer or focus. */
import { allIn, byId, h, icon } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";
import { toast } from "./toast.js";

/** @typedef {import("../control.ts").ChatMessage} ChatMessage */

const quoteSign = "M8.5 6 4.5 10l4 4M5 10h6.5a4.5 4.5 0 0 1 4.5 4.5V15";
const copySign =
  "M7.5 6.5v-2A1.5 1.5 0 0 1 9 3h6.5A1.5 1.5 0 0 1 17 4.5V11a1.5 1.5 0 0 1-1.5 1.5h-2M4.5 7.5H11A1.5 1.5 0 0 1 12.5 9v6.5A1.5 1.5 0 0 1 11 17H4.5A1.5 1.5 0 0 1 3 15.5V9a1.5 1.5 0 0 1 1.5-1.5Z";

/**
 * @param {HTMLElement} list
 * @param {(id: string) => ChatMessage | undefined} find
 * @param {{ quote: (message: ChatMessage) => void, react: (message: ChatMessage) => void, canReact: () => boolean }} does
 */
export function offerActions(list, find, { quote, react, canReact }) {
  const { bar, reacting } = createBar({
    quote: () => withMessage(quote),
    copy: () => withMessage((message) => void copy(message)),
    react: () => withMessage(react),
  });
  /** @param {(message: ChatMessage) => void} run */
  const withMessage = (run) => {
    const message = find(bar.closest("li")?.dataset["id"] ?? "");
    if (message) run(message);
  };
  /** @param {Event} event */
  const follow = (event) => {
    const line = lineOf(event.target);
    reacting.hidden = !canReact();
    if (line && !line.contains(bar)) line.querySelector(".line-body")?.append(bar);
  };
  for (const kind of ["pointerover", "focusin"]) list.addEventListener(kind, follow);
  list.addEventListener("click", (event) => {
    follow(event);
    const from = event.target instanceof Element ? event.target.closest("[data-jump]") : null;
    if (from) jumpTo(list, from.getAttribute("data-jump") ?? "");
  });
  walkWithArrows(list);
}

/** @param {Record<"quote" | "copy" | "react", () => void>} does */
function createBar({ quote, copy, react }) {
  const quoting = h("button", { type: "button", "data-do": "quote", onclick: quote }, icon(quoteSign));
  const copying = h("button", { type: "button", "data-do": "copy", onclick: copy }, icon(copySign));
  const reacting = h("button", { type: "button", "data-do": "react", onclick: react }, "👍");
  inEveryLanguage(() => {
    for (const [button, word] of /** @type {const} */ ([
      [quoting, "quote"],
      [copying, "copy"],
      [reacting, "react"],
    ])) {
      button.setAttribute("aria-label", t(word));
      button.title = t(word);
    }
  });
  return { bar: h("div", { class: "actions" }, quoting, copying, reacting), reacting };
}

/** @param {ChatMessage} message */
async function copy(message) {
  await navigator.clipboard.writeText(message.text).then(
    () => toast(t("copied"), "good"),
    (error) => toast(t("failed", { why: error.message }), "bad"),
  );
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function lineOf(target) {
  return target instanceof Element ? target.closest("li.line") : null;
}

/** @param {HTMLElement} list @param {string} id */
function jumpTo(list, id) {
  const line = allIn(list, "li[data-id]").find((line) => line.dataset["id"] === id);
  if (!line) return;
  line.scrollIntoView({ block: "center" });
  line.focus({ preventScroll: true });
  line.classList.remove("found");
  requestAnimationFrame(() => line.classList.add("found"));
}

/** Up and down go from bubble to bubble; Escape goes back to the message that is being written. @param {HTMLElement} list */
function walkWithArrows(list) {
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape") byId("text").focus();
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const all = allIn(list, "li.line");
    const at = all.findIndex((line) => line.contains(document.activeElement));
    const next = at < 0 ? all.at(-1) : all[at + step];
    next?.focus();
    event.preventDefault();
  });
}
