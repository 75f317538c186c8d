// @ts-check
/** The menu of things that go wrong on the way to QQ, to see what the bot does then. */
import { call } from "./api.js";
import { arrowKeys, byId, h } from "./dom.js";
import { accountTroubles, botTroubles } from "./faults.js";
import { t } from "./i18n.js";
import { placeBelow } from "./menu.js";
import { robotsOf } from "./robots.js";
import { toast, tryOut } from "./toast.js";

/** @typedef {import("../control.ts").WorldState} WorldState */

const fiveMinutes = 5 * 60_000 + 1000;

/** @param {import("./store.js").Store} store */
export function offerWeather(store) {
  const menu = byId("weather");
  let chosen = "";
  placeBelow(menu, byId("weather-button"));
  arrowKeys(menu, "[role=menuitem]");
  const show = () => {
    const world = store.world();
    const choices = choicesOf(world);
    if (!choices.some(({ id }) => id === chosen)) chosen = choices[0]?.id ?? "";
    const choose = (/** @type {string} */ id) => {
      chosen = id;
      show();
    };
    menu.replaceChildren(
      ...(choices.length > 1 ? [choiceBox(choices, chosen, choose)] : []),
      ...troublesOf(world, chosen).map(({ title, about, run }) => item(title, about, run)),
      h("hr"),
      ...world.groups.map(muteItem),
      item(t("fault-later"), t("fault-later-about"), () => call("advance", { ms: fiveMinutes })),
      item(t("fault-reset"), t("fault-reset-about"), () => call("reset", {})),
    );
  };
  menu.addEventListener("beforetoggle", show);

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

/** Whom something can befall: all official bots at once, or one of any kind. @param {WorldState} world */
function choicesOf(world) {
  const robots = robotsOf(world).map(({ id, name, personal }) => ({
    id,
    name: personal ? `${name} (${t("personal")})` : name,
  }));
  return world.bots.length > 1 ? [{ id: "", name: t("all-bots") }, ...robots] : robots;
}

/** @param {WorldState} world @param {string} chosen */
function troublesOf(world, chosen) {
  const account = world.accounts.find(({ uin }) => uin === chosen);
  return account ? accountTroubles(account, world.groups) : botTroubles(chosen);
}

/**
 * @param {readonly { id: string, name: string }[]} choices
 * @param {string} chosen
 * @param {(id: string) => void} choose
 */
function choiceBox(choices, chosen, choose) {
  const select = h("select", { "aria-label": t("which-bot") });
  select.append(...choices.map(({ id, name }) => h("option", { value: id }, name)));
  select.value = chosen;
  select.addEventListener("change", () => choose(select.value));
  return select;
}
