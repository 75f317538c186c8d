import type { Sender } from "../../message/inbound.ts";

/** Longest name that is shown of a sender, characters. */
const NAME_CHARS = 32;

/**
 * Who speaks, for the agent: the nickname where QQ gives one, a short id, and the role of whoever has one. The id tells
 * two people of one name apart; brackets in a name are widened, so that no name can claim an id or a role.
 */
export function speaker({ id, name, role }: Sender): string {
  const known = name === undefined ? "" : clean(name);
  const facts = [known === "" ? "" : shortId(id), role === "member" ? "" : role].filter(Boolean);
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
  const oneLine = name
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("(", "（")
    .replaceAll(")", "）")
    .trim();
  return Array.from(oneLine).slice(0, NAME_CHARS).join("");
}
