// @ts-check
/** Pictures, voice messages, videos and files: in a bubble, and as words where there is no room for more. */
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("../control.ts").ChatMedia} ChatMedia */
/** @typedef {import("../control.ts").ChatMessage} ChatMessage */

/** @type {Record<ChatMedia["kind"], string>} */
const signs = {
  image:
    "M4 4.5h12a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 14V6A1.5 1.5 0 0 1 4 4.5ZM3 13l4-4 3.5 3.5L13 10l4 4",
  voice: "M10 3a2.5 2.5 0 0 1 2.5 2.5v4a2.5 2.5 0 0 1-5 0v-4A2.5 2.5 0 0 1 10 3ZM5 9.5a5 5 0 0 0 10 0M10 14.5V17",
  video:
    "M4 5h8a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 12 15H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 5ZM13.5 9l4-2.5v7l-4-2.5",
  file: "M6 2.5h5.5L16 7v9a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 16V4A1.5 1.5 0 0 1 6 2.5ZM11.5 2.5V7H16",
};

/** @param {ChatMessage} message */
function allOf({ media, moreMedia = [] }) {
  return media ? [media, ...moreMedia] : [];
}

/** @param {ChatMessage} message */
export function mediaBlocks(message) {
  return allOf(message).map((media) => (media.kind === "image" && !media.notKept ? picture(media) : card(media)));
}

/**
 * `[image] cat.png`, one after the other.
 * @param {ChatMessage} message
 */
export function mediaWords(message) {
  return allOf(message)
    .map(({ kind, name }) => `[${t(kind)}] ${name}`)
    .join(" ");
}

/** Its height is fixed, so that the chat does not move when the picture is there. @param {ChatMedia} media */
function picture({ url, name }) {
  return h("a", { class: "picture", href: url, target: "_blank" }, h("img", { src: url, alt: name }));
}

/** @param {ChatMedia} media */
function card(media) {
  const { kind, url, name, size, durationMs, degraded, notKept } = media;
  const about = [
    t(kind),
    durationMs === undefined ? "" : `${(durationMs / 1000).toFixed(1)} s`,
    sizeWords(size),
    degraded ? t("degraded") : "",
    notKept ? t("not-kept") : "",
  ].filter((word) => word !== "");
  const words = h("span", {}, h("b", {}, name), h("small", {}, about.join(" · ")));
  if (notKept) return h("div", { class: "file-card" }, icon(signs[kind]), words);
  return h("a", { class: "file-card", href: url, download: name }, icon(signs[kind]), words);
}

/** @param {number} bytes */
export function sizeWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
