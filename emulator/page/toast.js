// @ts-check
/** One line at the foot of the page that goes away by itself. */
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";

const shownFor = 5000;

/**
 * @param {string} text
 * @param {"good" | "bad"} mood
 */
export function toast(text, mood) {
  const line = h("p", { class: "toast", "data-mood": mood }, text);
  byId("toasts").append(line);
  setTimeout(() => line.remove(), shownFor);
}

/**
 * Runs a call and shows its error, if it has one.
 * @param {() => Promise<unknown>} run
 * @returns {Promise<boolean>} whether it went well
 */
export async function tryOut(run) {
  try {
    await run();
    return true;
  } catch (error) {
    toast(t("failed", { why: error instanceof Error ? error.message : String(error) }), "bad");
    return false;
  }
}
