import type { DatabaseSync } from "node:sqlite";

/** How many parts of answers wait until their chats allow them, by account. For a journal that is only read. */
export function countKept(database: DatabaseSync): Readonly<Record<string, number>> {
  const rows = database
    .prepare("SELECT account, count(*) AS parts FROM answer_parts WHERE state = 'parked' GROUP BY account")
    .all();
  return Object.fromEntries(rows.map(({ account, parts }) => [String(account), Number(parts)]));
}
