// @ts-check
/** Avatars: a colour that stays with the name, and an initial or a sign. */
import { h, icon } from "./dom.js";

const hues = 8;
const signs = {
  bot: "M10 3v2.5M5 7.5h10a1.5 1.5 0 0 1 1.5 1.5v5.5A1.5 1.5 0 0 1 15 16H5a1.5 1.5 0 0 1-1.5-1.5V9A1.5 1.5 0 0 1 5 7.5ZM7.5 10.8v1.4M12.5 10.8v1.4M1.5 10.5v2.5M18.5 10.5v2.5",
  group:
    "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.5 16c0-2.6 2.2-4.2 5-4.2s5 1.6 5 4.2M13 4.5a2.5 2.5 0 0 1 0 4.8M14.8 12c1.7.6 2.7 1.9 2.7 4",
  channel: "M8 3.5 6.5 16.5M13.5 3.5 12 16.5M4 7.5h13M3 12.5h13",
};

/**
 * @param {"person" | "bot" | "group" | "channel"} kind
 * @param {string} id
 * @param {string} name
 */
export function avatar(kind, id, name) {
  const sign = kind === "person" ? initial(name) : icon(signs[kind]);
  return h("span", { class: "avatar", "data-kind": kind, "data-hue": hueOf(id), "aria-hidden": "true" }, sign);
}

/** @param {string} name as people shorten it: the last character of a Chinese name, the first letter of another */
function initial(name) {
  const letters = Array.from(name.trim());
  const last = letters.at(-1) ?? "?";
  return /\p{Script=Han}/u.test(last) ? last : (letters[0] ?? "?").toUpperCase();
}

/** @param {string} id */
function hueOf(id) {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % hues;
}
