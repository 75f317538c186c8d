/** Marks that guilds show as what they stand for: a person, a channel, one of QQ's faces. One for everybody is not among them. */
const MARKS = /<@!?\d+>|<qqbot-at-user id="\d+" ?\/>|<#\d+>|<emoji:\d+>|[&<>]/g;
const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escapes a text for a guild, where `&`, `<` and `>` would be read as markup (QQ, "Inline markup"). Marks stay. */
export function encodeGuildText(text: string): string {
  return text.replaceAll(MARKS, (found) => ESCAPES[found] ?? found);
}
