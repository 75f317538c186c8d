import { isBlank, type Move } from "./moved.ts";
import { asIds, asSwitch } from "./rules.ts";
import { why } from "./texts.ts";

/**
 * Who may talk to a personal account. The old plugins let everybody in unless something narrowed it; here nobody is
 * let in unless something says so, and what was said is kept.
 */
export function moveAccess(move: Move): void {
  const admins = moveAdmins(move);
  const users = asIds(move.old["allowUsers"]);
  const adminsOnly = asSwitch(move.old["adminOnlyChat"]) === true;
  const people = users.length > 0 ? users : adminsOnly ? admins : [];
  const from = users.length > 0 ? "allowUsers" : "adminOnlyChat";
  if (people.length > 0) {
    move.take(from, "allowFrom", [...new Set([...people, ...admins])]);
    move.take(from, "dmPolicy", "allowlist");
    move.take(from, "groupAllowFrom", people);
  } else if (hasAddress(move) && move.inherited["dmPolicy"] === undefined)
    move.take("dmPolicy", "dmPolicy", "pairing", why.nowPairing);
  moveGroups(move, people.length > 0 ? from : undefined);
}

/** Numbers that could give the old plugin commands. They may write here; ownership is the host's to give. */
function moveAdmins(move: Move): readonly string[] {
  const named = ["admins", "sharedAdmins", "ownerUserId"].filter((key) => !isBlank(move.old[key]));
  const admins = [...new Set(named.flatMap((key) => asIds(move.old[key])))];
  for (const key of named) move.take(key, "allowFrom", admins, why.chats);
  return admins;
}

/** `narrowedBy`: the key that lets only people on a list talk in groups, too. */
function moveGroups(move: Move, narrowedBy: string | undefined): void {
  const listKey = isBlank(move.old["allowedGroups"]) ? "groupWhitelist" : "allowedGroups";
  const listed = asIds(move.old[listKey]);
  const mentionKey = isBlank(move.old["requireMention"]) ? "groupMentionOnly" : "requireMention";
  const mention = asSwitch(move.old[mentionKey]);
  const wanted = asSwitch(move.old["enableGroupMessages"]);
  const entry = mention === undefined ? {} : { requireMention: mention };
  const ids = listed.length > 0 ? listed : mention === undefined ? [] : ["*"];
  if (ids.length > 0) {
    const groups = Object.fromEntries(ids.map((id) => [id, entry]));
    if (listed.length > 0) move.take(listKey, "groups", groups);
    if (mention !== undefined) move.take(mentionKey, "groups", groups);
  }
  const policy = policyOf(wanted, narrowedBy !== undefined, listed.length > 0);
  const from = wanted !== undefined ? "enableGroupMessages" : (narrowedBy ?? listKey);
  if (policy !== undefined) move.take(from, "groupPolicy", policy);
  else if (hasAddress(move) && move.inherited["groupPolicy"] === undefined) move.drop("groupPolicy", why.groupsClosed);
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
