import type { Sender } from "../../message/inbound.ts";

/** Longest name that is shown of a sender, characters. */
const NAME_CHARS = 32;
/** Roles in a group that are told. `owner` alone would read as the bot's own, who may do more. */
const ROLES: ReadonlyMap<string | undefined, string> = new Map([
  ["owner", "group owner"],
  ["admin", "group admin"],
]);

/**
 * Who speaks, for the agent: the nickname where QQ gives one, a short id, and the role of whoever has one. The id tells
 * two people of one name apart; a name has no brackets, so that none can claim an id or a role.
 */
export function speaker({ id, name, role }: Sender): string {
  const known = name === undefined ? "" : clean(name);
  const facts = [known === "" ? "" : shortId(id), ROLES.get(role)].filter(Boolean);
  const label = known === "" ? shortId(id) : known;
  return facts.length > 0 ? `${label} (${facts.join(", ")})` : label;
}

/** Longest QQ number of a person or a group, digits: short enough to be shown whole, and people know each other by it. */
const QQ_NUMBER_DIGITS = 12;

/** Enough of an id to know it again. The ids of guilds are numbers that begin alike. */
export function shortId(id: string): string {
  if (!/^\d+$/.test(id)) return id.slice(0, 8);
  return id.length <= QQ_NUMBER_DIGITS ? id : id.slice(-8);
}

function clean(name: string): string {
  // Brackets of any script, as Unicode counts them; and what is not seen and turns or splits what is.
  const oneLine = name
    .replaceAll(/\p{Cf}+/gu, "")
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Ps}\p{Pe}\s]+/gu, " ")
    .trim();
  return Array.from(oneLine).slice(0, NAME_CHARS).join("").trim();
}
