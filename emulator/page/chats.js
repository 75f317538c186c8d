// @ts-check
/** Which chats a person has, and what the page calls them. */
import { t } from "./i18n.js";
import { mediaWords } from "./media.js";
import { robotsOf } from "./robots.js";

/** @typedef {import("../control.ts").ChatRef} ChatRef */
/** @typedef {import("../control.ts").WorldState} WorldState */
/** @typedef {import("./robots.js").Robot} Robot */
/** @typedef {import("../control.ts").ChatMessage} ChatMessage */

/**
 * @typedef {object} Chat
 * @property {string} key
 * @property {ChatRef} ref
 * @property {string} title
 * @property {string} [guild] name of the guild of a channel or of a guild DM
 * @property {Robot[]} bots
 * @property {number} members people and bots
 * @property {boolean} muted
 * @property {boolean} onlyMentions its bots see only what mentions them
 */

/**
 * @param {ChatRef} chat
 * @returns {string} the same for the same chat
 */
export function keyOf(chat) {
  if (chat.kind === "dm") return `dm:${chat.person}:${chat.bot}`;
  if (chat.kind === "guild-dm") return `guild-dm:${chat.person}:${chat.guild}:${chat.bot}`;
  return chat.kind === "group" ? `group:${chat.group}` : `channel:${chat.channel}`;
}

/**
 * @param {WorldState} world
 * @param {string} person
 * @returns {Chat[]}
 */
export function chatsOf(world, person) {
  const robots = robotsOf(world);
  /** @param {readonly string[]} ids */
  const botsOf = (ids) => robots.filter((bot) => ids.includes(bot.id));
  const direct = robots.map((bot) =>
    chatOf({ kind: "dm", person, bot: bot.id }, { title: bot.name, bots: [bot], members: 2 }),
  );
  const groups = world.groups
    .filter((group) => group.members.includes(person))
    .map((group) => groupChatOf(group, botsOf(group.bots)));
  const channels = world.channels
    .filter((channel) => channel.members.includes(person))
    .map((channel) =>
      chatOf({ kind: "channel", channel: channel.id }, { ...placeOf(channel), bots: botsOf(channel.bots) }),
    );
  return [...direct, ...groups, ...channels, ...guildDmsOf(world, person)];
}

/** Personal accounts see all that is said in a group. @param {WorldState["groups"][number]} group @param {Robot[]} bots */
function groupChatOf(group, bots) {
  const onlyMentions = group.mode !== "all" && bots.some((bot) => !bot.personal);
  return chatOf({ kind: "group", group: group.id }, { ...placeOf(group), bots, onlyMentions });
}

/**
 * One chat with each bot of each guild that the person is in.
 * @param {WorldState} world
 * @param {string} person
 */
function guildDmsOf(world, person) {
  /** @type {Map<string, Chat>} */
  const chats = new Map();
  for (const { guild, guildName, members, bots } of world.channels) {
    if (!members.includes(person)) continue;
    for (const bot of robotsOf(world).filter(({ id }) => bots.includes(id))) {
      const ref = /** @type {const} */ ({ kind: "guild-dm", person, guild, bot: bot.id });
      const chat = chatOf(ref, { title: bot.name, guild: guildName, bots: [bot], members: 2 });
      chats.set(chat.key, chat);
    }
  }
  return [...chats.values()];
}

/**
 * Whether nobody is there but one person and one bot.
 * @param {ChatRef} chat
 */
export function isDirect(chat) {
  return chat.kind === "dm" || chat.kind === "guild-dm";
}

/**
 * @param {ChatRef} ref
 * @param {Omit<Chat, "key" | "ref" | "muted" | "onlyMentions"> & Partial<Chat>} about
 * @returns {Chat}
 */
function chatOf(ref, about) {
  return { key: keyOf(ref), ref, muted: false, onlyMentions: !isDirect(ref), ...about };
}

/** @param {WorldState["groups"][number] | WorldState["channels"][number]} place */
function placeOf(place) {
  const members = place.members.length + place.bots.length;
  if ("muted" in place) return { title: place.name, members, muted: place.muted };
  return { title: place.name, members, guild: place.guildName };
}

/**
 * What a message reads as in one line.
 * @param {ChatMessage} message
 */
export function summary(message) {
  if (message.recalled) return t("recalled", { name: message.from.name });
  const text = message.markdown ? withoutMarks(message.text) : message.text;
  return `${mediaWords(message)} ${text}`.replace(/\s+/g, " ").trim();
}

/** @param {string} markdown */
function withoutMarks(markdown) {
  return markdown
    .replace(/^```.*$/gm, "")
    .replace(/^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replace(/^[\s|:-]+$/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*|__|~~|`|\|/g, " ");
}
