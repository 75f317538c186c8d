// @ts-check
/** The menu of things that go wrong on the way to QQ, to see what the bot does then. */
import { call } from "./api.js";
import { arrowKeys, byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { placeBelow } from "./menu.js";
import { toast, tryOut } from "./toast.js";

/** @typedef {import("../control.ts").Fault} Fault */
/** @typedef {import("./i18n.js").Word} Word */
/** @typedef {{ bot?: string }} Which */

/** @type {readonly [Word, Word, (which: Which) => Fault][]} */
const faults = [
  ["fault-drop", "fault-drop-about", (which) => ({ do: "close", ...which, code: 1006, when: "now" })],
  ["fault-op7", "fault-op7-about", (which) => ({ do: "reconnect", ...which })],
  ["fault-4009", "fault-4009-about", (which) => ({ do: "close", ...which, code: 4009, when: "now" })],
  ["fault-half-open", "fault-half-open-about", (which) => ({ do: "half-open", ...which })],
  [
    "fault-500",
    "fault-500-about",
    () => ({ do: "http", call: "/messages", times: 1, answer: { kind: "error", status: 500 } }),
  ],
];

const fiveMinutes = 5 * 60_000 + 1000;

/** @param {import("./store.js").Store} store */
export function offerWeather(store) {
  const menu = byId("weather");
  let bot = "";
  placeBelow(menu, byId("weather-button"));
  arrowKeys(menu, "[role=menuitem]");
  menu.addEventListener("beforetoggle", () => {
    const { bots, groups } = store.world();
    const which = bots.length > 1 ? [botChoice(bots, bot, (chosen) => (bot = chosen))] : [];
    menu.replaceChildren(
      ...which,
      ...faults.map(([word, about, fault]) => item(t(word), t(about), () => call("fault", fault(bot ? { bot } : {})))),
      h("hr"),
      ...groups.map(muteItem),
      item(t("fault-later"), t("fault-later-about"), () => call("advance", { ms: fiveMinutes })),
      item(t("fault-reset"), t("fault-reset-about"), () => call("reset", {})),
    );
  });

  /** @param {string} title @param {string} about @param {() => Promise<unknown>} run */
  function item(title, about, run) {
    const choose = async () => {
      menu.hidePopover();
      if (await tryOut(run)) toast(t("done", { what: title }), "good");
    };
    return h(
      "button",
      { type: "button", role: "menuitem", class: "item", onclick: () => void choose() },
      h("b", {}, title),
      h("small", {}, about),
    );
  }

  /** @param {{ readonly id: string, readonly name: string, readonly muted: boolean }} group */
  function muteItem({ id, name, muted }) {
    const title = t(muted ? "fault-unmute" : "fault-mute", { name });
    return item(title, t("fault-mute-about"), () => call("mute", { group: id, muted: !muted }));
  }
}

/**
 * @param {readonly import("../control.ts").BotState[]} bots
 * @param {string} chosen
 * @param {(bot: string) => void} choose
 */
function botChoice(bots, chosen, choose) {
  const select = h("select", { "aria-label": t("which-bot") }, h("option", { value: "" }, t("all-bots")));
  select.append(...bots.map((bot) => h("option", { value: bot.appId }, bot.name)));
  select.value = chosen;
  select.addEventListener("change", () => choose(select.value));
  return select;
}
