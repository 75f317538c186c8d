// @ts-check
/** The wire log: what QQ and the bot say to each other, live. Entries are drawn once per frame, the oldest go. */
import { byId, h } from "./dom.js";
import { inEveryLanguage, t } from "./i18n.js";
import { createFilter } from "./wire-filter.js";
import { masked, prettyJson } from "./json.js";
import { exactTime } from "./time.js";

/** @typedef {import("../control.ts").WireEntry} WireEntry */
/** @typedef {{ entry: WireEntry, element: HTMLElement }} Line */

const kept = 2000;

export function showWire() {
  const list = byId("wire");
  const box = byId("wire-scroll");
  /** @type {Line[]} */
  let lines = [];
  /** @type {WireEntry[]} */
  let waiting = [];
  let paused = false;
  let drawing = false;
  let newest = 0;
  /** @type {Pick<WireEntry, "n" | "at">} */
  let cleared = { n: 0, at: 0 };

  const filter = createFilter(() => {
    for (const line of lines) line.element.hidden = !filter.shows(line.entry);
    showCount();
    box.scrollTop = box.scrollHeight;
  });
  const showCount = () => {
    const shown = lines.filter((line) => !line.element.hidden).length;
    byId("wire-count").textContent = paused && waiting.length > 0 ? t("held", { n: waiting.length }) : String(shown);
    byId("wire-empty").hidden = shown > 0;
  };
  const draw = () => {
    drawing = false;
    if (paused) return showCount();
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    const fresh = waiting.map((entry) => lineOf(entry, !filter.shows(entry)));
    waiting = [];
    lines = [...lines, ...fresh];
    for (const old of lines.splice(0, Math.max(0, lines.length - kept))) old.element.remove();
    list.append(...fresh.filter((line) => lines.includes(line)).map((line) => line.element));
    showCount();
    if (atEnd) box.scrollTop = box.scrollHeight;
  };
  const drawSoon = () => {
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
  };
  /** @param {WireEntry} entry */
  const add = (entry) => {
    if (entry.n <= newest || (entry.n <= cleared.n && entry.at <= cleared.at)) return;
    newest = entry.n;
    waiting.push(entry);
    if (waiting.length > kept) waiting.shift();
    drawSoon();
  };
  /** @param {readonly WireEntry[]} entries the whole log, after the page has been away */
  const replace = (entries) => {
    const later = waiting.filter((entry) => entry.n > (entries.at(-1)?.n ?? 0));
    newest = 0;
    lines = [];
    waiting = [];
    list.replaceChildren();
    for (const entry of [...entries, ...later]) add(entry);
    showCount();
  };

  offerButtons({
    pause() {
      paused = !paused;
      drawSoon();
      return paused;
    },
    clear() {
      cleared = [...lines.map((line) => line.entry), ...waiting].at(-1) ?? cleared;
      lines = [];
      waiting = [];
      list.replaceChildren();
      showCount();
    },
  });
  inEveryLanguage(showCount);
  return { add, replace };
}

/** @param {{ pause: () => boolean, clear: () => void }} does */
function offerButtons({ pause, clear }) {
  const button = byId("wire-pause");
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(pause()));
    label();
  });
  const label = () => {
    button.textContent = t(button.getAttribute("aria-pressed") === "true" ? "resume" : "pause");
  };
  inEveryLanguage(label);
  byId("wire-clear").addEventListener("click", clear);
}

/** @param {WireEntry} entry @param {boolean} hidden @returns {Line} */
function lineOf(entry, hidden) {
  const status = statusOf(entry);
  const head = h(
    "button",
    { type: "button", class: "entry-head", "aria-expanded": "false" },
    h("time", {}, exactTime(entry.at)),
    h(
      "span",
      { class: "arrow", title: t(entry.direction === "out" ? "from-bot" : "to-bot") },
      entry.direction === "out" ? "→" : "←",
    ),
    h("span", { class: "line-name" }, entry.channel),
    h("span", { class: "entry-title" }, shortened(entry)),
    status !== undefined && h("span", { class: "status" }, status),
    entry.refused !== undefined && h("span", { class: "rule" }, `${t("refused")}: ${entry.refused}`),
  );
  const element = h(
    "li",
    {
      class: "entry",
      "data-line": entry.channel,
      "data-direction": entry.direction,
      "data-refused": entry.refused !== undefined,
      hidden,
    },
    head,
  );
  head.addEventListener("click", () => unfold(head, element, entry));
  return { entry, element };
}

/** @param {HTMLElement} head @param {HTMLElement} element @param {WireEntry} entry */
function unfold(head, element, entry) {
  const open = head.getAttribute("aria-expanded") !== "true";
  head.setAttribute("aria-expanded", String(open));
  head.querySelector(".entry-title")?.replaceChildren(open ? titleOf(entry) : shortened(entry));
  if (!open) return element.lastElementChild?.remove();
  element.append(entry.body === undefined ? h("p", { class: "no-body" }, t("no-body")) : prettyJson(entry.body));
}

const statusAtEnd = / (\d{3})$/;

/** The status stands apart, where no long path can push it out of sight. @param {WireEntry} entry */
function statusOf({ channel, title }) {
  return channel === "gateway" ? undefined : statusAtEnd.exec(title)?.[1];
}

/** @param {WireEntry} entry */
function titleOf(entry) {
  const title = String(masked(entry.title));
  return statusOf(entry) === undefined ? title : title.replace(statusAtEnd, "");
}

/** The ids in paths are long and say little. @param {WireEntry} entry */
function shortened(entry) {
  return titleOf(entry).replace(/\b([0-9A-F]{4})[0-9A-F]{28}\b/g, "$1…");
}
