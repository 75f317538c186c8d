import { isBlank, type Move, type Section } from "./moved.ts";
import { asIds, asSwitch, saidOf } from "./rules.ts";
import { why } from "./texts.ts";

const ADMINS = ["admins", "sharedAdmins", "ownerUserId"];
const GROUPS = ["allowedGroups", "groupWhitelist", "requireMention", "groupMentionOnly", "enableGroupMessages"];

/** Keys of the old plugins that say who may talk. */
export const ACCESS = [...ADMINS, "adminOnlyChat", "allowUsers", ...GROUPS];

/**
 * Who may talk to a personal account. The old plugins let everybody in unless something narrowed it; here nobody is
 * let in unless something says so, and what was said is kept.
 */
export function moveAccess(move: Move): void {
  const said = saidOf(move, ACCESS);
  const admins = moveAdmins(said, move);
  const from = narrowing(said);
  if (from !== undefined) {
    const people = from === "allowUsers" ? asIds(said[from]) : admins;
    const note = people.length === 0 ? why.nobody : undefined;
    move.take(from, "allowFrom", [...new Set([...people, ...admins])], note);
    // The schema wants somebody on a list for direct messages.
    move.take(from, "dmPolicy", people.length + admins.length > 0 ? "allowlist" : "disabled");
    move.take(from, "groupAllowFrom", people);
  } else if (hasAddress(move) && move.inherited["dmPolicy"] === undefined)
    move.take("dmPolicy", "dmPolicy", "pairing", why.nowPairing);
  moveGroups(said, move, from);
}

/** The key that lets only some people talk. A switch that was not understood counts as on. */
function narrowing(said: Section): "allowUsers" | "adminOnlyChat" | undefined {
  if (!isBlank(said["allowUsers"])) return "allowUsers";
  const { adminOnlyChat } = said;
  return isBlank(adminOnlyChat) || asSwitch(adminOnlyChat) === false ? undefined : "adminOnlyChat";
}

/** Numbers that could give the old plugin commands. They may write here; ownership is the host's to give. */
function moveAdmins(said: Section, move: Move): readonly string[] {
  const named = ADMINS.filter((key) => !isBlank(said[key]));
  const admins = [...new Set(named.flatMap((key) => asIds(said[key])))];
  for (const key of named) move.take(key, "allowFrom", admins, why.chats);
  return admins;
}

/** `narrowedBy`: the key that lets only people on a list talk in groups, too. */
function moveGroups(said: Section, move: Move, narrowedBy: string | undefined): void {
  const listKey = isBlank(said["allowedGroups"]) ? "groupWhitelist" : "allowedGroups";
  const isListed = !isBlank(said[listKey]);
  const mentionKey = isBlank(said["requireMention"]) ? "groupMentionOnly" : "requireMention";
  const mention = asSwitch(said[mentionKey]);
  const entry = mention === undefined ? {} : { requireMention: mention };
  const ids = isListed ? asIds(said[listKey]) : mention === undefined ? [] : ["*"];
  const groups = Object.fromEntries(ids.map((id) => [id, entry]));
  // A list without a group in it lets none in.
  if (isListed) move.take(listKey, "groups", groups, ids.length === 0 ? why.nobody : undefined);
  if (mention !== undefined) move.take(mentionKey, "groups", groups);
  const { enableGroupMessages } = said;
  const wanted = isBlank(enableGroupMessages) ? undefined : asSwitch(enableGroupMessages) === true;
  const policy = policyOf(wanted, narrowedBy !== undefined, isListed);
  const from = wanted !== undefined ? "enableGroupMessages" : (narrowedBy ?? listKey);
  if (policy !== undefined) move.take(from, "groupPolicy", policy);
  else if (hasAddress(move) && move.inherited["groupPolicy"] === undefined)
    move.take("groupPolicy", "groupPolicy", "allowlist", why.groupsClosed);
}

/** Who may talk in the groups that count; undefined where nothing was said. */
function policyOf(wanted: boolean | undefined, narrowed: boolean, listed: boolean): string | undefined {
  if (wanted === false) return "disabled";
  if (narrowed) return "allowlist";
  return listed || wanted === true ? "open" : undefined;
}

function hasAddress({ patch }: Move): boolean {
  return ["wsUrl", "httpUrl", "reversePath", "transport"].some((key) => patch[key] !== undefined);
}
