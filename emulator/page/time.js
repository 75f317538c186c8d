// @ts-check
/** How times are written. */
import { currentLanguage, t } from "./i18n.js";

const locale = () => (currentLanguage() === "zh" ? "zh-CN" : "en-GB");

/**
 * @param {number} at
 * @param {number} now
 */
export function shortTime(at, now) {
  if (sameDay(at, now)) return clock(at);
  if (sameDay(at, now - 86_400_000)) return t("yesterday");
  return new Intl.DateTimeFormat(locale(), { month: "numeric", day: "numeric" }).format(at);
}

/**
 * @param {number} at
 * @param {number} now
 */
export function longTime(at, now) {
  return sameDay(at, now) ? clock(at) : `${shortTime(at, now)} ${clock(at)}`;
}

/** @param {number} at */
export function clock(at) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

/**
 * @param {number} value
 * @param {number} [digits]
 */
function pad(value, digits = 2) {
  return String(value).padStart(digits, "0");
}

/** @param {number} at to the millisecond, for the wire log */
export function exactTime(at) {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/**
 * @param {number} one
 * @param {number} other
 */
function sameDay(one, other) {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
