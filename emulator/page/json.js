// @ts-check
/** A body of the wire log, pretty-printed. The server masks secrets; they are masked here once more. */
import { h } from "./dom.js";

const secretKeys = new Set(["token", "access_token", "clientsecret", "appsecret", "authorization"]);
const secretsInText =
  /("?(?:access_token|token|clientSecret|appSecret|authorization)"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|(?:QQBot |Bearer )?[^\s",&}]+)/gi;

/**
 * @param {unknown} value
 * @returns {unknown} a copy without secrets
 */
export function masked(value) {
  if (typeof value === "string") return value.replace(secretsInText, "$1***");
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretKeys.has(key.toLowerCase()) ? "***" : masked(inner)]),
  );
}

/** @param {unknown} body */
export function prettyJson(body) {
  const value = masked(typeof body === "string" ? parsed(body) : body);
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return h("pre", { class: "json", tabindex: 0 }, ...coloured(text));
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi;

/** @param {string} text */
function* coloured(text) {
  let at = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > at) yield text.slice(at, match.index);
    const kind = match[2] !== undefined ? "key" : match[1] !== undefined ? "string" : "value";
    yield h("span", { class: `json-${kind}` }, match[0]);
    at = match.index + match[0].length;
  }
  if (at < text.length) yield text.slice(at);
}
