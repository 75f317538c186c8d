// @ts-check
/** Who is not a person: official bots and personal accounts, as the page shows both. */
import { t } from "./i18n.js";

/** @typedef {import("../control.ts").WorldState} WorldState */
/** @typedef {import("../control.ts").BotState} BotState */
/** @typedef {import("../control.ts").AccountState} AccountState */

/**
 * @typedef {object} Robot
 * @property {string} id AppID, or QQ number
 * @property {string} name
 * @property {boolean} personal a personal account behind a NapCat
 * @property {boolean} online a program is connected that would answer
 * @property {() => string} presence how it is connected, or why it is not
 */

/** @param {WorldState} world @returns {Robot[]} */
export function robotsOf({ bots, accounts }) {
  return [...bots.map(robotOfBot), ...accounts.map(robotOfAccount)];
}

/** @param {BotState} bot @returns {Robot} */
function robotOfBot({ appId, name, sessions, mode, webhookUrl }) {
  const online = sessions > 0 || (mode !== "websocket" && webhookUrl !== undefined);
  const presence = () => (online ? `${t("online")} · ${t(sessions > 0 ? "websocket" : "webhook")}` : t("offline"));
  return { id: appId, name, personal: false, online, presence };
}

/** @param {AccountState} account @returns {Robot} */
function robotOfAccount(account) {
  const online = account.online && !account.down && account.sessions > 0;
  return { id: account.uin, name: account.name, personal: true, online, presence: () => presenceOf(account) };
}

/** That QQ lets the account be in, and that a program listens, are two things. @param {AccountState} account */
function presenceOf({ online, kicked, down, sessions }) {
  if (down) return t("napcat-down");
  const state = t(online ? "online" : kicked ? "kicked" : "qq-offline");
  return `${state} · ${t(sessions > 0 ? "napcat-connected" : "napcat-alone")}`;
}
