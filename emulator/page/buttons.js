// @ts-check
/** What stands under a bubble: rows of buttons that can be pressed, and the reactions to the message. */
import { call } from "./api.js";
import { allIn, byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

/** @typedef {import("../control.ts").ChatMessage} ChatMessage */
/** @typedef {import("../control.ts").ChatButton} ChatButton */
/** @typedef {import("../control.ts").Pressed} Pressed */
/** @typedef {import("./store.js").Store} Store */

/** @param {ChatMessage} message */
export function keyboard({ buttons }) {
  if (!buttons) return undefined;
  const rows = buttons.map((row) => h("div", { class: "key-row" }, ...row.map(key)));
  return h("div", { class: "keys", role: "group", "aria-label": t("buttons") }, ...rows);
}

/** @param {ChatButton} button */
function key({ id, label, style, type, url, disabled, pressed }) {
  const look = { class: "key", "data-button": id, "data-style": style, "data-type": type, "data-pressed": pressed };
  if (/^https?:\/\//.test(url ?? ""))
    return h("a", { ...look, href: url, target: "_blank", rel: "noopener noreferrer" }, label);
  return h("button", { ...look, type: "button", disabled }, label);
}

/**
 * Lets the person whose chat it is press what `keyboard` has drawn.
 * @param {HTMLElement} list
 * @param {Store} store
 */
export function offerPresses(list, store) {
  list.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-button]") : null;
    if (target instanceof HTMLElement) void press(target, store);
  });
}

/** The bot has a while to answer; until then the button waits. @param {HTMLElement} button @param {Store} store */
async function press(button, store) {
  const chat = store.opened()?.ref;
  const message = button.closest("li")?.dataset["id"];
  if (!chat || !message || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  await call("press", { person: store.me(), chat, message, button: button.dataset["button"] ?? "" })
    .then(report, (error) => toast(t("failed", { why: error.message }), "bad"))
    .finally(() => (button.ariaBusy = null));
}

/** What went well shows itself. @param {Pressed} pressed */
function report({ result, text }) {
  if (result === "typed") type(text ?? "");
  for (const known of /** @type {const} */ (["1", "2", "3", "4", "5", "timeout", "not permitted", "disabled"]))
    if (result === known) toast(t(`press ${known}`), "bad");
}

/** @param {string} command */
function type(command) {
  const input = byId("text");
  if (!(input instanceof HTMLTextAreaElement)) return;
  input.value = command;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

/**
 * Puts a line in the place of its older self; a button that had the focus keeps it.
 * @param {HTMLElement} old
 * @param {HTMLElement} line
 */
export function replaceLine(old, line) {
  const focused = document.activeElement;
  const id = focused instanceof HTMLElement && old.contains(focused) ? focused.dataset["button"] : undefined;
  old.replaceWith(line);
  if (id !== undefined)
    allIn(line, "[data-button]")
      .find((button) => button.dataset["button"] === id)
      ?.focus();
}

/** @param {ChatMessage} message */
export function reactionRow({ reactions = [] }) {
  if (reactions.length === 0) return undefined;
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { type, id } of reactions) {
    const face = type === 2 ? emoji(Number(id)) : t("face", { id });
    counts.set(face, (counts.get(face) ?? 0) + 1);
  }
  const chips = [...counts].map(([face, count]) =>
    h("span", { class: "reaction" }, count > 1 ? `${face} ${count}` : face),
  );
  return h("div", { class: "reactions", role: "group", "aria-label": t("reactions") }, ...chips);
}

/** The number comes from a bot and need not be a code point. @param {number} code */
function emoji(code) {
  return code <= 0x10ffff ? String.fromCodePoint(code) : `#${code}`;
}
