// @ts-check
/** What can go wrong on the way to QQ: a word, what it means, and the call that brings it about. */
import { call } from "./api.js";
import { t } from "./i18n.js";

/** @typedef {import("../control.ts").Fault} Fault */
/** @typedef {import("../control.ts").WorldState} WorldState */
/** @typedef {import("../control.ts").AccountState} AccountState */
/** @typedef {import("../onebot/napcat-fault.ts").NapcatTrouble} NapcatTrouble */
/** @typedef {import("./i18n.js").Word} Word */
/** @typedef {{ title: string, about: string, run: () => Promise<unknown> }} Trouble */

const tenMinutes = 600;

/** @type {readonly [Word, Word, (which: { bot?: string }) => Fault][]} */
const official = [
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

/** @param {string} bot AppID; "" for every bot @returns {Trouble[]} */
export function botTroubles(bot) {
  const which = bot ? { bot } : {};
  return official.map(([word, about, fault]) => ({
    title: t(word),
    about: t(about),
    run: () => call("fault", fault(which)),
  }));
}

/** @param {AccountState} account @param {WorldState["groups"]} groups @returns {Trouble[]} */
export function accountTroubles(account, groups) {
  /** @param {Word} word @param {Word} about @param {NapcatTrouble} what @returns {Trouble} */
  const trouble = (word, about, what) => ({
    title: t(word),
    about: t(about),
    run: () => call("fault", { do: "napcat", account: account.uin, ...what }),
  });
  const { online, kicked, deaf } = account;
  return [
    trouble("nap-drop", "nap-drop-about", { what: "drop" }),
    trouble("nap-half-open", "nap-half-open-about", { what: "half-open" }),
    trouble("nap-stall", "nap-stall-about", { what: "stall", ms: 60_000 }),
    trouble("nap-restart", "nap-restart-about", { what: "restart", ms: 5000 }),
    kicked
      ? trouble("nap-relogin", "nap-relogin-about", { what: "relogin" })
      : trouble("nap-kick", "nap-kick-about", { what: "kick" }),
    online || kicked
      ? trouble("nap-net-loss", "nap-net-loss-about", { what: "net-loss" })
      : trouble("nap-net-back", "nap-net-back-about", { what: "net-back" }),
    deaf
      ? trouble("nap-hearing", "nap-hearing-about", { what: "deaf", on: false })
      : trouble("nap-deaf", "nap-deaf-about", { what: "deaf", on: true }),
    trouble("nap-bad-token", "nap-bad-token-about", { what: "bad-token" }),
    trouble("nap-good-token", "nap-good-token-about", { what: "good-token" }),
    trouble("nap-delivered", "nap-delivered-about", { what: "send", outcome: { kind: "delivered" } }),
    trouble("nap-timeout", "nap-timeout-about", { what: "send", outcome: { kind: "timeout" } }),
    ...groups.flatMap((group) => groupTroubles(account.uin, group)),
  ];
}

/** @param {string} uin @param {WorldState["groups"][number]} group @returns {Trouble[]} */
function groupTroubles(uin, { id, name, bots, members }) {
  const person = members[0] ?? "";
  /** @param {Word} word @param {Word} about @param {() => Promise<unknown>} run @returns {Trouble} */
  const trouble = (word, about, run) => ({ title: t(word, { name }), about: t(about), run });
  if (!bots.includes(uin))
    return [trouble("nap-add", "nap-add-about", () => call("invite", { group: id, bot: uin, person }))];
  /** @param {number} seconds */
  const ban = (seconds) => call("ban", { group: id, who: uin, seconds, by: person });
  return [
    trouble("nap-ban", "nap-ban-about", () => ban(tenMinutes)),
    trouble("nap-unban", "nap-unban-about", () => ban(0)),
    trouble("nap-remove", "nap-remove-about", () => call("kick", { group: id, bot: uin, person })),
  ];
}
