// @ts-check
/** Which entries of the wire log are shown. */
import { allIn, byId } from "./dom.js";
import { masked } from "./json.js";

/** @typedef {import("../control.ts").WireEntry} WireEntry */

/** @param {() => void} changed */
export function createFilter(changed) {
  const direction = /** @type {HTMLSelectElement} */ (byId("wire-direction"));
  const search = /** @type {HTMLInputElement} */ (byId("wire-text"));
  const beats = /** @type {HTMLInputElement} */ (byId("wire-beats"));
  const chips = allIn(document, ".filters [data-channel]");
  /** @type {Set<string>} */
  const off = new Set();

  for (const chip of chips)
    chip.addEventListener("click", () => {
      const name = chip.dataset["channel"] ?? "";
      if (!off.delete(name)) off.add(name);
      chip.setAttribute("aria-pressed", String(!off.has(name)));
      changed();
    });
  for (const input of [direction, search, beats]) input.addEventListener("input", changed);

  /** @param {WireEntry} entry */
  function shows(entry) {
    if (off.has(entry.channel) || (direction.value && entry.direction !== direction.value)) return false;
    if (beats.checked && isHeartbeat(entry)) return false;
    const wanted = search.value.trim().toLowerCase();
    return !wanted || haystack(entry).includes(wanted);
  }
  return { shows };
}

/** Text to search in, made once per entry. @type {WeakMap<WireEntry, string>} */
const haystacks = new WeakMap();

/** @param {WireEntry} entry */
function haystack(entry) {
  const known = haystacks.get(entry);
  if (known !== undefined) return known;
  const text = `${entry.title} ${entry.refused ?? ""} ${JSON.stringify(masked(entry.body)) ?? ""}`.toLowerCase();
  haystacks.set(entry, text);
  return text;
}

const beatOpcodes = new Set([1, 11]);

/** @param {WireEntry} entry */
function isHeartbeat({ channel, title, body }) {
  if (/heartbeat/i.test(title)) return true;
  const op = channel === "gateway" && typeof body === "object" && body !== null && "op" in body ? body.op : undefined;
  return typeof op === "number" && beatOpcodes.has(op);
}
