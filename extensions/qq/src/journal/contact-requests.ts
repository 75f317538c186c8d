import type { DatabaseSync } from "node:sqlite";
import type { ContactRequest } from "../message/inbound.ts";
import { transaction } from "./database.ts";

/** What became of a request; `over`: it was decided elsewhere, or QQ knows it no more. */
export type Decision = "approved" | "denied" | "over";

/** How long a request is remembered, ms: QQ itself forgets the unanswered ones in about 30 days. */
const REQUEST_TTL_MS = 30 * 24 * 3_600_000;

/** A request with the number that the owner names it by: 1, 2, 3, ... of its account. */
export interface KeptRequest {
  readonly number: number;
  readonly request: ContactRequest;
  /** Absent while it is open. */
  readonly decision?: Decision;
}

/** The requests of friends and groups that one account was asked, kept until somebody decides. */
export interface ContactRequests {
  /** Keeps a request; one that is known already comes back as it stands. */
  add(request: ContactRequest): KeptRequest;
  find(number: number): KeptRequest | undefined;
  /** What nobody has decided yet, oldest first. */
  open(): readonly KeptRequest[];
  decide(number: number, decision: Decision): void;
  prune(now: number): void;
}

export function openContactRequests(database: DatabaseSync, account: string): ContactRequests {
  const insert = database.prepare("INSERT INTO contact_requests (account, number, id, request) VALUES (?, ?, ?, ?)");
  const byId = database.prepare("SELECT * FROM contact_requests WHERE account = ? AND id = ?");
  const last = database.prepare("SELECT max(number) AS last FROM contact_requests WHERE account = ?");
  const select = database.prepare("SELECT * FROM contact_requests WHERE account = ? AND number = ?");
  const undecided = database.prepare(
    "SELECT * FROM contact_requests WHERE account = ? AND decision IS NULL ORDER BY number",
  );
  const update = database.prepare("UPDATE contact_requests SET decision = ? WHERE account = ? AND number = ?");
  return {
    add: (request) =>
      transaction(database, () => {
        const known = byId.get(account, idOf(request));
        if (known) return toKept(known);
        const number = Number(last.get(account)?.["last"] ?? 0) + 1;
        insert.run(account, number, idOf(request), JSON.stringify(request));
        return { number, request };
      }),
    find: (number) => {
      const row = select.get(account, number);
      return row && toKept(row);
    },
    open: () => undecided.all(account).map(toKept),
    decide: (number, decision) => void update.run(decision, account, number),
    prune: (now) => {
      // The newest stays, or its number would be given away a second time.
      database
        .prepare(
          `DELETE FROM contact_requests WHERE account = ?1 AND json_extract(request, '$.at') < ?2
             AND number < (SELECT max(number) FROM contact_requests WHERE account = ?1)`,
        )
        .run(account, now - REQUEST_TTL_MS);
    },
  };
}

/** Two friend requests in one second share a flag (onebot-napcat.md 5). */
function idOf({ what, flag, userId }: ContactRequest): string {
  return `${what}:${flag}:${userId}`;
}

function toKept(row: Record<string, unknown>): KeptRequest {
  const { decision } = row;
  return {
    number: Number(row["number"]),
    // The column holds what `add` has written.
    request: JSON.parse(String(row["request"])) as ContactRequest,
    // The column holds what `decide` has written.
    ...(typeof decision === "string" && { decision: decision as Decision }),
  };
}
